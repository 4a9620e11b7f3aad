"""Who explains a miss: what each child's shortfall is of all the shortfalls below a goal, in the metric's own counts."""

from typing import Any

import polars as pl


def shares_of_miss(rows: pl.DataFrame, goal: dict[str, Any]) -> pl.DataFrame:
    """Return the children on the same metric with `share`, the largest first; shares of those that fell short add to 1.

    For a rate the shortfall is counted in cases: (target − actual) × denominator, so a busy place weighs more.
    """
    sign = -1.0 if goal["direction"] == "lower" else 1.0
    children = rows.filter(
        pl.col("parent") == goal["goal"], pl.col("metric") == goal["metric"], pl.col("owner_kind") == "unit"
    )
    cases = (sign * (pl.col("expected") - pl.col("actual")) * pl.col("denominator").fill_null(1.0)).clip(0, None)
    short = children.with_columns(short=cases).filter(pl.col("short").is_not_null())
    total = short["short"].sum()
    if not total:
        return short.clear().with_columns(share=pl.lit(0.0))
    return short.with_columns(share=pl.col("short") / total).sort("share", "goal", descending=[True, False])
