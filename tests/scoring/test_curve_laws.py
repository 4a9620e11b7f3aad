"""What every curve and every convention must do, whatever its settings; new kinds meet these laws on their first day."""

from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.core.goal import Commitment
from kpiflow.frames.goals import ANCHORS
from kpiflow.scoring.attainment import ATTAINMENTS
from kpiflow.scoring.attainment.convention import INFINITE
from kpiflow.scoring.curves import CURVES
from kpiflow.scoring.curves.base import BaseCurve, On
from kpiflow.scoring.given import Given, columns
from tests.scoring.curve_samples import SAMPLES

#: All curves but those whose points may fall although the result improves: a list of situations, a line that ends in 0.
MONOTONE = [one for one in SAMPLES if one.kind != "rubric" and getattr(one, "above", "") != "zero"]

numbers = st.decimals(-20, 200, places=2).map(Fraction)
shares = st.decimals(-1, 3, places=3).map(Fraction)
positive = st.decimals(1, 200, places=1).map(Fraction)


@st.composite
def anchored(draw, better):
    """Anchors in order of improvement, as a person would set them."""
    steps = sorted(draw(st.lists(positive, min_size=4, max_size=4, unique=True)), reverse=better < 0)
    low, high = sorted(draw(st.lists(positive, min_size=2, max_size=2, unique=True)))
    return dict(zip(("baseline", "threshold", "target", "stretch"), steps, strict=True)) | {"low": low, "high": high}


def falling(curve: BaseCurve) -> bool:
    """Whether less of the actual is better by the curve's own places."""
    if curve.kind in ("best_of", "worst_of"):
        return any(falling(part) for part in curve.of)
    return curve.kind == "deduction" or (curve.kind == "tiers" and curve.on is On.ACTUAL)


def rising(curve: BaseCurve) -> bool:
    """Whether more of the actual is better by the curve's own places."""
    return curve.on is On.ACTUAL and curve.kind in ("equal_bands", "milestones")


@st.composite
def situations(draw, curve):
    """One goal, for a direction the curve is meant for."""
    better = Fraction(-1 if falling(curve) else 1 if rising(curve) else draw(st.sampled_from([1, -1])))
    return Given(
        actual=draw(numbers), attainment=draw(shares), anchors=draw(anchored(better)), better=better, in_band=None
    )


def frame_of(*facts: Given[Fraction | None]) -> pl.DataFrame:
    def cell(value):
        return None if value is None else float("inf") if value >= INFINITE else float(value)

    return pl.DataFrame(
        [
            {
                "actual": cell(fact.actual),
                "attainment": cell(fact.attainment),
                "better": float(fact.better),
                "in_band": cell(fact.in_band),
                **{name: cell(fact.anchors.get(name)) for name in ANCHORS},
            }
            for fact in facts
        ],
        schema_overrides=dict.fromkeys(["actual", "attainment", "in_band", *ANCHORS], pl.Float64),
    )


def fast(curve: BaseCurve, *facts: Given[Fraction | None]) -> list[float | None]:
    return frame_of(*facts).select(points=curve.points(columns()))["points"].to_list()


def close(one: float | None, other: Fraction | None) -> bool:
    return one is other is None or (None not in (one, other) and abs(one - float(other)) <= 1e-9 * max(1, abs(one)))


def ids(sample):
    return sample.curve


def test_every_kind_has_a_sample():
    assert {type(sample) for sample in SAMPLES} == set(CURVES)


@pytest.mark.parametrize("curve", SAMPLES, ids=ids)
@given(data=st.data())
def test_fast_equals_exact(curve, data):
    drawn = data.draw(situations(curve))
    for fact in (
        drawn,
        replace(drawn, attainment=None, actual=None),
        replace(drawn, attainment=INFINITE),
        replace(drawn, actual=drawn.anchors["target"], attainment=Fraction(1)),
        replace(drawn, actual=drawn.anchors["threshold"]),
    ):
        assert close(fast(curve, fact)[0], curve.exact(fact)), fact


@pytest.mark.parametrize("convention", ATTAINMENTS, ids=lambda one: one.name)
@given(data=st.data())
def test_conventions_fast_equals_exact(convention, data):
    better = Fraction(data.draw(st.sampled_from([1, -1])))
    anchors = {name: data.draw(st.one_of(st.none(), numbers)) for name in ANCHORS}
    fact = Given(
        data.draw(st.one_of(st.none(), numbers)),
        None,
        anchors,
        better,
        data.draw(st.sampled_from([None, Fraction(2, 3)])),
    )
    found = frame_of(fact).select(x=convention.measure(columns()).cast(pl.Float64))["x"].to_list()[0]
    exact = convention.exact(fact)
    assert (exact == INFINITE and found == float("inf")) or close(found, exact), fact


@pytest.mark.parametrize("curve", MONOTONE, ids=ids)
@given(data=st.data())
def test_a_better_result_never_earns_fewer_points(curve, data):
    one = data.draw(situations(curve))
    worse, best = sorted([one.actual, data.draw(numbers)], key=lambda actual: actual * one.better)
    low, high = sorted([one.attainment, data.draw(shares)])
    before, after = fast(curve, replace(one, actual=worse, attainment=low), replace(one, actual=best, attainment=high))
    if before is not None and after is not None:
        assert after >= before - 1e-9


@pytest.mark.parametrize("curve", SAMPLES, ids=ids)
@given(data=st.data())
def test_points_stay_within_what_the_curve_states(curve, data):
    fact = data.draw(situations(curve))
    points = fast(curve, fact)[0]
    if points is None:
        return
    most = curve.most_points()
    assert most is None or points <= float(most) + 1e-9
    for limit in ("cap", "max_points", "points_done"):
        stated = getattr(curve, limit, None)
        assert stated is None or points <= float(stated) + 1e-9
    floor = getattr(curve, "floor", None)
    gated = getattr(curve, "gate", None) is not None
    assert floor is None or gated or points >= float(floor) - 1e-9


@pytest.mark.parametrize("curve", SAMPLES, ids=ids)
def test_nothing_measured_earns_nothing_by_itself(curve):
    anchors = {name: Fraction(number) for number, name in enumerate(ANCHORS, start=1)}
    nothing = Given(actual=None, attainment=None, anchors=anchors, better=Fraction(1), in_band=None)
    assert fast(curve, nothing) == [None]
    assert curve.exact(nothing) is None


@pytest.mark.parametrize("curve", SAMPLES, ids=ids)
def test_what_is_expected_is_a_share_of_the_target(curve):
    assert all(0 < curve.expects(commitment) <= 1 for commitment in Commitment)


@pytest.mark.parametrize(("actual", "target"), [("0.72", "0.90"), ("72", "90"), ("0.072", "0.09"), ("7.2", "9")])
@pytest.mark.parametrize("curve", [one for one in SAMPLES if one.kind == "tiers" and one.on is On.ATTAINMENT], ids=ids)
def test_an_edge_is_reached_whatever_the_digits(curve, actual, target):
    frame = pl.DataFrame({"actual": [float(actual)], "target": [float(target)], "better": [1.0], "in_band": [None]})
    frame = frame.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ANCHORS if name != "target")
    ratio = next(one for one in ATTAINMENTS if one.name == "ratio")
    frame = frame.with_columns(attainment=ratio.measure(columns()))
    assert frame.select(points=curve.points(columns()))["points"].to_list() == [60]
