"""What is scored again for a few changed goals is what scoring the whole company again gives."""

import datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from kpiflow.cascade.consequence import Trial, consequence
from kpiflow.cascade.results import score_company
from kpiflow.cascade.spreading import Spread
from kpiflow.core.calendar import Calendar
from kpiflow.frames.goals import Targets
from kpiflow.frames.measurements import Observed
from kpiflow.scoring.gathering import actuals
from kpiflow.scoring.leaves import NO_MONTHS, Facts
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules
from tests.cascade.making import METRICS, goals

CALENDAR = Calendar(cycles=[{"cycle": "2013", "starts": "2013-01-01"}])
FRESH = {name: metric.model_copy(update={"fresh_for": 40}) for name, metric in METRICS.items()}
RULES = Rules(CALENDAR, FRESH)
MOMENT = Moment(CALENDAR, CALENDAR.period("2013"), datetime.date(2013, 9, 30))
OWNERS = ("A", "B", "C", "D")
UNITS = pl.DataFrame({"unit": list(OWNERS), "parent": [None, "A", "A", "B"]})


def _facts(amounts):
    """Return what was measured: flights of each unit, some of it long ago."""
    rows = [
        {"window": "to_date", "metric": "flights", "unit": unit, "amount": float(amount), "rows": 1,
         "last_day": datetime.date(2013, 3 if amount % 3 == 0 else 9, 20)}
        for unit, amount in zip(OWNERS, amounts, strict=True)
        if amount is not None
    ]  # fmt: skip
    schema = {"window": pl.String, "metric": pl.String, "unit": pl.String, "amount": pl.Float64, "rows": pl.Int64,
              "last_day": pl.Date}  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema)
    nothing = (pl.lit(None).alias(name) for name in ("person", "base", "low", "high", "first", "last"))
    measured = actuals(Observed.cast(frame.with_columns(nothing)), UNITS, FRESH)
    return Facts(measured, Targets.create_empty(), NO_MONTHS)


@st.composite
def trees(draw):
    """Draw a tree of goals: each hangs below an earlier one or nowhere."""
    rows = []
    for number in range(draw(st.integers(2, 9))):
        above = draw(st.integers(-1, number - 1))
        rolls = draw(st.sampled_from(["own", "own", "children", "worst"]))
        row = {
            "goal": f"g{number}", "owner": draw(st.sampled_from(OWNERS)), "rollup": rolls,
            "weight": float(draw(st.integers(0, 5))), "missing": draw(st.sampled_from(["exclude", "zero", "error"])),
            "commitment": draw(st.sampled_from(["committed", "committed", "aspirational"])),
            "kind": "kpi" if rolls == "own" else "objective",
        }  # fmt: skip
        if rolls == "own":
            row |= {"metric": "flights", "target": draw(st.sampled_from([None, 10.0, 40.0, 90.0]))}
        rows.append(row | ({"parent": f"g{above}"} if above >= 0 else {}))
    return goals(*rows)


@settings(max_examples=150, deadline=None)
@given(
    trees(),
    st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=4, max_size=4),
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["target", "weight"]), st.integers(0, 60)), min_size=1,
             max_size=3, unique_by=lambda one: one[:2]),
)  # fmt: skip
def test_a_part_scored_again_is_that_part_of_the_whole_scored_again(table, amounts, changes):
    facts = _facts(amounts)
    known = set(table["goal"])
    wanted = pl.DataFrame(
        [(f"g{goal}", field, float(value)) for goal, field, value in changes if f"g{goal}" in known],
        orient="row",
        schema={"goal": pl.String, "field": pl.String, "value": pl.Float64},
    )
    before = score_company(table, facts, RULES, MOMENT)
    whole = consequence(table, facts, RULES, MOMENT, wanted)
    part = consequence(table, facts, RULES, MOMENT, wanted, trial=Trial(Spread(), before, facts))
    assert_frame_equal(part.after.sort("goal"), whole.after.sort("goal"))
    assert_frame_equal(part.goals.filter("changed"), whole.goals.filter("changed"))
    assert_frame_equal(part.owners, whole.owners)
    assert_frame_equal(part.resplit, whole.resplit)
    assert [str(one) for one in part.messages] == [str(one) for one in whole.messages]
