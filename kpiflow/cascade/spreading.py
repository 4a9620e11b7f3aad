"""How targets are spread over the cycle, as something that can be changed: other phasings, targets written per period.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from kpiflow.core.goal import Accrual
from kpiflow.core.metric import Direction
from kpiflow.scoring.leaves import settled
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.phasing import phase
from kpiflow.scoring.rounding import snap
from kpiflow.scoring.rules import Rules

#: The columns of targets written down per period, as a change; a null target takes one away.
WRITTEN = {"goal": pl.String, "period": pl.String, "target": pl.Float64}


def nothing_written() -> pl.DataFrame:
    """Return the empty table of written targets."""
    return pl.DataFrame(schema=WRITTEN)


@dataclass(frozen=True, eq=False)
class Spread:
    """Goals spread another way: goal → the phasing it gets, and the targets written per period that differ."""

    phasings: Mapping[str, str] = field(default_factory=dict)
    written: pl.DataFrame = field(default_factory=nothing_written)

    @property
    def goals(self) -> list[str]:
        """The goals whose spread changes, in order."""
        return sorted({*self.phasings, *self.written["goal"]})


def respread(goals: pl.DataFrame, spread: Spread) -> pl.DataFrame:
    """Return the goals with the phasings they would have."""
    if not spread.phasings:
        return goals
    new = pl.col("goal").replace_strict(dict(spread.phasings), default=None, return_dtype=pl.String)
    return goals.with_columns(phasing=pl.coalesce(new, "phasing"))


def rewritten(targets: pl.DataFrame, spread: Spread) -> pl.DataFrame:
    """Return the targets per period as they would be; thresholds and stretches written beside a target stay with it."""
    if spread.written.is_empty():
        return targets
    key = ["goal", "period"]
    kept = targets.join(spread.written.rename({"target": "new"}).with_columns(known=pl.lit(True)), on=key, how="full",
                        coalesce=True)  # fmt: skip
    after = kept.with_columns(target=pl.when("known").then("new").otherwise("target"))
    return after.filter(pl.col("target").is_not_null()).select(targets.columns).sort(key)


def monthly(goals: pl.DataFrame, targets: pl.DataFrame, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Return goal, period, target and part for every month of the cycle: what its window asks for, and the month's own part.

    For what piles up the window runs from the start of the cycle, and `part` is what the month adds to it; for
    everything else the two are the same. Goals without a metric are left out.
    """
    ready = settled(goals.filter(pl.col("metric").is_not_null()), rules)
    months = moment.calendar.months(moment.cycle)
    found = [
        phase(ready, targets, rules, Moment(moment.calendar, month, month.ends)).select(
            "goal", "target", "accrues", "accrual", period=pl.lit(month.period)
        )
        for month in months
    ]
    piles = pl.col("accrues").fill_null(False) & (pl.col("accrual").cast(pl.String) == Accrual.TO_DATE.value)
    before = pl.col("target").shift(1).over("goal").fill_null(0.0)
    return (
        pl.concat(found)
        .with_columns(part=snap(pl.when(piles).then(pl.col("target") - before).otherwise("target")))
        .select("goal", "period", "target", "part")
    )


def eased_months(before: pl.DataFrame, after: pl.DataFrame, directions: Mapping[str, str]) -> pl.DataFrame:
    """Return goal, period, before, after and eased: what each month asks for, and whether it asks for less than it did.

    A year's target that only comes later is easier in the months before: whoever is judged then is judged by less.
    """
    both = before.select("goal", "period", before="target").join(
        after.select("goal", "period", after="target"), on=["goal", "period"], how="full", coalesce=True
    )
    way = pl.col("goal").replace_strict(dict(directions), default=Direction.HIGHER.value, return_dtype=pl.String)
    was, now = pl.col("before"), pl.col("after")
    easier = (
        pl.when(way == Direction.LOWER.value)
        .then(now > was)
        .when(way == Direction.HIGHER.value)
        .then(now < was)
        .otherwise(False)
    )
    dropped = was.is_not_null() & now.is_null()
    return both.sort("goal", "period").with_columns(eased=easier.fill_null(False) | dropped)
