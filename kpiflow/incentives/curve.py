"""The curve of a factor: from a result to the ratio that is paid, through any number of points.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import Annotated, Literal

import polars as pl
from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from kpiflow.core.fact import Exact, Fact, exact
from kpiflow.incentives.exact import Number, alike, count_of, fits_small, full, literal, picked, shortened
from kpiflow.incentives.kinds import Kind

#: The largest divisor all pieces of a curve may share. No larger than the narrowest piece anybody writes (0.0001 in
#: tenths of billionths), so that sharing it makes no number larger than it was.
SMALL = 10**6


class Interpolation(StrEnum):
    """What happens between two points."""

    LINEAR = "linear"  # a straight line
    STEP = "step"  # the value of the point last reached


class Tie(StrEnum):
    """Which side a value exactly on an edge belongs to."""

    UPPER = "upper"
    LOWER = "lower"


def _below(value: object) -> object:
    """Take a word or a number."""
    return value if value in ("zero", "first") else exact(value)


def _above(value: object) -> object:
    """Take a word or a number."""
    return value if value in ("cap", "extend") else exact(value)


def _written(value: Decimal | str) -> int | float | str:
    """Return a word or number as YAML and JSON write it."""
    if isinstance(value, str):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


_PLAIN = PlainSerializer(_written, return_type=int | float | str)


class PayCurve(Fact):
    """Points (result, ratio) going up, and what holds between, below and above them."""

    points: tuple[tuple[Exact, Exact], ...] = Field(
        min_length=1, description="Pairs of result and ratio, results going up."
    )
    interpolation: Interpolation = Interpolation.LINEAR
    tie: Tie = Field(
        default=Tie.UPPER, description="For steps: a result exactly on a point belongs to the step above or below."
    )
    below: Annotated[Literal["zero", "first"] | Decimal, BeforeValidator(_below), _PLAIN] = Field(
        default="zero", description="Below the first point: zero, the first value, or a number."
    )
    above: Annotated[Literal["cap", "extend"] | Decimal, BeforeValidator(_above), _PLAIN] = Field(
        default="cap", description="Above the last point: the last value, the last slope continued, or a number."
    )

    @model_validator(mode="after")
    def _points_go_up(self) -> "PayCurve":
        results = [result for result, _ in self.points]
        if any(one >= other for one, other in pairwise(results)):
            raise ValueError("the points of a curve go up: each result is greater than the one before")
        if isinstance(self.above, Decimal) and self.interpolation is Interpolation.STEP:
            raise ValueError("above the last point of a step curve its value holds: write above: cap, or add a point")
        if self.above == "extend" and (len(self.points) < 2 or self.interpolation is Interpolation.STEP):
            raise ValueError("only a line of at least two points has a slope to extend")
        return self

    @property
    def lowest(self) -> Decimal:
        """The ratio below the first point."""
        if isinstance(self.below, Decimal):
            return self.below
        return self.points[0][1] if self.below == "first" else Decimal(0)

    @property
    def highest(self) -> Decimal | None:
        """The ratio above the last point; None when the slope goes on."""
        if isinstance(self.above, Decimal):
            return self.above
        return self.points[-1][1] if self.above == "cap" else None


def part_of(curve: PayCurve, result: Number, kind: Kind) -> pl.Expr:
    """Return where each result lies: 0 below the first point, n from point n on, absent when the result is."""
    edges = [alike(result, shortened(literal(x, kind))) for x, _ in curve.points]
    step_below = curve.interpolation is Interpolation.STEP and curve.tie is Tie.LOWER
    reached = pl.lit(0, dtype=pl.Int32)
    for n, (had, edge) in enumerate(edges, start=1):
        beyond = step_below or (n == len(edges) and isinstance(curve.above, Decimal))
        reached = reached + (had.expr > edge.expr if beyond else had.expr >= edge.expr).cast(pl.Int32)
    return reached


def ratio_of(curve: PayCurve, result: Number, part: pl.Expr, kind: Kind) -> tuple[Number, Number]:
    """Return the ratio as numerator and denominator, so that it is rounded once, by whoever emits it."""
    pieces = _pieces(curve, kind)
    slopes = [Fraction(rise, run) for _, rise, _, run in pieces]
    # Divided by one number for all where it is a small one: a column of divisors costs several times as much.
    shared = lcm(*(slope.denominator for slope in slopes))
    unders = [shared if shared <= SMALL else slope.denominator for slope in slopes]
    # Each piece is a line: what it is at 0, and its slope, both times its divisor. The products may pass 128 bits where a
    # result lies in another piece; these are not looked at.
    rises = [int(slope * under) for slope, under in zip(slopes, unders, strict=True)]
    starts = [start * under - x0 * rise for (start, _, x0, _), under, rise in zip(pieces, unders, rises, strict=True)]
    low, high, finer = 0, 0, kind.scale // result.scale
    for n, ((start, rise, x0, run), under) in enumerate(zip(pieces, unders, strict=True)):
        # Within a piece the result lies in it, except on an extended line, which the column's own bounds limit.
        last = n == len(pieces) - 1
        reach = max(abs(result.high * finer - x0), abs(result.low * finer - x0)) if last else run
        edge = abs(start * under) + (abs(rises[n]) * reach if rise else 0)
        low, high = min(low, -edge if _negative(start, rise, last=last) else 0), max(high, edge)
    if not any(rises):
        unit, small = gcd(*starts, Kind.RATIO.scale), fits_small(low, high)
        steps = picked([start // unit for start in starts], part, small=small)
        return Number(steps, low // unit, high // unit, Kind.RATIO.scale // unit, small=small), count_of(1)
    small = result.small and fits_small(low, high, *starts, *(rise * finer for rise in rises))
    had = result.expr if small else full(result, result.scale).expr
    value = picked(starts, part, small=small) + picked([rise * finer for rise in rises], part, small=small) * had
    below = Number(
        picked(unders, part, small=fits_small(*unders)), min(unders), max(unders), 1, small=fits_small(*unders)
    )
    over = count_of(shared) if shared <= SMALL else below
    return Number(value, low, high, Kind.RATIO.scale, small=small), over


def _negative(start: int, rise: int, *, last: bool) -> bool:
    """Say whether a piece may go below 0."""
    return start < 0 or start + rise < 0 or (last and rise < 0)


def _pieces(curve: PayCurve, kind: Kind) -> list[tuple[int, int, int, int]]:
    """Return, below the points and from each point on: value at its start, rise, start and run, in scaled integers."""
    xs = [literal(x, kind).low for x, _ in curve.points]
    ys = [literal(y, Kind.RATIO).low for _, y in curve.points]
    pieces = [(literal(curve.lowest, Kind.RATIO).low, 0, 0, 1)]
    for n in range(len(xs) - 1):
        linear = curve.interpolation is Interpolation.LINEAR
        pieces.append((ys[n], ys[n + 1] - ys[n], xs[n], xs[n + 1] - xs[n]) if linear else (ys[n], 0, 0, 1))
    if curve.highest is None:
        pieces.append((ys[-1], ys[-1] - ys[-2], xs[-1], xs[-1] - xs[-2]))
    else:
        pieces.append((literal(curve.highest, Kind.RATIO).low, 0, 0, 1))
    return pieces
