"""How well the forecast does on the example company's real year, month end by month end, against straight lines.

Every month end from March to November 2013 is looked at as it was known then; what each goal was forecast to end at is
held against what it ended at. The straight line keeps the rate so far, or goes on with the amount so far in proportion
to the phased year, counted to the last day with data: all that a spreadsheet would know too.
"""

import datetime
from pathlib import Path
from typing import Any

import polars as pl

from kpiflow.core.goal import Rollup
from kpiflow.core.metric import MetricKind
from kpiflow.scoring.phasing import share_until
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.demo import build_demo
from kpiflow.workspace.outlooks.forecasts import forecasts
from kpiflow.workspace.results import results

#: The year, and the days it is looked at from.
YEAR = "2013"
DAYS = tuple(datetime.date(2013, month + 1, 1) - datetime.timedelta(days=1) for month in range(3, 12))


def backtest(ws: Workspace, days: tuple[datetime.date, ...] = DAYS) -> pl.DataFrame:
    """Return day, goal, metric, ended, forecast, straight, low and high of every goal that was forecast on a day."""
    final = results(ws, YEAR).select("goal", ended="actual")
    return pl.concat([_looked_at(ws, day) for day in days]).join(final, on="goal").drop_nulls("ended")


def _looked_at(ws: Workspace, day: datetime.date) -> pl.DataFrame:
    rows = results(ws, YEAR, day).filter(pl.col("metric").is_not_null(), pl.col("rollup") == Rollup.OWN.value)
    found = forecasts(ws, ADMINISTRATOR, YEAR, None, day).drop_nulls("forecast")
    rules, moment = ws.rules(day), ws.moment(YEAR, day)
    months = rules.calendar.months(moment.cycle)
    joined = found.join(rows.select("goal", "metric", "phasing"), on="goal")
    pairs = joined.select("phasing", "known").unique()
    passed = [
        (phasing, known, share_until(rules.phasings[phasing], moment.cycle, months, known))
        for phasing, known in pairs.iter_rows()
    ]
    schema = {"phasing": pl.String, "known": pl.Date, "passed": pl.Float64}
    piles = [name for name, metric in rules.metrics.items() if metric.accrues and metric.kind is not MetricKind.RATIO]
    shares = pl.DataFrame(passed, orient="row", schema=schema)
    in_proportion = pl.col("actual").fill_null(0.0) / pl.col("passed")
    return joined.join(shares, on=["phasing", "known"], maintain_order="left").select(
        "goal", "metric", "forecast", "low", "high", day=pl.lit(day),
        straight=pl.when(pl.col("metric").is_in(piles)).then(in_proportion).otherwise("actual"),
    )  # fmt: skip


def by_metric(tested: pl.DataFrame) -> pl.DataFrame:
    """Return, per metric: forecasts, error and straight (mean absolute errors), ratio of the two, and inside.

    `inside` is the share of ends that lay in the 80 % interval.
    """
    edge = 1e-9  # an end that is exactly an edge lies inside
    ended = pl.col("ended")
    known = tested.drop_nulls("straight")
    return (
        known.group_by("metric")
        .agg(
            forecasts=pl.len(),
            error=(pl.col("forecast") - ended).abs().mean(),
            straight=(pl.col("straight") - ended).abs().mean(),
            inside=ended.is_between(pl.col("low") - edge, pl.col("high") + edge).mean(),
        )
        .with_columns(ratio=pl.when(pl.col("straight") > 0).then(pl.col("error") / pl.col("straight")))
        .sort("metric")
    )


def summed(table: pl.DataFrame) -> dict[str, float]:
    """Return error and coverage over all metrics, each metric counted by its forecasts.

    Errors are in the metric's own straight line's, so that minutes, flights and percentages can be added up.
    """
    weighed = table.drop_nulls("ratio")
    weight = weighed["forecasts"]
    ratio = (weighed["ratio"] * weight).sum() / weight.sum()
    inside = (table["inside"] * table["forecasts"]).sum() / table["forecasts"].sum()
    return {"ratio": float(ratio), "inside": float(inside), "forecasts": float(table["forecasts"].sum())}


def forecast(path: Path, _: int) -> dict[str, Any]:
    """Build the example company and return how well its year was forecast."""
    store = path.with_name("example.duckdb")
    build_demo(store, lambda *_: None)
    ws = Workspace.open(store)
    try:
        table = by_metric(backtest(ws))
    finally:
        ws.close()
        store.unlink()
    return {**summed(table), "metrics": table.to_dicts()}
