"""Pay runs as they were worked out and decided: every amount and line written once, in one go, and never changed."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.storage.known import wall_clock
from kpiflow.storage.store import Cursor, Store, next_number

MONEY = pl.Decimal(38, 10)

#: The tables of a run and the columns each is handed in with.
TABLES: Mapping[str, Mapping[str, Any]] = {
    "pay_amount": {"person": pl.String, "unit": pl.String, "role": pl.String, "amount": MONEY, "adjustment": MONEY,
                   "payable": MONEY},
    "pay_line": {"person": pl.String, "line": pl.Int32, "component": pl.String, "kind": pl.String, "value": MONEY,
                 "amount": MONEY, "row": pl.Int32, "segment": pl.Int32},
    "pay_input": {"person": pl.String, "name": pl.String, "value": pl.String},
    "pay_balance": {"plan": pl.String, "person": pl.String, "component": pl.String, "amount": MONEY},
    "pay_adjustment": {"person": pl.String, "of_run": pl.Int32, "period": pl.String, "paid": MONEY, "due": MONEY,
                       "amount": MONEY},
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """A run as it is written down; `rules` is the plan as JSON, `content` the fingerprint of all its lines."""

    plan: str
    version: int
    rules_print: str
    rules: str
    period: str
    known_by: datetime.datetime
    closing: int | None
    currency: str
    people: int
    total: Decimal
    budget: Decimal | None
    content: str


@dataclass(frozen=True)
class Event:
    """A step of a run: who brought it into a state, when and why."""

    at: datetime.datetime
    who: str
    state: str
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class Parts:
    """What belongs to a run, one frame per table of `TABLES`; absent ones have no rows."""

    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def add_run(cursor: Cursor, run: Run, parts: Parts) -> int:
    """Write a run with everything that belongs to it on the writing cursor; return its number."""
    number = next_number(cursor, "pay_run", "run")
    cursor.execute(
        "INSERT INTO pay_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, run.plan, run.version, run.rules_print, run.rules, run.period, wall_clock(run.known_by), run.closing,
         run.currency, run.people, run.total, run.budget, run.content],
    )  # fmt: skip
    for table, schema in TABLES.items():
        rows = parts.frames.get(table)
        if rows is None or rows.is_empty():
            continue
        cursor.register("arriving", rows.select(pl.col(name).cast(kind) for name, kind in schema.items()))
        columns = ", ".join(f'"{name}"' for name in schema)
        cursor.execute(f'INSERT INTO "{table}" (run, {columns}) SELECT {number}, {columns} FROM arriving')
        cursor.unregister("arriving")
    return number


def add_event(cursor: Cursor, run: int, event: Event) -> None:
    """Write a step of a run on the writing cursor."""
    cursor.execute(
        "INSERT INTO pay_event VALUES (?, ?, ?, ?, ?)",
        [run, wall_clock(event.at), event.who, event.state, event.reason],
    )


def runs_version(store: Store, as_of: datetime.date | None = None) -> int:
    """Return how many steps of runs were taken by a day: a cheap key for caches."""
    with store.read() as cursor:
        return int(cursor.sql(f"SELECT count(*) FROM pay_event WHERE {_by(as_of)}").fetchall()[0][0])


def read_runs(
    store: Store, as_of: datetime.date | None = None, *, cursor: Cursor | None = None, number: int | None = None
) -> pl.DataFrame:
    """Return every run known on a day, or the one of a number, the newest first, with how it stands.

    run, plan, version, rules_print, period, known_by, closing, currency, people, total, budget, content, state, made_at,
    made_by, at, by and reason (of the newest step), proposed_by, approved_by, approved_at.
    """
    asked = f"""WITH step AS (SELECT *, rowid AS place FROM pay_event WHERE {_by(as_of)}),
        stands AS (SELECT run, arg_max(state, place) AS state, min(recorded_at) AS made_at, arg_min(who, place) AS made_by,
            max(recorded_at) AS at, arg_max(who, place) AS by, arg_max(coalesce(reason, ''), place) AS reason,
            arg_max(who, place) FILTER (state = 'proposed') AS proposed_by,
            arg_max(who, place) FILTER (state = 'approved') AS approved_by,
            max(recorded_at) FILTER (state = 'approved') AS approved_at
            FROM step GROUP BY run)
        SELECT * EXCLUDE (rules) FROM pay_run JOIN stands USING (run)
        WHERE {"TRUE" if number is None else f"run = {int(number)}"} ORDER BY run DESC"""
    if cursor is not None:
        return cursor.sql(asked).pl()
    with store.read() as reading:
        return reading.sql(asked).pl()


def read_events(store: Store, run: int) -> pl.DataFrame:
    """Return the steps of a run, oldest first: recorded_at, who, state, reason."""
    with store.read() as cursor:
        return cursor.sql(
            f"SELECT recorded_at, who, state, reason FROM pay_event WHERE run = {int(run)} ORDER BY rowid"
        ).pl()


def read_rules(store: Store, run: int) -> str:
    """Return the plan of a run, as JSON."""
    with store.read() as cursor:
        return str(cursor.sql(f"SELECT rules FROM pay_run WHERE run = {int(run)}").fetchall()[0][0])


def read_part(store: Store, table: str, run: int, people: Collection[str] | None = None) -> pl.DataFrame:
    """Return the rows of a run in one of `TABLES`, of everybody or of some people."""
    columns = ", ".join(f'"{name}"' for name in TABLES[table])
    asked = f'SELECT {columns} FROM "{table}" WHERE run = {int(run)}'
    with store.read() as cursor:
        if people is None:
            return cursor.sql(asked).pl()
        some = pl.DataFrame({"person": list(people)}, schema={"person": pl.String})
        cursor.register("some_people", some)
        return cursor.sql(f"{asked} AND person IN (SELECT person FROM some_people)").pl()


def final_runs(store: Store, plan: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the runs of a plan that are final, the last to become so first, with the columns of `read_runs`."""
    found = read_runs(store, as_of).filter(pl.col("plan") == plan, pl.col("state") == "final")
    return found.sort("at", "run", descending=True)


def adjusted(store: Store, of_run: int, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return person and amount: what runs that were final by a day have put right of an earlier one."""
    with store.read() as cursor:
        return cursor.sql(
            f"""SELECT person, sum(amount)::DECIMAL(38, 10) AS amount FROM pay_adjustment WHERE of_run = {int(of_run)}
            AND run IN (SELECT run FROM pay_event WHERE state = 'final' AND {_by(as_of)}) GROUP BY person"""
        ).pl()


def _by(as_of: datetime.date | None) -> str:
    """Return the SQL condition that a step was recorded by the end of a day, or by an instant."""
    if as_of is None:
        return "TRUE"
    if isinstance(as_of, datetime.datetime):
        return f"recorded_at <= TIMESTAMP '{wall_clock(as_of).isoformat(sep=' ')}'"
    return f"recorded_at::DATE <= DATE '{as_of.isoformat()}'"
