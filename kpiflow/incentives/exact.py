"""Exact arithmetic on columns: integers that stand for decimals, divided once and rounded as declared.

Every number carries the bounds of its column, so that a product which would not fit is refused, never wrapped. Where all
that is worked with fits in 64 bits it is worked out in 64, which takes a third of the time of 128.
Floor 4: knows errors and language. Reads no clock, file or database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import gcd, isfinite, lcm, nextafter

import polars as pl
from polars import selectors

from kpiflow.core.company import Rounding, RoundTo
from kpiflow.errors import InvalidInput
from kpiflow.incentives.kinds import Kind
from kpiflow.language import msg

#: The largest 128-bit integer.
LARGEST = 2**127 - 1

#: The largest integer that is worked with in 64 bits: half of what fits, so that one more sum of two of them does too.
LARGEST_SMALL = 2**62 - 1

#: What is added before digits are cut off to round halves up: with a half, what lies just below one would be rounded up too.
_ALMOST_HALF = nextafter(0.5, 0)

#: A ratio line has ten decimals, halves away from zero, unless its component declares otherwise.
TEN_PLACES = RoundTo(places=10, mode=Rounding.HALF_UP)


@dataclass(frozen=True)
class Number:
    """A column of integers that stand for `expr` ÷ `scale`; `low` and `high` bound the integers.

    All of them are multiples of `grain` (0: all are 0), so that whole cents are not rounded to whole cents again. A column
    is of 128 bits unless it is `small`, then of 64.
    """

    expr: pl.Expr
    low: int
    high: int
    scale: int
    grain: int = 1
    small: bool = False

    @property
    def constant(self) -> bool:
        """Whether it is a number of the plan, the same for everybody and of either size."""
        return self.low == self.high and bool(self.expr.meta.is_literal())

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


def _sized(value: int, *, small: bool) -> pl.Expr:
    """Return a literal of 64 or 128 bits."""
    return pl.lit(value, dtype=pl.Int64 if small else pl.Int128)


def fits_small(*values: int) -> bool:
    """Say whether integers may be worked with in 64 bits."""
    return all(abs(value) <= LARGEST_SMALL for value in values)


def _of_size(number: Number, *, small: bool) -> pl.Expr:
    """Return a number's integers in 64 or 128 bits; only what is small already, or a constant, is asked for in 64."""
    if number.constant:
        return _sized(number.low, small=small)
    return number.expr.cast(pl.Int128) if number.small and not small else number.expr


def _both(one: Number, other: Number, *edges: int) -> tuple[pl.Expr, pl.Expr, bool]:
    """Return the integers of two numbers, and whether they are worked with in 64 bits: where they and the `edges` fit."""
    small = all(number.small or number.constant for number in (one, other))
    small = small and fits_small(one.low, one.high, other.low, other.high, *edges)
    return _of_size(one, small=small), _of_size(other, small=small), small


def picked(values: Sequence[int], number: pl.Expr, *, small: bool = False) -> pl.Expr:
    """Return one of some integers by its number from 0; absent where that is. Costs the same however many there are."""
    return pl.lit(pl.Series(values, dtype=pl.Int64 if small else pl.Int128)).gather(number)


def full(number: Number, scale: int) -> Number:
    """Return a number of this scale or a divisor of it as 128-bit integers of this scale: for whatever works on them directly."""
    return _scaled_up(replace(number, expr=_of_size(number, small=False), small=False), scale // number.scale, scale)


def small_where_it_fits(number: Number) -> Number:
    """Return a number in 64 bits where its integers fit, after they were worked out in 128. Raises where its bounds are wrong."""
    if number.small or not fits_small(number.low, number.high):
        return number
    return replace(number, expr=number.expr.cast(pl.Int64), small=True)


def literal(value: Decimal, kind: Kind) -> Number:
    """Return a number of the plan, to the digits its kind keeps."""
    scaled = int((value * kind.scale).to_integral_value(rounding="ROUND_HALF_UP"))
    return Number(whole(scaled), scaled, scaled, kind.scale, abs(scaled))


def plus(one: Number, other: Number) -> Number:
    """Add two numbers."""
    one, other = alike(one, other)
    low, high = one.low + other.low, one.high + other.high
    mine, theirs, small = _both(one, other, low, high)
    return Number(mine + theirs, low, high, one.scale, gcd(one.grain, other.grain), small)


def minus(one: Number, other: Number) -> Number:
    """Subtract two numbers."""
    one, other = alike(one, other)
    low, high = one.low - other.high, one.high - other.low
    mine, theirs, small = _both(one, other, low, high)
    return Number(mine - theirs, low, high, one.scale, gcd(one.grain, other.grain), small)


def times(one: Number, other: Number) -> Number:
    """Multiply; the scales multiply too, those of numbers of the plan without the digits they do not need."""
    one, other = shortened(one), shortened(other)
    edges = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    low, high = min(edges), max(edges)
    mine, theirs, small = _both(one, other, low, high)
    return Number(mine * theirs, low, high, one.scale * other.scale, one.grain * other.grain, small)


def alike(one: Number, other: Number) -> tuple[Number, Number]:
    """Return two numbers at the same scale, so that their integers can be compared."""
    shared = lcm(one.scale, other.scale)
    return tuple(_scaled_up(number, shared // number.scale, shared) for number in (one, other))  # type: ignore[return-value]


def exceeds(one: Number, other: Number) -> pl.Expr:
    """Return where one number is greater than another, whatever their scales."""
    one, other = alike(one, other)
    return one.expr > other.expr


def shortened(number: Number) -> Number:
    """Return a number of the plan in lowest terms, so that a product need not be divided by digits that are all 0."""
    if not number.constant:
        return number
    shared = gcd(number.low, number.scale)
    value = number.low // shared
    return Number(whole(value), value, value, number.scale // shared, abs(value))


def smaller(one: Number, other: Number) -> Number:
    """Return the lesser of two numbers; absent when either is."""
    one, other = alike(one, other)
    mine, theirs, small = _both(one, other)
    expr = pl.when(_both_known(one, other)).then(pl.min_horizontal(mine, theirs))
    grain = gcd(one.grain, other.grain)
    return Number(expr, min(one.low, other.low), min(one.high, other.high), one.scale, grain, small)


def larger(one: Number, other: Number) -> Number:
    """Return the greater of two numbers; absent when either is."""
    one, other = alike(one, other)
    mine, theirs, small = _both(one, other)
    expr = pl.when(_both_known(one, other)).then(pl.max_horizontal(mine, theirs))
    grain = gcd(one.grain, other.grain)
    return Number(expr, max(one.low, other.low), max(one.high, other.high), one.scale, grain, small)


def _both_known(one: Number, other: Number) -> pl.Expr:
    """Return where neither of two numbers is absent; the least and the greatest of columns would be the other one."""
    return one.expr.is_not_null() & other.expr.is_not_null()


def filled(one: Number, other: Number) -> Number:
    """Return one number where it is known, else the other."""
    one, other = alike(one, shortened(other))
    mine, theirs, small = _both(one, other)
    grain = gcd(one.grain, other.grain)
    return Number(mine.fill_null(theirs), min(one.low, other.low), max(one.high, other.high), one.scale, grain, small)


def chosen(when: pl.Expr, one: Number, other: Number) -> Number:
    """Return one number where a condition holds, else the other; absent where the condition is."""
    one, other = alike(one, other)
    mine, theirs, small = _both(one, other)
    expr = pl.when(when).then(mine).when(~when).then(theirs)
    grain = gcd(one.grain, other.grain)
    return Number(expr, min(one.low, other.low), max(one.high, other.high), one.scale, grain, small)


def nothing(scale: int) -> Number:
    """Return 0 at a scale."""
    return Number(whole(0), 0, 0, scale, 0)


def count_of(value: int) -> Number:
    """Return a whole number, which scales nothing."""
    return Number(whole(value), value, value, 1, abs(value))


def narrowed(number: Number, scale: int, over: Number | None = None) -> Number:
    """Return number ÷ over at another scale, halves away from zero: the guard digits of a chain of products."""
    return full(_in_steps(number, over, scale, 1, Rounding.HALF_UP), scale)


def guarded(number: Number, scale: int, over: Number | None = None) -> Number:
    """Return number ÷ over with no more digits than a scale has; with fewer, where it needs no more."""
    return _in_steps(number, over, scale, 1, Rounding.HALF_UP)


def rounded(number: Number, over: Number | None, scale: int, to: RoundTo) -> Number:
    """Return number ÷ over as integers of `scale`, rounded once to the declared places. Dividing by 0 gives nothing."""
    return full(in_steps(number, over, scale, to), scale)


def in_steps(number: Number, over: Number | None, scale: int, to: RoundTo) -> Number:
    """Return what `rounded` returns at a scale with no digit too many: whole cents as cents."""
    step = scale * 10 ** max(-to.places, 0) // 10 ** max(to.places, 0)
    return _in_steps(number, over, scale, step, to.mode)


def _in_steps(number: Number, over: Number | None, scale: int, step: int, mode: Rounding) -> Number:
    """Return number ÷ over, a whole number of steps, of which `scale` make 1, at a scale that divides `scale`."""
    if over is not None and over.constant and over.low == over.scale:
        over = None
    if over is None and scale % number.scale == 0 and number.grain * (scale // number.scale) % step == 0:
        # Nothing to round: they are whole steps already.
        return number
    # One divisor for everybody, such as the days of the period: by one number it is divided twice as fast, or not at all
    # where it cancels.
    shared_by_all = over is not None and over.low == over.high > 0
    up = scale * (over.scale if over else 1)
    down = number.scale * step * (over.low if over and shared_by_all else 1)
    if over is not None and not shared_by_all:
        shared = gcd(up, down)
        quotient = _divided(_scaled_up(number, up // shared), _scaled_up(over, down // shared), mode)
    elif number.grain * up % down == 0 and up * step % down == 0:
        # Whole steps, but of another scale.
        found = _scaled_up(number, up * step // down, scale)
        return found if over is None else _where_known(found, over)
    else:
        shared = gcd(up, down)
        top = _scaled_up(number, up // shared)
        quotient = top if down == shared else _divided(top, count_of(down // shared), mode)
    unit = gcd(scale, step)
    found = replace(_scaled_up(replace(quotient, grain=1), step // unit, scale // unit), grain=step // unit)
    return _where_known(found, over) if over and shared_by_all else found


def _where_known(number: Number, other: Number) -> Number:
    """Return a number where another one is known, else nothing."""
    if other.constant:
        return number
    return replace(number, expr=pl.when(other.expr.is_not_null()).then(number.expr))


def _scaled_up(number: Number, factor: int, scale: int | None = None) -> Number:
    """Return the number's integers times a factor, as those of a scale, which is its own unless said."""
    scale, low, high, grain = scale or number.scale, number.low * factor, number.high * factor, number.grain * factor
    if factor == 1:
        return replace(number, scale=scale)
    if number.constant:
        Number(number.expr, low, high, scale)  # refuses what does not fit
        return Number(whole(low), low, high, scale, grain)
    small = number.small and fits_small(low, high, factor)
    return Number(_of_size(number, small=small) * _sized(factor, small=small), low, high, scale, grain, small)


def _divided(top: Number, below: Number, mode: Rounding) -> Number:
    """Return top ÷ below as a whole number, rounded by the mode; nothing where below is not above 0."""
    most = max(abs(top.low), abs(top.high))
    Number(top.expr, 0, most + below.high, 1)  # refuses when adding half of the divisor would not fit
    top_expr, below_expr, small = _both(top, below, most + below.high)
    one, two, zero = (_sized(value, small=small) for value in (1, 2, 0))
    divisor = below_expr if below.low > 0 else pl.when(below_expr > zero).then(below_expr)
    negative = top.low < 0
    size = pl.when(top_expr < zero).then(zero - top_expr).otherwise(top_expr) if negative else top_expr
    least = max(below.low, below.grain, 1)
    match mode:
        case Rounding.HALF_UP:
            half = _sized(below.low // 2, small=small) if below.constant else divisor // two
            cut = (size + half) // divisor
        case Rounding.UP:
            cut = (size + divisor - one) // divisor
        case Rounding.DOWN:
            cut = size // divisor
        case Rounding.HALF_EVEN:
            floor, rest = size // divisor, size % divisor
            beyond = (rest > divisor - rest) | ((rest == divisor - rest) & (floor % two == one))
            cut = floor + pl.when(beyond).then(one).otherwise(zero)
    signed = pl.when(top_expr < zero).then(zero - cut).otherwise(cut) if negative else cut
    edge = most // least + 1
    return Number(signed, -edge if negative else 0, edge, 1, small=small)


@dataclass(frozen=True)
class _Extent:
    """What a column holds: its least and its greatest value, whether all are `whole`, and whether all are finite numbers."""

    edges: pl.Series
    whole: bool
    countable: bool


def reading(column: pl.Series, kind: Kind) -> Number:
    """Return how a column, of its type and size, is read: at a scale with no more digits than it has."""
    return readings(column.to_frame(), {column.name: kind})[column.name]


def readings(columns: pl.DataFrame, kinds: Mapping[str, Kind]) -> dict[str, Number]:
    """Return the same for columns by name, all of which are looked at together."""
    extents = _extents(columns.select(list(kinds))) if kinds else {}
    return {name: _read(extents[name], kind) for name, kind in kinds.items()}


def _extents(columns: pl.DataFrame) -> dict[str, _Extent]:
    """Return what each column holds."""
    floats = columns.select(selectors.float())
    # Most have a fraction among the first already; only the others are looked through.
    maybe = [one.name for one in floats.head(1000) if (one == one.floor()).all()]
    found = (
        columns.lazy()
        .select(
            pl.all().min().name.prefix("low:"),
            pl.all().max().name.prefix("high:"),
            # With an infinity in it, or what is no number, a sum is none either.
            selectors.float().sum().name.prefix("sum:"),
            *((pl.col(name) == pl.col(name).floor()).all().alias(f"whole:{name}") for name in maybe),
        )
        .collect()
        .row(0, named=True)
    )
    return {
        one.name: _Extent(
            edges=pl.Series(one.name, [found[f"low:{one.name}"], found[f"high:{one.name}"]], dtype=one.dtype),
            whole=not one.dtype.is_float() or found.get(f"whole:{one.name}", False),
            countable=not one.dtype.is_float() or isfinite(found[f"sum:{one.name}"]),
        )
        for one in columns
    }


def _read(extent: _Extent, kind: Kind) -> Number:
    """Return how a column of an extent is read, with its bounds: a greater number is never read as a smaller one."""
    edges, scale = extent.edges, 1
    read = pl.col(edges.name)
    if isinstance(edges.dtype, pl.Decimal):
        places = edges.dtype.scale or 0
        if places > kind.digits:
            read, places = read.cast(pl.Decimal(38, kind.digits)), kind.digits
        read, scale = read.reinterpret(dtype=pl.Int128), 10**places
    elif not extent.whole:
        read, scale = _of_floats(extent), 10**10
    low, high = (int(end or 0) for end in edges.to_frame().select(edge=read.cast(pl.Int128)).to_series())
    small = fits_small(low, high)
    # No number lies beyond the bounds, so that a smaller size holds each.
    sized = read.cast(pl.Int64, wrap_numerical=extent.countable) if small else read.cast(pl.Int128)
    return Number(sized, low, high, scale, small=small)


def _of_floats(extent: _Extent) -> pl.Expr:
    """Return floats in tenths of billionths; from 100,000 on their digits end at the fourth decimal."""
    here, most = pl.col(extent.edges.name).cast(pl.Float64), float(extent.edges.abs().max() or 0)  # type: ignore[arg-type]
    unchecked = extent.countable
    if most < 100_000:
        # The product lies less than a quarter beside the whole number that ten digits stand for.
        return (here * 1e10 + _ALMOST_HALF).floor().cast(pl.Int64, wrap_numerical=unchecked)
    size = pl.Int64 if most < LARGEST_SMALL / 10**10 - 1 else pl.Int128
    part = here % 1
    ten = (part * 1e10 + _ALMOST_HALF).cast(size, wrap_numerical=unchecked)
    four = (part * 1e4 + _ALMOST_HALF).cast(size, wrap_numerical=unchecked) * pl.lit(10**6, dtype=size)
    found = pl.when(here.abs() < 100_000).then(ten).otherwise(four)
    return here.floor().cast(size, wrap_numerical=unchecked) * pl.lit(10**10, dtype=size) + found


def as_decimal(number: Number, places: int) -> pl.Expr:
    """Return a number as Decimal(38, places); the digits beyond are zeros already."""
    shared = gcd(number.scale, 10**places)
    steps, below = _scaled_up(number, 10**places // shared), number.scale // shared
    if below != 1:
        steps = replace(steps, expr=steps.expr // _sized(below, small=steps.small))
    # The same bits: a decimal is its digits as a 128-bit integer. A cast would multiply and check each of them.
    return _of_size(steps, small=False).reinterpret(dtype=pl.Decimal(38, places))
