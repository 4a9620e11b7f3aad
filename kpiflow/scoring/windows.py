"""Which days count for a goal in a period: the period alone, the cycle to date, or a rolling window."""

import datetime

import polars as pl

from kpiflow.core.calendar import Window
from kpiflow.core.goal import Accrual, GoalKind
from kpiflow.core.metric import Metric, MetricKind
from kpiflow.core.phasing import PhasingKind
from kpiflow.frames.beside import with_known
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules

PERIOD = "period"
TO_DATE = "to_date"

#: Goals of these kinds are there or not there; their target is not spread over the year unless they say so.
WHOLE_KINDS = (GoalKind.MILESTONE.value, GoalKind.RUBRIC.value)


def settle(goals: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Fill in the settings a goal left to its metric: `accrual`, `phasing` and `attainment` become `convention`.

    What piles up over time is phased evenly and judged to date; a rate or a level keeps its target and is judged
    by the period alone; a milestone keeps its target too. Adds `window`, `better` and `accrues` too.
    """
    table = _by_metric(rules)
    accrual = (
        # A cumulative metric reaches back to the cycle's first day, so its target has to as well.
        pl.when(pl.col("only_window") == TO_DATE)
        .then(pl.lit(Accrual.TO_DATE))
        .otherwise(
            pl.coalesce(
                "accrual", pl.when("accrues").then(pl.lit(Accrual.TO_DATE)).otherwise(pl.lit(Accrual.PER_PERIOD))
            )
        )
    )
    # A part of a milestone, or of a situation in a rubric, is not something that could be asked for.
    spread = pl.col("accrues") & ~pl.col("kind").is_in(WHOLE_KINDS)
    return (
        with_known(goals, table, ["metric"])
        .with_columns(
            accrual=accrual,
            phasing=pl.coalesce(
                "phasing", pl.when(spread).then(pl.lit(PhasingKind.EVEN)).otherwise(pl.lit(PhasingKind.FLAT))
            ),
            convention=pl.when(pl.col("metric").is_not_null()).then(
                pl.coalesce(
                    "attainment",
                    pl.when(_single_milestone()).then(pl.lit("reached")),
                    "default_convention",
                )
            ),
        )
        .with_columns(
            window=pl.coalesce(
                "only_window",
                pl.when(pl.col("accrual") == Accrual.TO_DATE).then(pl.lit(TO_DATE)).otherwise(pl.lit(PERIOD)),
            )
        )
        .drop("attainment", "default_convention", "only_window")
    )


def _single_milestone() -> pl.Expr:
    """Return whether a goal is a milestone that is simply there or not; several steps have a number as their target."""
    return (pl.col("kind") == GoalKind.MILESTONE.value) & (pl.col("target").is_null() | (pl.col("target") == 1))


def _by_metric(rules: Rules) -> pl.DataFrame:
    """Return what each metric says where its goals say nothing."""
    from kpiflow.scoring.attainment import DEFAULTS

    return pl.DataFrame(
        [
            {
                "metric": name,
                "accrues": metric.accrues and not _rolling(metric),
                "better": -1.0 if metric.direction == "lower" else 1.0,
                "default_convention": DEFAULTS[metric.direction],
                "only_window": fixed_window(metric),
            }
            for name, metric in rules.metrics.items()
        ],
        schema={
            "metric": pl.String,
            "accrues": pl.Boolean,
            "better": pl.Float64,
            "default_convention": pl.String,
            "only_window": pl.String,
        },
    )


def _rolling(metric: Metric) -> bool:
    return metric.window is not None and metric.window.months is not None


def fixed_window(metric: Metric) -> str | None:
    """Return the window a cumulative metric always has, whatever the goal's accrual."""
    if metric.kind is not MetricKind.CUMULATIVE:
        return None
    return f"rolling-{metric.window.months}" if metric.window and metric.window.months else TO_DATE


def window(name: str, moment: Moment) -> Window:
    """Return the days of a window in a period; rolling windows reach back whole months, also into earlier cycles."""
    period = moment.period
    if name == TO_DATE:
        return Window(name, moment.cycle.starts, period.ends)
    if name == PERIOD:
        return Window(name, period.starts, period.ends)
    months = int(name.removeprefix("rolling-"))
    first = period.ends + datetime.timedelta(days=1)
    month = first.year * 12 + first.month - 1 - months
    return Window(name, datetime.date(month // 12, month % 12 + 1, min(first.day, 28)), period.ends)
