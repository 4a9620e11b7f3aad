"""What a store holds, counted and fingerprinted table by table, so that a copy can prove that it is the same."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import duckdb

from kpiflow.language import Message, msg
from kpiflow.storage.migrating import version

#: Hears what is being done and the share that is done, from 0 to 1.
Progress = Callable[[Message, float], None]


def unheard(said: Message, done: float) -> None:
    """Hear of progress where nobody wants to know."""


#: The large tables, of numbers and days alone: fingerprinted by exact sums, a tenth of the cost of reading rows as text.
SUMMED = ("measurement", "month_sum", "year_sum")

#: The table in a backup that tells what is in it.
MANIFEST = "backed_up"


@dataclass(frozen=True)
class Told:
    """One table: how many rows it has, and a fingerprint of them that does not depend on their order."""

    rows: int
    fingerprint: str


@dataclass(frozen=True)
class Proof:
    """A whole store: the version of its tables, the table by table account, and what was measured per metric."""

    version: int
    tables: Mapping[str, Told]
    metrics: Mapping[str, Sequence[str]]

    def difference(self, other: "Proof") -> list[str]:
        """Return the tables that differ from another store's, and `metric:NAME` for metrics whose sums differ."""
        names = sorted({*self.tables, *other.tables})
        found = [name for name in names if self.tables.get(name) != other.tables.get(name)]
        metrics = sorted({*self.metrics, *other.metrics})
        return found + [
            f"metric:{name}"
            for name in metrics
            if list(self.metrics.get(name, ())) != list(other.metrics.get(name, ()))
        ]


def proof_of(
    cursor: duckdb.DuckDBPyConnection,
    progress: Progress = unheard,
    instead: Mapping[str, str] = MappingProxyType({}),
) -> Proof:
    """Return the proof of the database a cursor is on, reading every row of it.

    `instead` is what stands for a table, such as a query without some of its columns' values.
    """
    counts = dict(rows_of(cursor))
    whole, done, told = sum(counts.values()) or 1, 0, {}
    for table, rows in counts.items():
        told[table] = _told(cursor, table, instead.get(table, f'"{table}"'))
        done += rows
        progress(msg("Checking {table}", table=table), done / whole)
    metrics = {}
    if {"measurement", "series"} <= set(counts):
        sums = cursor.sql(
            """SELECT s.metric, count(*)::VARCHAR, sum(m.amount)::VARCHAR, coalesce(sum(m.base)::VARCHAR, '')
               FROM measurement AS m JOIN series AS s USING (series) GROUP BY 1 ORDER BY 1"""
        ).fetchall()
        metrics = {metric: tuple(rest) for metric, *rest in sums}
    return Proof(version(cursor) or 0, told, metrics)


def rows_of(cursor: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """Return the tables of the database a cursor is on, by name, and how many rows each has; a backup's manifest is left out."""
    tables = cursor.sql(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal AND NOT temporary"
        f" AND table_name <> '{MANIFEST}' ORDER BY 1"
    ).fetchall()
    return [(name, int(cursor.sql(f'SELECT count(*) FROM "{name}"').fetchall()[0][0])) for (name,) in tables]


def columns_of(cursor: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """Return the columns of a table and their types, in their order."""
    return cursor.execute(
        "SELECT column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = current_database() AND table_name = ? ORDER BY column_index",
        [table],
    ).fetchall()


def _told(cursor: duckdb.DuckDBPyConnection, table: str, source: str) -> Told:
    columns = columns_of(cursor, table)
    if table in SUMMED:
        found = cursor.sql(f"SELECT count(*), {', '.join(_sums(columns))} FROM {source}").fetchall()[0]
        return Told(int(found[0]), hashlib.sha256(repr([str(one) for one in found]).encode()).hexdigest())
    # Texts with what is absent marked apart, so that no two different rows read the same.
    texts = [
        f"""coalesce('=' || {f'md5("{name}")' if kind == "BLOB" else f'"{name}"::VARCHAR'}, '~')"""
        for name, kind in columns
    ]
    rows, mixed = cursor.sql(
        f"""SELECT count(*), coalesce(sum(md5_number_lower({" || chr(31) || ".join(texts)})::HUGEINT), 0) FROM {source}"""
    ).fetchall()[0]
    names = ",".join(name for name, _ in columns)
    return Told(int(rows), hashlib.sha256(f"{names}:{rows}:{mixed}".encode()).hexdigest())


def _sums(columns: Sequence[tuple[str, str]]) -> list[str]:
    """Return exact sums of every column, and of every column weighed by its series, so that rows cannot swap numbers."""
    found = []
    for name, kind in columns:
        if kind.startswith("DECIMAL"):
            found += [f'sum("{name}")', f'sum("{name}"::DECIMAL(38, 6) * (series % 997 + 1))']
            continue
        number = {"DATE": f"""("{name}" - DATE '1970-01-01')""", "VARCHAR": f'md5_number_lower("{name}")'}.get(
            kind, f'"{name}"'
        )
        found += [f"sum({number}::HUGEINT)", f"sum({number}::HUGEINT * (series % 997 + 1))"]
    return found
