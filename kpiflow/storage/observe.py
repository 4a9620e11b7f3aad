"""Measurements added up per window, metric, unit and person: the one heavy step of the main job.

Whole calendar years and months of a window are read from the sums kept with each load, one row per series instead of a
hundred; the days before and after them, and every corrected series, from the measurements themselves.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kpiflow.core.metric import Aggregation
from kpiflow.frames.measurements import Observed
from kpiflow.storage.known import Known, known
from kpiflow.storage.selection import Selection, Window, dictionary, register_series
from kpiflow.storage.store import Cursor, Store

#: What every metric is observed for. Sums of decimals are exact, so they do not depend on the order of rows.
_SUMS = 'sum(amount)::DOUBLE AS amount, sum(base)::DOUBLE AS base, count(*) AS "rows", max(day) AS last_day'

#: The same from what is added up already, per year and month: sums of sums, as exact.
_SUMS_OF_SUMS = (
    'sum(amount)::DOUBLE AS amount, sum(base)::DOUBLE AS base, sum("rows")::BIGINT AS "rows", max(last_day) AS last_day'
)

#: Where the pieces of a window are read: the table, its day, and the columns that `_SUMS_OF_SUMS` adds up.
_ADDED_UP = {
    "year": ("year_sum", "year", 'series, amount, base, "rows", last_day'),
    "month": ("month_sum", "month", 'series, amount, base, "rows", last_day'),
    "day": ("measurement", "day", 'series, amount, base, 1 AS "rows", day AS last_day'),
}

#: What only some metrics ask for, by column. Two facts of one day are told apart by their entry, later ones last.
_EXTRAS: dict[Aggregation, tuple[str, str]] = {
    Aggregation.MIN: ("low", "min(amount)::DOUBLE"),
    Aggregation.MAX: ("high", "max(amount)::DOUBLE"),
    Aggregation.FIRST: ("first", "arg_min(amount, (day, entry))::DOUBLE"),
    Aggregation.LAST: ("last", "arg_max(amount, (day, entry))::DOUBLE"),
}


@dataclass(frozen=True)
class _Scan:
    """One observation in progress: its snapshot, what was known, and the tables registered in it."""

    cursor: Cursor
    loads: Known
    chosen: bool  # whether only the series of table `chosen` are meant
    asking: tuple[Aggregation, ...]  # the extra aggregates wanted for the series of table `asking`

    def grouped(self, columns: str, window: Window, *more: str) -> pl.DataFrame:
        """Return one row per series with the aggregates `columns` over a window."""
        return self._asked(f"{columns} FROM measurement WHERE {self._where(window.condition, *more)}")

    def sums(self, window: Window) -> pl.DataFrame:
        """Return one row per series with its sums, from what is added up already for its whole years and months."""
        pieces = window.pieces()
        if [unit for unit, _ in pieces] == ["day"]:
            return self.grouped(_SUMS, window)
        parts = [
            f"SELECT {columns} FROM {table} WHERE {self._where(piece.holds(day))}"
            for unit, piece in pieces
            for table, day, columns in [_ADDED_UP[unit]]
        ]
        return self._asked(f"{_SUMS_OF_SUMS} FROM ({' UNION ALL '.join(parts)})")

    def _where(self, *conditions: str) -> str:
        chosen = "series IN (SELECT series FROM chosen)" if self.chosen else "TRUE"
        given = (*conditions, self.loads.condition("load"), chosen)
        return " AND ".join(one for one in given if one != "TRUE")

    def _asked(self, what: str) -> pl.DataFrame:
        return self.cursor.sql(f"SELECT series, {what} GROUP BY series").pl().rechunk()

    @property
    def replaced(self) -> str:
        """The rows that were replaced by a load known at the time, as SQL."""
        return f"superseded AS s WHERE {self.loads.condition('s.by_load')}"

    @property
    def current(self) -> str:
        """The SQL condition that a measurement was not replaced."""
        same = "s.series = measurement.series AND s.day = measurement.day AND s.entry = measurement.entry"
        return f"NOT EXISTS (SELECT 1 FROM {self.replaced} AND {same} AND s.load = measurement.load)"


def observe(
    store: Store,
    windows: Sequence[Window],
    *,
    wants: Mapping[str, frozenset[Aggregation]] | None = None,
    as_of: datetime.date | None = None,
    only: Selection | Sequence[Selection] | None = None,
) -> pl.DataFrame:
    """Return the measurements of each window added up, with the columns of `Observed`.

    `wants` names the metrics that need more than sums (min, max, first or last), and what. `as_of` is the belief at the
    end of a day: what had been recorded by then, about days up to then. `only` restricts it to some metrics, units and
    people, or to any of several such choices, which makes a single goal cheap. Windows may overlap; each is one scan of its
    own days, which for twelve months was measured at half the time of one scan grouped by series and month.
    """
    with store.snapshot() as cursor:
        scan = _prepared(cursor, wants or {}, as_of, only)
        parts = [
            _window(scan, window).with_columns(window=pl.lit(window.window, dtype=pl.Categorical()))
            for window in (window.until(as_of) for window in windows)
        ]
        names = dictionary(store, cursor)
    if not parts:
        return Observed.create_empty()
    return _named(pl.concat(parts, rechunk=True), names).select(Observed.column_names())


def _named(found: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Add metric, unit and person to rows with a series."""
    numbers = names["series"]
    if (numbers == pl.int_range(len(numbers), dtype=pl.Int32, eager=True)).all():
        # Series are numbered from 0 in the order they came in: the number says where the name stands.
        return found.hstack(names.drop("series")[found["series"]])
    return found.join(names, on="series", how="left", maintain_order="left")


def measurements_version(store: Store, as_of: datetime.date | None = None) -> int:
    """Return the newest load that counts on a day, 0 before the first: a cheap key for caches."""
    with store.read() as cursor:
        return known(cursor, "load", as_of).newest


def newest_load(store: Store, until: datetime.date, as_of: datetime.date | None = None) -> int:
    """Return the newest load that brought something of a day up to the end of a month, 0 without any."""
    with store.snapshot() as cursor:
        where = known(cursor, "load", as_of).condition("load")
        rows = cursor.sql(f"SELECT max(load) FROM month_sum WHERE month <= DATE '{until}' AND {where}").fetchall()
    return int(rows[0][0] or 0)


def newest_loads(store: Store, metrics: Collection[str], as_of: datetime.date | None = None) -> dict[str, int]:
    """Return the newest load that brought something of each of these metrics by a day; without any, it is left out."""
    with store.snapshot() as cursor:
        register_series(cursor, "asked", Selection(metrics=metrics))
        where = known(cursor, "load", as_of).condition("m.load")
        rows = cursor.sql(
            f"""SELECT s.metric, max(m.load) FROM month_sum AS m JOIN series AS s USING (series)
                WHERE m.series IN (SELECT series FROM asked) AND {where} GROUP BY s.metric"""
        ).fetchall()
    return {metric: int(load) for metric, load in rows}


def _prepared(
    cursor: Cursor,
    wants: Mapping[str, frozenset[Aggregation]],
    as_of: datetime.date | None,
    only: Selection | Sequence[Selection] | None,
) -> _Scan:
    """Register the series that are meant, and those that ask for more than sums."""
    if only is not None:
        register_series(cursor, "chosen", only)
        # Few groups: DuckDB's ordinary hash table beats clearing one place for every series there is (0.17 s against
        # 1.8 s for one goal's twelve months among 500,000 series).
        cursor.execute("SET perfect_ht_threshold = 12")
    asking = {metric: wanted & _EXTRAS.keys() for metric, wanted in wants.items()}
    demanding = [metric for metric, wanted in asking.items() if wanted]
    any_asking = bool(demanding) and register_series(cursor, "asking", Selection(metrics=demanding)) > 0
    extras = [extra for extra in _EXTRAS if any_asking and any(extra in wanted for wanted in asking.values())]
    return _Scan(cursor, known(cursor, "load", as_of), only is not None, tuple(extras))


def _window(scan: _Scan, window: Window) -> pl.DataFrame:
    """Return one row per series of a window: its sums, and the extra aggregates where they were asked for."""
    found = scan.sums(window)
    corrected = scan.cursor.sql(f"SELECT DISTINCT series FROM {scan.replaced} AND {window.condition}").pl()
    if corrected.height:
        # Corrections are rare: add everything up in one plain scan, then do the few corrected series again with care.
        scan.cursor.register("corrected", corrected)
        again = scan.grouped(_SUMS, window, "series IN (SELECT series FROM corrected)", scan.current)
        found = pl.concat([found.join(corrected, on="series", how="anti"), again])
    columns = {column: sql for extra, (column, sql) in _EXTRAS.items() if extra in scan.asking}
    if columns:
        listed = ", ".join(f'{sql} AS "{column}"' for column, sql in columns.items())
        careful = (scan.current,) if corrected.height else ()
        extras = scan.grouped(listed, window, "series IN (SELECT series FROM asking)", *careful)
        found = found.join(extras, on="series", how="left")
    absent = [column for column, _ in _EXTRAS.values() if column not in columns]
    return found.with_columns(pl.lit(None, pl.Float64).alias(column) for column in absent).select(
        "series", "amount", "base", "rows", "last_day", "low", "high", "first", "last"
    )
