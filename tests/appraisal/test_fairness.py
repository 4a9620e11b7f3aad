"""Questions of fairness: against counting by hand, a slow walk with `statistics`, and throwing every coin."""

import statistics
from itertools import product
from math import sqrt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.appraisal.fairness.apart import apart, far
from kpiflow.appraisal.fairness.edge_hugging import edge_hugging, upper_tail
from kpiflow.appraisal.fairness.groups_apart import groups_apart
from kpiflow.appraisal.fairness.raters_apart import raters_apart
from kpiflow.appraisal.fairness.thin_data import thin_data
from kpiflow.core.fairness import FairnessRules

RULES = FairnessRules(fewest_cases=30, fewest_values=3, thin_share="25%", fewest_people=3, fewest_rated=2)


@pytest.mark.parametrize("tries", range(1, 11))
def test_the_chance_is_that_of_throwing_every_coin(tries):
    throws = [sum(one) for one in product((0, 1), repeat=tries)]
    for hits in range(tries + 1):
        assert upper_tail(hits, tries) * 2**tries == sum(one >= hits for one in throws)


def test_five_of_five_above_an_edge_are_asked_about_and_four_of_four_are_not():
    rows = [("NORTH", "A", True)] * 5 + [("SOUTH", "A", True)] * 4 + [("WEST", "A", True), ("WEST", "A", False)] * 9
    near = pl.DataFrame(rows, schema=["unit", "grade", "above"], orient="row")
    found = edge_hugging(near, ["unit", "grade"]).to_dicts()
    # (1/2)^5 = 0.03125 is below 0.05, (1/2)^4 = 0.0625 is not.
    assert found == [{"unit": "NORTH", "grade": "A", "above": 5, "below": 0, "chance": 0.03125}]


GROUPS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(-50, 50)), min_size=0, max_size=40)


@given(GROUPS, st.integers(2, 4))
def test_distances_are_those_of_a_slow_walk(rows, fewest):
    found = {row["by"]: row for row in apart(pl.DataFrame(
        [(by, float(value)) for by, value in rows], schema={"by": pl.String, "value": pl.Float64}, orient="row"
    ), "by", fewest).to_dicts()}  # fmt: skip
    told = {}
    for by in {by for by, _ in rows}:
        mine, others = [v for b, v in rows if b == by], [v for b, v in rows if b != by]
        if min(len(mine), len(others)) >= fewest:
            error = sqrt(statistics.variance(mine) / len(mine) + statistics.variance(others) / len(others))
            told[by] = (len(mine), statistics.mean(mine) - statistics.mean(others), error)
    assert found.keys() == told.keys()
    for by, (people, difference, error) in told.items():
        assert found[by]["people"] == people
        assert found[by]["difference"] == pytest.approx(difference, abs=1e-9)
        assert found[by]["error"] == pytest.approx(error, abs=1e-6)


@given(GROUPS)
def test_nobody_is_far_from_others_when_all_are_alike(rows):
    same = pl.DataFrame([(by, 3.1) for by, _ in rows], schema={"by": pl.String, "value": pl.Float64}, orient="row")
    assert far(apart(same, "by", 2)).is_empty()


def test_a_rater_far_from_the_others_is_asked_about_once_per_person_rated():
    kind = [("kind", f"k{n}", 0.9 + n % 2 * 0.02) for n in range(6)]
    strict = [("strict", f"s{n}", 0.5 + n % 2 * 0.02) for n in range(6)]
    # A long form for one person counts as one value.
    rows = [*kind, *strict, *[("strict", "s0", 0.5)] * 50]
    found = raters_apart(pl.DataFrame(rows, schema=["by", "person", "value"], orient="row"), RULES)
    assert {row["by"]: row["people"] for row in found.to_dicts()} == {"kind": 6, "strict": 6}
    assert found.filter(pl.col("by") == "kind")["difference"][0] == pytest.approx(0.4)


def test_what_a_role_brings_is_taken_off_before_groups_are_compared():
    # Pilots score 20 above clerks; within each role both groups score alike, so there is nothing to ask.
    people = [(f"{role}{n}", role, base + n % 2) for role, base in (("pilot", 90.0), ("clerk", 70.0)) for n in range(8)]
    frame = pl.DataFrame(people, schema=["person", "role", "value"], orient="row")
    # Six of eight pilots are permanent and two of eight clerks, evenly spread over high and low scores.
    permanent = {"pilot0", "pilot1", "pilot2", "pilot3", "pilot4", "pilot5", "clerk0", "clerk1"}
    groups = pl.DataFrame(
        [(person, "contract", "permanent" if person in permanent else "temporary") for person, _, _ in people],
        schema=["person", "kind", "group"],
        orient="row",
    )
    assert groups_apart(frame, groups, RULES).is_empty()
    worse = frame.with_columns(
        value=pl.when(pl.col("person").is_in(list(permanent))).then("value").otherwise(pl.col("value") - 5)
    )
    found = groups_apart(worse, groups, RULES)
    assert {row["group"]: row["difference"] > 0 for row in found.to_dicts()} == {"permanent": True, "temporary": False}


def test_small_groups_are_neither_compared_nor_named():
    people = pl.DataFrame(
        [(f"p{n}", "clerk", float(n)) for n in range(9)], schema=["person", "role", "value"], orient="row"
    )
    groups = pl.DataFrame(
        [(f"p{n}", "site", "island" if n > 6 else "main") for n in range(9)],
        schema=["person", "kind", "group"],
        orient="row",
    )
    assert groups_apart(people, groups, RULES).is_empty(), "two people could be told from their group"


def goal(person: str, name: str, **more: object) -> dict[str, object]:
    """A row of results: an own goal with points, measured as `more` says."""
    return {"goal": name, "owner": person, "owner_kind": "person", "commitment": "committed", "rollup": "own", "points": 80.0,
            "weight": 1.0, "metric": "rate", "denominator": None, "rows": 10, **more}  # fmt: skip


def test_rates_over_few_cases_and_means_of_few_values_are_thin_and_counts_are_not():
    rows = [
        goal("ann", "ann-rate", denominator=29.0, weight=25.0),
        goal("ann", "ann-count", weight=75.0, rows=0, metric="complaints"),
        goal("ben", "ben-rate", denominator=30.0),
        goal("cyd", "cyd-mean", metric="mark", rows=2, weight=1.0),
        goal("cyd", "cyd-rate", denominator=500.0, weight=4.0),
        goal("dan", "dan-mean", metric="mark", rows=3),
        goal("eve", "eve-rate", denominator=1.0, points=None),
    ]
    found = thin_data(pl.DataFrame(rows, schema_overrides={"denominator": pl.Float64}), ["mark"], RULES).to_dicts()
    # 25 of 100 is on the limit, 1 of 5 below it.
    assert found == [{"person": "ann", "share": 0.25, "goals": 1, "goal": "ann-rate", "cases": 29.0}]
