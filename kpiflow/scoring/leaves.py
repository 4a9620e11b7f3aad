"""Every goal with a metric, scored on its own: the steps from observed measurements to points and status, in order."""

from dataclasses import dataclass

import polars as pl

from kpiflow.core.goal import Stage
from kpiflow.scoring.gathering import with_actuals
from kpiflow.scoring.missing import BY_NAME
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.points import attain, earn, fill_points, stand_in
from kpiflow.scoring.rounding import snap
from kpiflow.scoring.rules import Rules
from kpiflow.scoring.status import decide, outdated
from kpiflow.scoring.windows import settle

#: Goals in these stages are scored; drafts and proposals wait for agreement.
SCORED = (Stage.AGREED.value, Stage.ACTIVE.value, Stage.CLOSED.value)


@dataclass(frozen=True)
class Facts:
    """What was measured, as tables: the actual of every scope (`gathering.actuals`), and targets per period.

    `monthly` has goal, in_band, last_actual and last_known_day for goals whose settings ask for months; may be empty.
    """

    actuals: pl.DataFrame
    targets: pl.DataFrame
    monthly: pl.DataFrame


#: An empty `monthly` table.
NO_MONTHS = pl.DataFrame(
    schema={"goal": pl.String, "in_band": pl.Float64, "last_actual": pl.Float64, "last_known_day": pl.Date}
)


def in_play(goals: pl.DataFrame, moment: Moment) -> pl.DataFrame:
    """Return the goals of the cycle that are far enough along to be scored."""
    return goals.filter(pl.col("cycle") == moment.cycle.period, pl.col("stage").is_in(SCORED))


def settled(goals: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return goals with every setting decided; the missing-data policy as `policy`."""
    policy = pl.col("missing").cast(pl.Enum(list(BY_NAME)))
    return settle(goals, rules).with_columns(policy.alias("policy")).drop("missing")


def score_leaves(phased: pl.DataFrame, facts: Facts, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Return goals, settled and phased, with actual, attainment, pace, points, status and coverage, in their order.

    Objectives, which have no metric, come back with nulls for the cascade to fill.
    """
    found = (
        with_actuals(phased, facts.actuals)
        .pipe(_with_months, facts.monthly)
        .with_columns(
            # Measured values are exact decimals; one snap here keeps every comparison after it exact as well.
            snap(pl.col("actual")),
            pl.col("rows").fill_null(0),
        )
    )
    scored = fill_points(earn(attain(stand_in(found)), rules))
    return scored.with_columns(
        snap(_pace()).alias("pace"), _finite("attainment"), outdated=outdated(rules.metrics, moment)
    ).with_columns(
        _finite("pace"),
        status=decide(rules.statuses, moment),
        coverage=pl.col("has_data").cast(pl.Float64),
        period=pl.lit(moment.period.period),
    )


def _with_months(frame: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """Add in_band and last_actual; a value that stands in is dated by its own month."""
    if monthly.is_empty():
        return frame.with_columns(in_band=pl.lit(None, pl.Float64), last_actual=pl.lit(None, pl.Float64))
    return (
        frame.join(monthly, on="goal", how="left")
        .with_columns(last_day=pl.coalesce("last_day", "last_known_day"))
        .drop("last_known_day")
    )


def _pace() -> pl.Expr:
    """Return the pace against what the curve expects; where that has no finite answer, the points against the most.

    Without a target there is nothing else to go by; and an actual of 0 by the inverse convention is infinitely good.
    Points that a missing-data policy put in are no pace: silence is never on pace.
    """
    pace = pl.col("pace") / pl.col("expects")
    known = pl.col("metric").is_not_null() & (pl.col("missing").is_null() | (pl.col("missing") == "last_value"))
    # A target that is only due later has no pace yet; that is not for the points to say.
    boundless = pl.col("target").is_null() | (pl.col("target") == 0) | pace.is_infinite()
    by_points = pl.when((pl.col("most_points") > 0) & known & boundless).then(pl.col("points") / pl.col("most_points"))
    return pl.coalesce(pl.when(pace.is_finite()).then(pace), by_points, pace)


def _finite(name: str) -> pl.Expr:
    """Return a column without infinities: an actual of 0 by the inverse convention has no finite attainment."""
    return pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name)
