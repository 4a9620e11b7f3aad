"""Straight lines between points, in whichever direction the points run; several curves are drawn with it."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

import polars as pl

from kpiflow.scoring.curves.base import Tie


class Below(StrEnum):
    """What a result short of the first point gets."""

    ZERO = "zero"  # no points
    FIRST = "first"  # the points of the first one
    SLOPE = "slope"  # on along the first line


class Above(StrEnum):
    """What a result past the last point gets."""

    CAP = "cap"  # the points of the last one
    SLOPE = "slope"  # on along the last line
    ZERO = "zero"  # no points


def line(x: pl.Expr, start: tuple[pl.Expr, float], end: tuple[pl.Expr, float], tie: Tie = Tie.UPPER) -> pl.Expr:
    """Return y on the straight line through two points: y0 + (x − x0)(y1 − y0) ÷ (x1 − x0).

    Where x0 = x1 the line is a jump, and `tie` says which of the two it gives. A level line stays level at infinity.
    """
    (x0, y0), (x1, y1) = start, end
    if y0 == y1:
        return pl.lit(y1)
    jump = pl.lit(y1 if tie is Tie.UPPER else y0)
    return pl.when(x1 != x0).then(y0 + (x - x0) * (y1 - y0) / (x1 - x0)).otherwise(jump)


def interpolate(
    x: pl.Expr, xs: Sequence[pl.Expr], ys: Sequence[float], ends: tuple[Below, Above], tie: Tie = Tie.UPPER
) -> pl.Expr:
    """Return the value at `x` of the line through the points (xs, ys); null where x or any place is null.

    The places may run up or down (a target below its threshold); the sign of last − first turns them upward.
    Two points at one place are a jump, and `tie` says which of the two the place itself gets: upper the later one.
    """
    sign = pl.when(xs[-1] >= xs[0]).then(1.0).otherwise(-1.0)
    up, ups = x * sign, [place * sign for place in xs]
    points = list(zip(ups, ys, strict=True))
    below, above = ends
    known = pl.all_horizontal([place.is_not_null() for place in xs]) & x.is_not_null()
    short = {
        Below.ZERO: pl.lit(0.0),
        Below.FIRST: pl.lit(ys[0]),
        Below.SLOPE: line(up, points[0], points[1]),
    }[below]
    past = {
        Above.ZERO: pl.lit(0.0),
        Above.CAP: pl.lit(ys[-1]),
        Above.SLOPE: line(up, points[-2], points[-1]),
    }[above]
    value = (
        pl.when(~known).then(pl.lit(None, dtype=pl.Float64)).when(up < ups[0]).then(short).when(up > ups[-1]).then(past)
    )
    for i in range(len(xs) - 1):
        last = i == len(xs) - 2
        inside = up <= ups[i + 1] if last or tie is Tie.LOWER else up < ups[i + 1]
        value = value.when(inside).then(line(up, points[i], points[i + 1], tie))
    return value.otherwise(pl.lit(None, dtype=pl.Float64))


def interpolate_exact(
    x: Fraction | None,
    xs: Sequence[Fraction | None],
    ys: Sequence[Fraction],
    ends: tuple[Below, Above],
    tie: Tie = Tie.UPPER,
) -> Fraction | None:
    """Return the same value for one goal, found by walking the points one after another."""
    if x is None or any(place is None for place in xs):
        return None
    points = [(place, y) for place, y in zip(xs, ys, strict=True) if place is not None]
    if points[-1][0] < points[0][0]:
        points, x = [(-place, y) for place, y in points], -x
    (first, low), (final, high) = points[0], points[-1]
    if x < first:
        return {Below.ZERO: Fraction(0), Below.FIRST: low}.get(ends[0], _through(x, points[0], points[1]))
    if x > final:
        return {Above.ZERO: Fraction(0), Above.CAP: high}.get(ends[1], _through(x, points[-2], points[-1]))
    at = [y for place, y in points if place == x]
    if at:
        return at[-1] if tie is Tie.UPPER else at[0]
    after = next(i for i, (place, _) in enumerate(points) if place > x)
    return _through(x, points[after - 1], points[after])


def _through(x: Fraction, start: tuple[Fraction, Fraction], end: tuple[Fraction, Fraction]) -> Fraction:
    (x0, y0), (x1, y1) = start, end
    return y1 if x0 == x1 else y0 + (x - x0) * (y1 - y0) / (x1 - x0)
