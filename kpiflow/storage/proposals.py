"""Targets proposed to their owners and what was answered: only ever added to, how each line stands worked out on reading."""

import datetime
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.core.proposal import AnswerKind, LineState
from kpiflow.storage.known import recorded_by, wall_clock
from kpiflow.storage.store import Cursor, Store, next_number

#: The columns of the lines of a proposal as they are handed in.
LINES: dict[str, Any] = {
    "goal": pl.String, "owner_kind": pl.String, "owner": pl.String, "is_new": pl.Boolean, "before": pl.Float64,
    "target": pl.Float64, "threshold": pl.Float64, "stretch": pl.Float64, "weight": pl.Float64, "eased": pl.Boolean,
    "words": pl.String,
}  # fmt: skip

#: What each newest answer makes of a line.
_STATES: dict[str, str] = {
    AnswerKind.AGREE: LineState.AGREED,
    AnswerKind.COUNTER: LineState.COUNTERED,
    AnswerKind.ACCEPT: LineState.ACCEPTED,
    AnswerKind.DECLINE: LineState.DECLINED,
    AnswerKind.WITHDRAW: LineState.WITHDRAWN,
}

#: The states that a later line about the same goal does not change any more.
_FINAL = (LineState.AGREED, LineState.ACCEPTED, LineState.WITHDRAWN)


@dataclass(frozen=True)
class Proposal:
    """A split proposed to the owners of the parts: `goal` is the parent, `terms` how it was split, `change` on which plan."""

    goal: str
    period: str
    at: datetime.datetime
    who: str
    method: str
    target: float
    buffer: float
    terms: Mapping[str, object]
    words: str | None
    change: int


@dataclass(frozen=True)
class Answer:
    """What somebody said to one line of a proposal, by its number."""

    line: int
    at: datetime.datetime
    who: str
    kind: str
    value: float | None = None
    words: str | None = None


@dataclass(frozen=True)
class Wanted:
    """Which lines are asked for: those about goals of some owners (kind and id), or below some parents; None: all."""

    owners: Collection[tuple[str, str]] | None = None
    parents: Collection[str] | None = None
    lines: Collection[int] | None = None


def add_proposal(cursor: Cursor, said: Proposal, lines: pl.DataFrame) -> int:
    """Write a proposal with its lines (the columns of LINES) on the writing cursor; return its number."""
    number = next_number(cursor, "proposal", "proposal")
    first = next_number(cursor, "proposal_line", "line")
    cursor.execute(
        "INSERT INTO proposal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number, said.goal, said.period, wall_clock(said.at), said.who, said.method, said.target, said.buffer,
            json.dumps(said.terms, ensure_ascii=False, default=str), said.words, said.change,
        ],
    )  # fmt: skip
    rows = lines.select(pl.col(name).cast(kind) for name, kind in LINES.items()).with_row_index("line", offset=first)
    cursor.register("proposed", rows)
    columns = ", ".join(f'"{name}"' for name in LINES)
    cursor.execute(
        f"INSERT INTO proposal_line (line, proposal, {columns}) SELECT line, {number}, {columns} FROM proposed ORDER BY line"
    )
    cursor.unregister("proposed")
    return number


def add_answer(cursor: Cursor, said: Answer) -> int:
    """Write an answer on the writing cursor; return its number."""
    number = next_number(cursor, "answer", "answer")
    cursor.execute(
        "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?)",
        [number, said.line, wall_clock(said.at), said.who, said.kind, said.value, said.words],
    )
    return number


def proposals_version(store: Store) -> tuple[int, int]:
    """Return how many lines and answers there are: a cheap key for caches."""
    with store.read() as cursor:
        return cursor.sql("SELECT (SELECT count(*) FROM proposal_line), (SELECT count(*) FROM answer)").fetchall()[0]


def read_lines(
    store: Store, wanted: Wanted = Wanted(), as_of: datetime.date | None = None, cursor: Cursor | None = None
) -> pl.DataFrame:
    """Return lines of proposals as they stood at the end of a day, the newest first.

    line, proposal, parent, period, proposed_at, proposed_by, method, parent_target, buffer, proposal_words, change; the
    columns of LINES; answered_at, answered_by, answer, value (of the newest answer), answer_words; counter,
    counter_words, counter_at (of the newest counter-proposal); state.
    """
    if cursor is not None:
        return _read(cursor, wanted, as_of)
    with store.snapshot() as reading:
        return _read(reading, wanted, as_of)


def _read(cursor: Cursor, wanted: Wanted, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the lines, read with a cursor: inside a transaction, what it has written counts."""
    where, tables = _conditions(wanted)
    for name, table in tables.items():
        cursor.register(name, table)
    day = recorded_by("recorded_at", as_of)
    found = cursor.sql(
        f"""WITH made AS (SELECT * FROM proposal WHERE {day}),
            said AS (SELECT *, row_number() OVER (PARTITION BY line ORDER BY answer DESC) AS back,
                     row_number() OVER (PARTITION BY line, kind ORDER BY answer DESC) AS back_of_kind
                     FROM answer WHERE {day}),
            stood AS (SELECT l.*, l.line < max(l.line) OVER (PARTITION BY l.goal) AS later
                      FROM proposal_line AS l SEMI JOIN made USING (proposal))
        SELECT l.line, l.proposal, p.goal AS parent, p.period, p.recorded_at AS proposed_at, p.who AS proposed_by, p.method,
            p.target AS parent_target, p.buffer, p.words AS proposal_words, p.change,
            l.goal, l.owner_kind, l.owner, l.is_new, l.before, l.target, l.threshold, l.stretch, l.weight, l.eased, l.words,
            a.recorded_at AS answered_at, a.who AS answered_by, a.kind AS answer, a.value, a.words AS answer_words,
            c.value AS counter, c.words AS counter_words, c.recorded_at AS counter_at, l.later
        FROM stood AS l JOIN made AS p USING (proposal)
        LEFT JOIN said AS a ON a.line = l.line AND a.back = 1
        LEFT JOIN said AS c ON c.line = l.line AND c.kind = '{AnswerKind.COUNTER.value}' AND c.back_of_kind = 1
        WHERE {where} ORDER BY l.line DESC"""
    ).pl()
    for name in tables:
        cursor.unregister(name)
    return _with_states(found)


def _conditions(wanted: Wanted) -> tuple[str, dict[str, pl.DataFrame]]:
    """Return the SQL condition for the lines asked for, and the tables it needs."""
    where, tables = ["TRUE"], {}
    if wanted.owners is not None:
        schema = {"owner_kind": pl.String, "owner": pl.String}
        tables["some_owners"] = pl.DataFrame(list(wanted.owners), schema=schema, orient="row")
        where.append("(l.owner_kind, l.owner) IN (SELECT (owner_kind, owner) FROM some_owners)")
    if wanted.parents is not None:
        tables["some_parents"] = pl.DataFrame({"parent": list(wanted.parents)}, schema={"parent": pl.String})
        where.append("p.goal IN (SELECT parent FROM some_parents)")
    if wanted.lines is not None:
        tables["some_lines"] = pl.DataFrame({"line": list(wanted.lines)}, schema={"line": pl.Int64})
        where.append("l.line IN (SELECT line FROM some_lines)")
    return " AND ".join(where), tables


def _with_states(found: pl.DataFrame) -> pl.DataFrame:
    """Return lines with how each stands: its newest answer decides, unless a later line has taken its place."""
    states = {kind.value: _STATES[kind] for kind in AnswerKind}
    answered = pl.col("answer").replace_strict(states, default=LineState.PROPOSED.value, return_dtype=pl.String)
    state = pl.when(pl.col("later") & ~answered.is_in(_FINAL)).then(pl.lit(LineState.SUPERSEDED.value))
    return found.with_columns(state=state.otherwise(answered)).drop("later")


def terms_of(store: Store, proposal: int, cursor: Cursor | None = None) -> dict[str, Any]:
    """Return how a proposal was split, as it was written; empty when there is none of this number."""
    asked = "SELECT terms FROM proposal WHERE proposal = $proposal"
    if cursor is not None:
        rows = cursor.sql(asked, params={"proposal": proposal}).fetchall()
    else:
        with store.read() as reading:
            rows = reading.sql(asked, params={"proposal": proposal}).fetchall()
    return dict(json.loads(rows[0][0])) if rows else {}


def target_changes(store: Store) -> pl.DataFrame:
    """Return goal and since: the change of definitions that brought each goal its present target."""
    with store.read() as cursor:
        return cursor.sql(
            """SELECT goal, max(change) AS since FROM (
                SELECT goal, change, target IS DISTINCT FROM lag(target) OVER versions
                    OR row_number() OVER versions = 1 AS moved
                FROM goals WINDOW versions AS (PARTITION BY goal ORDER BY row_id))
            WHERE moved GROUP BY goal"""
        ).pl()
