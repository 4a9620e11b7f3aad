"""Silence where it matters: which metrics a source feeds that has stopped answering, and the sentence that says so."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from kpiflow.language import Message, Name, msg
from kpiflow.workspace.books import Books
from kpiflow.workspace.live.answers import Health
from kpiflow.workspace.live.health import by_source, clock, fed_now, fixed_metrics, health_of, runs_now


@dataclass(frozen=True)
class Silence:
    """A source that has not answered as it should: since when, its name, and the metrics it feeds."""

    source: str
    name: Name
    since: datetime.datetime | None
    metrics: frozenset[str]


def silences(ws: Books) -> list[Silence]:
    """Return the sources that are silent now, with the metrics each feeds."""
    last, fed = by_source(runs_now(ws)), fed_now(ws)
    found = []
    for source in ws.company().sources.values():
        run = last.get(source.source)
        if run is not None and health_of(source, run, clock()) is Health.SILENT:
            metrics = {*fed.filter(pl.col("source") == source.source)["metric"], *fixed_metrics(source)}
            since = run["good_at"]
            found.append(Silence(source.source, Name(source.label, source.label_zh), since, frozenset(metrics)))
    return found


def silent_said(ws: Books, metrics: Collection[str], as_of: datetime.date | None) -> tuple[Message, ...]:
    """Return, for each silent source of some metrics, since when nothing new came; nothing when a past day is looked at."""
    if not metrics or ws.believed(as_of) is not None or not ws.company().sources:
        return ()
    found = (one for one in silences(ws) if one.metrics & set(metrics))
    return tuple(
        msg(
            "{source} has brought nothing since {day}. What it brought before still counts.",
            source=one.name,
            day=one.since.date(),
        )
        if one.since
        else msg("{source} has never answered.", source=one.name)
        for one in found
    )
