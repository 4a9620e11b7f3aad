"""API tokens as they were made, revoked and used, known by the SHA-256 of their secret alone."""

import datetime
from dataclasses import dataclass, field

import polars as pl

from kpiflow.storage.journal import Entry, record
from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class ApiToken:
    """A token: whose it is, what it may be used for, and until when it counts. `token` is its number."""

    token: int
    account: str
    name: str
    scopes: tuple[str, ...]
    issued: datetime.datetime
    expires: datetime.datetime
    revoked: datetime.datetime | None = None
    reason: str | None = None
    secret: str = field(default="", repr=False)


def add_api_token(cursor: Cursor, made: ApiToken, said: Entry) -> int:
    """Write a new token with its line in the journal, on the writing cursor; return its number. `made.token` is not used."""
    number = next_number(cursor, "api_token", "token")
    cursor.execute(
        "INSERT INTO api_token VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number, made.account, made.name, made.secret, list(made.scopes), _utc(made.issued), _utc(made.expires),
            said.who,
        ],
    )  # fmt: skip
    record(cursor, said)
    return number


def end_api_token(cursor: Cursor, token: int, said: Entry) -> None:
    """Write that a token counts no more, with its line in the journal, on the writing cursor."""
    row = [token, _utc(said.at), said.who, said.reason]
    cursor.execute("INSERT INTO api_token_revoked VALUES (?, ?, ?, ?)", row)
    record(cursor, said)


def note_use(cursor: Cursor, token: int, day: datetime.date) -> None:
    """Write that a token was used on a day, once."""
    cursor.execute(
        "INSERT INTO api_token_used SELECT $token, $day WHERE NOT EXISTS"
        " (SELECT 1 FROM api_token_used WHERE token = $token AND day = $day)",
        {"token": token, "day": day},
    )


def find_api_token(store: Store, secret: str) -> ApiToken | None:
    """Return the token of a secret's SHA-256, revoked or expired ones as well; None when there is none."""
    with store.read() as cursor:
        rows = cursor.sql(
            "SELECT t.token, t.account, t.name, t.scopes, t.issued, t.expires, r.revoked FROM api_token AS t"
            " LEFT JOIN api_token_revoked AS r USING (token) WHERE t.secret = $secret",
            params={"secret": secret},
        ).fetchall()
    if not rows:
        return None
    token, account, name, scopes, issued, expires, revoked = rows[0]
    return ApiToken(
        token, account, name, tuple(scopes), _aware(issued), _aware(expires), _aware(revoked) if revoked else None
    )


def read_api_tokens(store: Store, account: str | None = None) -> pl.DataFrame:
    """Return every token, or an account's, the newest first, without secrets.

    token, account, name, scopes, issued, expires, who, revoked, revoked_by, reason, used (the last day); moments are UTC.
    """
    with store.read() as cursor:
        return cursor.sql(
            """SELECT t.token, t.account, t.name, t.scopes, t.issued, t.expires, t.who, r.revoked, r.who AS revoked_by,
                      r.reason, (SELECT max(u.day) FROM api_token_used AS u WHERE u.token = t.token) AS used
               FROM api_token AS t LEFT JOIN api_token_revoked AS r USING (token)
               WHERE $account IS NULL OR t.account = $account ORDER BY t.token DESC""",
            params={"account": account},
        ).pl()


def _utc(at: datetime.datetime) -> datetime.datetime:
    return at.astimezone(datetime.UTC).replace(tzinfo=None)


def _aware(at: datetime.datetime) -> datetime.datetime:
    return at.replace(tzinfo=datetime.UTC)
