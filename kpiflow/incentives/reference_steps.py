"""What each kind of step means, in fractions: the slow half of the reference, one person at a time.

It shares the definitions with the fast path and nothing of its arithmetic.
Floor 4: knows core and frames. Reads no clock, file or database.
"""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor

from kpiflow.core.company import Rounding, RoundTo
from kpiflow.incentives.components.basis import Basis
from kpiflow.incentives.components.cap import Cap
from kpiflow.incentives.components.component import Component, Modifier
from kpiflow.incentives.components.factor import Factor
from kpiflow.incentives.components.floor import Floor
from kpiflow.incentives.components.gate import Gate
from kpiflow.incentives.components.matrix import Matrix
from kpiflow.incentives.components.penalty import Penalty
from kpiflow.incentives.components.product import Product
from kpiflow.incentives.components.proration import By, DayCount, Proration
from kpiflow.incentives.components.rates import Earlier, Rates, Spread
from kpiflow.incentives.components.rounding import RoundOff
from kpiflow.incentives.components.table import Table, TableRow
from kpiflow.incentives.components.total import Total
from kpiflow.incentives.components.weighted import Weighted
from kpiflow.incentives.condition import Condition
from kpiflow.incentives.curve import Interpolation, PayCurve, Tie
from kpiflow.incentives.kinds import Kind

#: A value of the interpreter; None is absent and makes everything that reads it absent.
Value = Fraction | str | datetime.date | None


class Absent(Exception):
    """Something a step reads is not known."""


def round_to(value: Fraction, to: RoundTo) -> Fraction:
    """Round a fraction as declared.

    >>> round_to(Fraction(-5, 1000), RoundTo(places=2))
    Fraction(-1, 100)
    """
    unit = Fraction(10) ** -to.places
    size = abs(value) / unit
    whole, rest = floor(size), size - floor(size)
    half = Fraction(1, 2)
    up = {
        Rounding.UP: rest > 0,
        Rounding.DOWN: False,
        Rounding.HALF_UP: rest >= half,
        Rounding.HALF_EVEN: rest > half or (rest == half and whole % 2 == 1),
    }[to.mode]
    return (whole + up) * unit * (-1 if value < 0 else 1)


def value_of(step: Component, known: Mapping[str, Value], kinds: Mapping[str, Kind]) -> Fraction:
    """Return the unrounded value of one step."""
    match step:
        case Basis():
            return number(step.of, known) * Fraction(step.months) * number(step.share, known)
        case Factor() | Table() | Matrix() | Rates():
            return _found(step, known)
        case Product():
            total = Fraction(1)
            for one in step.of:
                total *= number(one, known)
            return total
        case Weighted():
            return sum((as_emitted(part.of, known, kinds) * Fraction(part.weight) for part in step.parts), Fraction(0))
        case Total():
            taken = sum((as_emitted(one, known, kinds) for one in step.minus), Fraction(0))
            return sum((as_emitted(one, known, kinds) for one in step.plus), Fraction(0)) - taken
        case Proration():
            return _prorated(step, known)
        case Modifier():
            return _modified(step, known, kinds)
    raise NotImplementedError(step.kind)


def _found(step: Factor | Table | Matrix | Rates, known: Mapping[str, Value]) -> Fraction:
    """Return what a step reads off its curve, table, matrix or rates."""
    match step:
        case Factor():
            return _on_curve(step.curve, number(step.of, known))
        case Table():
            return _looked_up(step, known)
        case Matrix():
            return _in_matrix(step, number(step.down, known), number(step.across, known))
        case Rates():
            return _at_rates(step, known)


def _modified(step: Modifier, known: Mapping[str, Value], kinds: Mapping[str, Kind]) -> Fraction:
    """Return what a modifier leaves of what it changes."""
    value = as_emitted(step.changed, known, kinds)
    match step:
        case Gate():
            if fulfilled(step.needs, known):
                return value
            return min(value, Fraction(step.limit) * (as_emitted(step.base, known, kinds) if step.base else 1))
        case Cap() | Floor():
            limit = as_emitted(step.at, known, kinds) * (as_emitted(step.base, known, kinds) if step.base else 1)
            return min(value, limit) if isinstance(step, Cap) else max(value, limit)
        case Penalty():
            base = as_emitted(step.base, known, kinds) if step.base else Fraction(1)
            taken = number(step.incidents, known) * Fraction(step.each) * base
            if step.most is not None:
                taken = min(taken, Fraction(step.most) * base)
            return max(value - taken, min(value, Fraction(0)))
        case RoundOff():
            return value
    raise NotImplementedError(step.kind)


def number(operand: Decimal | str, known: Mapping[str, Value]) -> Fraction:
    """Return a number, or stop the step where it is absent."""
    if isinstance(operand, Decimal):
        return Fraction(operand)
    value = known[operand]
    if not isinstance(value, Fraction):
        raise Absent(operand)
    return value


def as_emitted(operand: Decimal | str, known: Mapping[str, Value], kinds: Mapping[str, Kind]) -> Fraction:
    """Return a number as it stands on its line; only products go on with days ÷ days."""
    value = number(operand, known)
    if isinstance(operand, str) and kinds[operand] is not Kind.MONEY:
        return round_to(value, RoundTo(places=10))
    return value


def _on_curve(curve: PayCurve, x: Fraction) -> Fraction:
    """Return the ratio of a result."""
    points = [(Fraction(a), Fraction(b)) for a, b in curve.points]
    (first, _), (last, at_last) = points[0], points[-1]
    step = curve.interpolation is Interpolation.STEP
    if step:
        reached = [y for a, y in points if x > a or (x == a and curve.tie is Tie.UPPER)]
        return reached[-1] if reached else Fraction(curve.lowest)
    if x < first:
        return Fraction(curve.lowest)
    if x == last:
        return at_last
    if x > last:
        if curve.highest is not None:
            return Fraction(curve.highest)
        (a0, y0), (a1, y1) = points[-2:]
        return y1 + (x - a1) * (y1 - y0) / (a1 - a0)
    for (a0, y0), (a1, y1) in pairwise(points):
        if a0 <= x < a1:
            return y0 + (x - a0) * (y1 - y0) / (a1 - a0)
    raise AssertionError("a result between the first and the last point lies between two neighbours")


def _in_matrix(step: Matrix, down: Fraction, across: Fraction) -> Fraction:
    """Return the cell both results reach, or what lies on straight lines: first along both lines, then between them."""
    line = sum(down >= Fraction(edge) for edge in step.down_from)
    column = sum(across >= Fraction(edge) for edge in step.across_from)
    if not line or not column:
        return Fraction(0)
    if step.interpolation is Interpolation.STEP:
        return Fraction(step.cells[line - 1][column - 1])
    lines, columns = step.down_from[line - 1 : line + 1], step.across_from[column - 1 : column + 1]
    along = []
    for cells in step.cells[line - 1 : line + 1]:
        near = [Fraction(cell) for cell in cells[column - 1 : column + 1]]
        along.append(near[0] + _way(columns, across) * (near[-1] - near[0]))
    return along[0] + _way(lines, down) * (along[-1] - along[0])


def _way(edges: Sequence[Decimal], x: Fraction) -> Fraction:
    """Return how far a number lies on the way between two edges, to ten places; 0 beyond the last."""
    if len(edges) == 1:
        return Fraction(0)
    low, high = (Fraction(edge) for edge in edges)
    return round_to((x - low) / (high - low), RoundTo(places=10))


def _looked_up(table: Table, known: Mapping[str, Value]) -> Fraction:
    """Return what the row that fits gives."""
    value = known[table.of]
    if value is None:
        raise Absent(table.of)
    for row in table.rows:
        if _row_fits(row, value, table.tie):
            return Fraction(row.gives)
    if table.otherwise is None:
        raise Absent(table.of)
    return Fraction(table.otherwise)


def _row_fits(row: TableRow, value: Value, tie: Tie) -> bool:
    """Say whether a row is for a value."""
    if row.one_of:
        return value in row.one_of
    assert isinstance(value, Fraction)
    if tie is Tie.UPPER:
        return (row.low is None or value >= Fraction(row.low)) and (row.high is None or value < Fraction(row.high))
    return (row.low is None or value > Fraction(row.low)) and (row.high is None or value <= Fraction(row.high))


def _at_rates(rates: Rates, known: Mapping[str, Value]) -> Fraction:
    """Return an amount at its rates: slice by slice, or whole."""
    amount = number(rates.of, known)
    before = number(rates.before, known) if rates.before else Fraction(0)
    edges = edges_of(rates, known)
    if rates.spread is Spread.MARGINAL:
        return _slices(rates, edges, before + amount) - _slices(rates, edges, before)
    now = amount * rate_reached(rates, edges, before + amount)
    if rates.earlier is not Earlier.RECALCULATE:
        return now
    return now + before * (rate_reached(rates, edges, before + amount) - rate_reached(rates, edges, before))


def edges_of(rates: Rates, known: Mapping[str, Value]) -> list[Fraction]:
    """Return where each tier begins: as written, or so many times the base, which counts as 0 below 0."""
    base = Fraction(1) if rates.base is None else max(number(rates.base, known), Fraction(0))
    return [Fraction(tier.above) * base for tier in rates.tiers]


def rate_reached(rates: Rates, edges: list[Fraction], amount: Fraction) -> Fraction:
    """Return the rate for a whole amount: of the tier it lies in, or on the line to the next, to ten places."""
    last = 0
    for n, edge in enumerate(edges[1:], start=1):
        if amount > edge or (amount == edge and rates.tie is Tie.UPPER):
            last = n
    rate = Fraction(rates.tiers[last].rate)
    if rates.spread is Spread.FLAT or last == len(edges) - 1:
        return rate
    part = min(max((amount - edges[last]) / (edges[last + 1] - edges[last]), Fraction(0)), Fraction(1))
    return rate + round_to(part * (Fraction(rates.tiers[last + 1].rate) - rate), RoundTo(places=10))


def _slices(rates: Rates, edges: list[Fraction], amount: Fraction) -> Fraction:
    """Return every slice of an amount at its own rate; what is below 0 goes at the first rate."""
    total = Fraction(0)
    for n, tier in enumerate(rates.tiers):
        low, high = edges[n], edges[n + 1] if n + 1 < len(edges) else None
        top = amount if high is None else min(amount, high)
        if n == 0 or top > low:
            total += (top - low) * Fraction(tier.rate)
    return total


def _prorated(step: Proration, known: Mapping[str, Value]) -> Fraction:
    """Return the share of the period that counts."""
    part = Fraction(1)
    if step.by in (By.MONTHS, By.MONTHS_AND_FTE):
        part = Fraction(_months(step, known)) / Fraction(step.months)
    elif step.by is not By.FTE:
        over = {DayCount.PERIOD: "days_in_period", DayCount.ACTUAL_ACTUAL: "days_in_year"}.get(step.day_count)
        days, divisor = number(step.days, known), number(over, known) if over else Fraction(365)
        if divisor <= 0:
            raise Absent(over)
        part = days / divisor
    if step.full_before or step.none_from:
        hired = known["hired"]
        if not isinstance(hired, datetime.date):
            raise Absent("hired")
        if step.full_before and hired < step.full_before:
            part = Fraction(1)
        if step.none_from and hired >= step.none_from:
            part = Fraction(0)
    return part if step.by in (By.DAYS, By.MONTHS) else part * number("fte", known)


def _months(step: Proration, known: Mapping[str, Value]) -> int:
    """Count the months from the first to the last day, one by one."""
    first, last = known["segment_from"], known["segment_to"]
    if not isinstance(first, datetime.date) or not isinstance(last, datetime.date):
        raise Absent("segment_from")
    found, month = 0, first.replace(day=1)
    while month <= last:
        after = (month + datetime.timedelta(days=31)).replace(day=1)
        starts = first < month or first.day <= step.start_by_day
        ends = last >= after or last.day >= step.end_from_day or last == after - datetime.timedelta(days=1)
        found, month = found + (starts and ends), after
    return found


def fulfilled(condition: Condition, known: Mapping[str, Value]) -> bool:
    """Say whether a condition holds."""
    value = known[condition.of]
    if value is None:
        raise Absent(condition.of)
    if condition.one_of or condition.none_of:
        return value in condition.one_of if condition.one_of else value not in condition.none_of
    assert isinstance(value, Fraction)
    edge = Fraction(condition.edge or 0)
    if condition.at_least is not None:
        return value >= edge
    if condition.more_than is not None:
        return value > edge
    return value <= edge if condition.at_most is not None else value < edge
