"""Entries about days long past that were written shortly before a moment: who wrote them, about whom, and why."""

import datetime

import polars as pl

from kpiflow.storage.known import known
from kpiflow.storage.store import Store


def late_entries(
    store: Store,
    days: tuple[datetime.date, datetime.date],
    between: tuple[datetime.datetime, datetime.datetime],
    late: int,
    as_of: datetime.date | None = None,
) -> pl.DataFrame:
    """Return what was written between two moments about days of a period that were over for more than `late` days by then.

    load, source, recorded_at, who, reason, metric, unit, person, rows, corrected (how many replaced another), first_day
    and last_day; the newest first.
    """
    inside = f"BETWEEN DATE '{days[0]}' AND DATE '{days[1]}'"
    with store.snapshot() as cursor:
        loads = known(cursor, "load", as_of)
        return cursor.sql(
            f"""WITH recent AS (SELECT * FROM load_entry WHERE {loads.condition("load")}
                    AND recorded_at BETWEEN TIMESTAMP '{between[0]}' AND TIMESTAMP '{between[1]}'),
                entered AS (
                    SELECT r.load, m.series, count(*) AS "rows", min(m.day) AS first_day, max(m.day) AS last_day
                    FROM measurement AS m JOIN recent AS r USING (load)
                    WHERE m.day {inside} AND datediff('day', m.day, r.recorded_at::DATE) > {int(late)} GROUP BY ALL),
                replaced AS (
                    SELECT by_load AS load, series, count(*) AS corrected FROM superseded
                    WHERE day {inside} AND by_load IN (SELECT load FROM recent) GROUP BY ALL)
                SELECT r.load, r.source, r.recorded_at, r.who, r.reason, s.metric, s.unit, s.person,
                    e."rows"::BIGINT AS "rows", coalesce(c.corrected, 0)::BIGINT AS corrected, e.first_day, e.last_day
                FROM entered AS e JOIN recent AS r USING (load) JOIN series AS s USING (series)
                    LEFT JOIN replaced AS c ON c.load = e.load AND c.series = e.series
                ORDER BY r.recorded_at DESC, r.load DESC, s.metric, s.unit, s.person"""
        ).pl()
