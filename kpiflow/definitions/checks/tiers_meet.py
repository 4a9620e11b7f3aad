"""Tiers meet: no result falls into two of them, or between them, and the points of a line are in order.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import Message, msg
from kpiflow.scoring.curves import BestOf, Curve, EqualBands, Linear, Tiers, WorstOf

#: A layer: where it starts and ends; None is open, a text is an anchor of the goal.
Layer = tuple[object, object]


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for overlaps, gaps and disorder inside a curve, and a warning where its ends are closed."""
    for name, curve in company.curves.items():
        for loc, level, said in _curve(curve, ()):
            yield places.problem("curve", name, loc, level, said)


def _curve(curve: Curve, loc: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], Level, Message]]:
    match curve:
        case Tiers():
            for number, level, said in layers([(tier.start, tier.end) for tier in curve.tiers]):
                yield (*loc, "tiers", number), level, said
        case Linear():
            for number, said in _disorder([where for where, _ in curve.through], jumps=True):
                yield (*loc, "through", number), Level.ERROR, said
        case EqualBands():
            for number, said in _disorder(curve.edges, jumps=False):
                yield (*loc, "edges", number), Level.ERROR, said
        case BestOf() | WorstOf():
            for number, one in enumerate(curve.of):
                yield from _curve(one, (*loc, "of", number))


def layers(written: Sequence[Layer]) -> Iterator[tuple[int, Level, Message]]:
    """Yield (number of the layer, level, words) for what is wrong between layers, in whichever direction they run."""
    for number, (start, end) in enumerate(written):
        if isinstance(start, Decimal) and isinstance(end, Decimal) and start >= end:
            yield number, Level.ERROR, msg("This tier is empty: it runs from {start} to {end}.", start=start, end=end)
            return
    order = sorted(range(len(written)), key=lambda number: _low(written[number]))
    if any(isinstance(edge, str) for layer in written for edge in layer):
        order = list(range(len(written)))  # anchors cannot be compared before a goal is known
        if len(order) > 1 and written[0][0] is not None and written[0][0] == written[1][1]:
            order.reverse()
    for before, after in pairwise(order):
        end, start = written[before][1], written[after][0]
        if isinstance(end, str) or isinstance(start, str):
            if end != start:
                said = msg("This tier starts at {start}, but the one before it ends at {end}.", start=start, end=end)
                yield after, Level.WARNING, said
        elif end is None or start is None or start < end:  # type: ignore[operator]
            yield after, Level.ERROR, msg("This tier overlaps the one that ends at {end}.", end=end)
        elif start > end:  # type: ignore[operator]
            said = msg(
                "Nothing covers results from {end} to {start}. Let one tier end where the next starts.",
                end=end,
                start=start,
            )
            yield after, Level.ERROR, said
    first, last = written[order[0]][0], written[order[-1]][1]
    if first is not None:
        yield (
            order[0],
            Level.WARNING,
            msg("Results below {edge} fall in no tier. Leave out the lower limit of the first tier.", edge=first),
        )
    if last is not None:
        yield (
            order[-1],
            Level.WARNING,
            msg("Results from {edge} on fall in no tier. Leave out the upper limit of the last tier.", edge=last),
        )


def _low(layer: Layer) -> Decimal:
    return layer[0] if isinstance(layer[0], Decimal) else Decimal("-Infinity")


def _disorder(written: Sequence[object], *, jumps: bool) -> Iterator[tuple[int, Message]]:
    """Yield the first place that does not go on in the direction the numbers run; anchors are passed over."""
    numbers = [(number, where) for number, where in enumerate(written) if isinstance(where, Decimal)]
    if len(numbers) < 2:
        return
    up = numbers[-1][1] >= numbers[0][1]
    for (_, before), (number, where) in pairwise(numbers):
        if (where < before if up else where > before) or (where == before and not jumps):
            yield (
                number,
                msg("The places must go in one direction; {after} comes after {before}.", after=where, before=before),
            )
            return
