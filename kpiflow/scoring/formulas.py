"""Derived metrics: a formula of other metrics, parsed to a small whitelist and turned into one expression.

A formula knows + - * / brackets, numbers, metric ids, min(…), max(…) and `a if b >= c and d < e else f`; nothing else
is accepted, and nothing is evaluated as code.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import add, and_, ge, gt, le, lt, mul, or_, sub

import polars as pl

from kpiflow.core.metric import Metric, MetricKind
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.scoring.rounding import snap

#: A formula longer than this is refused: nobody could explain it on a page.
LONGEST = 500

_KEYS = ["window", "scope_kind", "scope"]
_ARITHMETIC: dict[type, Callable] = {ast.Add: add, ast.Sub: sub, ast.Mult: mul}
_COMPARING: dict[type, Callable] = {ast.Lt: lt, ast.LtE: le, ast.Gt: gt, ast.GtE: ge}
_JOINING: dict[type, Callable] = {ast.And: and_, ast.Or: or_}
_PICKING: dict[str, Callable] = {"max": pl.max_horizontal, "min": pl.min_horizontal}


def names_in(formula: str) -> tuple[str, ...]:
    """Return the metric ids a formula mentions, as they appear; raises InvalidInput for anything it may not contain.

    >>> names_in("(profit + eva) * 1.05 if profit >= 30 else min(eva, 40)")
    ('profit', 'eva')
    """
    found = sorted(_names(parse_formula(formula)), key=lambda name: (name.lineno, name.col_offset))
    return tuple(dict.fromkeys(name.id for name in found))


def compile_formula(formula: str) -> pl.Expr:
    """Return the formula as an expression over columns named like the metrics; null where it divides by 0.

    >>> pl.DataFrame({"late": [3, 1], "all": [4, 0]}).select(rate=compile_formula("late / all * 100"))["rate"].to_list()
    [75.0, None]
    """
    return _number(parse_formula(formula))


def parse_formula(formula: str) -> ast.expr:
    """Return the tree of a formula that holds nothing but what a formula may hold; else raises InvalidInput."""
    if len(formula) > LONGEST:
        raise InvalidInput(msg("The formula is longer than {longest} characters.", longest=LONGEST))
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
        allowed = _is_number(tree)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise InvalidInput(msg("The formula '{formula}' cannot be read.", formula=formula)) from error
    if not allowed:
        raise InvalidInput(
            msg(
                "The formula '{formula}' may only hold metric ids, numbers, + - * / and brackets,"
                " min, max and 'a if b >= c else d'.",
                formula=formula,
            )
        )
    return tree


def _is_number(node: ast.expr) -> bool:
    """Return whether a node is an allowed formula for a number."""
    match node:
        case ast.Name():
            return True
        case ast.Constant(value=value):
            return type(value) in (int, float)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _is_number(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return (type(op) in _ARITHMETIC or isinstance(op, ast.Div)) and _is_number(left) and _is_number(right)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return name in _PICKING and len(args) > 1 and all(_is_number(arg) for arg in args)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _is_condition(test) and _is_number(body) and _is_number(orelse)
        case _:
            return False


def _is_condition(node: ast.expr) -> bool:
    """Return whether a node is an allowed condition: comparisons of numbers, joined by and, or."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            return all(type(op) in _COMPARING for op in ops) and all(_is_number(part) for part in [left, *others])
        case ast.BoolOp(values=values):
            return all(_is_condition(value) for value in values)
        case _:
            return False


def _names(tree: ast.expr) -> Iterator[ast.Name]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return (node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)


def _number(node: ast.expr) -> pl.Expr:
    """Return a number of the formula as an expression; null where any part of it that counts is null."""
    match node:
        case ast.Name(id=name):
            return pl.col(name)
        case ast.Constant(value=value):
            return pl.lit(float(value))  # type: ignore[arg-type]
        case ast.UnaryOp(operand=operand):
            return -_number(operand)
        case ast.BinOp(left=left, op=op, right=right):
            first, second = _number(left), _number(right)
            if isinstance(op, ast.Div):
                return pl.when(second != 0).then(first / second)
            return _ARITHMETIC[type(op)](first, second)
        case ast.Call(func=ast.Name(id=name), args=args):
            values = [_number(arg) for arg in args]
            return pl.when(pl.all_horizontal(value.is_not_null() for value in values)).then(_PICKING[name](values))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            holds = _condition(test)
            return pl.when(holds).then(_number(body)).when(~holds).then(_number(orelse))
        case _:
            raise AssertionError("the whitelist was checked when the formula was parsed")


def _condition(node: ast.expr) -> pl.Expr:
    """Return a condition as an expression; both sides of a comparison are snapped, so that 0.1 + 0.2 >= 0.3 holds."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [snap(_number(part)) for part in [left, *others]]
            steps = zip(sides, ops, sides[1:], strict=False)
            return reduce(and_, (_COMPARING[type(op)](before, after) for before, op, after in steps))
        case ast.BoolOp(op=op, values=values):
            return reduce(_JOINING[type(op)], (_condition(value) for value in values))
        case _:
            raise AssertionError("the whitelist was checked when the formula was parsed")


def derive(actuals: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """Add the actuals of derived metrics, for every scope where all the metrics of the formula have one."""
    found = actuals
    for name in _parts_first(metrics):
        formula = metrics[name].formula
        if formula is None:
            continue
        parts = names_in(formula)
        if not parts:
            continue
        measured = found.filter(pl.col("metric").is_in(parts))
        wide = measured.pivot("metric", index=_KEYS, values="actual", on_columns=parts)
        extent = measured.group_by(_KEYS).agg(pl.col("rows").sum(), pl.col("last_day").min())
        value = pl.when(pl.all_horizontal(pl.col(part).is_not_null() for part in parts)).then(compile_formula(formula))
        added = (
            wide.join(extent, on=_KEYS)
            .select(*_KEYS, "rows", "last_day", metric=pl.lit(name), actual=value, numerator=None, denominator=None)
            .filter(pl.col("actual").is_not_null())
            .with_columns(pl.col("numerator", "denominator").cast(pl.Float64))
            .select(actuals.columns)
        )
        found = pl.concat([found, added])
    return found


def measured_in(name: str, metrics: Mapping[str, Metric]) -> tuple[str, ...]:
    """Return the measured metrics an actual is made of: the metric itself, or those its formula comes down to."""
    formula = metrics[name].formula
    if formula is None:
        return (name,)
    return tuple(dict.fromkeys(part for word in names_in(formula) for part in measured_in(word, metrics)))


def _parts_first(metrics: Mapping[str, Metric]) -> list[str]:
    """Return the derived metrics, each after those its formula mentions (the checks see to it that none goes round)."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        formula = metrics[name].formula
        if formula is not None and name not in ordered:
            for part in names_in(formula):
                visit(part)
            ordered[name] = None

    for name, metric in metrics.items():
        if metric.kind is MetricKind.DERIVED:
            visit(name)
    return list(ordered)
