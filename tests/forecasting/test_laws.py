"""What must hold for any history, whatever the estimator: laws of the forecast, its interval and its chances."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.forecasting.chances import chances
from kpiflow.forecasting.ends import NEEDS, ends
from tests.forecasting.cases import asked, history, pool, so_far

COUNTS = st.tuples(st.integers(0, 50), st.integers(1, 50)).map(lambda pair: (min(pair), max(pair)))


@st.composite
def pools(draw: st.DrawFn, least: int = 1, most: int = 7) -> dict[str, list[tuple[float, float] | None]]:
    """Several goals' weeks, all as long."""
    length = draw(st.integers(8, 20))
    names = [f"g{n}" for n in range(draw(st.integers(least, most)))]
    week = st.one_of(COUNTS, COUNTS, st.none())
    # The first and the last week are there, so that everybody's history is long enough to say something.
    between = st.lists(week, min_size=length - 2, max_size=length - 2)
    return {name: [draw(COUNTS), *draw(between), draw(COUNTS)] for name in names}


@given(rate=st.integers(0, 10), weights=st.lists(st.integers(1, 40), min_size=8, max_size=30), goals=st.integers(1, 6))
def test_a_constant_rate_goes_on(rate: int, weights: list[int], goals: int) -> None:
    weeks = [(rate / 10 * weight, float(weight)) for weight in weights]
    found = ends(*pool({f"g{n}": weeks for n in range(goals)}))
    for row in found.iter_rows(named=True):
        assert row["forecast"] == pytest.approx(rate / 10, abs=1e-9)
        assert row["low"] == pytest.approx(row["high"], abs=1e-6)


@given(buckets=pools())
def test_the_interval_holds_the_forecast(buckets: dict[str, list[tuple[float, float] | None]]) -> None:
    for row in ends(*pool(buckets)).iter_rows(named=True):
        assert row["low"] <= row["forecast"] + 1e-9
        assert row["forecast"] <= row["high"] + 1e-9


@given(buckets=pools(), data=st.data())
def test_the_order_of_rows_does_not_matter(
    buckets: dict[str, list[tuple[float, float] | None]], data: st.DataObject
) -> None:
    wanted, known = pool(buckets)
    places = data.draw(st.permutations(range(known.height)))
    goals = data.draw(st.permutations(range(wanted.height)))
    plain, mixed = ends(wanted, known), ends(wanted[list(goals)], known[list(places)])
    for row, other in zip(
        plain.sort("goal").iter_rows(named=True), mixed.sort("goal").iter_rows(named=True), strict=True
    ):
        for name in ("forecast", "low", "high", "spread"):
            assert row[name] == pytest.approx(other[name], rel=1e-7, abs=1e-9)


@given(buckets=pools(), times=st.sampled_from([0.01, 3.0, 1000.0]))
def test_amounts_in_another_unit_are_forecast_the_same(
    buckets: dict[str, list[tuple[float, float] | None]], times: float
) -> None:
    """Flights or thousands of flights: everything grows in the same proportion, and nothing else changes."""
    wanted, known = pool(buckets, way="amount", rest_weight=100.0)
    larger = wanted.with_columns(pl.col("so_far") * times), known.with_columns(pl.col("amount") * times)
    for row, other in zip(ends(wanted, known).iter_rows(named=True), ends(*larger).iter_rows(named=True), strict=True):
        for name in ("forecast", "low", "high"):
            assert other[name] == pytest.approx(row[name] * times, rel=1e-6, abs=1e-9 * times)


@given(buckets=pools(), rest=st.floats(0.5, 40))
def test_a_rate_ends_between_what_is_there_and_what_is_expected_by_counts(
    buckets: dict[str, list[tuple[float, float] | None]], rest: float
) -> None:
    """The end is the weighted mean of the rate so far and a level: with more to come it moves further from so far."""
    near, far = (ends(*pool(buckets, rest=length)) for length in (rest, 2 * rest))
    for goal, listed in buckets.items():
        own = so_far(listed)
        rate = float(own["so_far"]) / float(own["weight"])  # type: ignore[arg-type]
        first, second = (found.filter(pl.col("goal") == goal)["forecast"][0] - rate for found in (near, far))
        assert abs(first) <= abs(second) + 1e-9
        assert first * second >= -1e-12


@given(low=st.integers(0, 20), higher=st.integers(1, 20), weeks=st.integers(4, 30))
def test_less_history_means_a_wider_interval(low: int, higher: int, weeks: int) -> None:
    """Two values in turn, seen for longer: the same forecast, said more narrowly."""
    pair = [(float(low), 1.0), (float(low + higher), 1.0)]
    window: dict[str, object] = {"so_far": 50.0, "weight": 100.0, "way": "amount", "rest_weight": 10.0}
    short, long = (
        ends(asked({"g": window}), history({"g": pair * times})).row(0, named=True) for times in (weeks, 2 * weeks)
    )
    assert long["forecast"] == pytest.approx(short["forecast"], rel=1e-9)
    assert long["spread"] < short["spread"]


@given(buckets=pools(), actual=st.floats(0, 100))
def test_a_period_that_has_ended_is_its_actual(
    buckets: dict[str, list[tuple[float, float] | None]], actual: float
) -> None:
    wanted, known = pool(buckets, over=True, actual=actual)
    for row in ends(wanted, known).iter_rows(named=True):
        assert (row["forecast"], row["low"], row["high"], row["method"]) == (actual, actual, actual, "ended")


@given(forecast=st.floats(-50, 50), spread=st.floats(0.01, 20), edge=st.floats(-60, 60), rises=st.booleans())
def test_a_chance_is_the_normal_curves(forecast: float, spread: float, edge: float, *, rises: bool) -> None:
    row = _said(forecast, spread, edge, 1.0 if rises else -1.0)
    below = (1 + math.erf((edge - forecast) / spread / math.sqrt(2))) / 2
    assert chances(row)["p_target"][0] == pytest.approx(1 - below if rises else below, abs=2e-6)


@given(forecast=st.floats(-50, 50), spread=st.floats(0, 20), edges=st.tuples(st.floats(-60, 60), st.floats(-60, 60)))
def test_more_is_never_more_likely(forecast: float, spread: float, edges: tuple[float, float]) -> None:
    less, more = (chances(_said(forecast, spread, edge, 1.0))["p_target"][0] for edge in sorted(edges))
    assert less >= more - 1e-12
    assert 0 <= more <= 1


def test_what_has_happened_is_certain() -> None:
    """Ten complaints are there: eight can no longer be kept, and ten were reached by whoever wanted many."""
    lower, higher = (_said(14.0, 3.0, 8.0, better, least=10.0, grain=1.0) for better in (-1.0, 1.0))
    assert chances(lower)["p_target"][0] == 0
    assert chances(higher)["p_target"][0] == 1


def test_a_forecast_without_doubt_is_certain() -> None:
    assert chances(_said(5.0, 0.0, 5.0, 1.0))["p_target"][0] == 1
    assert chances(_said(5.0, 0.0, 5.0, -1.0))["p_target"][0] == 1
    assert chances(_said(5.0, 0.0, 5.1, 1.0))["p_target"][0] == 0


def _said(
    forecast: float, spread: float, edge: float, better: float, least: float = -math.inf, grain: float = 0.0
) -> pl.DataFrame:
    kinds = dict.fromkeys(("stretch", "threshold", "low_edge", "high_edge"), None)
    row = {"forecast": forecast, "spread": spread, "least": least, "most": math.inf, "better": better, "target": edge,
           "grain": grain} | kinds  # fmt: skip
    return pl.DataFrame([row], schema=dict.fromkeys(row, pl.Float64))


@pytest.mark.parametrize(("bucket", "needs"), NEEDS.items())
def test_too_little_history_is_refused_with_what_it_takes(bucket: str, needs: int) -> None:
    weeks = [(float(n % 3), 4.0) for n in range(needs)]
    short, enough = (ends(*pool({"g": part}, bucket=bucket)).row(0, named=True) for part in (weeks[1:], weeks))
    assert (short["absent"], short["history"], short["needs_history"]) == ("too_little", needs - 1, needs)
    assert short["forecast"] is short["low"] is short["high"] is None
    assert (enough["absent"], enough["method"]) == (None, "credibility")


def test_nothing_measured_and_no_way_have_reasons_of_their_own() -> None:
    found = ends(asked({"silent": {}, "formula": {"way": None}}), history({}))
    assert dict(found.select("goal", "absent").iter_rows()) == {"silent": "no_data", "formula": "no_way"}


def test_a_level_that_never_changed_promises_nothing() -> None:
    still, moving = ([(2.0, 1.0)] * 8, [(float(n // 3), 1.0) for n in range(8)])
    found = ends(*pool({"still": still, "moving": moving}, way="level"))
    said = {row["goal"]: row for row in found.iter_rows(named=True)}
    assert (said["still"]["absent"], said["still"]["forecast"]) == ("unchanged", None)
    assert said["moving"]["forecast"] == 2.0
    assert said["moving"]["low"] < 2.0 < said["moving"]["high"]


def test_one_noisy_goal_leans_on_the_others_and_a_busy_one_does_not() -> None:
    """Six goals at about one half; one of them counted 3 cases a week and was lucky, another counted 3,000."""
    usual = [(50.0 + n % 3, 100.0) for n in range(12)]
    buckets = {f"g{n}": [(a + n, w) for a, w in usual] for n in range(6)}
    buckets["small"] = [(3.0 - n % 2, 3.0) for n in range(12)]
    buckets["large"] = [(2500.0 + 30 * (n % 3), 3000.0) for n in range(12)]
    found = dict(ends(*pool(buckets, rest=1000.0)).select("goal", "forecast").iter_rows())
    so_far_small, so_far_large = 30 / 36, (2500 + 30) / 3000
    assert so_far_small - found["small"] > 0.01  # towards the others, near one half
    assert abs(so_far_large - found["large"]) < 0.001
