"""Tokens that were handed out and those that have ended, known by their SHA-256 alone; and every try to sign in."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from kpiflow.storage.journal import Entry, record
from kpiflow.storage.store import Cursor, Store


@dataclass(frozen=True)
class Token:
    """A token by its hash: what it is for (`session` or `welcome`), whose it is and until when it counts."""

    hash: str
    purpose: str
    account: str
    issued: datetime.datetime
    expires: datetime.datetime


@dataclass(frozen=True)
class Attempt:
    """One try to sign in; `account` is None when there is no such account."""

    account: str | None
    address: str
    at: datetime.datetime
    ok: bool


def issue(cursor: Cursor, token: Token, said: Entry) -> None:
    """Write a new token and the journal's line about it."""
    row = [token.hash, token.purpose, token.account, _utc(token.issued), _utc(token.expires)]
    cursor.execute("INSERT INTO token VALUES (?, ?, ?, ?, ?)", row)
    record(cursor, said)


def end(cursor: Cursor, hashes: Collection[str], why: str, said: Entry) -> None:
    """Write that some tokens count no more, with one line in the journal; without any, nothing is written."""
    if not hashes:
        return
    at = _utc(said.at)
    cursor.executemany("INSERT INTO token_ended VALUES (?, ?, ?)", [[one, at, why] for one in sorted(hashes)])
    record(cursor, said)


def find_token(store: Store, hash_: str) -> Token | None:
    """Return the token of a hash, or None when there is none or it has been ended; an expired one is returned."""
    with store.read() as cursor:
        rows = cursor.sql(
            "SELECT token, purpose, account, issued, expires FROM token"
            " WHERE token = $hash AND token NOT IN (SELECT token FROM token_ended)",
            params={"hash": hash_},
        ).fetchall()
    return Token(*rows[0][:3], *map(_aware, rows[0][3:])) if rows else None


def open_tokens(store: Store, account: str, now: datetime.datetime, purpose: str | None = None) -> list[str]:
    """Return the hashes of an account's tokens that still count, of one purpose or of any."""
    with store.read() as cursor:
        rows = cursor.sql(
            "SELECT token FROM token WHERE account = $account AND expires > $now"
            " AND ($purpose IS NULL OR purpose = $purpose) AND token NOT IN (SELECT token FROM token_ended)",
            params={"account": account, "now": _utc(now), "purpose": purpose},
        ).fetchall()
    return [hash_ for (hash_,) in rows]


def record_attempt(cursor: Cursor, attempt: Attempt, said: Entry | None) -> None:
    """Write one try to sign in; what came of a good one is told in the journal by its token."""
    row = [attempt.account, attempt.address, _utc(attempt.at), attempt.ok]
    cursor.execute("INSERT INTO sign_in_attempt VALUES (?, ?, ?, ?)", row)
    if said is not None:
        record(cursor, said)


def attempts_since(store: Store, since: datetime.datetime) -> list[Attempt]:
    """Return the tries since a moment, the oldest first."""
    with store.read() as cursor:
        rows = cursor.sql(
            'SELECT account, address, "at", ok FROM sign_in_attempt WHERE "at" >= $since ORDER BY "at"',
            params={"since": _utc(since)},
        ).fetchall()
    return [Attempt(account, address, _aware(at), ok) for account, address, at, ok in rows]


def _utc(at: datetime.datetime) -> datetime.datetime:
    return at.astimezone(datetime.UTC).replace(tzinfo=None)


def _aware(at: datetime.datetime) -> datetime.datetime:
    return at.replace(tzinfo=datetime.UTC)
