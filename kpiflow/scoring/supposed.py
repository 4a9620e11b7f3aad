"""What goals would earn if they ended at supposed values: the same attainment and curves, with nothing missing."""

import polars as pl

from kpiflow.scoring.points import attain, earn
from kpiflow.scoring.rounding import snap
from kpiflow.scoring.rules import Rules

#: A convention that judges every month says nothing from the end alone.
BY_MONTHS = "share_in_band"


def points_at(phased: pl.DataFrame, supposed: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return goal, actual, attainment and points of goals with a supposed end, in their order.

    `phased` are goals settled and phased for the period (see `cascade.results.placed`); `supposed` has goal and supposed.
    Goals without an end, or judged by months, keep null points.
    """
    ended = (
        phased.join(supposed.select("goal", actual="supposed"), on="goal", how="inner", maintain_order="left")
        .filter(pl.col("actual").is_not_null(), pl.col("convention").is_not_null())
        .with_columns(snap(pl.col("actual")), in_band=pl.lit(None, dtype=pl.Float64))
    )
    if ended.is_empty():
        return ended.select("goal", "actual", attainment=pl.lit(None, pl.Float64), points=pl.lit(None, pl.Float64))
    earned = earn(attain(ended), rules).select("goal", "actual", "attainment", "points", "convention")
    by_months = pl.col("convention") == BY_MONTHS
    return earned.select("goal", "actual", "attainment", points=pl.when(~by_months).then("points"))
