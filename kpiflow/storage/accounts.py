"""Accounts in versions: who may sign in, as whom and with which roles; the newest version counts."""

import datetime
from dataclasses import dataclass, field

import polars as pl

from kpiflow.storage.journal import Entry, record
from kpiflow.storage.known import wall_clock
from kpiflow.storage.store import Cursor, Store, next_number


@dataclass(frozen=True)
class Account:
    """An account as it stands. `password` is an Argon2 hash; None: it has none, or signs in at an identity provider.

    `roles` are held for the whole company, beside those of the person's assignments.
    """

    name: str
    person: str | None = None
    roles: tuple[str, ...] = ()
    password: str | None = field(default=None, repr=False)
    disabled: bool = False


_COLUMNS = "account, person, roles, password, disabled"
_NEWEST = "QUALIFY row_number() OVER (PARTITION BY account ORDER BY version DESC) = 1"


def read_account(store: Store, name: str) -> Account | None:
    """Return an account by its name, or None when there is none."""
    with store.read() as cursor:
        found = cursor.sql(f"SELECT {_COLUMNS} FROM account WHERE account = $name {_NEWEST}", params={"name": name})
        rows = found.fetchall()
    if not rows:
        return None
    account, person, roles, password, disabled = rows[0]
    return Account(account, person, tuple(roles), password, disabled)


def read_accounts(store: Store) -> pl.DataFrame:
    """Return account, person, roles, has_password, disabled, recorded_at and who of every account, by name."""
    with store.read() as cursor:
        return cursor.sql(
            "SELECT account, person, roles, password IS NOT NULL AS has_password, disabled, recorded_at, who"
            f" FROM account {_NEWEST} ORDER BY account"
        ).pl()


def has_accounts(store: Store) -> bool:
    """Return whether anybody can sign in at all: an account that is not disabled."""
    with store.read() as cursor:
        found = cursor.sql(f"SELECT count(*) FROM (SELECT disabled FROM account {_NEWEST}) WHERE NOT disabled")
        return bool(found.fetchall()[0][0])


def save_account(cursor: Cursor, account: Account, said: Entry) -> None:
    """Write a new version of an account together with its line in the journal, on the writing cursor."""
    version = next_number(cursor, "account", "version")
    row = [version, account.name, account.person, list(account.roles), account.password, account.disabled]
    cursor.execute("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*row, wall_clock(said.at), said.who])
    record(cursor, said)


def change_of(account: Account, action: str, who: str, at: datetime.datetime) -> Entry:
    """Return the journal's line about an account: what it is now, never its password."""
    detail = {"person": account.person, "roles": list(account.roles), "disabled": account.disabled}
    return Entry(at, who, action, account.name, None, detail)
