"""Largest remainder against published cases and the laws it must keep."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.core.remainder import apportion, apportion_groups, in_steps
from kpiflow.errors import InvalidInput

STEPS = st.sampled_from(["0.01", "0.5", "1", "5", "100"])
TOTALS = st.decimals(-1_000_000, 1_000_000, places=2)
WEIGHTS = st.lists(st.decimals(0, 10_000, places=3), min_size=1, max_size=8)


def test_four_people_on_three_grades():
    """SAP KBA 2245773: 4 people at 33.3 / 33.4 / 33.3 % are 1, 2 and 1."""
    assert apportion(4, ["33.3", "33.4", "33.3"]) == (1, 2, 1)


def test_a_pool_is_paid_to_the_cent():
    """Parts of 100,000.00 in proportion to what was calculated add up to the pool."""
    parts = apportion("100000.00", ["50000.00", "40000.00", "30000.01"], "0.01")
    assert [Decimal(part.numerator) / part.denominator for part in parts] == [
        Decimal("41666.66"),
        Decimal("33333.33"),
        Decimal("25000.01"),
    ]
    assert sum(parts) == 100_000


def test_equal_remainders_go_to_the_first_in_order():
    assert apportion(5, [1, 1, 1]) == (2, 2, 1)


def test_a_negative_total_mirrors_the_positive_one():
    assert apportion(-5, [1, 1, 1]) == (-2, -2, -1)


def test_a_half_step_of_the_total_goes_away_from_zero():
    assert in_steps("2.5", 1) == 3
    assert in_steps("-2.5", 1) == -3
    assert in_steps(0.1 + 0.2, "0.1") == 3


def test_nothing_to_split_by_is_refused_unless_there_is_nothing_to_split():
    assert apportion(0, [0, 0]) == (0, 0)
    assert apportion("0.4", []) == ()
    with pytest.raises(InvalidInput, match="All weights are 0"):
        apportion(1, [0, 0])


def test_negative_weights_and_steps_are_refused():
    with pytest.raises(InvalidInput, match="negative"):
        apportion(1, [2, -1])
    with pytest.raises(InvalidInput, match="above 0"):
        apportion(1, [1], 0)


@given(TOTALS, WEIGHTS, STEPS)
def test_parts_are_whole_steps_that_add_up_and_keep_their_quota(total, weights, step):
    if not any(weights):
        return
    parts, size = apportion(total, weights, step), Fraction(step)
    whole = in_steps(total, step) * size
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert part % size == 0
        assert abs(part - whole * Fraction(weight) / Fraction(sum(weights))) < size
        assert weight or part == 0


@given(TOTALS, WEIGHTS, STEPS)
def test_a_larger_weight_never_gets_less(total, weights, step):
    if not any(weights):
        return
    pairs = sorted(zip(weights, map(abs, apportion(total, weights, step)), strict=True))
    for (lighter, less), (heavier, more) in pairwise(pairs):
        assert lighter == heavier or less <= more


@given(TOTALS, WEIGHTS, STEPS, st.integers(1, 1000))
def test_only_proportions_of_weights_matter(total, weights, step, factor):
    if any(weights):
        assert apportion(total, weights, step) == apportion(total, [weight * factor for weight in weights], step)


@given(st.lists(st.tuples(TOTALS, WEIGHTS, STEPS), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_many_groups_at_once_equal_one_by_one(cases, random):
    """The order of groups does not matter; within a group it decides ties."""
    rows = [
        (group, place, float(total), float(weight), float(step))
        for group, (total, weights, step) in enumerate(cases)
        for place, weight in enumerate(weights)
    ]
    random.shuffle(rows)
    rows.sort(key=lambda row: row[1])
    frame = pl.DataFrame(rows, orient="row", schema=["group", "place", "total", "weight", "step"])
    done = apportion_groups(frame, "group", "total", "weight", "step")
    assert done.drop("part").equals(frame)
    for group, (total, weights, step) in enumerate(cases):
        got = done.filter(group=group).sort("place")["part"].to_list()
        expected = [float(part) for part in apportion(total, weights, step)] if any(weights) else [None] * len(weights)
        assert got == expected


def test_groups_without_weights_or_total_get_nothing():
    frame = pl.DataFrame(
        {"g": ["a", "a", "b", "c"], "t": [7.0, 7.0, None, 3.0], "w": [None, 2.0, 1.0, 0.0], "s": [1.0, 1.0, 1.0, 1.0]}
    )
    assert apportion_groups(frame, "g", "t", "w", "s")["part"].to_list() == [None, 7.0, None, None]
    assert apportion_groups(frame.clear(), "g", "t", "w", "s").schema["part"] == pl.Float64


@pytest.mark.parametrize(
    ("column", "value", "said"), [("w", -1.0, "negative"), ("s", 0.0, "above 0"), ("t", 1e14, "digits")]
)
def test_groups_refuse_what_cannot_be_meant(column, value, said):
    frame = pl.DataFrame({"g": ["a"], "t": [1.0], "w": [1e13 if column == "t" else 1.0], "s": [0.0001]})
    with pytest.raises(InvalidInput, match=said):
        apportion_groups(frame.with_columns(pl.lit(value).alias(column)), "g", "t", "w", "s")
