"""Exact arithmetic on columns: 128-bit integers that stand for decimals, divided once and rounded as declared.

Every number carries the bounds of its column, so that a product which would not fit is refused, never wrapped.
Floor 4: knows errors and language. Reads no clock, file or database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import gcd, lcm

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
    """A column of integers that stand for `expr` ÷ `scale`; `low` and `high` bound the integers.

    All of them are multiples of `grain` (0: all are 0), so that whole cents are not rounded to whole cents again.
    """

    expr: pl.Expr
    low: int
    high: int
    scale: int
    grain: int = 1

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


def picked(values: Sequence[int], number: pl.Expr) -> pl.Expr:
    """Return one of some integers by its number from 0; absent where that is. Costs the same however many there are."""
    return pl.lit(pl.Series(values, dtype=pl.Int128)).gather(number)


def literal(value: Decimal, kind: Kind) -> Number:
    """Return a number of the plan, to the digits its kind keeps."""
    scaled = int((value * kind.scale).to_integral_value(rounding="ROUND_HALF_UP"))
    return Number(whole(scaled), scaled, scaled, kind.scale, abs(scaled))


def plus(one: Number, other: Number) -> Number:
    """Add two numbers."""
    one, other = _alike(one, other)
    low, high = one.low + other.low, one.high + other.high
    return Number(one.expr + other.expr, low, high, one.scale, gcd(one.grain, other.grain))


def minus(one: Number, other: Number) -> Number:
    """Subtract two numbers."""
    one, other = _alike(one, other)
    low, high = one.low - other.high, one.high - other.low
    return Number(one.expr - other.expr, low, high, one.scale, gcd(one.grain, other.grain))


def times(one: Number, other: Number) -> Number:
    """Multiply; the scales multiply too, those of numbers of the plan without the digits they do not need."""
    one, other = _shortened(one), _shortened(other)
    edges = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    return Number(one.expr * other.expr, min(edges), max(edges), one.scale * other.scale, one.grain * other.grain)


def _alike(one: Number, other: Number) -> tuple[Number, Number]:
    """Return two numbers at the same scale."""
    shared = lcm(one.scale, other.scale)
    return tuple(_scaled_up(number, shared // number.scale, shared) for number in (one, other))  # type: ignore[return-value]


def _shortened(number: Number) -> Number:
    """Return a number of the plan in lowest terms, so that a product need not be divided by digits that are all 0."""
    if number.low != number.high or not number.expr.meta.is_literal():
        return number
    shared = gcd(number.low, number.scale)
    value = number.low // shared
    return Number(whole(value), value, value, number.scale // shared, abs(value))


def smaller(one: Number, other: Number) -> Number:
    """Return the lesser of two numbers; absent when either is."""
    one, other = _alike(one, other)
    expr = pl.when(_both_known(one, other)).then(pl.min_horizontal(one.expr, other.expr))
    return Number(expr, min(one.low, other.low), min(one.high, other.high), one.scale, gcd(one.grain, other.grain))


def larger(one: Number, other: Number) -> Number:
    """Return the greater of two numbers; absent when either is."""
    one, other = _alike(one, other)
    expr = pl.when(_both_known(one, other)).then(pl.max_horizontal(one.expr, other.expr))
    return Number(expr, max(one.low, other.low), max(one.high, other.high), one.scale, gcd(one.grain, other.grain))


def _both_known(one: Number, other: Number) -> pl.Expr:
    """Return where neither of two numbers is absent; the least and the greatest of columns would be the other one."""
    return one.expr.is_not_null() & other.expr.is_not_null()


def chosen(when: pl.Expr, one: Number, other: Number) -> Number:
    """Return one number where a condition holds, else the other; absent where the condition is."""
    one, other = _alike(one, other)
    expr = pl.when(when).then(one.expr).when(~when).then(other.expr)
    return Number(expr, min(one.low, other.low), max(one.high, other.high), one.scale, gcd(one.grain, other.grain))


def nothing(scale: int) -> Number:
    """Return 0 at a scale."""
    return Number(whole(0), 0, 0, scale, 0)


def count_of(value: int) -> Number:
    """Return a whole number, which scales nothing."""
    return Number(whole(value), value, value, 1, abs(value))


def narrowed(number: Number, scale: int, over: Number | None = None) -> Number:
    """Return number ÷ over at another scale, halves away from zero: the guard digits of a chain of products."""
    return _in_steps(number, over, scale, 1, Rounding.HALF_UP)


def rounded(number: Number, over: Number | None, scale: int, to: RoundTo) -> Number:
    """Return number ÷ over as integers of `scale`, rounded once to the declared places. Dividing by 0 gives nothing."""
    step = scale * 10 ** max(-to.places, 0) // 10 ** max(to.places, 0)
    return _in_steps(number, over, scale, step, to.mode)


def _in_steps(number: Number, over: Number | None, scale: int, step: int, mode: Rounding) -> Number:
    """Return number ÷ over at `scale`, a whole number of steps."""
    # One divisor for everybody, such as the days of the period: by one number it is divided twice as fast, or not at all
    # where it cancels.
    shared_by_all = over is not None and over.low == over.high > 0
    up = scale * (over.scale if over else 1)
    down = number.scale * step * (over.low if over and shared_by_all else 1)
    if over is not None and not shared_by_all:
        shared = gcd(up, down)
        quotient = _divided(_scaled_up(number, up // shared), _scaled_up(over, down // shared), mode)
    elif number.grain * up % down == 0 and up * step % down == 0:
        # Nothing to round: they are whole steps already.
        found = _scaled_up(number, up * step // down, scale)
        return found if over is None else _where_known(found, over)
    else:
        shared = gcd(up, down)
        top = _scaled_up(number, up // shared)
        quotient = top if down == shared else _divided(top, count_of(down // shared), mode)
    expr = quotient.expr * whole(step) if step != 1 else quotient.expr
    found = Number(expr, quotient.low * step, quotient.high * step, scale, step)
    return _where_known(found, over) if over and shared_by_all else found


def _where_known(number: Number, other: Number) -> Number:
    """Return a number where another one is known, else nothing."""
    if other.expr.meta.is_literal():
        return number
    return replace(number, expr=pl.when(other.expr.is_not_null()).then(number.expr))


def _scaled_up(number: Number, factor: int, scale: int | None = None) -> Number:
    """Return the number's integers times a factor, as those of a scale, which is its own unless said."""
    expr = number.expr * whole(factor) if factor != 1 else number.expr
    return Number(expr, number.low * factor, number.high * factor, scale or number.scale, number.grain * factor)


def _divided(top: Number, below: Number, mode: Rounding) -> Number:
    """Return top ÷ below as a whole number, rounded by the mode; nothing where below is not above 0."""
    divisor = below.expr if below.low > 0 else pl.when(below.expr > whole(0)).then(below.expr)
    negative = top.low < 0
    size = pl.when(top.expr < whole(0)).then(whole(0) - top.expr).otherwise(top.expr) if negative else top.expr
    least = max(below.low, below.grain, 1)
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
    once = pl.QueryOptFlags.none(comm_subexpr_elim=True)
    return (
        column.to_frame()
        .lazy()
        .select(reading(column, kind).alias(column.name))
        .collect(optimizations=once)
        .to_series()
    )


def reading(column: pl.Series, kind: Kind) -> pl.Expr:
    """Return how a column, of its type and size, is read: the expression for `read_column`."""
    here = pl.col(column.name)
    if column.dtype == pl.Null:
        return here.cast(pl.Int128)
    if isinstance(column.dtype, pl.Decimal):
        places = column.dtype.scale or 0
        if places > kind.digits:
            here, places = here.cast(pl.Decimal(38, kind.digits)), kind.digits
        return here.reinterpret(dtype=pl.Int128) * whole(10 ** (kind.digits - places))
    if column.dtype.is_float():
        ten = _of_floats(here.cast(pl.Float64), large=bool((column.abs() >= 100_000).any()))
        return ten if kind.digits == 10 else ten * whole(10 ** (kind.digits - 10))
    return here.cast(pl.Int128) * whole(kind.scale)


def _of_floats(here: pl.Expr, *, large: bool) -> pl.Expr:
    """Return floats in tenths of billionths; where there are `large` ones, their digits end at the fourth decimal."""
    floor = here.floor()
    part = ((here - floor) * 1e10).round()
    if large:
        part = pl.when(here.abs() < 100_000).then(part).otherwise(((here - floor) * 1e4).round() * 1e6)
        return floor.cast(pl.Int128) * whole(10**10) + part.cast(pl.Int128)
    # Below 10**15 in all: worked out in half of 128 bits, and a third of the time.
    return (floor.cast(pl.Int64) * 10**10 + part.cast(pl.Int64)).cast(pl.Int128)


def as_decimal(column: str, kind: Kind, places: int) -> pl.Expr:
    """Return a column of scaled integers as Decimal(38, places); the digits beyond are zeros already."""
    unit = kind.scale // 10**places
    steps = pl.col(column) if unit == 1 else pl.col(column) // whole(unit)
    # The same bits: a decimal is its digits as a 128-bit integer. A cast would multiply and check each of them.
    return steps.reinterpret(dtype=pl.Decimal(38, places))
