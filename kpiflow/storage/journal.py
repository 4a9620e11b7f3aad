"""Who did what, when and why: written with every change, never updated, never deleted."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import wall_clock
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
    detail = None if said.detail is None else json.dumps(said.detail, ensure_ascii=False, default=str)
    cursor.execute(
        "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)",
        [number, wall_clock(said.at), said.who, said.action, said.subject, said.reason, detail],
    )
    return number


def read_journal(
    store: Store,
    *,
    who: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    limit: int = 200,
) -> pl.DataFrame:
    """Return the newest lines first, at most `limit`: entry, at, who, action, subject, reason, detail (JSON text)."""
    asked = {"who": who, "action": action, "subject": subject}
    given = {name: value for name, value in asked.items() if value is not None}
    where = " AND ".join(f"{name} = ${name}" for name in given) or "TRUE"
    with store.read() as cursor:
        return cursor.sql(
            f"SELECT * FROM journal WHERE {where} ORDER BY entry DESC LIMIT {int(limit)}", params=given or None
        ).pl()
