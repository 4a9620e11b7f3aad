"""Largest remainder: parts of a total that are whole steps and still add up to it exactly.

Every part gets its exact share rounded down to the step; the steps that are left go one each to the largest
remainders. Equal remainders: the part that stands first in order gets the step. A weight of 0 gets nothing.
A negative total is split like the positive one, with the sign turned.

Floor 3: knows errors and language. Reads no clock, file or database.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg

#: A number that can be taken exactly; a float counts as the decimal people read (0.1 is one tenth).
Number = int | float | Decimal | Fraction | str

#: Columns keep this many decimals: 10 below 100,000, as many as a float can hold above.
DIGITS = 10

#: The largest 128-bit integer.
LARGEST = 2**127 - 1


def fraction(number: Number) -> Fraction:
    """Return a number exactly as it is written.

    >>> fraction(0.1), fraction(Decimal("33.3"))
    (Fraction(1, 10), Fraction(333, 10))
    """
    return Fraction(repr(float(number))) if isinstance(number, float) else Fraction(number)


def in_steps(total: Number, step: Number) -> int:
    """Return how many steps the total is, rounded to the nearest; halves go away from zero.

    >>> in_steps(2.5, 1), in_steps(-2.5, 1), in_steps(Decimal("79.274"), Decimal("0.01"))
    (3, -3, 7927)
    """
    size = fraction(step)
    if size <= 0:
        raise InvalidInput(msg("A step must be above 0, not {step}.", step=float(size)))
    quotient = fraction(total) / size
    whole = (2 * abs(quotient.numerator) + quotient.denominator) // (2 * quotient.denominator)
    return whole if quotient >= 0 else -whole


def apportion(total: Number, weights: Iterable[Number], step: Number = 1) -> tuple[Fraction, ...]:
    """Return one part per weight: multiples of `step` that add up exactly to the total, rounded to the step.

    Raises InvalidInput for a negative weight, and when all weights are 0 although there is something to hand out.

    >>> [int(part) for part in apportion(4, ["33.3", "33.4", "33.3"])]
    [1, 2, 1]
    """
    shares = [fraction(weight) for weight in weights]
    if any(share < 0 for share in shares):
        raise InvalidInput(msg("A weight cannot be negative: a part can be nothing, not less than nothing."))
    units, size = in_steps(total, step), fraction(step)
    together = sum(shares, Fraction(0))
    if together == 0:
        if units:
            raise InvalidInput(msg("All weights are 0, so there is nothing to split the total by."))
        return tuple(Fraction(0) for _ in shares)
    sign = 1 if units >= 0 else -1
    return tuple(sign * size * count for count in _counts(abs(units), shares, together))


def _counts(units: int, shares: Sequence[Fraction], together: Fraction) -> list[int]:
    """Return whole counts of a number of units, in proportion to the shares."""
    exact = [units * share / together for share in shares]
    counts = [int(part) for part in exact]
    # sorted() is stable, so equal remainders keep the order they came in.
    by_remainder = sorted(range(len(shares)), key=lambda place: counts[place] - exact[place])
    for place in by_remainder[: units - sum(counts)]:
        counts[place] += 1
    return counts


def apportion_groups(frame: pl.DataFrame, by: str, total: str, weight: str, step: str) -> pl.DataFrame:
    """Add `part`: the total of each group handed out by largest remainder, for many groups at once.

    `total` and `step` are the same on every row of a group; rows of a group stand in the order that decides ties.
    Numbers may be Float64, Decimal or integers. A row without a weight, and a group whose weights are all 0 or
    whose total or step is absent, get null: nothing was handed out there. Raises InvalidInput for negative weights,
    steps not above 0, and numbers with more digits than 128 bits hold.
    """
    if frame.is_empty():
        return frame.with_columns(part=pl.lit(None, pl.Float64))
    work = frame.select(
        group=pl.col(by), total=whole(total), weight=whole(weight), step=whole(step), order=pl.int_range(pl.len())
    )
    _refuse(work)
    zero, two = pl.lit(0, pl.Int128), pl.lit(2, pl.Int128)
    size = pl.col("total").abs()
    work = work.with_columns(
        sign=pl.when(pl.col("total") < zero).then(pl.lit(-1, pl.Int128)).otherwise(pl.lit(1, pl.Int128)),
        units=(two * size + pl.col("step")) // (two * pl.col("step")),
        together=pl.col("weight").sum().over("group"),
    ).with_columns(together=pl.when(pl.col("together") > zero).then("together"))
    _fits(work)
    product = pl.col("units") * pl.col("weight")
    work = work.with_columns(count=product // pl.col("together"), rest=product % pl.col("together"))
    work = work.sort("group", "rest", "order", descending=[False, True, False], nulls_last=True)
    left = pl.col("units") - pl.col("count").sum().over("group")
    rank = pl.int_range(pl.len()).over("group")
    work = work.with_columns(count=pl.col("count") + (rank < left).cast(pl.Int128)).sort("order")
    return frame.with_columns(part=work.select(part=_written(work)).to_series())


def whole(column: str) -> pl.Expr:
    """Return a column as a 128-bit count of ten-billionths, without the noise of a float's binary digits."""
    number = pl.col(column).cast(pl.Float64)
    floor = number.floor()
    # A float holds about 15 digits: beyond these sizes the last decimals are not information.
    places = pl.when(number.abs() < 1e5).then(10).when(number.abs() < 1e9).then(6).otherwise(3)
    fine = ((number - floor) * pl.lit(10.0).pow(places)).round().cast(pl.Int128)
    return floor.cast(pl.Int128) * 10**DIGITS + fine * pl.lit(10, pl.Int64).pow(DIGITS - places).cast(pl.Int128)


def _refuse(work: pl.DataFrame) -> None:
    """Raise for numbers that cannot be meant."""
    if (work["weight"] < 0).any():
        raise InvalidInput(msg("A weight cannot be negative: a part can be nothing, not less than nothing."))
    if (work["step"] <= 0).any():
        raise InvalidInput(msg("Every step must be above 0."))


def _fits(work: pl.DataFrame) -> None:
    """Raise where a product would not fit into 128 bits: a wrong part would be worse than none."""
    largest: dict[str, int] = work.select(pl.col("units", "weight").max().fill_null(0)).row(0, named=True)
    most = largest["units"] * largest["weight"]
    if most > LARGEST:
        raise InvalidInput(
            msg("These numbers have too many digits to be split exactly. Use a larger step or smaller weights.")
        )


def _written(work: pl.DataFrame) -> pl.Expr:
    """Return the counted steps as the float that people write the same way."""
    # Dividing out the zeros all steps share keeps amounts of money within what a float holds exactly.
    common = gcd(*work["step"].drop_nulls().unique().to_list())
    zeros = next(zeros for zeros in range(DIGITS, -1, -1) if common % 10**zeros == 0)
    units = pl.col("sign") * pl.col("count") * (pl.col("step") // pl.lit(10**zeros, pl.Int128))
    # Polars divides by a constant through its reciprocal, one bit off at times; rounding afterwards finds the right float.
    return (units.cast(pl.Float64) / 10.0 ** (DIGITS - zeros)).round(DIGITS - zeros)
