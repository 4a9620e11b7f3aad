"""Derived metrics: a formula of other metrics, parsed to a small whitelist and turned into one expression.

A formula knows + − * / brackets, numbers and metric ids; nothing else is accepted, and nothing is evaluated as code.
"""

import ast
from collections.abc import Mapping

import polars as pl

from kpiflow.core.metric import Metric, MetricKind
from kpiflow.errors import InvalidInput
from kpiflow.language import msg

#: A formula longer than this is refused: nobody could explain it on a page.
LONGEST = 500

_KEYS = ["window", "scope_kind", "scope"]


def names_in(formula: str) -> tuple[str, ...]:
    """Return the metric ids a formula mentions, in order; raises InvalidInput for anything it may not contain."""
    found: dict[str, None] = {}
    for node in ast.walk(_parse(formula)):
        if isinstance(node, ast.Name):
            found[node.id] = None
    return tuple(found)


def compile_formula(formula: str) -> pl.Expr:
    """Return the formula as an expression over columns named like the metrics; division by 0 gives null."""
    return _expression(_parse(formula).body)


def _parse(formula: str) -> ast.Expression:
    if len(formula) > LONGEST:
        raise InvalidInput(msg("The formula is longer than {longest} characters.", longest=LONGEST))
    try:
        tree = ast.parse(formula, mode="eval")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise InvalidInput(msg("The formula '{formula}' cannot be read.", formula=formula)) from error
    allowed = (
        ast.Expression, ast.BinOp, ast.UnaryOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.Name, ast.Load,
        ast.Constant,
    )  # fmt: skip
    for node in ast.walk(tree):
        numeric = not isinstance(node, ast.Constant) or (type(node.value) in (int, float))
        if not isinstance(node, allowed) or not numeric:
            raise InvalidInput(
                msg("The formula '{formula}' may only hold metric ids, numbers, + - * / and brackets.", formula=formula)
            )
    return tree


def _expression(node: ast.expr) -> pl.Expr:
    match node:
        case ast.Name(id=name):
            return pl.col(name)
        case ast.Constant(value=value):
            return pl.lit(float(value))  # type: ignore[arg-type]
        case ast.UnaryOp(operand=operand):
            return -_expression(operand)
        case ast.BinOp(left=left, op=op, right=right):
            first, second = _expression(left), _expression(right)
            match op:
                case ast.Add():
                    return first + second
                case ast.Sub():
                    return first - second
                case ast.Mult():
                    return first * second
                case _:
                    return pl.when(second != 0).then(first / second)
        case _:
            raise AssertionError("the whitelist was checked when the formula was parsed")


def derive(actuals: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """Add the actuals of derived metrics, for every scope where all the metrics of the formula have one."""
    added = [actuals]
    for name, metric in metrics.items():
        if metric.kind is not MetricKind.DERIVED or metric.formula is None:
            continue
        parts = names_in(metric.formula)
        wide = actuals.filter(pl.col("metric").is_in(parts)).pivot(
            "metric", index=_KEYS, values="actual", on_columns=parts
        )
        extent = (
            actuals.filter(pl.col("metric").is_in(parts))
            .group_by(_KEYS)
            .agg(pl.col("rows").sum(), pl.col("last_day").min())
        )
        value = pl.when(pl.all_horizontal(pl.col(part).is_not_null() for part in parts)).then(
            compile_formula(metric.formula)
        )
        added.append(
            wide.join(extent, on=_KEYS)
            .select(*_KEYS, "rows", "last_day", metric=pl.lit(name), actual=value, numerator=None, denominator=None)
            .filter(pl.col("actual").is_not_null())
            .with_columns(pl.col("numerator", "denominator").cast(pl.Float64))
            .select(actuals.columns)
        )
    return pl.concat(added) if len(added) > 1 else actuals
