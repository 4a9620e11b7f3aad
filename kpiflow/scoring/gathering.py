"""Observed measurements added up the organisation: the actual of every unit's subtree and every person, per metric."""

from collections.abc import Iterable, Mapping

import polars as pl

from kpiflow.core.goal import OwnerKind
from kpiflow.core.metric import Aggregation, Metric, MetricKind
from kpiflow.frames.beside import positions
from kpiflow.scoring.formulas import derive
from kpiflow.scoring.windows import PERIOD, TO_DATE, fixed_window

#: How names of windows, units and people are held while sums are made: as codes, the same for every frame.
CODED = pl.Categorical()

#: How the two kinds of scope are held.
OWNER = pl.Enum([kind.value for kind in OwnerKind])

#: What names an actual.
NAMED = ["window", "metric", "scope_kind", "scope"]

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
    windows = pl.Enum(observed["window"].unique().cast(pl.String).sort())
    return derive(_measured(observed, units, metrics, windows).with_columns(pl.col(NAMED).cast(pl.String)), metrics)


def with_asked(goals: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """Add what goals ask for, as codes: asks_window, asks_metric, asks_scope_kind and asks_scope.

    The codes stay beside the goals, not the numbers behind them: those mean the same only while somebody holds a code.
    """
    return goals.hstack(_coded(goals.select(NAMED), metrics, _windows(metrics)).select(pl.all().name.prefix("asks_")))


def actuals(observed: pl.DataFrame, units: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """Return the same as `gather`, with names as the codes that `with_asked` gives goals."""
    windows = _windows(metrics)
    if any(metric.kind is MetricKind.DERIVED for metric in metrics.values()):
        return _coded(gather(observed, units, metrics), metrics, windows)
    return _measured(observed, units, metrics, windows)


def with_actuals(goals: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return goals as `with_asked` gives them, in their order, with what `actuals` found for what they ask for."""
    asked = goals.select(pl.col(f"asks_{name}").alias(name) for name in NAMED)
    where = positions(*(named.select(_key(named)).to_series() for named in (asked, found)))
    measured = found.select(pl.exclude(NAMED).gather(where))
    return goals.drop(f"asks_{name}" for name in NAMED).hstack(measured)


def _each_once(numbers: pl.Series) -> bool:
    """Return whether no whole number is there twice; close together, by a table of marks, which needs no hashing."""
    most = int(numbers.max() or 0)  # type: ignore[arg-type]
    if numbers.null_count() or most > 8 * len(numbers):
        return numbers.n_unique() == len(numbers)
    marks = pl.repeat(value=False, n=most + 1, dtype=pl.Boolean, eager=True)
    return marks.scatter(numbers, values=True).sum() == len(numbers)


def _windows(metrics: Mapping[str, Metric]) -> pl.Enum:
    """Return the windows that goals on these metrics may ask for."""
    return pl.Enum(list(dict.fromkeys((PERIOD, TO_DATE, *filter(None, map(fixed_window, metrics.values()))))))


def _measured(
    observed: pl.DataFrame, units: pl.DataFrame, metrics: Mapping[str, Metric], windows: pl.Enum
) -> pl.DataFrame:
    """Return the actuals of all metrics but derived ones, with names as codes."""
    places = _places(_coded(observed, metrics, windows), metrics)
    people = _together(places.filter(pl.col("person").is_not_null()), "person", OwnerKind.PERSON)
    own = _together(places, "unit", OwnerKind.UNIT)
    above = ancestors(units).select(scope=pl.col("unit").cast(CODED), above=pl.col("ancestor").cast(CODED))
    whole = _together(own.join(above, on="scope"), "above", OwnerKind.UNIT)
    return _actuals(pl.concat([people, whole], rechunk=True), metrics)


def _coded(frame: pl.DataFrame, metrics: Mapping[str, Metric], windows: pl.Enum) -> pl.DataFrame:
    """Return a frame with names as codes: whole numbers group, join and compare several times faster than words.

    Metrics and windows that are not known become null.
    """
    kinds = {
        "window": windows,
        "metric": pl.Enum(list(metrics)),
        "scope_kind": OWNER,
        "unit": CODED,
        "person": CODED,
        "scope": CODED,
    }
    return frame.with_columns(
        pl.col(name).cast(kind, strict=False)
        for name, kind in kinds.items()
        if name in frame.columns and frame.schema[name] != kind
    )


def _key(frame: pl.DataFrame) -> pl.Expr:
    """Return one whole number for window, metric, scope kind and scope of a frame; small, for the sake of `positions`."""
    names = ("scope", "window", "metric", "scope_kind")
    scope, window, metric, kind = (pl.col(name).to_physical().cast(pl.UInt64) for name in names)
    windows, metrics = (len(frame.schema[name].categories) for name in ("window", "metric"))  # type: ignore[attr-defined]
    return ((scope * windows + window) * metrics + metric) * 2 + kind


def _together(places: pl.DataFrame, scope: str, kind: OwnerKind) -> pl.DataFrame:
    """Add places of one scope together, per window and metric."""
    named = places.select("window", "metric", *SUMS, scope=scope, scope_kind=pl.lit(kind.value, dtype=OWNER))
    keyed = named.with_columns(key=_key(named))
    if _each_once(keyed["key"]):
        return named.select(*NAMED, *SUMS)
    return keyed.group_by("key").agg(pl.col(NAMED).first(), **SUMS).select(*NAMED, *SUMS)


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
    nothing = pl.lit(None, dtype=pl.Float64)
    value, total, parts = nothing, nothing, nothing
    for (kind, time_agg, tree_agg), names in _by_rule(metrics).items():
        mine = pl.any_horizontal(pl.col("metric") == name for name in names)
        in_time = _in_time(time_agg)
        if kind is MetricKind.RATIO:
            whole, share = pl.col("amount"), pl.col("base")
        elif tree_agg is Aggregation.MEAN and time_agg is Aggregation.MEAN:
            # A mean over time and places is the mean of all measurements, so that a busy place weighs more.
            whole, share = pl.col("amount"), pl.col("rows").cast(pl.Float64)
        else:
            whole, share = in_time, pl.lit(1.0)
        value = pl.when(mine).then(in_time).otherwise(value)
        total, parts = pl.when(mine).then(whole).otherwise(total), pl.when(mine).then(share).otherwise(parts)
    kept = pl.col("window", "unit", "person", "metric", "rows", "last_day")
    return observed.filter(pl.col("metric").is_not_null()).select(
        kept, total=total, parts=parts, least=value, most=value
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
    quotient = pl.when(pl.col("parts") != 0).then(pl.col("total") / pl.col("parts"))
    ratios = [name for name, metric in metrics.items() if metric.kind is MetricKind.RATIO]
    is_ratio = pl.any_horizontal(pl.lit(False), *(pl.col("metric") == name for name in ratios))
    actual = pl.col("total")
    for name, metric in metrics.items():
        if metric.kind is MetricKind.RATIO:
            own = quotient * float(metric.measure.scale)
        else:
            own = {Aggregation.MEAN: quotient, Aggregation.MIN: pl.col("least"), Aggregation.MAX: pl.col("most")}.get(
                metric.tree_agg, pl.col("total")
            )
        actual = pl.when(pl.col("metric") == name).then(own).otherwise(actual)
    parts = {"numerator": pl.when(is_ratio).then("total"), "denominator": pl.when(is_ratio).then("parts")}
    return gathered.select(pl.col(NAMED), actual=actual, **parts, rows="rows", last_day="last_day")


def aggregations_wanted(metrics: Iterable[Metric]) -> dict[str, frozenset[Aggregation]]:
    """Return, per metric, the aggregates beyond sum and count that observing it must provide."""
    dear = {Aggregation.MIN, Aggregation.MAX, Aggregation.FIRST, Aggregation.LAST}
    return {
        metric.metric: frozenset({metric.time_agg} & dear)
        for metric in metrics
        if metric.kind is not MetricKind.DERIVED
    }
