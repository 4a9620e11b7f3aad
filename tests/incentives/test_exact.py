"""Arithmetic on columns against plain whole numbers and fractions, around the sizes at which 64 bits no longer suffice."""

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.core.company import Rounding, RoundTo
from kpiflow.errors import InvalidInput
from kpiflow.incentives import paying
from kpiflow.incentives.exact import (
    LARGEST_SMALL,
    Number,
    as_decimal,
    chosen,
    exceeds,
    filled,
    full,
    guarded,
    in_steps,
    larger,
    literal,
    minus,
    narrowed,
    plus,
    reading,
    rounded,
    smaller,
    times,
)
from kpiflow.incentives.kinds import Kind, decimal_of
from kpiflow.incentives.plan import Plan

#: Sizes of integers: small ones, and those near where one more digit, sum or product leaves 64 bits.
SIZES = [9, 10**6, 2**31, 2**32 + 1, 10**10, 2**60, LARGEST_SMALL, LARGEST_SMALL + 1, 2**63 - 1, 2**64, 10**25]
SCALES = st.sampled_from([1, 10, 100, 10**4, 10**10])

#: Nothing smaller is refused: its product with its like, or at 14 more digits over a scale of ten, fits in 128 bits.
REFUSABLE = 2**40
PLACES = st.integers(-2, 4)


@st.composite
def pairs(draw: st.DrawFn) -> list[tuple[list[int | None], int]]:
    """Two columns of integers with their scales, as long as each other; some values are absent."""
    rows = draw(st.integers(1, 5))
    found = []
    for _ in range(2):
        most = draw(st.sampled_from(SIZES))
        values = st.none() | st.integers(-most, most) | st.sampled_from([most, -most])
        found.append((draw(st.lists(values, min_size=rows, max_size=rows)), draw(SCALES)))
    return found


def numbers(made: list[tuple[list[int | None], int]]) -> tuple[pl.DataFrame, list[Number], list[list[Fraction | None]]]:
    """Return the columns, as small as they may be, the numbers on them, and what these stand for."""
    columns, on, meant = {}, [], []
    for name, (values, scale) in zip("ab", made, strict=True):
        known = [value for value in values if value is not None]
        low, high = min(known, default=0), max(known, default=0)
        small = max(abs(low), abs(high)) <= LARGEST_SMALL
        columns[name] = pl.Series(name, values, dtype=pl.Int64 if small else pl.Int128)
        on.append(Number(pl.col(name), low, high, scale, small=small))
        meant.append([None if value is None else Fraction(value, scale) for value in values])
    return pl.DataFrame(columns), on, meant


def found_in(rows: pl.DataFrame, number: Number) -> list[Fraction | None]:
    """Return what a number stands for in each row; each lies within its bounds and is a multiple of its grain."""
    found = rows.select(number.expr.alias("found").cast(pl.Int128))["found"].to_list()
    for one in found:
        assert one is None or number.low <= one <= number.high
        assert one is None or (one == 0 if number.grain == 0 else one % number.grain == 0)
    dtype = rows.select(number.expr.alias("found"))["found"].dtype
    assert number.constant or dtype == (pl.Int64 if number.small else pl.Int128)
    return [None if one is None else Fraction(one, number.scale) for one in found]


OPERATIONS: dict[Callable[[Number, Number], Number], Callable[[Fraction, Fraction], Fraction]] = {
    plus: lambda a, b: a + b, minus: lambda a, b: a - b, times: lambda a, b: a * b, smaller: min, larger: max,
}  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.__name__)
@given(made=pairs())
def test_sums_products_and_limits_are_those_of_fractions(
    operation: Callable[[Number, Number], Number], made: list[tuple[list[int | None], int]]
) -> None:
    rows, (one, other), (mine, theirs) = numbers(made)
    due = [None if a is None or b is None else OPERATIONS[operation](a, b) for a, b in zip(mine, theirs, strict=True)]
    try:
        found = operation(one, other)
    except InvalidInput:
        assert max(one.high, -one.low, other.high, -other.low) >= REFUSABLE
        return
    assert found_in(rows, found) == due


@given(made=pairs(), number=st.decimals(-(10**6), 10**6, places=3))
def test_numbers_of_a_plan_meet_columns_of_either_size(
    made: list[tuple[list[int | None], int]], number: Decimal
) -> None:
    rows, (one, _), (mine, _) = numbers(made)
    other, exact = literal(number, Kind.RATIO), Fraction(number)
    assert found_in(rows, plus(one, other)) == [None if a is None else a + exact for a in mine]
    assert found_in(rows, times(other, one)) == [None if a is None else a * exact for a in mine]
    assert found_in(rows, smaller(one, other)) == [None if a is None else min(a, exact) for a in mine]
    assert found_in(rows, filled(one, other)) == [exact if a is None else a for a in mine]


@given(made=pairs())
def test_one_exceeds_the_other_whatever_their_scales(made: list[tuple[list[int | None], int]]) -> None:
    rows, (one, other), (mine, theirs) = numbers(made)
    more = [None if a is None or b is None else a > b for a, b in zip(mine, theirs, strict=True)]
    assert rows.select(found=exceeds(one, other))["found"].to_list() == more
    pick = chosen(exceeds(one, other), one, other)
    assert found_in(rows, pick) == [
        None if m is None else a if m else b for a, b, m in zip(mine, theirs, more, strict=True)
    ]


@given(made=pairs(), places=PLACES, mode=st.sampled_from(list(Rounding)), over=st.booleans())
def test_quotients_are_rounded_once_as_declared(
    made: list[tuple[list[int | None], int]], places: int, mode: Rounding, *, over: bool
) -> None:
    rows, (one, other), (mine, theirs) = numbers(made)
    by = other if over else None
    quotients = [
        a if not over else None if a is None or b is None or b <= 0 else a / b
        for a, b in zip(mine, theirs, strict=True)
    ]
    step = Fraction(10) ** -places
    due = [None if a is None else _rounded(a / step, mode) * step for a in quotients]
    to, guard = (
        RoundTo(places=places, mode=mode),
        [None if a is None else _rounded(a * 10**14, Rounding.HALF_UP) / 10**14 for a in quotients],
    )
    try:
        short, wide = in_steps(one, by, 10**10, to), rounded(one, by, 10**10, to)
        guards = guarded(one, 10**14, by), narrowed(one, 10**14, by)
    except InvalidInput:
        assert max(one.high, -one.low, other.high, -other.low) >= REFUSABLE
        return
    assert found_in(rows, short) == found_in(rows, wide) == due
    assert wide.scale == 10**10
    assert not wide.small
    assert [found_in(rows, one) for one in guards] == [guard, guard]


def _rounded(value: Fraction, mode: Rounding) -> Fraction:
    """Return a fraction as a whole number; halves, and what is cut off, by its size alone."""
    size, rest = divmod(abs(value), 1)
    up = {
        Rounding.HALF_UP: rest >= Fraction(1, 2), Rounding.UP: rest > 0, Rounding.DOWN: False,
        Rounding.HALF_EVEN: rest > Fraction(1, 2) or (rest == Fraction(1, 2) and size % 2 == 1),
    }[mode]  # fmt: skip
    return Fraction(size + up) * (-1 if value < 0 else 1)


TEN_DIGITS = st.floats(-99_999, 99_999).map(lambda one: round(one, 10)) | st.floats(0, 1).map(
    lambda one: round(one, 10)
)
FLOATS = st.floats(-(10**9), 10**9).map(lambda one: round(one, 4)) | TEN_DIGITS
WHOLE = st.integers(-(10**12), 10**12).map(float)


@given(
    values=st.lists(st.none() | TEN_DIGITS, min_size=1, max_size=6)
    | st.lists(st.none() | FLOATS | WHOLE, min_size=1, max_size=6)
)
def test_floats_are_read_as_people_read_them(values: list[float | None]) -> None:
    column = pl.Series("x", values, dtype=pl.Float64)
    read = reading(column, Kind.POINTS)
    due = [None if one is None else Fraction(decimal_of(one)) for one in values]
    assert found_in(column.to_frame(), read) == due
    assert found_in(column.to_frame(), full(read, Kind.POINTS.scale)) == due
    written = column.to_frame().select(found=as_decimal(read, 10))["found"].to_list()
    assert [None if one is None else Fraction(one) for one in written] == due


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("beside", [1.0, 0.25])
def test_what_is_no_number_is_refused_not_read(bad: float, beside: float) -> None:
    column = pl.Series("x", [beside, bad])
    with pytest.raises(pl.exceptions.InvalidOperationError):
        column.to_frame().select(reading(column, Kind.RATIO).expr)


def test_just_below_a_half_is_rounded_down() -> None:
    column = pl.Series("x", [math.nextafter(0.5e-10, 0), 0.5e-10])
    assert found_in(column.to_frame(), reading(column, Kind.RATIO)) == [0, Fraction(1, 10**10)]


@given(
    values=st.lists(st.none() | st.decimals(-(10**12), 10**12, places=4), min_size=1, max_size=5),
    places=st.integers(4, 12),
)
def test_decimals_and_whole_numbers_are_read_as_they_are(values: list[Decimal | None], places: int) -> None:
    due = [None if one is None else Fraction(one) for one in values]
    column = pl.Series("x", values, dtype=pl.Decimal(38, places))
    assert found_in(column.to_frame(), reading(column, Kind.MONEY)) == due
    whole = pl.Series("x", [None if one is None else int(one) for one in values], dtype=pl.Int64)
    assert found_in(whole.to_frame(), reading(whole, Kind.DAYS)) == [None if n is None else Fraction(n) for n in whole]


def test_everybody_is_paid_together_as_each_would_be_alone() -> None:
    plan = Plan.model_validate({
        "plan": "p", "label": "P", "starts": "2026-01-01", "currency": "CNY", "absent": {"count:complaints": 0},
        "components": [
            {"id": "basis", "kind": "basis", "of": "salary_month", "share": "bonus_share"},
            {"id": "own", "kind": "factor", "of": "score", "curve": {"points": [[60, 0.5], [97, 1.3]]}},
            {"id": "served", "kind": "proration"},
            {"id": "gross", "kind": "product", "of": ["basis", "own", "served"]},
            {"id": "less", "kind": "penalty", "incidents": "count:complaints", "each": 7, "most": 20},
        ],
    })  # fmt: skip
    people = pl.DataFrame({
        "person": ["a", "b", "c", "d", "e"],
        "salary_month": [Decimal(100), Decimal(33), None, Decimal("0.05"), Decimal(7 * 10**13)],
        "bonus_share": [0.1, 1.0, 0.5, 0.125, 1 / 3], "score": [71.3, 60.0, 80.0, 120.5, 64.7],
        "days_employed": [100, 365, 365, 1, 200], "days_in_period": [365] * 5, "count:complaints": [1, 0, 2, None, 9],
    }).with_columns(pl.col("salary_month").cast(pl.Decimal(18, 2)))  # fmt: skip
    together, alone = paying.pay(plan, people), [paying.pay(plan, one) for one in people.iter_slices(1)]
    assert together.equals(pl.concat(alone))
    assert paying.pay(plan, people.clear()).schema == together.schema
