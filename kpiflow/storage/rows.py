"""The measurements behind a number, the loads they came in, and what became of a fact that was corrected."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import Known, known
from kpiflow.storage.selection import Selection, Window, register_series
from kpiflow.storage.store import Store

_COLUMNS = """s.metric, s.unit, s.person, m.day, m.entry, m.amount, m.base,
    m.load, l.source, m."row", l.recorded_at, l.who"""

_FROM = "measurement AS m JOIN series AS s USING (series) JOIN load_entry AS l USING (load)"


@dataclass(frozen=True)
class Rows:
    """Some of the measurement rows asked for, by day, and how many there are in all, shown or not.

    `rows` has metric, unit, person, day, entry, amount, base (null for values), load, source, row, recorded_at, who, and
    cell (where in its workbook a row stood, null for other sources).
    """

    rows: pl.DataFrame
    count: int


def measurement_rows(
    store: Store,
    window: Window,
    only: Selection,
    *,
    as_of: datetime.date | None = None,
    limit: int = 200,
    offset: int = 0,
    people: Collection[str] | None = None,
    count: int | None = None,
) -> Rows:
    """Return the measurements of a window and selection, as believed at the end of a day, and where each came from.

    Of rows measured for a person only those of `people` are given; None gives everybody's. `count` is how many there are in
    all, where that is known; they are counted otherwise.
    """
    with store.snapshot() as cursor:
        register_series(cursor, "chosen", only)
        where = f"{window.until(as_of).condition} AND {_believed(known(cursor, 'load', as_of))}"
        if count is None:
            count = cursor.sql(f"SELECT count(*) FROM measurement AS m WHERE {where}").fetchall()[0][0]
        cursor.register("shown", pl.DataFrame({"person": sorted(people or ())}, schema={"person": pl.String}))
        mine = "TRUE" if people is None else "(s.person IS NULL OR s.person IN (SELECT person FROM shown))"
        # The cell is looked up for the few rows that are shown, not for all of those they were chosen from.
        rows = cursor.sql(
            f"""SELECT r.* EXCLUDE (series), c.cell FROM (
                    SELECT {_COLUMNS}, m.series FROM {_FROM} WHERE {where} AND {mine}
                    ORDER BY m.day, s.metric, s.unit, s.person, m.entry LIMIT {int(limit)} OFFSET {int(offset)}) AS r
                LEFT JOIN load_cell AS c USING (load, series, day, entry)
                ORDER BY r.day, r.metric, r.unit, r.person, r.entry"""
        ).pl()
    return Rows(rows, int(count))


def loads_behind(store: Store, window: Window, only: Selection, *, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the loads that the measurements of a window and selection came in, newest first.

    The columns of `load_list`, and `rows`: how many of the measurements came in that load.
    """
    with store.snapshot() as cursor:
        register_series(cursor, "chosen", only)
        where = f"{window.until(as_of).condition} AND {_believed(known(cursor, 'load', as_of))}"
        return cursor.sql(
            f"""SELECT l.*, c."rows" FROM load_entry AS l
                JOIN (SELECT m.load, count(*) AS "rows" FROM measurement AS m WHERE {where} GROUP BY m.load) AS c
                    USING (load)
                ORDER BY l.load DESC"""
        ).pl()


def load_list(store: Store, *, as_of: datetime.date | None = None, limit: int = 200) -> pl.DataFrame:
    """Return the newest loads first: load, source, fingerprint, recorded_at, who, reason, rows_read and what they became."""
    with store.snapshot() as cursor:
        where = known(cursor, "load", as_of).condition("load")
        return cursor.sql(f"SELECT * FROM load_entry WHERE {where} ORDER BY load DESC LIMIT {int(limit)}").pl()


@dataclass(frozen=True)
class Fact:
    """What one fact is about."""

    metric: str
    unit: str
    person: str | None
    day: datetime.date
    entry: str = ""


def fact_history(store: Store, fact: Fact) -> pl.DataFrame:
    """Return every version of one fact, oldest first.

    The columns of `Rows.rows`, and superseded_by (the load that replaced it, null for the current one) with its reason.
    """
    with store.snapshot() as cursor:
        return cursor.sql(
            f"""SELECT {_COLUMNS}, x.by_load AS superseded_by, x.reason FROM {_FROM}
                LEFT JOIN superseded AS x
                    ON x.series = m.series AND x.day = m.day AND x.entry = m.entry AND x.load = m.load
                WHERE s.metric = $metric AND s.unit = $unit AND s.person IS NOT DISTINCT FROM $person
                    AND m.day = $day AND m.entry = $entry
                ORDER BY m.load""",
            params=vars(fact),
        ).pl()


def reported(store: Store, fact: Fact, days: tuple[datetime.date, datetime.date]) -> pl.DataFrame:
    """Return what one place or person reported on a metric from one day to another, as believed now, by day.

    day, entry, amount, base (null for values), load, source. `fact` names the metric, unit and person.
    """
    with store.snapshot() as cursor:
        return cursor.sql(
            f"""SELECT m.day, m.entry, m.amount, m.base, m.load, l.source FROM {_FROM}
                WHERE s.metric = $metric AND s.unit = $unit AND s.person IS NOT DISTINCT FROM $person
                    AND m.day BETWEEN $first AND $last AND NOT EXISTS (
                        SELECT 1 FROM superseded AS x
                        WHERE x.series = m.series AND x.day = m.day AND x.entry = m.entry AND x.load = m.load)
                ORDER BY m.day, m.entry""",
            params={
                "metric": fact.metric, "unit": fact.unit, "person": fact.person, "first": days[0], "last": days[1]
            },
        ).pl()  # fmt: skip


def reporting_places(store: Store, metric: str) -> pl.DataFrame:
    """Return the units and people a metric was ever measured for: unit, person."""
    with store.read() as cursor:
        return cursor.sql("SELECT unit, person FROM series WHERE metric = $metric", params={"metric": metric}).pl()


def _believed(loads: Known) -> str:
    """Return the SQL condition that a measurement `m` is of a chosen series, known, and not replaced."""
    return f"""m.series IN (SELECT series FROM chosen) AND {loads.condition("m.load")} AND NOT EXISTS (
        SELECT 1 FROM superseded AS x WHERE {loads.condition("x.by_load")}
            AND x.series = m.series AND x.day = m.day AND x.entry = m.entry AND x.load = m.load)"""
