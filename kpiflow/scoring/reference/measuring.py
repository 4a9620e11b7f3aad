"""The actual of one metric for one unit or person over some days, by looking at every fact.

Floor 4, part of scoring. Reads no clock, file or database.
"""

import ast
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kpiflow.core.metric import Aggregation, Metric, MetricKind
from kpiflow.scoring.formulas import names_in, parse_formula
from kpiflow.scoring.reference.world import Fact, World
from kpiflow.scoring.rounding import snap_exact

#: First and last day, both included.
Days = tuple[datetime.date, datetime.date]
#: Kind (unit or person) and id.
Scope = tuple[str, str]


@dataclass(frozen=True)
class Measured:
    """An actual with what it is made of; all absent where nothing was measured."""

    actual: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    rows: int = 0
    last_day: datetime.date | None = None


def measure(world: World, name: str, days: Days, scope: Scope) -> Measured:
    """Return the actual of a metric; days after the day it is taken to be have not happened yet."""
    metric = world.rules.metrics[name]
    if metric.formula is not None:
        return _derived(world, metric.formula, days, scope)
    starts, ends = days[0], min(days[1], world.moment.as_of)
    facts = [
        fact
        for fact in world.facts
        if fact.metric == name and starts <= fact.day <= ends and _counts(world, fact, scope)
    ]
    if not facts:
        return Measured()
    last_day = max(fact.day for fact in facts)
    if metric.kind is MetricKind.RATIO:
        over, under = sum(fact.amount for fact in facts), sum(fact.base or 0 for fact in facts)
        actual = Fraction(over) / under * metric.measure.scale if under else None
        return Measured(actual, Fraction(over), Fraction(under), len(facts), last_day)
    return Measured(_simple(metric, facts), None, None, len(facts), last_day)


def _counts(world: World, fact: Fact, scope: Scope) -> bool:
    kind, name = scope
    return fact.person == name if kind == "person" else name in world.line_above(fact.unit)


def _simple(metric: Metric, facts: Sequence[Fact]) -> Fraction:
    """Return one value from many: first over time within each place, then over places."""
    places: dict[tuple[str, str | None], list[Fact]] = {}
    for fact in sorted(facts, key=lambda fact: (fact.day, fact.entry)):
        places.setdefault((fact.unit, fact.person), []).append(fact)
    if metric.time_agg is Aggregation.MEAN and metric.tree_agg is Aggregation.MEAN:
        return sum((fact.amount for fact in facts), Fraction(0)) / len(facts)
    values = [_together(metric.time_agg, [fact.amount for fact in inside]) for inside in places.values()]
    return _together(metric.tree_agg, values)


def _together(how: Aggregation, values: Sequence[Fraction]) -> Fraction:
    match how:
        case Aggregation.SUM:
            return sum(values, Fraction(0))
        case Aggregation.MEAN:
            return sum(values, Fraction(0)) / len(values)
        case Aggregation.MIN:
            return min(values)
        case Aggregation.MAX:
            return max(values)
        case Aggregation.FIRST:
            return values[0]
        case Aggregation.LAST:
            return values[-1]


def _derived(world: World, formula: str, days: Days, scope: Scope) -> Measured:
    """Return a formula of other actuals; absent unless every one of them is there."""
    parts = {name: measure(world, name, days, scope) for name in names_in(formula)}
    known = {name: part.actual for name, part in parts.items() if part.actual is not None}
    if len(known) < len(parts):
        return Measured()
    value = _value(parse_formula(formula), known)
    if value is None:
        return Measured()
    oldest = min((part.last_day for part in parts.values() if part.last_day is not None), default=None)
    return Measured(value, None, None, sum(part.rows for part in parts.values()), oldest)


def _value(node: ast.expr, known: dict[str, Fraction]) -> Fraction | None:
    """Return the value of a formula's node; None where it divides by 0."""
    match node:
        case ast.Name(id=name):
            return known[name]
        case ast.Constant(value=value):
            return Fraction(str(value))
        case ast.UnaryOp(operand=operand):
            inner = _value(operand, known)
            return None if inner is None else -inner
        case ast.Call(func=ast.Name(id=name), args=args):
            values = [_value(arg, known) for arg in args]
            there = [value for value in values if value is not None]
            return (max if name == "max" else min)(there) if len(there) == len(values) else None
        case ast.IfExp(test=test, body=body, orelse=orelse):
            holds = _holds(test, known)
            return None if holds is None else _value(body if holds else orelse, known)
        case ast.BinOp(left=left, op=op, right=right):
            first, second = _value(left, known), _value(right, known)
            return None if first is None or second is None else _calculated(first, op, second)
        case _:
            raise AssertionError("the formula was checked when it was parsed")


def _calculated(first: Fraction, op: ast.operator, second: Fraction) -> Fraction | None:
    match op:
        case ast.Add():
            return first + second
        case ast.Sub():
            return first - second
        case ast.Mult():
            return first * second
        case _:
            return first / second if second else None


def _holds(node: ast.expr, known: dict[str, Fraction]) -> bool | None:
    """Return whether a condition holds; None where it cannot be said."""
    if isinstance(node, ast.BoolOp):
        found = [_holds(value, known) for value in node.values]
        decides = isinstance(node.op, ast.Or)
        if decides in found:
            return decides
        return None if None in found else not decides
    assert isinstance(node, ast.Compare)
    sides = [_value(part, known) for part in [node.left, *node.comparators]]
    steps = [_compared(before, op, after) for before, op, after in zip(sides, node.ops, sides[1:], strict=False)]
    if False in steps:
        return False
    return None if None in steps else True


def _compared(before: Fraction | None, op: ast.cmpop, after: Fraction | None) -> bool | None:
    if before is None or after is None:
        return None
    first, second = snap_exact(before), snap_exact(after)
    match op:
        case ast.Lt():
            return first < second
        case ast.LtE():
            return first <= second
        case ast.Gt():
            return first > second
        case _:
            return first >= second
