"""Measurements coming in: all of a source or nothing, the same fact once, a changed fact over the old one."""

import datetime
import logging
from dataclasses import asdict, dataclass

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.known import wall_clock
from kpiflow.storage.store import Cursor, Store, next_number

#: Up to so many facts DuckDB's ordinary hash table beats clearing one place for every series and month there is: a
#: single fact was measured at 30 ms against 390.
FEW = 1_000_000

log = logging.getLogger("kpiflow.loads")


@dataclass(frozen=True)
class Source:
    """Where facts come from: a name people know it by, the fingerprint of its content, and what intake counted."""

    name: str
    fingerprint: str
    rows_read: int
    rows_rejected: int = 0


@dataclass(frozen=True)
class LoadReport:
    """What a load did, in rows: read = added + unchanged + superseded + rejected. `load` is its number."""

    load: int
    read: int
    added: int
    unchanged: int
    superseded: int
    rejected: int


def load(
    store: Store,
    facts: pl.DataFrame,
    source: Source,
    *,
    who: str,
    at: datetime.datetime,
    reason: str | None = None,
) -> LoadReport:
    """Take facts into the store in one transaction and return what happened to them.

    `facts` has the columns of `Tidy` and `row`, the row of the source. A fact (metric, unit, person, day, entry) that
    the store has with the same numbers is left alone; with other numbers it supersedes the old one, with `reason`.
    Raises InvalidInput when `facts` has one fact twice.
    """
    with store.write() as cursor:
        number = next_number(cursor, "load_entry", "load")
        if facts.height < FEW:
            cursor.execute("SET perfect_ht_threshold = 12")
        _stage(cursor, facts)
        try:
            _refuse_twice(cursor)
            _match(cursor)
            why = reason or str(msg("Corrected by {source}", source=source.name))
            superseded, unchanged = _supersede(cursor, number, why)
            added = _insert(cursor, number) - superseded
            _add_up(cursor, number)
        finally:
            cursor.execute("DROP TABLE IF EXISTS incoming; DROP TABLE IF EXISTS matched")
            cursor.unregister("facts")
        report = LoadReport(number, source.rows_read, added, unchanged, superseded, source.rows_rejected)
        _note(cursor, source, report, Entry(at, who, "load", source.name, reason))
    _logged(source, report, who)
    return report


def append(
    store: Store,
    series: str,
    facts: str,
    source: Source,
    *,
    who: str,
    at: datetime.datetime,
) -> LoadReport:
    """Take many millions of facts from SQL, without bringing them into Python and without comparing them.

    `series` is a query for the columns series, metric, unit, person, numbered densely from 0; `facts` a query for
    series (one of these numbers), day, amount, base, entry, row, best in order of day. Both may read files, such as
    `FROM 'facts.parquet'`. All series must be new to the store, so that no fact can be there already; else
    InvalidInput. `source.rows_read` is not used: the rows are counted as they come in.
    """
    with store.write() as cursor:
        number = next_number(cursor, "load_entry", "load")
        first = next_number(cursor, "series", "series", first=0)
        cursor.execute(f"CREATE TEMP TABLE arriving AS SELECT series, metric, unit, person FROM ({series})")
        try:
            _refuse_known_series(cursor)
            cursor.execute(
                f"INSERT INTO series SELECT (series + {first})::INTEGER, metric, unit, person FROM arriving"
                " ORDER BY series"
            )
        finally:
            cursor.execute("DROP TABLE IF EXISTS arriving")
        added = _count(
            cursor.execute(
                f'INSERT INTO measurement SELECT (series + {first})::INTEGER, day, amount, base, entry, {number}, "row"'
                f" FROM ({facts})"
            )
        )
        _add_up(cursor, number)
        report = LoadReport(number, added + source.rows_rejected, added, 0, 0, source.rows_rejected)
        _note(cursor, source, report, Entry(at, who, "load", source.name))
    _logged(source, report, who)
    return report


def _logged(source: Source, report: LoadReport, who: str) -> None:
    """Write a line of the log about a load that was kept."""
    log.info("load", extra={"told": {"source": source.name, "asker": who, **asdict(report)}})


def _stage(cursor: Cursor, facts: pl.DataFrame) -> None:
    """Make the table `incoming` (series, day, entry, amount, base, row), numbering series that are new."""
    prepared = facts.select(
        pl.col("metric", "unit", "person", "day", "entry"),
        pl.coalesce("value", "numerator").alias("amount"),
        pl.col("denominator").alias("base"),
        pl.col("row").cast(pl.Int32),
    )
    cursor.register("facts", prepared)
    first = next_number(cursor, "series", "series", first=0)
    same = "s.metric = f.metric AND s.unit = f.unit AND s.person IS NOT DISTINCT FROM f.person"
    cursor.execute(
        f"""INSERT INTO series
            SELECT ({first - 1} + row_number() OVER (ORDER BY metric, unit, person))::INTEGER, metric, unit, person
            FROM (SELECT DISTINCT metric, unit, person FROM facts) AS f
            WHERE NOT EXISTS (SELECT 1 FROM series AS s WHERE {same})
            ORDER BY 1"""
    )
    cursor.execute(
        f"""CREATE TEMP TABLE incoming AS
            SELECT s.series, f.day, f.entry, f.amount, f.base, f."row" FROM facts AS f JOIN series AS s ON {same}"""
    )


def _refuse_twice(cursor: Cursor) -> None:
    """Raise InvalidInput when one fact is among the incoming ones twice: which of them is right cannot be known."""
    twice = cursor.sql(
        """SELECT s.metric, s.unit, i.day FROM incoming AS i JOIN series AS s USING (series)
           GROUP BY s.metric, s.unit, i.series, i.day, i.entry HAVING count(*) > 1 ORDER BY ALL LIMIT 1"""
    ).fetchall()
    if twice:
        metric, unit, day = twice[0]
        raise InvalidInput(
            msg(
                "{metric} of {unit} on {day} is there more than once."
                " Keep one, or tell them apart in the column entry.",
                metric=metric,
                unit=unit,
                day=day,
            )
        )


def _match(cursor: Cursor) -> None:
    """Make the table `matched`: the facts of the store that incoming ones are about, and whether they are the same."""
    # The days are given as constants so that DuckDB skips the parts of the table that lie outside them.
    first, last = cursor.sql("SELECT min(day), max(day) FROM incoming").fetchall()[0]
    days = f"m.day BETWEEN DATE '{first}' AND DATE '{last}'" if first else "FALSE"
    cursor.execute(
        f"""CREATE TEMP TABLE matched AS
            SELECT m.series, m.day, m.entry, m.load, m."row",
                   m.amount = i.amount AND m.base IS NOT DISTINCT FROM i.base AS same
            FROM measurement AS m JOIN incoming AS i USING (series, day, entry)
            WHERE {days} AND NOT EXISTS (
                SELECT 1 FROM superseded AS s
                WHERE s.series = m.series AND s.day = m.day AND s.entry = m.entry AND s.load = m.load)"""
    )


def _supersede(cursor: Cursor, number: int, reason: str) -> tuple[int, int]:
    """List the facts that are replaced; return how many there are, and how many stay as they are."""
    superseded = _count(
        cursor.execute(
            f'INSERT INTO superseded SELECT series, day, entry, load, "row", {number}, ? FROM matched WHERE NOT same',
            [reason],
        )
    )
    unchanged = cursor.sql("SELECT count(*) FROM matched WHERE same").fetchall()[0][0]
    return superseded, int(unchanged)


def _insert(cursor: Cursor, number: int) -> int:
    """Write the facts that are new or changed, by day so that a window of days reads little; return how many."""
    return _count(
        cursor.execute(
            f"""INSERT INTO measurement
                SELECT series, day, amount, base, entry, {number}, "row" FROM incoming AS i
                WHERE NOT EXISTS (
                    SELECT 1 FROM matched AS m
                    WHERE m.same AND m.series = i.series AND m.day = i.day AND m.entry = i.entry)
                ORDER BY day, series, entry"""
        )
    )


def _add_up(cursor: Cursor, number: int) -> None:
    """Add up what a load brought per series and calendar month, and year, for windows that hold whole ones."""
    cursor.execute(
        f"""INSERT INTO month_sum
            SELECT series, date_trunc('month', day)::DATE, sum(amount), sum(base), count(*), max(day), load
            FROM measurement WHERE load = {number} GROUP BY ALL ORDER BY 2, 1"""
    )
    cursor.execute(
        f"""INSERT INTO year_sum
            SELECT series, date_trunc('year', month)::DATE, sum(amount), sum(base), sum("rows")::BIGINT, max(last_day), load
            FROM month_sum WHERE load = {number} GROUP BY ALL ORDER BY 2, 1"""
    )


def _refuse_known_series(cursor: Cursor) -> None:
    """Raise InvalidInput unless the arriving series are numbered from 0 without gaps and new to the store."""
    known, count, distinct, lowest, highest = cursor.sql(
        """SELECT (SELECT count(*) FROM arriving AS a JOIN series AS s
                       ON s.metric = a.metric AND s.unit = a.unit AND s.person IS NOT DISTINCT FROM a.person),
                  count(*), count(DISTINCT series), min(series), max(series) FROM arriving"""
    ).fetchall()[0]
    if known:
        raise InvalidInput(
            msg(
                "{count} of these series are in the store already."
                " Use load, which compares what comes with what is there.",
                count=known,
            )
        )
    if count and not (distinct == count and lowest == 0 and highest == count - 1):
        raise InvalidInput(msg("The series must be numbered from 0 without gaps."))


def _note(cursor: Cursor, source: Source, report: LoadReport, entry: Entry) -> None:
    """Write down the load itself and its line in the journal."""
    cursor.execute(
        "INSERT INTO load_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            report.load,
            source.name,
            source.fingerprint,
            wall_clock(entry.at),
            entry.who,
            entry.reason,
            report.read,
            report.added,
            report.unchanged,
            report.superseded,
            report.rejected,
        ],
    )
    record(cursor, Entry(entry.at, entry.who, entry.action, entry.subject, entry.reason, vars(report)))


def _count(done: Cursor) -> int:
    """Return how many rows the statement just executed has written."""
    return int(done.fetchall()[0][0])
