"""The status of each goal, by ordered rules: silence is never green, and an outdated value cannot be on pace."""

from collections.abc import Mapping, Sequence

import polars as pl

from kpiflow.core.metric import Metric
from kpiflow.core.status import Status, StatusRule
from kpiflow.scoring.moment import Moment

#: How a status is held while it is worked out: one byte instead of a word.
STATUS = pl.Enum([status.value for status in Status])


def by_rules(rules: Sequence[StatusRule]) -> pl.Expr:
    """Return the status the first fitting rule gives, from pace, attainment, points and commitment; null if none fits."""
    status = pl.lit(None, dtype=STATUS)
    for rule in reversed(rules):
        measured = pl.col(rule.measure.value)
        fits = measured.is_not_null() if rule.at_least is None else measured >= float(rule.at_least)
        if rule.commitment is not None:
            fits &= pl.col("commitment") == rule.commitment.value
        status = pl.when(fits).then(pl.lit(rule.status.value, dtype=STATUS)).otherwise(status)
    return status


def decide(rules: Sequence[StatusRule], moment: Moment) -> pl.Expr:
    """Return the status: no data, then outdated, then done (the period is over and the pace is kept), then the rules."""
    unknown = pl.col("points").is_null() & pl.col("pace").is_null()
    done = (pl.col("pace") >= 1) & (by_rules(rules) == Status.ON_PACE.value) & pl.lit(moment.over)
    return (
        pl.when(unknown | pl.col("missing").is_not_null() & (pl.col("missing") != "last_value"))
        .then(pl.lit(Status.NO_DATA.value, dtype=STATUS))
        .when(pl.col("outdated"))
        .then(pl.lit(Status.OUTDATED.value, dtype=STATUS))
        .when(done)
        .then(pl.lit(Status.DONE.value, dtype=STATUS))
        .otherwise(by_rules(rules))
        .fill_null(pl.lit(Status.NO_DATA.value, dtype=STATUS))
    )


def outdated(metrics: Mapping[str, Metric], moment: Moment) -> pl.Expr:
    """Return whether the latest measurement is older than the metric allows; a value that stands in always is."""
    limits = {name: metric.fresh_for for name, metric in metrics.items() if metric.fresh_for is not None}
    allowed = (
        pl.col("metric").replace_strict(limits, default=None, return_dtype=pl.Int64)
        if limits
        else pl.lit(None, pl.Int64)
    )
    age = (pl.lit(moment.until) - pl.col("last_day")).dt.total_days()
    return ((age > allowed) | (pl.col("missing") == "last_value").fill_null(False)).fill_null(False)
