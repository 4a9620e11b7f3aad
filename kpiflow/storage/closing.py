"""Periods that were closed, with every number as it stood; reopening; and the fingerprints of what the numbers rest on."""

import datetime
import hashlib
from dataclasses import asdict, dataclass
from enum import StrEnum

import polars as pl

from kpiflow.storage.documents import definitions_in
from kpiflow.storage.known import known, recorded_by, wall_clock
from kpiflow.storage.store import Cursor, next_number


@dataclass(frozen=True)
class Closing:
    """What is written down of a closing, beside its rows; the fields are the columns of the table."""

    closing: int
    period: str
    known_by: datetime.datetime
    recorded_at: datetime.datetime
    who: str
    reason: str | None
    version: str
    newest_load: int
    newest_change: int
    measurements: str
    definitions: str
    rules: str
    code: str
    results: str
    people: str
    sections: str
    fingerprint: str
    goals: int
    scored: int
    appraised: int
    ready: str | None = None


class Frozen(StrEnum):
    """The tables of the rows of a closing."""

    RESULTS = "closed_result"
    PEOPLE = "closed_person"
    SECTIONS = "closed_section"
    STEPS = "closed_step"
    SEGMENTS = "closed_segment"
    PARTS = "closed_part"


class Step(StrEnum):
    """What was done about opening a closed period again."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


def next_closing(cursor: Cursor) -> int:
    """Return the number the next closing will have; only safe on the writing cursor."""
    return next_number(cursor, "closing", "closing")


def add_closing(cursor: Cursor, made: Closing, rows: dict[Frozen, pl.DataFrame]) -> None:
    """Write a closing and its rows, in the transaction of its line in the journal."""
    told = asdict(made)
    marks = ", ".join("?" for _ in told)
    cursor.execute(f"INSERT INTO closing ({', '.join(told)}) VALUES ({marks})", list(told.values()))
    for table, frame in rows.items():
        _freeze(cursor, made.closing, table, frame)


def _freeze(cursor: Cursor, closing: int, table: Frozen, frame: pl.DataFrame) -> None:
    """Write the rows of one table in one go; a column that the table lacks is added to it."""
    cursor.register("freezing", frame)
    try:
        there = {row[0] for row in cursor.sql(f"DESCRIBE {table}").fetchall()}
        for name, kind, *_ in cursor.sql("DESCRIBE SELECT * FROM freezing").fetchall():
            if name not in there:
                cursor.execute(f'ALTER TABLE {table} ADD COLUMN "{name}" {kind}')
        columns = ", ".join(f'"{name}"' for name in frame.columns)
        cursor.execute(f"INSERT INTO {table} (closing, {columns}) SELECT {int(closing)}, {columns} FROM freezing")
    finally:
        cursor.unregister("freezing")


def frozen_rows(cursor: Cursor, closing: int, table: Frozen) -> pl.DataFrame:
    """Return the rows of one closing in the order they were written."""
    return cursor.sql(f"SELECT * EXCLUDE (closing) FROM {table} WHERE closing = {int(closing)}").pl()


def closings(cursor: Cursor, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the closings known by then, oldest first, and how far opening each again has come.

    The columns of `Closing`; asked_by, asked_at, asked_because, and reopened_by, reopened_at: null where nobody did.
    """
    when = recorded_by("recorded_at", as_of)
    newest = "row_number() OVER (PARTITION BY closing ORDER BY entry DESC) = 1"
    return cursor.sql(
        f"""WITH last AS (SELECT * FROM closing_reopened WHERE {when} QUALIFY {newest}),
            asking AS (SELECT closing, arg_max(who, entry) AS who, arg_max(recorded_at, entry) AS "at",
                           arg_max(reason, entry) AS reason
                       FROM closing_reopened WHERE {when} AND step = '{Step.ASKED}' GROUP BY closing)
        SELECT c.*,
            CASE WHEN l.step IN ('{Step.ASKED}', '{Step.CONFIRMED}') THEN a.who END AS asked_by,
            CASE WHEN l.step IN ('{Step.ASKED}', '{Step.CONFIRMED}') THEN a."at" END AS asked_at,
            CASE WHEN l.step IN ('{Step.ASKED}', '{Step.CONFIRMED}') THEN a.reason END AS asked_because,
            CASE WHEN l.step = '{Step.CONFIRMED}' THEN l.who END AS reopened_by,
            CASE WHEN l.step = '{Step.CONFIRMED}' THEN l.recorded_at END AS reopened_at
        FROM (SELECT * FROM closing WHERE {when}) AS c LEFT JOIN last AS l USING (closing)
            LEFT JOIN asking AS a USING (closing) ORDER BY c.closing"""
    ).pl()


def closings_version(cursor: Cursor, as_of: datetime.date | None = None) -> int:
    """Return how many closings and steps of reopening are known by then: a cheap key for caches."""
    when = recorded_by("recorded_at", as_of)
    return sum(
        int(cursor.sql(f"SELECT count(*) FROM {table} WHERE {when}").fetchall()[0][0])
        for table in ("closing", "closing_reopened")
    )


def add_step(cursor: Cursor, closing: int, step: Step, *, who: str, at: datetime.datetime, reason: str | None) -> None:
    """Write that somebody asked for a period to be opened again, confirmed it, or withdrew it."""
    said = [next_number(cursor, "closing_reopened", "entry"), closing, step.value, wall_clock(at), who, reason]
    cursor.execute("INSERT INTO closing_reopened VALUES (?, ?, ?, ?, ?, ?)", said)


@dataclass(frozen=True)
class Look:
    """When somebody looked through a period, and the newest load and change there were then."""

    period: str
    at: datetime.datetime
    who: str
    newest_load: int
    newest_change: int


def add_look(cursor: Cursor, period: str, *, who: str, at: datetime.datetime) -> None:
    """Write that somebody looked through a period."""
    number, counted = next_number(cursor, "closing_look", "look"), counted_by(cursor, None)
    cursor.execute(
        "INSERT INTO closing_look VALUES (?, ?, ?, ?, ?, ?)", [number, period, wall_clock(at), who, *counted]
    )


def last_look(cursor: Cursor, period: str, as_of: datetime.date | None = None) -> Look | None:
    """Return the newest look through a period known by then."""
    found = cursor.sql(
        f"""SELECT period, recorded_at, who, newest_load, newest_change FROM closing_look
            WHERE period = $period AND {recorded_by("recorded_at", as_of)} ORDER BY look DESC LIMIT 1""",
        params={"period": period},
    ).fetchall()
    return Look(*found[0]) if found else None


def counted_by(cursor: Cursor, as_of: datetime.date | None) -> tuple[int, int]:
    """Return the newest load and the newest change that count by then."""
    return known(cursor, "load", as_of).newest, known(cursor, "change", as_of).newest


def loads_since(
    cursor: Cursor, newest: int, days: tuple[datetime.date, datetime.date], as_of: datetime.date | None = None
) -> pl.DataFrame:
    """Return what loads after a certain one brought for some days, by metric, the newest first.

    load, source, recorded_at, who, reason, metric, rows, corrected (how many of them replaced another).
    """
    where = f"load > {int(newest)} AND {known(cursor, 'load', as_of).condition('load')}"
    inside = f"BETWEEN DATE '{days[0]}' AND DATE '{days[1]}'"
    return cursor.sql(
        f"""WITH brought AS (
                SELECT load, metric, count(*) AS "rows" FROM measurement JOIN series USING (series)
                WHERE {where} AND day {inside} GROUP BY ALL),
            replaced AS (
                SELECT by_load AS load, metric, count(*) AS corrected FROM superseded JOIN series USING (series)
                WHERE by_load > {int(newest)} AND day {inside} GROUP BY ALL)
        SELECT load, l.source, l.recorded_at, l.who, l.reason, b.metric, b."rows",
            coalesce(r.corrected, 0) AS corrected
        FROM brought AS b JOIN load_entry AS l USING (load) LEFT JOIN replaced AS r USING (load, metric)
        ORDER BY load DESC, metric"""
    ).pl()


def changes_since(cursor: Cursor, newest: int, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the changes of definitions after a certain one, the newest first: change, recorded_at, who, reason."""
    where = f"change > {int(newest)} AND {known(cursor, 'change', as_of).condition('change')}"
    return cursor.sql(
        f"SELECT change, recorded_at, who, reason FROM change_entry WHERE {where} ORDER BY change DESC"
    ).pl()


@dataclass(frozen=True)
class Prints:
    """The fingerprints of what numbers rest on: measurements, definitions (organisation, goals, targets) and rules."""

    measurements: str
    definitions: str
    rules: str


def prints(cursor: Cursor, as_of: datetime.date | None) -> Prints:
    """Return the fingerprints of what is known by then: the same facts in the same order give the same fingerprint."""
    documents, tables = definitions_in(cursor, as_of)
    whole = hashlib.sha256()
    # A table that a later program knows, and nothing was written in, changes no fingerprint.
    for name in sorted(name for name, rows in tables.items() if rows.height):
        whole.update(f"{name} {fingerprint_of(tables[name])}\n".encode())
    return Prints(_measured(cursor, as_of), whole.hexdigest(), fingerprint_of(documents))


def _measured(cursor: Cursor, as_of: datetime.date | None) -> str:
    """Return the fingerprint of the measurements: what each load brought, in rows and exact sums, and what it replaced."""
    loads = known(cursor, "load", as_of)
    brought = cursor.sql(
        f"""SELECT load, count(*) AS "rows", sum(amount)::VARCHAR AS amount, sum(base)::VARCHAR AS base,
                sum(datediff('day', DATE '1970-01-01', day))::VARCHAR AS days
            FROM measurement WHERE {loads.condition("load")} GROUP BY load ORDER BY load"""
    ).pl()
    replaced = cursor.sql(
        f"""SELECT by_load, count(*) AS "rows" FROM superseded WHERE {loads.condition("by_load")}
            GROUP BY by_load ORDER BY by_load"""
    ).pl()
    sources = cursor.sql(
        f"SELECT load, source, fingerprint FROM load_entry WHERE {loads.condition('load')} ORDER BY load"
    ).pl()
    return combined(*(fingerprint_of(frame) for frame in (sources, brought, replaced)))


def fingerprint_of(frame: pl.DataFrame) -> str:
    """Return the SHA-256 of a frame: its columns and every value, numbers to the last digit.

    Columns go by name, and those that hold nothing do not count: one that a later program adds changes no fingerprint.
    """
    held = frame.select(sorted(name for name in frame.columns if frame[name].null_count() < frame.height))
    whole = hashlib.sha256(",".join(held.columns).encode())
    # In pieces: the text of half a million goals would take several hundred megabytes at once.
    for piece in held.iter_slices(100_000):
        whole.update(piece.write_csv(include_header=False).encode())
    return whole.hexdigest()


def combined(*parts: object) -> str:
    """Return one fingerprint of several things, in their order."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
