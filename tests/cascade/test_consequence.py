"""What a change would do above and below, before anybody makes it."""

import datetime

import polars as pl
import pytest

from kpiflow.cascade.consequence import applied, as_changes, checked, consequence
from kpiflow.cascade.reconciling import Balance, reconcile
from kpiflow.cascade.splitting import BY_NAME
from kpiflow.cascade.splitting.split import split
from kpiflow.core.calendar import Calendar
from kpiflow.errors import InvalidInput, NotFound
from kpiflow.frames.goals import Targets
from kpiflow.frames.measurements import Observed
from kpiflow.language import LOCALES, render
from kpiflow.scoring.gathering import actuals
from kpiflow.scoring.leaves import NO_MONTHS, Facts
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules
from tests.cascade.making import COUNT, METRICS, goals

CALENDAR = Calendar(cycles=[{"cycle": "2013", "starts": "2013-01-01"}])
RULES = Rules(CALENDAR, METRICS)
YEAR = Moment(CALENDAR, CALENDAR.period("2013"), datetime.date(2014, 1, 31))
UNITS = pl.DataFrame({"unit": ["N", "E", "J", "E1", "E2"], "parent": [None, "N", "N", "E", "E"]})

#: Done in the year: 60 and 30 flights at E's two teams, 50 at J, so 140 in all.
DONE = {"E1": 60.0, "E2": 30.0, "J": 50.0}
OBSERVED = Observed.cast(
    pl.DataFrame(
        [
            {"window": "to_date", "metric": "flights", "unit": unit, "amount": amount, "rows": 1, "last_day": YEAR.period.ends}
            for unit, amount in DONE.items()
        ]
    ).with_columns(pl.lit(None).alias(name) for name in ("person", "base", "low", "high", "first", "last"))
)  # fmt: skip
FACTS = Facts(actuals(OBSERVED, UNITS, METRICS), Targets.create_empty(), NO_MONTHS)

TREE = goals(
    {"goal": "service", "owner": "N", "kind": "objective", "rollup": "children"},
    {"goal": "n", "parent": "service", "owner": "N", "metric": "flights", "target": 140.0, "weight": 30.0},
    {
        "goal": "plan",
        "parent": "service",
        "owner": "N",
        "metric": "flights",
        "target": 280.0,
        "weight": 10.0,
        "label": "Plan",
    },
    {"goal": "e", "parent": "n", "owner": "E", "metric": "flights", "target": 90.0},
    {"goal": "j", "parent": "n", "owner": "J", "metric": "flights", "target": 50.0},
    {"goal": "e1", "parent": "e", "owner": "E1", "metric": "flights", "target": 60.0},
    {"goal": "e2", "parent": "e", "owner": "E2", "metric": "flights", "target": 30.0},
)


def change(*rows):
    """Return changes: goal, field, value."""
    return pl.DataFrame(rows, orient="row", schema={"goal": pl.String, "field": pl.String, "value": pl.Float64})


def tried(*rows, table=TREE, **more):
    """Return the consequence, after its sentences were said in both languages."""
    found = consequence(table, FACTS, RULES, YEAR, change(*rows), **more)
    for message in found.messages:
        assert all("{" not in render(message, locale) for locale in LOCALES)
    return found


def by_goal(frame, column):
    """Return goal → value."""
    return dict(frame.select("goal", column).iter_rows())


def test_a_higher_target_lowers_points_above_and_moves_nothing_beside():
    """140 of 200 is 70 points; the objective weighs it 30 to 10 with the plan's 140 of 280, 50 points: 65."""
    found = tried(("n", "target", 200.0))
    assert by_goal(found.goals, "before_points")["n"] == 100
    assert by_goal(found.goals, "after_points") == {
        "service": 65,
        "n": 70,
        "plan": 50,
        "e": 100,
        "j": 100,
        "e1": 100,
        "e2": 100,
    }
    assert set(found.goals.filter("changed")["goal"]) == {"n", "service"}
    assert by_goal(found.goals, "place") == {
        "service": "above", "n": "changed", "plan": "beside", "e": "below", "j": "below", "e1": "below", "e2": "below",
    }  # fmt: skip
    assert by_goal(found.goals, "after_status")["n"] == "behind"
    assert found.owners.rows() == [("unit", "N", 87.5, 65.0)]
    assert any("100.0 points become 70.0" in str(message) for message in found.messages)


def test_the_offer_goes_down_to_the_leaves_and_reconciles():
    found = tried(("n", "target", 200.0))
    offered = by_goal(found.resplit, "target")
    # 200 × 90/140 = 128.57 and 200 × 50/140 = 71.43; then 129 × 2/3 and × 1/3.
    assert offered == {"e": 129, "j": 71, "e1": 86, "e2": 43}
    assert set(found.resplit["basis"]) == {"proportional"}
    after = applied(TREE, pl.concat([change(("n", "target", 200.0)), as_changes(found.resplit)]))
    states = by_goal(reconcile(after, None, METRICS), "state")
    assert states["n"] == states["e"] == Balance.BALANCED


def test_asking_again_with_the_offer_shows_what_it_would_do():
    found = tried(("n", "target", 200.0))
    both = pl.concat([change(("n", "target", 200.0)), as_changes(found.resplit)])
    accepted = consequence(TREE, FACTS, RULES, YEAR, both)
    assert accepted.owners.height == 5
    assert by_goal(accepted.goals, "after_points")["e2"] == pytest.approx(30 / 43 * 100)
    assert set(accepted.resplit["basis"]) == {"chosen"}


def test_a_locked_goal_keeps_its_target_and_the_others_take_the_rest():
    found = tried(("n", "target", 200.0), locked=frozenset({"j", "e1"}))
    assert by_goal(found.resplit, "target") == {"e": 150, "j": 50, "e1": 60, "e2": 90}
    assert by_goal(found.resplit, "basis")["j"] == "locked"


def test_a_goal_split_by_a_method_is_split_by_it_again():
    made = split(
        pl.DataFrame({"child": ["e", "j"], "headcount": [1.0, 3.0]}), 140, COUNT, BY_NAME["by_headcount"], buffer="0.1"
    )
    found = tried(("n", "target", 200.0), last={"n": made})
    # 200 × 1.1 by 1 to 3 people; the goals below e stay in proportion.
    assert by_goal(found.resplit, "target") == {"e": 55, "j": 165, "e1": 37, "e2": 18}
    assert by_goal(found.resplit, "basis") == {
        "e": "by_headcount",
        "j": "by_headcount",
        "e1": "proportional",
        "e2": "proportional",
    }
    held = tried(("n", "target", 200.0), last={"n": made}, locked=frozenset({"j"}))
    assert by_goal(held.resplit.filter(parent="n"), "target") == {"e": 170, "j": 50}


def test_a_buffer_and_what_was_open_keep_their_share():
    """105 of 100 were assigned; of 200 it is 210. 80 of 100 were; of 50 it is 40."""
    stretched = goals(
        {"goal": "top", "metric": "flights", "target": 100.0},
        {"goal": "a", "parent": "top", "metric": "flights", "target": 63.0},
        {"goal": "b", "parent": "top", "metric": "flights", "target": 42.0},
    )
    assert by_goal(tried(("top", "target", 200.0), table=stretched).resplit, "target") == {"a": 126, "b": 84}
    short = applied(stretched, change(("a", "target", 60.0), ("b", "target", 20.0)))
    assert by_goal(tried(("top", "target", 50.0), table=short).resplit, "target") == {"a": 30, "b": 10}


def test_rates_move_by_the_same_distance_and_the_same_stays_the_same():
    rates = goals(
        {"goal": "top", "metric": "ontime", "target": 77.62},
        {"goal": "a", "parent": "top", "metric": "ontime", "target": 76.68},
        {"goal": "b", "parent": "top", "metric": "ontime", "target": 78.30},
        {"goal": "wait", "metric": "worst", "target": 10.0},
        {"goal": "w1", "parent": "wait", "metric": "worst", "target": 10.0},
        {"goal": "w2", "parent": "wait", "metric": "worst", "target": 10.0},
        {"goal": "cost", "metric": "unit_cost", "target": 10.0},
        {"goal": "c1", "parent": "cost", "metric": "unit_cost", "target": 9.0},
    )
    found = tried(("top", "target", 79.0), ("wait", "target", 8.0), ("cost", "target", 8.0), table=rates)
    assert by_goal(found.resplit, "target") == {"a": 78.06, "b": 79.68, "w1": 8, "w2": 8, "c1": 9}
    assert by_goal(found.resplit, "basis") == {
        "a": "distance",
        "b": "distance",
        "w1": "same",
        "w2": "same",
        "c1": "nothing",
    }


def test_moving_weight_moves_only_points():
    """Equal weights: (100 + 50) ÷ 2 instead of 87.5."""
    found = tried(("n", "weight", 20.0), ("plan", "weight", 20.0))
    assert by_goal(found.goals, "after_points")["service"] == 75
    assert by_goal(found.goals, "after_share")["n"] == 0.5
    assert found.resplit.is_empty()


def test_a_change_that_changes_nothing_says_so():
    found = tried(("n", "target", 140.0))
    assert not found.goals["changed"].any()
    assert found.owners.is_empty()
    assert "Nothing in this period changes." in [str(message) for message in found.messages]


def test_targets_written_per_period_are_pointed_out():
    written = TREE.with_columns(phasing=pl.when(pl.col("goal") == "n").then(pl.lit("explicit")).otherwise("phasing"))
    assert any(
        "written down per period" in str(message) for message in tried(("n", "target", 150.0), table=written).messages
    )


def test_nothing_is_written():
    before = TREE.clone()
    tried(("n", "target", 200.0))
    assert before.equals(TREE)
    assert applied(TREE, checked(TREE, change(("n", "target", None))))["target"].null_count() == 2


@pytest.mark.parametrize(
    ("rows", "error", "said"),
    [
        ([("nn", "target", 1.0)], NotFound, "no goal 'nn'"),
        ([("n", "targt", 1.0)], NotFound, "target"),
        ([("n", "weight", None)], InvalidInput, "needs a weight"),
        ([("n", "weight", -1.0)], InvalidInput, "below 0"),
        ([("n", "target", 1.0), ("n", "target", 2.0)], InvalidInput, "twice"),
    ],
)
def test_changes_that_cannot_be_made(rows, error, said):
    with pytest.raises(error, match=said):
        tried(*rows)
