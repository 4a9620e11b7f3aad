"""Every measurement believed at a moment, read a part at a time in the order they came in."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import known
from kpiflow.storage.selection import Selection, Window, register_series
from kpiflow.storage.store import Cursor, Store

#: What tells every fact from every other, in the order they are read.
PLACE = ("load", "row", "series", "day", "entry")


@dataclass(frozen=True)
class Place:
    """Where a part ended: the load, row, series, day and entry of its last fact."""

    load: int
    row: int
    series: int
    day: str
    entry: str


def facts_after(
    store: Store,
    window: Window,
    only: Selection,
    after: Place | None,
    most: int,
    *,
    as_of: datetime.date | None = None,
    people: Collection[str] | None = None,
) -> pl.DataFrame:
    """Return the first facts after a place: series, metric, unit, person, day, entry, amount, base (null for values),
    load, row, source, recorded_at.

    Of what was measured for a person only that of `people` is given; None gives everybody's.
    """
    with store.snapshot() as cursor:
        loads, conditions, given = known(cursor, "load", as_of), [window.condition], {}
        if only != Selection() or people is not None:
            register_series(cursor, "chosen", only)
            cursor.register("shown", pl.DataFrame({"person": sorted(people or ())}, schema={"person": pl.String}))
            mine = "" if people is None else "AND (person IS NULL OR person IN (SELECT person FROM shown))"
            conditions.append(f"series IN (SELECT series FROM chosen JOIN series USING (series) WHERE TRUE {mine})")
        conditions += [loads.condition("load"), f"NOT EXISTS ({_REPLACED.format(known=loads.condition('x.by_load'))})"]
        if after is not None:
            conditions.append('(load, "row", series, day, entry) > ($load, $row, $series, $day::DATE, $entry)')
            given = vars(after)
        # Most of the time the next facts lie right behind the last one: then only the blocks around them are read.
        near = _near(cursor, after, most)
        found = _first(cursor, [near, *conditions], given, most)
        return found if found.height == most else _first(cursor, conditions, given, most)


def _near(cursor: Cursor, after: Place | None, most: int) -> str:
    """Return the SQL condition of the loads and rows right behind a place that hold several times as many facts as wanted."""
    load, row = (0, 0) if after is None else (after.load, after.row)
    wanted = _AHEAD * most
    first, added, last = cursor.execute(
        """WITH ahead AS (SELECT load, rows_added, sum(rows_added) OVER (ORDER BY load) AS sofar
                          FROM load_entry WHERE load >= ?)
            SELECT arg_min(load, load), arg_min(rows_added, load),
                   coalesce(min(load) FILTER (sofar >= ?), max(load)) FROM ahead""",
        [load, wanted],
    ).fetchall()[0]
    if first is None:
        return "FALSE"
    if first == last and added > wanted:
        return f'load = {int(first)} AND "row" BETWEEN {int(row)} AND {int(row) + wanted}'
    return f"load BETWEEN {int(first)} AND {int(last)}"


def _first(cursor: Cursor, conditions: list[str], given: dict[str, object], most: int) -> pl.DataFrame:
    """Return the first facts that fit; only what decides the order is sorted, words are joined to the rows that are left."""
    return cursor.sql(
        f"""SELECT m.series, s.metric, s.unit, s.person, m.day, m.entry, m.amount, m.base, m.load, m."row", l.source,
                l.recorded_at
            FROM (SELECT * FROM measurement WHERE {" AND ".join(conditions)}
                  ORDER BY load, "row", series, day, entry LIMIT {int(most)}) AS m
            JOIN series AS s USING (series) JOIN load_entry AS l USING (load)
            ORDER BY m.load, m."row", m.series, m.day, m.entry""",
        params=given or None,
    ).pl()


#: How many times as many rows as wanted are looked through first: some are replaced, or nobody's to read.
_AHEAD = 4

_REPLACED = """SELECT 1 FROM superseded AS x WHERE {known} AND x.series = measurement.series
    AND x.day = measurement.day AND x.entry = measurement.entry AND x.load = measurement.load"""
