"""What a split may weigh children by: their people, and what each of them did, last year or so far."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.cascade.splitting.children import headcounts, last_known
from kpiflow.core.calendar import Period, Window
from kpiflow.core.metric import MetricKind
from kpiflow.language import Message, msg
from kpiflow.scoring.gathering import gather
from kpiflow.scoring.moment import Moment
from kpiflow.workspace.books import Books
from kpiflow.workspace.results import metrics_measured, observed_for

#: The names of the two windows that are looked at.
BEFORE, SO_FAR = "before", "so_far"


@dataclass(frozen=True, eq=False)
class Volumes:
    """What every scope did in one stretch of time: metric, scope_kind, scope, last_volume and last_rate."""

    frame: pl.DataFrame
    period: Period

    def known(self, goals: pl.DataFrame) -> int:
        """Return of how many of these goals the volume is known."""
        return self.of(goals)["last_volume"].count()

    def of(self, goals: pl.DataFrame) -> pl.DataFrame:
        """Return metric, scope_kind, scope, last_volume and last_rate of these goals' scopes, in their order."""
        scopes = goals.select("metric", pl.col("scope_kind").cast(pl.String), "scope")
        return scopes.join(self.frame, on=["metric", "scope_kind", "scope"], how="left", maintain_order="left")


def volumes(ws: Books, moment: Moment, as_of: datetime.date | None) -> tuple[Volumes, ...]:
    """Return what was done in the cycle before, where there is one, and then in the period itself; cached."""
    key = ("volumes", moment.period.period, ws.versions(as_of))
    return ws.kept(key, lambda: _observe(ws, moment, as_of))


def _observe(ws: Books, moment: Moment, as_of: datetime.date | None) -> tuple[Volumes, ...]:
    company, rules = ws.company(as_of), ws.rules(as_of)
    wanted = [one.metric for one in rules.metrics.values() if one.kind is MetricKind.RATIO or one.splits]
    used = metrics_measured(rules.metrics.values(), wanted)
    before = moment.calendar.previous(moment.cycle)
    stretches = {SO_FAR: moment.period} if before is None else {BEFORE: before, SO_FAR: moment.period}
    days = [Window(name, period.starts, period.ends) for name, period in stretches.items()]
    actuals = gather(observed_for(ws, days, used, as_of), company.units, rules.metrics)
    return tuple(
        Volumes(last_known(actuals.filter(pl.col("window") == name)), period) for name, period in stretches.items()
    )


def chosen(known: tuple[Volumes, ...], goals: pl.DataFrame) -> Volumes:
    """Return the volumes to weigh goals by: last year's when it knows all of them, else the period's, else what there is.

    A year that lacks somebody is passed over only for a period that lacks nobody: half a table is worse than a late one.
    """
    whole = next((one for one in known if one.known(goals) == goals.height), None)
    return whole or next((one for one in known if one.known(goals)), known[-1])


def said_of(used: Volumes, moment: Moment, goals: pl.DataFrame) -> Message:
    """Return which volumes were used, and why not those of last year."""
    if not used.known(goals):
        return msg("Nothing was measured yet that children could be weighed by.")
    if used.period.cycle != moment.cycle.cycle:
        return msg("Volumes and rates are those of {period}.", period=used.period.period)
    before = moment.calendar.previous(moment.cycle)
    if before is None:
        return msg(
            "Volumes and rates are those of {period} so far: the calendar has no earlier year.",
            period=used.period.period,
        )
    return msg(
        "Volumes and rates are those of {period} so far: {before} does not have them for everyone.",
        period=used.period.period,
        before=before.period,
    )


def people(ws: Books, moment: Moment, as_of: datetime.date | None) -> tuple[pl.DataFrame, datetime.date]:
    """Return owner_kind, owner and headcount, and the day people were counted on: today, or the period's last day."""
    company, day = ws.company(as_of), moment.until
    if not _anybody(company.assignments, day):
        # Before the first assignment nobody is there yet; a plan made ahead counts those who will be.
        day = max(day, moment.period.starts)
    return headcounts(company.assignments, company.units, day), day


def _anybody(assignments: pl.DataFrame, day: datetime.date) -> bool:
    return not assignments.filter(
        pl.col("starts") <= day, pl.col("ends").is_null() | (pl.col("ends") >= day)
    ).is_empty()
