"""What a result earns, in sentences: each kind of curve with the goal's own numbers in it."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from kpiflow.core.metric import Direction, Metric
from kpiflow.frames.goals import ANCHORS
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.scoring.attainment import CONVENTIONS
from kpiflow.scoring.curves import (
    AllOrNothing,
    BestOf,
    Curve,
    Deduction,
    EqualBands,
    GoalRedFlag,
    Linear,
    Milestones,
    Okr,
    PerPercent,
    Proportional,
    Rubric,
    Tiers,
    WorstOf,
)
from kpiflow.scoring.curves.base import BaseCurve, On
from kpiflow.scoring.given import Given

#: What the anchors are called in a letter.
ANCHOR_WORDS: dict[str, Message] = {
    "baseline": msg("Baseline"),
    "threshold": msg("Threshold"),
    "target": msg("Target"),
    "stretch": msg("Stretch"),
    "low": msg("Lower edge"),
    "high": msg("Upper edge"),
}

#: The anchors whose points a letter names, in order.
EARNING = ("threshold", "target", "stretch")


def earned(row: dict[str, Any], metric: Metric, curve: Curve, convention: str) -> list[Message]:
    """Return what each anchor of the goal earns, worked out exactly; nothing where an anchor has no answer."""
    anchors = {name: None if row[name] is None else Fraction(str(row[name])) for name in ANCHORS}
    better = Fraction(-1 if metric.direction is Direction.LOWER else 1)
    said = []
    for name in EARNING:
        if anchors[name] is None:
            continue
        given = Given(actual=anchors[name], attainment=None, anchors=anchors, better=better, in_band=None)
        points = curve.exact(replace(given, attainment=CONVENTIONS[convention].exact(given)))
        if points is not None:
            said.append(
                msg("{anchor} {value} → {points} points", anchor=ANCHOR_WORDS[name],
                    value=amount(row[name], metric), points=_points(points))
            )  # fmt: skip
    return said


def amount(value: Any, metric: Metric | None) -> Quantity:
    """Return a number in a metric's own measure."""
    measure = "points" if metric is None else metric.measure.value
    return Quantity(None if value is None else float(value), measure, None if metric is None else metric.currency)


def lines(curve: BaseCurve, metric: Metric | None) -> list[Message]:
    """Return what a curve does, in sentences with its own numbers."""
    return _SAID[type(curve)](curve, metric)


def _points(value: Any) -> float:
    return round(float(value), 4)


def _place(where: Any, curve: BaseCurve, metric: Metric | None) -> object:
    """Return a place on a curve's axis: the word of an anchor, an attainment, or an amount of the metric."""
    if isinstance(where, str):
        return ANCHOR_WORDS[where]
    return Quantity(float(where), "attainment") if curve.on is On.ATTAINMENT else amount(where, metric)


def _linear(curve: Linear, metric: Metric | None) -> list[Message]:
    said = [
        msg("{place}: {points} points", place=_place(where, curve, metric), points=_points(points))
        for where, points in curve.through
    ]
    return [msg("On straight lines through: {points}. {below} {above}", points=said,
                below=_BELOW[curve.below.value], above=_ABOVE[curve.above.value])]  # fmt: skip


_BELOW: dict[str, Message] = {
    "zero": msg("Short of the first: no points."),
    "first": msg("Short of the first: the points of the first."),
    "slope": msg("Short of the first: the line goes on."),
}
_ABOVE: dict[str, Message] = {
    "cap": msg("Past the last: no more than there."),
    "slope": msg("Past the last: the line goes on."),
    "zero": msg("Past the last: no points."),
}


def _tiers(curve: Tiers, metric: Metric | None) -> list[Message]:
    said = []
    for tier in curve.tiers:
        points, start, end = _points(tier.points), tier.start, tier.end
        if start is None and end is None:
            said.append(msg("any result: {points} points", points=points))
        elif start is None:
            said.append(msg("up to {end}: {points} points", end=_place(end, curve, metric), points=points))
        elif end is None:
            said.append(msg("from {start}: {points} points", start=_place(start, curve, metric), points=points))
        else:
            facts = {"start": _place(start, curve, metric), "end": _place(end, curve, metric)}
            said.append(msg("{start} to {end}: {points} points", points=points, **facts))
    edge = (
        msg("A result on an edge belongs to the tier above it.")
        if curve.tie.value == "upper"
        else msg("A result on an edge belongs to the tier below it.")
    )
    return [msg("By tiers: {tiers}.", tiers=said), edge]


def _per_percent(curve: PerPercent, metric: Metric | None) -> list[Message]:
    step = Quantity(float(curve.step), "attainment") if curve.on is On.ATTAINMENT else amount(curve.step, metric)
    facts = {"step": step, "up": _points(curve.up), "down": _points(curve.down), "base": _points(curve.base)}
    said = [
        msg(
            "{base} points at the target; for each {step} better {up} more, for each {step} worse {down} fewer.",
            **facts,
        )
    ]
    if curve.granularity.value == "whole":
        said.append(msg("Only whole steps count."))
    if curve.max_up is not None:
        said.append(msg("At most {points} points are added.", points=_points(curve.max_up)))
    if curve.max_down is not None:
        said.append(msg("At most {points} points are taken.", points=_points(curve.max_down)))
    return said + _floor(curve.floor)


def _proportional(curve: Proportional, metric: Metric | None) -> list[Message]:  # noqa: ARG001  (as all kinds)
    said = [msg("{points} points × attainment.", points=_points(curve.target_points))]
    if curve.cap is not None:
        said.append(msg("At most {points} points.", points=_points(curve.cap)))
    if curve.gate is not None:
        gate = Quantity(float(curve.gate), "attainment")
        said.append(msg("Below an attainment of {gate}: no points.", gate=gate))
    return said + _floor(curve.floor)


def _floor(floor: Any) -> list[Message]:
    return [] if floor is None or floor == 0 else [msg("Never fewer than {points} points.", points=_points(floor))]


def _deduction(curve: Deduction, metric: Metric | None) -> list[Message]:  # noqa: ARG001  (as all kinds)
    said = [
        msg("{start} points, less {each} for each event.", start=_points(curve.start), each=_points(curve.per_event))
    ]
    if curve.free:
        said.append(msg("The first {free} events cost nothing.", free=curve.free))
    return [*said, msg("Never fewer than {points} points.", points=_points(curve.floor))]


def _rubric(curve: Rubric, metric: Metric | None) -> list[Message]:  # noqa: ARG001  (as all kinds)
    said = [
        msg("{level} {name}: {points} points", level=one.level, name=Name(one.label, one.label_zh), points=_points(one.points))
        for one in curve.situations
    ]  # fmt: skip
    return [msg("By the level reported: {levels}.", levels=said)]


def _milestones(curve: Milestones, metric: Metric | None) -> list[Message]:  # noqa: ARG001  (as all kinds)
    if not curve.steps:
        return [msg("{points} points once it is done.", points=_points(curve.points_done))]
    total = sum(step.weight for step in curve.steps)
    said = [
        msg(
            "{name}: {points} points",
            name=Name(step.label, step.label_zh),
            points=_points(step.weight / total * curve.points_done),
        )
        for step in curve.steps
    ]
    return [msg("By the steps done, in this order: {steps}.", steps=said)]


def _okr(curve: Okr, metric: Metric | None) -> list[Message]:  # noqa: ARG001  (as all kinds)
    return [
        msg("From 0.0 to 1.0, as attainment is; {committed} is expected of a commitment, {aspirational} of an aspiration.",
            committed=Quantity(float(curve.committed), "attainment"),
            aspirational=Quantity(float(curve.aspirational), "attainment"))
    ]  # fmt: skip


def _all_or_nothing(curve: AllOrNothing, metric: Metric | None) -> list[Message]:
    facts = {
        "place": _place(curve.at, curve, metric),
        "reached": _points(curve.reached),
        "missed": _points(curve.missed),
    }
    if curve.tie.value == "upper":
        return [msg("{reached} points once {place} is reached, otherwise {missed}.", **facts)]
    return [msg("{reached} points once {place} is passed, otherwise {missed}.", **facts)]


def _equal_bands(curve: EqualBands, metric: Metric | None) -> list[Message]:
    edges = [_place(edge, curve, metric) for edge in curve.edges]
    return [msg("Bands with edges {edges} that each carry the same share of {points} points.",
                edges=edges, points=_points(curve.max_points))]  # fmt: skip


def _goal_red_flag(curve: GoalRedFlag, metric: Metric | None) -> list[Message]:
    return [
        msg("Two thirds of {points} points at {goal}, one third at {red_flag}, on one straight line.",
            points=_points(curve.max_points), goal=_place(curve.goal, curve, metric),
            red_flag=_place(curve.red_flag, curve, metric))
    ]  # fmt: skip


def _best_of(curve: BestOf, metric: Metric | None) -> list[Message]:
    return [msg("The most points that any of these gives:"), *_each(curve.of, metric)]


def _worst_of(curve: WorstOf, metric: Metric | None) -> list[Message]:
    return [msg("The fewest points that any of these gives:"), *_each(curve.of, metric)]


def _each(curves: tuple[BaseCurve, ...], metric: Metric | None) -> list[Message]:
    return [
        msg("({number}) {said}", number=number, said=line)
        for number, one in enumerate(curves, start=1)
        for line in lines(one, metric)
    ]


#: How each kind of curve says what it does; a test holds it to the register of kinds.
_SAID: dict[type[BaseCurve], Callable[[Any, Metric | None], list[Message]]] = {
    AllOrNothing: _all_or_nothing,
    BestOf: _best_of,
    Deduction: _deduction,
    EqualBands: _equal_bands,
    GoalRedFlag: _goal_red_flag,
    Linear: _linear,
    Milestones: _milestones,
    Okr: _okr,
    PerPercent: _per_percent,
    Proportional: _proportional,
    Rubric: _rubric,
    Tiers: _tiers,
    WorstOf: _worst_of,
}
