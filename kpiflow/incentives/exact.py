"""Exact arithmetic on columns: 128-bit integers that stand for decimals, divided once and rounded as declared.

Every number carries the bounds of its column, so that a product which would not fit is refused, never wrapped.
Floor 4: knows errors and language. Reads no clock, file or database.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import gcd

import polars as pl

from kpiflow.core.company import Rounding, RoundTo
from kpiflow.errors import InvalidInput
from kpiflow.incentives.kinds import Kind
from kpiflow.language import msg

#: The largest 128-bit integer.
LARGEST = 2**127 - 1

#: A ratio line has ten decimals, halves away from zero, unless its component declares otherwise.
TEN_PLACES = RoundTo(places=10, mode=Rounding.HALF_UP)


@dataclass(frozen=True)
class Number:
    """A column of integers that stand for `expr` ÷ `scale`; `low` and `high` bound the integers."""

    expr: pl.Expr
    low: int
    high: int
    scale: int

    def __post_init__(self) -> None:
        """Refuse what does not fit."""
        if max(abs(self.low), abs(self.high)) > LARGEST:
            raise InvalidInput(
                msg(
                    "The amounts in this plan are too large to be calculated exactly. Look for an input with too many digits."
                )
            )


def whole(value: int) -> pl.Expr:
    """Return a 128-bit literal."""
    return pl.lit(value, dtype=pl.Int128)


def literal(value: Decimal, kind: Kind) -> Number:
    """Return a number of the plan, to the digits its kind keeps."""
    scaled = int((value * kind.scale).to_integral_value(rounding="ROUND_HALF_UP"))
    return Number(whole(scaled), scaled, scaled, kind.scale)


def plus(one: Number, other: Number) -> Number:
    """Add two numbers of the same scale."""
    return Number(one.expr + other.expr, one.low + other.low, one.high + other.high, one.scale)


def minus(one: Number, other: Number) -> Number:
    """Subtract two numbers of the same scale."""
    return Number(one.expr - other.expr, one.low - other.high, one.high - other.low, one.scale)


def times(one: Number, other: Number) -> Number:
    """Multiply; the scales multiply too."""
    edges = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    return Number(one.expr * other.expr, min(edges), max(edges), one.scale * other.scale)


def smaller(one: Number, other: Number) -> Number:
    """Return the lesser of two numbers of the same scale; absent when either is."""
    expr = pl.when(one.expr <= other.expr).then(one.expr).when(one.expr > other.expr).then(other.expr)
    return Number(expr, min(one.low, other.low), min(one.high, other.high), one.scale)


def larger(one: Number, other: Number) -> Number:
    """Return the greater of two numbers of the same scale; absent when either is."""
    expr = pl.when(one.expr >= other.expr).then(one.expr).when(one.expr < other.expr).then(other.expr)
    return Number(expr, max(one.low, other.low), max(one.high, other.high), one.scale)


def narrowed(number: Number, scale: int, over: Number | None = None) -> Number:
    """Return number ÷ over at another scale, halves away from zero: the guard digits of a chain of products."""
    return _in_steps(number, over, scale, 1, Rounding.HALF_UP)


def rounded(number: Number, over: Number | None, scale: int, to: RoundTo) -> Number:
    """Return number ÷ over as integers of `scale`, rounded once to the declared places. Dividing by 0 gives nothing."""
    step = scale * 10 ** max(-to.places, 0) // 10 ** max(to.places, 0)
    return _in_steps(number, over, scale, step, to.mode)


def _in_steps(number: Number, over: Number | None, scale: int, step: int, mode: Rounding) -> Number:
    """Return number ÷ over at `scale`, a whole number of steps."""
    up, down = scale * (over.scale if over else 1), number.scale * step
    shared = gcd(up, down)
    top = _scaled_up(number, up // shared)
    below = (
        _scaled_up(over, down // shared) if over else Number(whole(down // shared), down // shared, down // shared, 1)
    )
    quotient = top if over is None and down == shared else _divided(top, below, mode)
    edges = quotient.low * step, quotient.high * step
    return Number(quotient.expr * whole(step) if step != 1 else quotient.expr, *edges, scale)


def _scaled_up(number: Number, factor: int) -> Number:
    """Return the number's integers times a factor."""
    if factor == 1:
        return number
    return Number(number.expr * whole(factor), number.low * factor, number.high * factor, number.scale)


def _divided(top: Number, below: Number, mode: Rounding) -> Number:
    """Return top ÷ below as a whole number, rounded by the mode; nothing where below is not above 0."""
    divisor = below.expr if below.low > 0 else pl.when(below.expr > whole(0)).then(below.expr)
    negative = top.low < 0
    size = pl.when(top.expr < whole(0)).then(whole(0) - top.expr).otherwise(top.expr) if negative else top.expr
    least = max(below.low, 1)
    most = max(abs(top.low), abs(top.high))
    Number(size, 0, most + below.high, 1)  # refuses when adding half of the divisor would not fit
    match mode:
        case Rounding.HALF_UP:
            cut = (size + divisor // whole(2)) // divisor
        case Rounding.UP:
            cut = (size + divisor - whole(1)) // divisor
        case Rounding.DOWN:
            cut = size // divisor
        case Rounding.HALF_EVEN:
            floor, rest = size // divisor, size % divisor
            beyond = (rest > divisor - rest) | ((rest == divisor - rest) & (floor % whole(2) == whole(1)))
            cut = floor + pl.when(beyond).then(whole(1)).otherwise(whole(0))
    signed = pl.when(top.expr < whole(0)).then(whole(0) - cut).otherwise(cut) if negative else cut
    edge = most // least + 1
    return Number(signed, -edge if negative else 0, edge, 1)


def read_column(column: pl.Series, kind: Kind) -> pl.Series:
    """Return an input column as scaled 128-bit integers, by the rule of `kinds.decimal_of`."""
    if column.dtype == pl.Null:
        return column.cast(pl.Int128)
    if isinstance(column.dtype, pl.Decimal):
        places = column.dtype.scale or 0
        if places > kind.digits:
            column, places = column.cast(pl.Decimal(38, kind.digits)), kind.digits
        return _scaled(column.to_physical(), 10 ** (kind.digits - places))
    if column.dtype.is_float():
        here = pl.col(column.name).cast(pl.Float64)
        floor = here.floor()
        fine, coarse = ((here - floor) * 1e10).round().cast(pl.Int128), ((here - floor) * 1e4).round().cast(pl.Int128)
        part = pl.when(here.abs() < 100_000).then(fine).otherwise(coarse * whole(10**6))
        ten = floor.cast(pl.Int128) * whole(10**10) + part
        return column.to_frame().select((ten * whole(10 ** (kind.digits - 10))).alias(column.name)).to_series()
    return _scaled(column, kind.scale)


def _scaled(column: pl.Series, factor: int) -> pl.Series:
    """Return whole numbers times a factor, in 128 bits."""
    return column.to_frame().select(pl.col(column.name).cast(pl.Int128) * whole(factor)).to_series()


def as_decimal(column: str, kind: Kind, places: int) -> pl.Expr:
    """Return a column of scaled integers as Decimal(38, places); the digits beyond are zeros already."""
    unit = kind.scale // 10**places
    steps = pl.col(column) if unit == 1 else pl.col(column) // whole(unit)
    # As whole decimals first: times one step they are as exact, and five times faster than numbers that carry places.
    return steps.cast(pl.Decimal(38, 0)) * pl.lit(Decimal(1).scaleb(-places), dtype=pl.Decimal(38, places))
