"""Targets are in the metric's own unit, and places on a curve of attainment are ratios: 80%, not 80 or 0.79.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from kpiflow.core.metric import Direction, MetricKind
from kpiflow.core.status import StatusMeasure
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.frames.goals import ANCHORS
from kpiflow.language import msg
from kpiflow.scoring.curves import AllOrNothing, BestOf, Curve, EqualBands, Linear, Tiers, WorstOf
from kpiflow.scoring.curves.base import On

#: An attainment above this (1,000 %) was meant as a percentage.
TOO_MUCH = Decimal(10)


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield a warning for anchors and places that look as if they were in another unit."""
    yield from _anchors(company, places)
    for name, curve in company.curves.items():
        for loc, number in _places_on(curve, ()):
            if number >= TOO_MUCH:
                said = msg(
                    "{number} on a curve of attainment is {percent}%. Did you mean {number}%?",
                    number=number,
                    percent=number * 100,
                )
                yield places.problem("curve", name, loc, Level.WARNING, said)
    for place, rule in enumerate(company.statuses):
        if rule.at_least is not None and rule.measure is not StatusMeasure.POINTS and rule.at_least >= TOO_MUCH:
            said = msg(
                "{number} is {percent}% of the target. Did you mean {number}%?",
                number=rule.at_least,
                percent=rule.at_least * 100,
            )
            yield places.problem("status", str(place), ("at_least",), Level.WARNING, said)


def _anchors(company: Company, places: Places) -> Iterator[Problem]:
    rates = {
        name: one for name, one in company.metrics.items() if one.measure.scale > 1 and one.kind is MetricKind.RATIO
    }
    if not rates:
        return
    scales = {name: float(one.measure.scale) for name, one in rates.items()}
    # A low error rate such as 0.79 % is nothing strange; a share that should be high is.
    rising = [name for name, one in rates.items() if one.direction is Direction.HIGHER]
    goals = places.table(company, "goals").filter(pl.col("metric").is_in(list(rates)))
    goals = goals.with_columns(scale=pl.col("metric").replace_strict(scales, return_dtype=pl.Float64))
    for anchor in (one for one in ANCHORS if one != "baseline"):
        value = pl.col(anchor)
        for bad, factor in (
            (goals.filter((value > 0) & (value <= 1) & pl.col("metric").is_in(rising)), 1),
            (goals.filter(value >= 10 * pl.col("scale")), -1),
        ):
            yield from places.listed(
                bad,
                anchor,
                Level.WARNING,
                lambda row, anchor=anchor, factor=factor: msg(
                    "'{metric}' is measured in {measure}: {anchor} {value} looks like another unit. Did you mean {meant}?",
                    metric=row["metric"],
                    measure=rates[row["metric"]].measure.value,
                    anchor=anchor,
                    value=row[anchor],
                    meant=round(row[anchor] * row["scale"] ** factor, 6),
                ),
            )


def _places_on(curve: Curve, loc: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], Decimal]]:
    """Yield every number on the x axis of a curve that looks at attainment, with the way to it."""
    if isinstance(curve, BestOf | WorstOf):
        for number, one in enumerate(curve.of):
            yield from _places_on(one, (*loc, "of", number))
        return
    if curve.on is not On.ATTAINMENT:
        return
    written: list[tuple[tuple[object, ...], object]] = []
    match curve:
        case Linear():
            written = [((*loc, "through", number), where) for number, (where, _) in enumerate(curve.through)]
        case Tiers():
            for number, tier in enumerate(curve.tiers):
                written += [((*loc, "tiers", number), tier.start), ((*loc, "tiers", number), tier.end)]
        case EqualBands():
            written = [((*loc, "edges", number), where) for number, where in enumerate(curve.edges)]
        case AllOrNothing():
            written = [((*loc, "at"), curve.at)]
    yield from ((way, where) for way, where in written if isinstance(where, Decimal))
