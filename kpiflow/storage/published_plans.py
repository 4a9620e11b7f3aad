"""Plans as they were put forward and approved: every version with its content, and the second person's word on it."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import recorded_by, wall_clock
from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class PlanPrint:
    """A plan at one version: its content as JSON, and the fingerprint of all of it that decides an amount."""

    plan: str
    version: int
    fingerprint: str
    content: str


@dataclass(frozen=True)
class Word:
    """Who put a plan forward, approved it or sent it back; when and why."""

    who: str
    at: datetime.datetime
    reason: str | None = None


def add_publication(cursor: Cursor, of: PlanPrint, word: Word) -> int:
    """Write that somebody put a plan forward; return the number of the publication."""
    number = next_number(cursor, "plan_publication", "publication")
    cursor.execute(
        "INSERT INTO plan_publication VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [number, of.plan, of.version, of.fingerprint, of.content, wall_clock(word.at), word.who, word.reason],
    )
    return number


def add_approval(cursor: Cursor, publication: int, word: Word, *, approved: bool) -> None:
    """Write the second person's word on a publication."""
    cursor.execute(
        "INSERT INTO plan_approval VALUES (?, ?, ?, ?, ?)",
        [publication, approved, wall_clock(word.at), word.who, word.reason],
    )


def publications(store: Store, as_of: datetime.date | None = None, *, cursor: Cursor | None = None) -> pl.DataFrame:
    """Return every time a plan was put forward by a day or an instant, oldest first.

    publication, plan, version, fingerprint, content, recorded_at, who, reason; and of the word on it approved (null:
    nobody has said anything), approved_at, approved_by, approved_why. `cursor` is the writing one, which sees its own.
    """
    known = recorded_by("recorded_at", as_of)
    asked = f"""
        WITH word AS (
            SELECT publication, approved, recorded_at AS approved_at, who AS approved_by, reason AS approved_why
            FROM plan_approval WHERE {known})
        SELECT p.*, w.* EXCLUDE (publication)
        FROM (SELECT * FROM plan_publication WHERE {known}) AS p LEFT JOIN word AS w USING (publication)
        ORDER BY publication"""
    if cursor is not None:
        return cursor.sql(asked).pl()
    with store.read() as reading:
        return reading.sql(asked).pl()


def publications_version(store: Store, as_of: datetime.date | None = None) -> tuple[int, int]:
    """Return how many publications and words on them are known: a cheap key for caches, because rows are only added."""
    known = recorded_by("recorded_at", as_of)
    with store.read() as cursor:
        counted = [
            cursor.sql(f"SELECT count(*) FROM {table} WHERE {known}").fetchall()[0][0]
            for table in ("plan_publication", "plan_approval")
        ]
    return int(counted[0]), int(counted[1])
