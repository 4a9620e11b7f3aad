"""What must hold for every company: nothing counts twice, nothing depends on order, weights only matter in proportion."""

import math
from dataclasses import replace
from fractions import Fraction

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpiflow.cascade.results import score_company
from tests.scoring.small_companies import Small, facts_of, small_companies

NUMBERS = ("actual", "target", "attainment", "pace", "points", "coverage", "share", "score")

laws = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def score(small: Small) -> dict[str, dict]:
    found = score_company(small.goals, facts_of(small), small.rules, small.moment)
    return {row["goal"]: row for row in found.iter_rows(named=True)}


def assert_same(one: dict[str, dict], other: dict[str, dict], names=NUMBERS):
    assert one.keys() == other.keys()
    for goal, row in one.items():
        for name in names:
            before, after = row[name], other[goal][name]
            same = before is after is None or (
                None not in (before, after) and math.isclose(before, after, rel_tol=1e-9, abs_tol=1e-9)
            )
            assert same, (goal, name, before, after)
        assert row["status"] == other[goal]["status"], goal


def counted(small: Small, parent: dict) -> list[str]:
    """The goals directly below one that count in it."""
    below = small.goals.filter(pl.col("parent") == parent["goal"])
    if parent["commitment"] == "committed":
        below = below.filter(pl.col("commitment").cast(pl.String) == "committed")
    return below["goal"].to_list()


@given(small=small_companies(), seed=st.randoms())
@laws
def test_the_order_of_rows_never_matters(small, seed):
    facts = list(small.facts)
    seed.shuffle(facts)
    number = seed.randint(0, 1000)
    shuffled = replace(
        small,
        facts=facts,
        goals=small.goals.sample(fraction=1, shuffle=True, seed=number),
        units=small.units.sample(fraction=1, shuffle=True, seed=number),
        targets=small.targets.sample(fraction=1, shuffle=True, seed=number),
    )
    assert_same(score(small), score(shuffled))


@given(small=small_companies())
@laws
def test_facts_in_more_rows_are_the_same_facts(small):
    """For what is added up: sums, and the counts of ratios. A mean of values has one value more, so it may change."""
    added = {"rate", "errors", "sales", "incidents", "total", "rolling"}
    halves = [
        replace(
            fact, amount=fact.amount / 2, base=None if fact.base is None else fact.base / 2, entry=fact.entry + half
        )
        for fact in small.facts
        if fact.metric in added and (fact.base is None or fact.base % 2 == 0)
        for half in ("1", "2")
    ]
    kept = [fact for fact in small.facts if fact.metric not in added or (fact.base is not None and fact.base % 2)]
    assert_same(score(small), score(replace(small, facts=kept + halves)))


@given(small=small_companies(), by=st.sampled_from([0.5, 3.0, 100.0]))
@laws
def test_weights_only_matter_in_proportion(small, by):
    scaled = small.goals.with_columns(pl.col("weight", "rollup_weight") * by)
    # A goal without a weight of its own for the roll-up counts with its weight, so both are scaled together.
    assert_same(score(small), score(replace(small, goals=scaled)))


@given(small=small_companies())
@laws
def test_a_score_lies_between_its_children_s(small):
    found = score(small)
    for row in found.values():
        if row["rollup"] == "own" or row["points"] is None:
            continue
        below = [found[goal]["points"] for goal in counted(small, row) if goal in found]
        known = [points for points in below if points is not None]
        assert min(known) - 1e-9 <= row["points"] <= max(known) + 1e-9
        assert row["rollup"] != "worst" or math.isclose(row["points"], min(known), abs_tol=1e-9)


@given(small=small_companies())
@laws
def test_shares_of_a_sheet_add_up_to_one(small):
    sheets: dict[tuple, list[dict]] = {}
    for row in score(small).values():
        key = (row["owner_kind"], row["owner"], row["sheet"], row["commitment"])
        sheets.setdefault(key, []).append(row)
    for rows in sheets.values():
        shares = [row["share"] for row in rows if row["share"] is not None]
        if not shares:
            continue
        assert math.isclose(sum(shares), 1, abs_tol=1e-8)
        points = [row["points"] for row in rows if row["share"]]
        total = sum(row["score"] for row in rows if row["score"] is not None)
        assert min(points) - 1e-6 <= total <= max(points) + 1e-6


@given(small=small_companies())
@laws
def test_an_excluded_goal_counts_as_if_it_were_not_there(small):
    found = score(small)
    has_children = set(small.goals["parent"].drop_nulls())
    silent = [
        goal
        for goal, row in found.items()
        if row["missing"] == "exclude" and row["points"] is None and row["pace"] is None and goal not in has_children
    ]
    without = score(replace(small, goals=small.goals.filter(~pl.col("goal").is_in(silent))))
    left = {goal: row for goal, row in found.items() if goal not in silent}
    # Coverage is what differs, for it says how much was left out.
    assert_same(left, without, ("actual", "target", "attainment", "pace", "points", "share", "score"))


@given(small=small_companies())
@laws
def test_every_goal_counts_in_one_sheet(small):
    found = score(small)
    for row in found.values():
        above, seen = row["parent"], set()
        while above in found and above not in seen:
            seen.add(above)
            if (found[above]["owner_kind"], found[above]["owner"]) == (row["owner_kind"], row["owner"]):
                break
            above = found[above]["parent"]
        assert row["sheet"] == (above if above in found else None)


@given(small=small_companies())
@laws
def test_a_rate_of_a_unit_comes_from_the_counts_below_it(small):
    found = score(small)
    for row in found.values():
        if row["metric"] in ("rate", "errors") and row["denominator"]:
            scale = 100 if row["metric"] == "rate" else 10_000
            rate = float(Fraction(row["numerator"]) / Fraction(row["denominator"]) * scale)
            if row["missing"] is None:
                assert math.isclose(row["actual"], rate, rel_tol=1e-9, abs_tol=1e-9)


@given(small=small_companies())
@laws
def test_silence_and_age_are_never_green(small):
    found = score(small)
    has_children = set(small.goals["parent"].drop_nulls())
    for goal, row in found.items():
        if row["rollup"] == "own" and row["metric"] is not None and row["missing"] is not None:
            assert row["status"] in ("no_data", "outdated"), goal
        if row["coverage"] == 0 and goal not in has_children:
            assert row["status"] in ("no_data", "outdated"), goal
