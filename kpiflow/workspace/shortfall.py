"""What explains a miss: whose below a goal it is, and the months it fell in, both in the metric's own counts."""

import polars as pl

from kpiflow.language import Message, Quantity, msg
from kpiflow.workspace.labels import name_of


def shares_of_miss(rows: pl.DataFrame, goals: pl.DataFrame) -> pl.DataFrame:
    """Return the units' goals right below some goals on the same metric, with `share`, of each parent the largest first.

    `rows` are results; `goals` has goal, metric and direction. Shares below one parent add to 1; a parent nothing below
    fell short of has no rows. For a rate the shortfall is counted in cases, (target − actual) × denominator, so that a
    busy place weighs more.
    """
    above = goals.select("metric", "direction", parent="goal")
    units = rows.filter(pl.col("owner_kind") == "unit").drop("direction", strict=False)
    cases = (_short() * pl.col("denominator").fill_null(1.0)).clip(0, None)
    short = units.join(above, on=["parent", "metric"]).with_columns(short=cases).filter(pl.col("short").is_not_null())
    total = pl.col("short").sum().over("parent")
    found = short.with_columns(share=pl.when(total > 0).then(pl.col("short") / total)).filter(
        pl.col("share").is_not_null()
    )
    return found.sort("parent", "share", "goal", descending=[False, True, False])


def explained(rows: pl.DataFrame, goals: pl.DataFrame) -> dict[str, Message]:
    """Return, for the goals somebody below fell short of, who explains most of the miss; `rows` have their owners' names."""
    first = shares_of_miss(rows, goals).unique("parent", keep="first", maintain_order=True).filter(pl.col("share") > 0)
    return {
        row["parent"]: msg(
            "{unit} explains {share} of the miss.",
            unit=name_of(row, "owner_label"),
            share=Quantity(row["share"], "part"),
        )
        for row in first.iter_rows(named=True)
    }


def shortfall_by_month(months: pl.DataFrame, goals: pl.DataFrame) -> pl.DataFrame:
    """Return goal, period and short: what each month of some goals fell short by, never below 0, in order of time.

    `months` are results, a row per goal and month; `goals` has goal, direction, accrues and accrual. A rate's shortfall
    is counted in cases, so a busy month weighs more; that of what piles up is the month's own part. Months without data
    have none: silence is no shortfall.
    """
    asked = goals.select("goal", "direction", piles=pl.col("accrues") & (pl.col("accrual") != "per_period"))
    gaps = months.join(asked, on="goal").sort("goal", "period").with_columns(gap=_short())
    by_itself = pl.col("gap") * pl.col("denominator").fill_null(1.0)
    piled = pl.col("gap") - pl.col("gap").shift(1).over("goal").fill_null(0.0)
    # What piles up stands at the end of a silent month where it stood before: its last day with data has not moved.
    silent = pl.col("last_day") == pl.col("last_day").shift(1).over("goal")
    piles = pl.col("piles").fill_null(value=False)
    cases = pl.when(piles & silent).then(None).when(piles).then(piled).otherwise(by_itself)
    return gaps.select("goal", "period", short=cases.clip(0, None)).filter(pl.col("short").is_not_null())


def _short() -> pl.Expr:
    """Return how far what is measured lies on the wrong side of what is expected, whichever way is better."""
    gap = pl.col("expected") - pl.col("actual")
    return pl.when(pl.col("direction") == "lower").then(-gap).otherwise(gap)
