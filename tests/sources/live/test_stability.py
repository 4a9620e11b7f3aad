"""The population stability index: numbers worked out by hand, an exact reference, and what chance alone does."""

import datetime
import random
from decimal import Decimal, localcontext

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.sources.live.drift import What
from kpiflow.sources.live.stability import FEWEST_VALUES, LARGE, bound, shifts, stability_index

DAY = datetime.date(2026, 1, 31)
ARRIVED = pl.DataFrame({"metric": ["sales"], "day": [DAY]})

COUNTS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=2, max_size=10)


def binned(before, now):
    return pl.DataFrame({"metric": "sales", "group": range(len(before)), "before": before, "now": now})


def reference(before, now):
    """The sum of both relative entropies, which is what the index is, with fifty digits."""
    with localcontext(prec=50):
        half, groups = Decimal("0.5"), len(before)
        was = [(count + half) / (sum(before) + half * groups) for count in before]
        then = [(count + half) / (sum(now) + half * groups) for count in now]
        there = sum(new * (new / old).ln() for old, new in zip(was, then, strict=True))
        back = sum(old * (old / new).ln() for old, new in zip(was, then, strict=True))
        return float(there + back)


@given(COUNTS)
def test_it_is_the_sum_of_both_relative_entropies(counts):
    before, now = zip(*counts, strict=True)
    assert stability_index(before, now) == pytest.approx(reference(before, now), abs=1e-12)
    assert stability_index(before, now) == pytest.approx(stability_index(now, before))
    assert stability_index(before, before) == pytest.approx(0)


def test_by_hand():
    # (0.75 - 0.5) ln 1.5 + (0.25 - 0.5) ln 0.5 = 0.25 ln 3
    assert stability_index([50_000_000] * 2, [75_000_000, 25_000_000]) == pytest.approx(0.25 * 1.0986122887, abs=1e-6)


def test_a_shift_that_the_mean_does_not_show_is_asked_about():
    (drift,) = shifts(binned([100] * 10, [100, 0, 0, 0, 0, 0, 0, 0, 0, 100]), ARRIVED)
    assert (drift.what, drift.metric, drift.day) == (What.SPREAD, "sales", DAY)
    assert drift.found > drift.high >= LARGE


def test_few_values_say_nothing_and_few_more_must_say_it_loudly():
    few = FEWEST_VALUES - 1
    assert shifts(binned([few, 0], [0, few]), ARRIVED) == []
    assert shifts(binned([1000, 1000], [0, few]), ARRIVED) == []
    assert bound(10**6, 10**6, 10) == LARGE
    assert bound(10**6, 40, 10) == pytest.approx(27.877 / 40, rel=1e-3)


def test_without_a_change_hardly_ever_a_question():
    """Two thousand days of forty values each, drawn from the same tenths: about two may raise one."""
    chance = random.Random(1)
    asked = 0
    for _ in range(2_000):
        before = [chance.randrange(10) for _ in range(500)]
        now = [chance.randrange(10) for _ in range(40)]
        asked += len(
            shifts(binned([before.count(at) for at in range(10)], [now.count(at) for at in range(10)]), ARRIVED)
        )
    assert asked <= 12
