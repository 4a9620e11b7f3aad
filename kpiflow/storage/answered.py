"""Requests that were answered under a key of their own, so that sending one again writes nothing twice."""

import datetime
from dataclasses import dataclass

from kpiflow.storage.store import Cursor


@dataclass(frozen=True)
class AnsweredRequest:
    """What a request was answered: `request` is the SHA-256 of all that made it up, `answer` JSON text."""

    account: str
    key: str
    request: str
    at: datetime.datetime
    status: int
    answer: str


def add_answered(cursor: Cursor, done: AnsweredRequest) -> None:
    """Write an answer, on the writing cursor and in the transaction of what the request wrote."""
    at = done.at.astimezone(datetime.UTC).replace(tzinfo=None)
    row = [done.account, done.key, done.request, at, done.status, done.answer]
    cursor.execute("INSERT INTO answered_request VALUES (?, ?, ?, ?, ?, ?)", row)


def find_answered(cursor: Cursor, account: str, key: str, since: datetime.datetime) -> AnsweredRequest | None:
    """Return the newest answer that an account's key was given since a moment, or None."""
    rows = cursor.execute(
        'SELECT account, key, request, "at", status, answer FROM answered_request'
        ' WHERE account = ? AND key = ? AND "at" >= ? ORDER BY "at" DESC LIMIT 1',
        [account, key, since.astimezone(datetime.UTC).replace(tzinfo=None)],
    ).fetchall()
    if not rows:
        return None
    name, word, request, at, status, answer = rows[0]
    return AnsweredRequest(name, word, request, at.replace(tzinfo=datetime.UTC), status, str(answer))
