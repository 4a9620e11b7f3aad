"""How every source is: when it last answered, how far behind it is, what it set aside, and what looks unlike before."""

import datetime
from typing import Any

import polars as pl

from kpiflow.language import Message, Name, msg
from kpiflow.sources.live import AnySource
from kpiflow.storage.known import wall_clock
from kpiflow.storage.sources import fed_metrics, last_runs, read_volumes
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.live import telling
from kpiflow.workspace.live.answers import Health, Live, Lives
from kpiflow.workspace.live.due import due_after, late_after
from kpiflow.workspace.live.pulling import metric_names

#: How many days of volume the picture shows.
PICTURED = 60


def lives(ws: Books, asker: Asker) -> Lives:
    """Answer how every source is; raises Refused."""
    ws.may(asker, "manage_sources").require()
    listed = tuple(_lives(ws))
    silent = [one for one in listed if one.health is Health.SILENT]
    if not listed:
        said: tuple[Message, ...] = (
            msg("No live source is set up. One is a few lines in sources.yaml; docs/sources.md shows each kind."),
        )
    elif silent:
        said = (
            msg("Silent: {silent} of {total} sources.", silent=len(silent), total=len(listed)),
            msg("What they brought before stays; their metrics say since when nothing new came."),
        )
    else:
        said = (msg("No source is silent, of {total}.", total=len(listed)),)
    never = sum(one.health is Health.NEVER for one in listed)
    if never:
        said += (msg("Not asked yet: {count}.", count=never),)
    asked = sum(len(one.drift) for one in listed)
    if asked:
        said += (msg("Open questions about what came: {count}.", count=asked),)
    return Lives(said, listed)


def due(ws: Books, at: datetime.datetime) -> list[AnySource]:
    """Return the sources whose turn has come at a time by the local clock."""
    last = by_source(runs_now(ws))
    turns = []
    for source in ws.company().sources.values():
        if source.every is None and source.cron is None:
            continue
        run = last.get(source.source)
        when = due_after(source, run["begun"]) if run is not None else at
        if when is not None and when <= at:
            turns.append(source)
    return turns


def _lives(ws: Books) -> list[Live]:
    store, now = ws.store, clock()
    last, fed, names = by_source(runs_now(ws)), fed_now(ws), metric_names(ws)
    volumes = read_volumes(store)
    found = []
    for source in ws.company().sources.values():
        brought = fed.filter(pl.col("source") == source.source)
        metrics = sorted({*brought["metric"], *fixed_metrics(source)})
        run = last.get(source.source, {})
        health = health_of(source, run, now)
        newest = brought["newest"].max()
        found.append(
            Live(
                source=source.source,
                name=Name(source.label, source.label_zh),
                kind=source.summary,
                schedule=telling.schedule(source),
                health=health,
                metrics=tuple(names.get(one, Name(one)) for one in metrics),
                last_good=run.get("good_at"),
                newest=newest if isinstance(newest, datetime.date) else None,
                silent_since=run.get("good_at") if health is Health.SILENT else None,
                rejected=run.get("waiting") or 0,
                rejects_run=run.get("waiting_run"),
                drift=telling.questions(run.get("drift"), names),
                said=_said(source, run, health),
                volume=_volume(volumes.filter(pl.col("source") == source.source)),
            )
        )
    return found


def _said(source: AnySource, run: dict[str, Any], health: Health) -> tuple[Message, ...]:
    """Return what is wrong and what to do about it."""
    if not run:
        return (msg("It was not asked yet. Look at it first: `kpiflow source check {source}`.", source=source.source),)
    said: tuple[Message, ...] = ()
    if run["failure"]:
        said += telling.failed(source.source, str(run["failure"]), None if run["said"] is None else str(run["said"]))
    elif health is Health.SILENT:
        said += (msg("It was not asked when its turn came. Is the server running?"),)
    if run["waiting"]:
        said += (
            msg(
                "Rows set aside: {count}. Each says which rule it broke; what is unknown here is taken in"
                " by itself once it is known.",
                count=run["waiting"],
            ),
        )
    return said


def health_of(source: AnySource, run: dict[str, Any], now: datetime.datetime) -> Health:
    """Return how a source is by its newest run, empty before the first."""
    if not run:
        return Health.NEVER
    good = run["good_at"]
    if run["failure"] is not None or not isinstance(good, datetime.datetime):
        return Health.SILENT
    late = late_after(source, good)
    if late is None:
        return Health.BY_HAND
    return Health.SILENT if late < now else Health.WELL


def _volume(rows: pl.DataFrame) -> tuple[tuple[datetime.date, int], ...]:
    """Return rows of the source per day, the last days that brought any."""
    daily = rows.group_by("day").agg(pl.col("rows").sum()).sort("day").tail(PICTURED)
    return tuple((day, int(count)) for day, count in daily.iter_rows())


def fixed_metrics(source: AnySource) -> set[str]:
    """Return the metric that all rows of a source measure, if there is one."""
    return {source.fixed.metric} if source.fixed.metric else set()


def runs_now(ws: Books) -> pl.DataFrame:
    """Return the newest run of each source, as `last_runs`; asked of the store once until somebody writes to it.

    Every page of a goal that a source feeds asks this: it was measured at half of what such a page costs.
    """
    return ws.kept(("last_runs", ws.store.told), lambda: last_runs(ws.store))


def fed_now(ws: Books) -> pl.DataFrame:
    """Return which metrics each source has ever brought, as `fed_metrics`; kept in the same way."""
    return ws.kept(("fed_metrics", ws.store.told), lambda: fed_metrics(ws.store))


def by_source(runs: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the rows of `last_runs` by source."""
    return {run["source"]: run for run in runs.iter_rows(named=True)}


def clock() -> datetime.datetime:
    """Return the time by the local clock, which is how runs are dated."""
    return wall_clock(datetime.datetime.now(datetime.UTC))
