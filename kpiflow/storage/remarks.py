"""Remarks about goals: words, questions put to a person, and their answers."""

import datetime
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.storage.known import recorded_by, wall_clock
from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class Remark:
    """One remark on a goal. `asks` is the person a question is put to, `answers` the remark it answers."""

    goal: str
    who: str
    person: str | None
    at: datetime.datetime
    words: str
    asks: str | None = None
    answers: int | None = None


def add_remark(cursor: Cursor, said: Remark) -> int:
    """Write one remark; return its number."""
    number = next_number(cursor, "remark", "remark")
    told = [said.goal, said.who, said.person, wall_clock(said.at), said.words, said.asks, said.answers]
    cursor.execute("INSERT INTO remark VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [number, *told])
    return number


def remarks_of(store: Store, goal: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the remarks on a goal made by the end of a day, the oldest first.

    The columns of `Remark`, remark (its number), and answered (bool): whether a later one known by then answers it.
    """
    with store.read() as cursor:
        return cursor.sql(
            f"""WITH said AS (SELECT * FROM remark WHERE goal = $goal AND {_by(as_of)})
                SELECT said.*, EXISTS (SELECT 1 FROM said AS later WHERE later.answers = said.remark) AS answered
                FROM said ORDER BY remark""",
            params={"goal": goal},
        ).pl()


def remark_of(store: Store, remark: int) -> dict[str, Any] | None:
    """Return one remark by its number, or None when there is none."""
    with store.read() as cursor:
        found = cursor.sql("SELECT * FROM remark WHERE remark = $remark", params={"remark": remark}).pl()
    return found.row(0, named=True) if found.height else None


def open_questions(store: Store, as_of: datetime.date | None = None, *, asked: str | None = None) -> pl.DataFrame:
    """Return the questions nobody has answered by the end of a day, the oldest first; of one person asked, or of all."""
    with store.read() as cursor:
        return cursor.sql(
            f"""WITH said AS (SELECT * FROM remark WHERE {_by(as_of)})
                SELECT * FROM said WHERE asks IS NOT NULL AND ($asked::VARCHAR IS NULL OR asks = $asked)
                    AND NOT EXISTS (SELECT 1 FROM said AS later WHERE later.answers = said.remark)
                ORDER BY remark""",
            params={"asked": asked},
        ).pl()


def _by(as_of: datetime.date | None) -> str:
    """Return the SQL condition that something was said by the end of a day."""
    return recorded_by('"at"', as_of)
