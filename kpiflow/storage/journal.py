"""Who did what, when and why: written with every change, never updated, never deleted."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import recorded_by, wall_clock
from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class Entry:
    """One line of the journal: `action` is a word such as `load`, `subject` what it was done to, `detail` the numbers."""

    at: datetime.datetime
    who: str
    action: str
    subject: str
    reason: str | None = None
    detail: Mapping[str, object] | None = None


def record(cursor: Cursor, said: Entry) -> int:
    """Write one line, in the transaction of what it tells about; return its number."""
    number = next_number(cursor, "journal", "entry")
    cursor.execute(
        "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)",
        [number, wall_clock(said.at), said.who, said.action, said.subject, said.reason, _detail(said)],
    )
    return number


def record_all(cursor: Cursor, said: Sequence[Entry]) -> None:
    """Write many lines at once, in their order, in the transaction of what they tell about."""
    if not said:
        return
    first = next_number(cursor, "journal", "entry")
    rows = [
        (first + place, wall_clock(one.at), one.who, one.action, one.subject, one.reason, _detail(one))
        for place, one in enumerate(said)
    ]
    names: dict[str, pl.DataType | type[pl.DataType]] = {
        "entry": pl.Int64,
        "at": pl.Datetime("us"),
        **dict.fromkeys(("who", "action", "subject", "reason", "detail"), pl.String),
    }
    cursor.register("said", pl.DataFrame(rows, schema=names, orient="row"))
    cursor.execute("INSERT INTO journal SELECT * FROM said ORDER BY entry")
    cursor.unregister("said")


def _detail(said: Entry) -> str | None:
    """Return the numbers of a line as JSON."""
    return None if said.detail is None else json.dumps(said.detail, ensure_ascii=False, default=str)


def read_journal(
    store: Store,
    *,
    who: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    limit: int = 200,
    before: int | None = None,
    as_of: datetime.date | None = None,
) -> pl.DataFrame:
    """Return the newest lines first, at most `limit`: entry, at, who, action, subject, reason, detail (JSON text).

    `before` keeps the lines before one, `as_of` those written by the end of a day or by an instant.
    """
    asked = {"who": who, "action": action, "subject": subject}
    given = {name: value for name, value in asked.items() if value is not None}
    where = " AND ".join(f"{name} = ${name}" for name in given) or "TRUE"
    where += f" AND {_by(as_of)}" + ("" if before is None else f" AND entry < {int(before)}")
    with store.read() as cursor:
        return cursor.sql(
            f"SELECT * FROM journal WHERE {where} ORDER BY entry DESC LIMIT {int(limit)}", params=given or None
        ).pl()


def journal_version(store: Store, as_of: datetime.date | None = None) -> int:
    """Return how many lines were written by a day: a cheap key for caches, because lines are only added."""
    with store.read() as cursor:
        return int(cursor.sql(f"SELECT count(*) FROM journal WHERE {_by(as_of)}").fetchall()[0][0])


def _by(as_of: datetime.date | None) -> str:
    """Return the SQL condition that a line had been written by the end of a day."""
    return recorded_by('"at"', as_of)
