"""Observed measurements added up the organisation: the actual of every unit's subtree and every person, per metric."""

from collections.abc import Iterable, Mapping

import polars as pl

from kpiflow.core.goal import OwnerKind
from kpiflow.core.metric import Aggregation, Metric, MetricKind
from kpiflow.scoring.formulas import derive

#: What two scopes' sums add up to. `total` and `parts` are sums, so places can be added in any order.
SUMS = {
    "total": pl.col("total").sum(),
    "parts": pl.col("parts").sum(),
    "least": pl.col("least").min(),
    "most": pl.col("most").max(),
    "rows": pl.col("rows").sum(),
    "last_day": pl.col("last_day").max(),
}


def gather(observed: pl.DataFrame, units: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """Return window, metric, scope_kind, scope, actual, numerator, denominator, rows and last_day.

    A unit's actual covers its whole subtree, its people's measurements included. Ratios are the sum of numerators
    over the sum of denominators at every level, never a mean of rates.
    """
    places = _places(observed, metrics)
    people = (
        places.filter(pl.col("person").is_not_null())
        .group_by("window", "metric", scope="person")
        .agg(**SUMS)
        .with_columns(scope_kind=pl.lit(OwnerKind.PERSON.value))
    )
    own = places.group_by("window", "metric", "unit").agg(**SUMS)
    above = (
        own.join(ancestors(units), on="unit")
        .group_by("window", "metric", scope="ancestor")
        .agg(**SUMS)
        .with_columns(scope_kind=pl.lit(OwnerKind.UNIT.value))
    )
    return derive(_actuals(pl.concat([people, above], how="vertical_relaxed"), metrics), metrics)


def ancestors(units: pl.DataFrame) -> pl.DataFrame:
    """Return unit, ancestor and `up` (levels between) for every unit and each unit above it, itself included."""
    parents = units.select("unit", "parent")
    step = units.select("unit", ancestor="unit", up=pl.lit(0, dtype=pl.Int32))
    found = [step]
    # A tree cannot be deeper than it has units: the bound only guards against a cycle that slipped past the checks.
    for level in range(1, parents.height):
        step = (
            step.join(parents, left_on="ancestor", right_on="unit")
            .filter(pl.col("parent").is_not_null())
            .select("unit", ancestor="parent", up=pl.lit(level, dtype=pl.Int32))
        )
        if step.is_empty():
            break
        found.append(step)
    return pl.concat(found)


def _places(observed: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """Return observed rows with what each adds: `total` and `parts`, or `least` and `most`, by the metric's settings."""
    kept = pl.col("window", "unit", "person", "metric", "rows", "last_day")
    parts = []
    for rule, names in _by_rule(metrics).items():
        kind, time_agg, tree_agg = rule
        value = _in_time(time_agg)
        if kind is MetricKind.RATIO:
            total, share = pl.col("amount"), pl.col("base")
        elif tree_agg is Aggregation.MEAN and time_agg is Aggregation.MEAN:
            # A mean over time and places is the mean of all measurements, so that a busy place weighs more.
            total, share = pl.col("amount"), pl.col("rows").cast(pl.Float64)
        else:
            total, share = value, pl.lit(1.0)
        chosen = observed.filter(pl.col("metric").is_in(names))
        parts.append(chosen.select(kept, total=total, parts=share, least=value, most=value))
    return (
        pl.concat(parts)
        if parts
        else observed.select(kept).clear().with_columns(total=0.0, parts=0.0, least=0.0, most=0.0)
    )


def _by_rule(metrics: Mapping[str, Metric]) -> dict[tuple[MetricKind, Aggregation, Aggregation], list[str]]:
    """Group the measured metrics by how they add up: a handful of passes, however many metrics there are."""
    groups: dict[tuple[MetricKind, Aggregation, Aggregation], list[str]] = {}
    for name, metric in metrics.items():
        if metric.kind is not MetricKind.DERIVED:
            kind = MetricKind.RATIO if metric.kind is MetricKind.RATIO else MetricKind.SIMPLE
            groups.setdefault((kind, metric.time_agg, metric.tree_agg), []).append(name)
    return groups


def _in_time(aggregation: Aggregation) -> pl.Expr:
    """Return one place's value over the window."""
    match aggregation:
        case Aggregation.SUM:
            return pl.col("amount")
        case Aggregation.MEAN:
            return pl.col("amount") / pl.col("rows")
        case Aggregation.MIN:
            return pl.col("low")
        case Aggregation.MAX:
            return pl.col("high")
        case Aggregation.FIRST:
            return pl.col("first")
        case Aggregation.LAST:
            return pl.col("last")


def _actuals(gathered: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """Turn sums into actuals in each metric's own measure."""
    table = pl.DataFrame(
        [
            (name, metric.kind is MetricKind.RATIO, metric.tree_agg.value, float(metric.measure.scale))
            for name, metric in metrics.items()
        ],
        orient="row",
        schema={"metric": pl.String, "is_ratio": pl.Boolean, "tree_agg": pl.String, "scale": pl.Float64},
    )
    total, parts, tree = pl.col("total"), pl.col("parts"), pl.col("tree_agg")
    quotient = pl.when(parts != 0).then(total / parts)
    return (
        gathered.join(table, on="metric", how="left")
        .with_columns(
            actual=pl.when("is_ratio")
            .then(quotient * pl.col("scale"))
            .when(tree == Aggregation.MEAN)
            .then(quotient)
            .when(tree == Aggregation.MIN)
            .then("least")
            .when(tree == Aggregation.MAX)
            .then("most")
            .otherwise("total"),
            numerator=pl.when("is_ratio").then("total"),
            denominator=pl.when("is_ratio").then("parts"),
        )
        .select("window", "metric", "scope_kind", "scope", "actual", "numerator", "denominator", "rows", "last_day")
    )


def aggregations_wanted(metrics: Iterable[Metric]) -> dict[str, frozenset[Aggregation]]:
    """Return, per metric, the aggregates beyond sum and count that observing it must provide."""
    dear = {Aggregation.MIN, Aggregation.MAX, Aggregation.FIRST, Aggregation.LAST}
    return {
        metric.metric: frozenset({metric.time_agg} & dear)
        for metric in metrics
        if metric.kind is not MetricKind.DERIVED
    }
