"""What became of each time a live source was asked: runs, how much each brought, and the rows it set aside."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import wall_clock
from kpiflow.storage.loads import LoadReport
from kpiflow.storage.store import Cursor, Store, next_number

#: How a frame of volumes and one of set-aside rows look.
VOLUMES = {
    "metric": pl.String, "day": pl.Date, "facts": pl.Int64, "rows": pl.Int64,
    "amount": pl.Decimal(38, 6), "base": pl.Decimal(38, 6),
}  # fmt: skip
REJECTS = {"part": pl.String, "row": pl.Int64, "rule": pl.String, "message": pl.String, "cells": pl.String}


@dataclass(frozen=True)
class SourceRun:
    """One time that a source was asked, to be written. `state` is null when nothing came in; `seen` counts its rows."""

    source: str
    begun: datetime.datetime
    ended: datetime.datetime
    by_hand: bool
    who: str
    report: LoadReport | None = None
    state: Mapping[str, object] | None = None
    seen: int = 0
    read: int = 0
    rejected: int = 0
    rejects_of: int | None = None
    failure: str | None = None
    said: str | None = None
    drift: str | None = None


def only_news(cursor: Cursor, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the facts that the store has not, or has with other numbers; on the writing cursor.

    What is read again behind a watermark is mostly known: a load of it would change nothing but make every answer old.
    """
    if facts.is_empty():
        return facts
    first, last = str(facts["day"].cast(pl.String).min()), str(facts["day"].cast(pl.String).max())
    cursor.register("brought", facts.with_row_index("place"))
    known = cursor.sql(
        f"""SELECT b.place FROM brought AS b
            JOIN series AS s ON s.metric = b.metric AND s.unit = b.unit AND s.person IS NOT DISTINCT FROM b.person
            JOIN measurement AS m ON m.series = s.series AND m.day = b.day AND m.entry = b.entry
            WHERE m.day BETWEEN DATE '{first}' AND DATE '{last}' AND m.amount = coalesce(b.value, b.numerator)
              AND m.base IS NOT DISTINCT FROM b.denominator AND NOT EXISTS (
                SELECT 1 FROM superseded AS x
                WHERE x.series = m.series AND x.day = m.day AND x.entry = m.entry AND x.load = m.load)"""
    ).pl()["place"]
    cursor.unregister("brought")
    return facts.with_row_index("place").filter(~pl.col("place").is_in(known.implode())).drop("place")


def add_run(cursor: Cursor, said: SourceRun) -> int:
    """Write a run on the writing cursor; return its number."""
    number, report = next_number(cursor, "source_run", "run"), said.report
    added, superseded = (report.added, report.superseded) if report else (0, 0)
    counted = (added, said.read - said.rejected - added - superseded, superseded)
    cursor.execute(
        "INSERT INTO source_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number, said.source, wall_clock(said.begun), wall_clock(said.ended), said.by_hand, said.who,
            report.load if report else None, None if said.state is None else json.dumps(dict(said.state)),
            said.seen, said.read, *counted, said.rejected, said.rejects_of, said.failure, said.said, said.drift,
        ],
    )  # fmt: skip
    return number


def add_volumes(cursor: Cursor, run: int, source: str, volumes: pl.DataFrame) -> None:
    """Write how much a run brought, on the writing cursor; `volumes` as `VOLUMES`."""
    cursor.register("volumes", volumes.select(pl.lit(run).alias("run"), pl.lit(source).alias("source"), *VOLUMES))
    cursor.execute("INSERT INTO source_volume SELECT * FROM volumes ORDER BY metric, day")
    cursor.unregister("volumes")


def add_rejects(cursor: Cursor, run: int, rejects: pl.DataFrame) -> None:
    """Write the rows that a run set aside, on the writing cursor; `rejects` as `REJECTS`."""
    cursor.register("rejects", rejects.select(pl.lit(run).alias("run"), *REJECTS))
    cursor.execute('INSERT INTO source_reject SELECT * FROM rejects ORDER BY part, "row"')
    cursor.unregister("rejects")


def read_runs(store: Store, source: str | None = None, limit: int = 100) -> pl.DataFrame:
    """Return the newest runs first, of one source or of all, as the table has them."""
    with store.read() as cursor:
        return cursor.sql(
            "SELECT * FROM source_run WHERE $source IS NULL OR source = $source ORDER BY run DESC LIMIT $limit",
            params={"source": source, "limit": limit},
        ).pl()


def last_runs(store: Store) -> pl.DataFrame:
    """Return one row per source that was ever asked.

    source, run, begun, ended, failure, said, drift, rows_rejected and rejects_of of the newest run; `good_at`, when it last
    brought something or said that nothing changed; `failing_since`, when the first run after that failed; and
    `waiting_run` and `waiting`, the newest run that set rows aside and how many, while they wait to be settled.
    """
    with store.read() as cursor:
        return cursor.sql(
            """WITH good AS (SELECT source, max(run) AS good, max(ended) AS good_at FROM source_run
                             WHERE failure IS NULL GROUP BY source),
                failing AS (SELECT r.source, min(r.begun) AS failing_since FROM source_run AS r LEFT JOIN good AS g USING (source)
                            WHERE r.failure IS NOT NULL AND r.run > coalesce(g.good, 0) GROUP BY r.source),
                settled AS (SELECT source, arg_max(json_exists(state, '$.unsettled'), run) AS waits FROM source_run
                            WHERE state IS NOT NULL GROUP BY source),
                aside AS (SELECT source, max(run) AS waiting_run, arg_max(rows_rejected, run) AS waiting FROM source_run
                          WHERE rows_rejected > 0 GROUP BY source)
            SELECT r.source, r.run, r.begun, r.ended, r.failure, r.said, r.drift, r.rows_seen, r.rows_read, r.rows_added,
                   r.rows_rejected, r.rejects_of, g.good_at, f.failing_since,
                   CASE WHEN s.waits THEN a.waiting_run END AS waiting_run, CASE WHEN s.waits THEN a.waiting END AS waiting
            FROM source_run AS r LEFT JOIN good AS g USING (source) LEFT JOIN failing AS f USING (source)
                LEFT JOIN settled AS s USING (source) LEFT JOIN aside AS a USING (source)
            WHERE r.run = (SELECT max(run) FROM source_run AS s WHERE s.source = r.source) ORDER BY r.source"""
        ).pl()


def last_state(store: Store, source: str) -> dict[str, object]:
    """Return where a source stood after the last run that went in; empty before the first."""
    with store.read() as cursor:
        found = cursor.execute(
            "SELECT state FROM source_run WHERE source = ? AND state IS NOT NULL ORDER BY run DESC LIMIT 1", [source]
        ).fetchall()
    return dict(json.loads(found[0][0])) if found else {}


def read_volumes(store: Store, source: str | None = None) -> pl.DataFrame:
    """Return source, metric, day, facts, rows, amount, base: of each day the run that brought most of it."""
    with store.read() as cursor:
        return cursor.sql(
            """SELECT source, metric, day, arg_max(facts, ("rows", run)) AS facts, max("rows") AS "rows",
                      arg_max(amount, ("rows", run)) AS amount, arg_max(base, ("rows", run)) AS base
               FROM source_volume
               WHERE $source IS NULL OR source = $source
               GROUP BY ALL ORDER BY source, metric, day""",
            params={"source": source},
        ).pl()


def fed_metrics(store: Store) -> pl.DataFrame:
    """Return source, metric and `newest`, the last day it has: what each source has ever brought."""
    with store.read() as cursor:
        return cursor.sql("SELECT source, metric, max(day) AS newest FROM source_volume GROUP BY ALL ORDER BY ALL").pl()


def read_rejects(store: Store, run: int) -> pl.DataFrame:
    """Return the rows that a run set aside, as `REJECTS`; those of the run it names when they are the same."""
    with store.read() as cursor:
        return cursor.sql(
            """SELECT part, "row", rule, message, cells FROM source_reject
               WHERE run = (SELECT coalesce(rejects_of, run) FROM source_run WHERE run = $run) ORDER BY part, "row" """,
            params={"run": run},
        ).pl()
