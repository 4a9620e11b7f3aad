"""Calibration sessions as they were held: who was in them, every move of a grade with its reason, and how they ended."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import recorded_by, wall_clock
from kpiflow.storage.store import Cursor, next_number


@dataclass(frozen=True)
class Opened:
    """A session as it is opened: over whom, in which period, against which target (JSON), by whom."""

    period: str
    scope: str
    word: str
    pool: str | None
    target: str | None
    participants: tuple[str, ...]
    who: str
    at: datetime.datetime
    reason: str | None = None


@dataclass(frozen=True)
class Move:
    """One grade moved in a session."""

    person: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class End:
    """How a session ends: final, or dropped; `excepted` when its enforced target is not met."""

    final: bool
    excepted: bool
    who: str
    at: datetime.datetime
    reason: str | None = None


def add_session(cursor: Cursor, made: Opened, members: pl.DataFrame) -> int:
    """Write a session with its members (person, grade, score); return its number."""
    number = next_number(cursor, "calibration_session", "session")
    cursor.execute(
        "INSERT INTO calibration_session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, made.period, made.scope, made.word, made.pool, made.target, list(made.participants), made.who,
         wall_clock(made.at), made.reason],
    )  # fmt: skip
    cursor.register("joining", members.select("person", "grade", "score"))
    cursor.execute(
        "INSERT INTO calibration_member SELECT ?, person, grade, score FROM joining ORDER BY person", [number]
    )
    cursor.unregister("joining")
    return number


def add_moves(cursor: Cursor, session: int, moves: Sequence[Move], who: str, at: datetime.datetime) -> None:
    """Write moves of one session, made at one moment, in their order."""
    first = next_number(cursor, "calibration_move", "move")
    for number, one in enumerate(moves, start=first):
        cursor.execute(
            "INSERT INTO calibration_move VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [number, session, one.person, one.before, one.after, one.reason, who, wall_clock(at)],
        )


def add_end(cursor: Cursor, session: int, end: End) -> None:
    """Write how a session ended."""
    cursor.execute(
        "INSERT INTO calibration_end VALUES (?, ?, ?, ?, ?, ?)",
        [session, end.final, end.excepted, end.who, wall_clock(end.at), end.reason],
    )


def sessions(cursor: Cursor, period: str | None = None, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the sessions known on a day, the newest first, each with how it stands.

    The columns of the table; people, moves (how many), and final, excepted, ended_by, ended_at, ended_reason (null: open).
    """
    where = "TRUE" if period is None else "period = $period"
    return cursor.sql(
        f"""SELECT s.*, m.people, coalesce(v.moves, 0) AS moves, e.final, e.excepted, e.who AS ended_by,
                e.recorded_at AS ended_at, e.reason AS ended_reason
            FROM calibration_session AS s
            LEFT JOIN (SELECT session, count(*) AS people FROM calibration_member GROUP BY ALL) AS m USING (session)
            LEFT JOIN (SELECT session, count(*) AS moves FROM calibration_move WHERE {recorded_by("recorded_at", as_of)}
                       GROUP BY ALL) AS v USING (session)
            LEFT JOIN (SELECT * FROM calibration_end WHERE {recorded_by("recorded_at", as_of)}) AS e USING (session)
            WHERE {where} AND {recorded_by("s.recorded_at", as_of)} ORDER BY s.session DESC""",
        params=None if period is None else {"period": period},
    ).pl()


def members(cursor: Cursor, session: int) -> pl.DataFrame:
    """Return who is in a session: person, grade and score when it was opened."""
    return cursor.sql(
        "SELECT person, grade, score FROM calibration_member WHERE session = $session ORDER BY person",
        params={"session": session},
    ).pl()


def moves(cursor: Cursor, session: int, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the moves of a session known on a day, oldest first: move, person, before, after, reason, who, recorded_at."""
    return cursor.sql(
        f"""SELECT move, person, before, after, reason, who, recorded_at FROM calibration_move
            WHERE session = $session AND {recorded_by("recorded_at", as_of)} ORDER BY move""",
        params={"session": session},
    ).pl()


def in_open_sessions(cursor: Cursor, period: str, people: pl.DataFrame) -> pl.DataFrame:
    """Return person and session of those of some people who are in a session of a period that has not ended."""
    cursor.register("asked", people.select("person"))
    try:
        return cursor.sql(
            """SELECT person, session FROM calibration_member SEMI JOIN asked USING (person)
                JOIN calibration_session USING (session) ANTI JOIN calibration_end USING (session)
                WHERE period = $period ORDER BY person""",
            params={"period": period},
        ).pl()
    finally:
        cursor.unregister("asked")


def decided(cursor: Cursor, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return what final sessions of a period decided, one row per person who was moved: the last session counts.

    person, session, before, after, reason, who, moved_at, final_at, final_by.
    """
    return cursor.sql(
        f"""WITH ended AS (SELECT session, who AS final_by, recorded_at AS final_at FROM calibration_end
                           WHERE final AND {recorded_by("recorded_at", as_of)}),
                last AS (SELECT v.*, row_number() OVER (PARTITION BY person ORDER BY final_at DESC, move DESC) AS place,
                             final_at, final_by, m.grade AS opened_with
                         FROM calibration_move AS v JOIN ended USING (session)
                         JOIN calibration_session AS s USING (session)
                         JOIN calibration_member AS m USING (session, person) WHERE s.period = $period)
            SELECT person, session, opened_with AS before, after, reason, who, recorded_at AS moved_at, final_at, final_by
            FROM last WHERE place = 1 AND after <> opened_with ORDER BY person""",
        params={"period": period},
    ).pl()


def final_version(cursor: Cursor, as_of: datetime.date | None = None) -> int:
    """Return how many sessions are final on a day: a cheap key for caches, because rows are only added."""
    found = cursor.sql(f"SELECT count(*) FROM calibration_end WHERE final AND {recorded_by('recorded_at', as_of)}")
    return int(found.fetchall()[0][0])
