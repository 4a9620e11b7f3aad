"""Check-ins as they were made: every one is kept, and one that was corrected still stands beside its correction."""

import datetime
from dataclasses import astuple, dataclass
from decimal import Decimal

import polars as pl

from kpiflow.storage.known import recorded_by, wall_clock
from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class CheckIn:
    """One check-in of a goal. `day` is the day it is about; `load` the measurement it became, None when it became none.

    A number is either `value`, or `numerator` and `denominator`, or the `step` of a milestone or level of a rubric.
    """

    goal: str
    who: str
    person: str | None
    at: datetime.datetime
    day: datetime.date
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    step: Decimal | None = None
    confidence: int | None = None
    words: str | None = None
    load: int | None = None
    corrects: int | None = None
    reason: str | None = None


def next_check_in(cursor: Cursor) -> int:
    """Return the number the next check-in will have; only safe on the writing cursor."""
    return next_number(cursor, "check_in", "check_in")


def add_check_in(cursor: Cursor, number: int, made: CheckIn) -> None:
    """Write one check-in under its number, in the transaction of what it brings along."""
    columns = {**dict(zip(made.__dataclass_fields__, astuple(made), strict=True)), "at": wall_clock(made.at)}
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" for _ in columns)
    cursor.execute(f"INSERT INTO check_in (check_in, {names}) VALUES (?, {marks})", [number, *columns.values()])


def check_ins_of(store: Store, goal: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the check-ins of a goal made by the end of a day, the newest first.

    The columns of `CheckIn`, check_in (its number), and corrected_by: the check-in that corrects it, known by then.
    """
    with store.read() as cursor:
        return cursor.sql(
            f"""WITH made AS (SELECT * FROM check_in WHERE goal = $goal AND {_by(as_of)})
                SELECT made.*, later.corrected_by FROM made LEFT JOIN
                    (SELECT corrects AS check_in, max(check_in) AS corrected_by FROM made
                     WHERE corrects IS NOT NULL GROUP BY corrects) AS later USING (check_in)
                ORDER BY made.check_in DESC""",
            params={"goal": goal},
        ).pl()


def check_ins_after(
    store: Store, after: int, most: int, *, as_of: datetime.date | None = None, goals: pl.Series | None = None
) -> pl.DataFrame:
    """Return the first check-ins after a number that were made by the end of a day, oldest first; of some goals, or of all.

    The columns of `check_ins_of`.
    """
    with store.read() as cursor:
        mine = ""
        if goals is not None:
            cursor.register("readable", goals.alias("goal").to_frame())
            mine = "AND goal IN (SELECT goal FROM readable)"
        return cursor.sql(
            f"""WITH known AS (SELECT check_in, corrects FROM check_in WHERE {_by(as_of)}),
                made AS (SELECT * FROM check_in WHERE {_by(as_of)} AND check_in > {int(after)} {mine}
                         ORDER BY check_in LIMIT {int(most)})
                SELECT made.*, later.corrected_by FROM made LEFT JOIN
                    (SELECT corrects AS check_in, max(check_in) AS corrected_by FROM known
                     WHERE corrects IS NOT NULL GROUP BY corrects) AS later USING (check_in)
                ORDER BY made.check_in"""
        ).pl()


def last_check_ins(store: Store, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the newest check-in of every goal that has any by the end of a day, and when it was made.

    goal, check_in, at, day, person, confidence, words.
    """
    with store.read() as cursor:
        return cursor.sql(
            f"""SELECT goal, max(check_in) AS check_in, arg_max("at", check_in) AS "at", arg_max(day, check_in) AS day,
                    arg_max(person, check_in) AS person, arg_max(confidence, check_in) AS confidence,
                    arg_max(words, check_in) AS words
                FROM (SELECT * FROM check_in WHERE {_by(as_of)}) AS made GROUP BY goal"""
        ).pl()


def last_check_in(store: Store, goal: str, day: datetime.date) -> int | None:
    """Return the newest check-in that gave a goal a number for a day; None when there is none."""
    with store.read() as cursor:
        found = cursor.execute(
            "SELECT max(check_in) FROM check_in WHERE goal = ? AND day = ? AND load IS NOT NULL", [goal, day]
        ).fetchall()
    return None if found[0][0] is None else int(found[0][0])


def check_ins_version(store: Store, as_of: datetime.date | None = None) -> tuple[int, int]:
    """Return the newest check-in and the newest remark that count on a day: a cheap key for caches."""
    with store.read() as cursor:
        found = cursor.sql(
            f"""SELECT coalesce((SELECT max(check_in) FROM check_in WHERE {_by(as_of)}), 0),
                       coalesce((SELECT max(remark) FROM remark WHERE {_by(as_of)}), 0)"""
        ).fetchall()[0]
    return int(found[0]), int(found[1])


def _by(as_of: datetime.date | None) -> str:
    """Return the SQL condition that something was said by the end of a day."""
    return recorded_by('"at"', as_of)
