"""Accounts: who may sign in, as whom and with which roles; for administrators, on the screen and on the command line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kpiflow.access.standing import BUILT_IN
from kpiflow.errors import InvalidInput, NotFound, Refused, not_found
from kpiflow.language import msg
from kpiflow.storage import tokens
from kpiflow.storage.accounts import Account, change_of, read_account, read_accounts, save_account
from kpiflow.storage.accounts import has_accounts as accounts_are_there
from kpiflow.storage.store import Cursor
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.sign_in import passwords, signing_in
from kpiflow.workspace.sign_in.signing_in import WELCOME, plain_name, sign_out_everywhere, token_for

#: What an account may be called: a short name, or an e-mail address as the identity provider knows it.
NAME = re.compile(r"[\w][\w.+@'-]{0,119}")

#: The role of whoever looks after accounts.
ADMINISTRATOR_ROLE = "administrator"


@dataclass(frozen=True)
class Invitation:
    """A link for a first password: the path with its token on this site. It is shown once and kept nowhere."""

    account: str
    path: str


def accounts(ws: Books, asker: Asker) -> pl.DataFrame:
    """Return account, person, roles, has_password, disabled, recorded_at and who of every account; raises Refused."""
    ws.may(asker, "manage_accounts").require()
    return read_accounts(ws.store)


def has_accounts(ws: Books) -> bool:
    """Return whether anybody can sign in at all."""
    return accounts_are_there(ws.store)


def add(
    ws: Books,
    asker: Asker,
    name: str,
    *,
    person: str | None = None,
    roles: Sequence[str] = (),
    password: str | None = None,
) -> str:
    """Add an account and return its name as it is kept; without a password it needs an invitation or a provider.

    Raises Refused, NotFound for a person or role that there is not, and InvalidInput for a name that is taken or a
    password that is not good enough.
    """
    return _added(ws, asker, name, person=person, roles=roles, password=password).name


def add_invited(ws: Books, asker: Asker, name: str, *, person: str | None, roles: Sequence[str]) -> Invitation:
    """Add an account and make the link for its owner, both or neither; raises as `add`."""
    with ws.store.write() as cursor:
        return _invited(ws, asker, _added(ws, asker, name, person=person, roles=roles), cursor)


def _added(
    ws: Books,
    asker: Asker,
    name: str,
    *,
    person: str | None,
    roles: Sequence[str],
    password: str | None = None,
) -> Account:
    ws.may(asker, "manage_accounts").require()
    plain = plain_name(name)
    if not NAME.fullmatch(plain):
        raise InvalidInput(
            msg("'{name}' cannot name an account. Use letters, digits and . _ - + @, at most 120 of them.", name=name)
        )
    _person_is_there(ws, person)
    granted = _roles_are_there(ws, roles)
    hash_ = None
    if password is not None:
        passwords.required(password, plain)
        hash_ = passwords.hashed(password)
    with ws.store.write() as cursor:
        if read_account(ws.store, plain) is not None:
            raise InvalidInput(msg("There is already an account {name}.", name=plain))
        made = Account(plain, person, granted, hash_)
        save_account(cursor, made, change_of(made, "account_added", asker.name, ws.signed_in.now()))
    ws.signed_in.forget(plain)
    return made


def disable(ws: Books, asker: Asker, name: str) -> None:
    """Close an account: its sessions end at once. Raises Refused for one's own, which nobody could open again."""
    account = _managed(ws, asker, name)
    if _is_own(asker, account):
        raise Refused(msg("You cannot disable your own account. Ask another administrator."))
    _save(ws, asker, account, "account_disabled", disabled=True)
    sign_out_everywhere(ws, account.name, who=asker.name, why="account_disabled")


def enable(ws: Books, asker: Asker, name: str) -> None:
    """Open a disabled account again."""
    _save(ws, asker, _managed(ws, asker, name), "account_enabled", disabled=False)


def set_roles(ws: Books, asker: Asker, name: str, roles: Sequence[str]) -> None:
    """Make these the roles of an account; raises NotFound for an unknown one, Refused for changing one's own."""
    account = _managed(ws, asker, name)
    granted = _roles_are_there(ws, roles)
    if _is_own(asker, account):
        raise Refused(msg("You cannot change your own roles. Ask another administrator."))
    _save(ws, asker, account, "account_roles", roles=granted)


def link(ws: Books, asker: Asker, name: str, person: str | None) -> None:
    """Say which person of the company an account is; None: nobody, such as an auditor from outside."""
    account = _managed(ws, asker, name)
    _person_is_there(ws, person)
    if _is_own(asker, account):
        raise Refused(msg("You cannot change who you are yourself. Ask another administrator."))
    _save(ws, asker, account, "account_linked", person=person)
    # What is open on a screen was shown to somebody else.
    sign_out_everywhere(ws, account.name, who=asker.name, why="account_linked")


def set_password(ws: Books, asker: Asker, name: str, password: str) -> None:
    """Set an account's password and end its sessions; only on the machine itself, where nobody else's is at stake."""
    account = _managed(ws, asker, name)
    if not asker.machine:
        raise Refused(msg("Nobody sets another one's password. Send an invitation instead."))
    signing_in.set_password(ws, account.name, password, who=asker.name)
    sign_out_everywhere(ws, account.name, who=asker.name, why="password_changed")


def invite(ws: Books, asker: Asker, name: str) -> Invitation:
    """Make a link with which the owner of an account sets a first or a new password; older links count no more."""
    account = _managed(ws, asker, name)
    if account.disabled:
        raise InvalidInput(msg("The account {name} is disabled. Enable it first.", name=account.name))
    with ws.store.write() as cursor:
        return _invited(ws, asker, account, cursor)


def _invited(ws: Books, asker: Asker, account: Account, cursor: Cursor) -> Invitation:
    now = ws.signed_in.now()
    older = tokens.open_tokens(ws.store, account.name, now, WELCOME)
    tokens.end(cursor, older, "invited_again", change_of(account, "invited_again", asker.name, now))
    token = token_for(ws, account.name, WELCOME, asker.name)
    return Invitation(account.name, f"/welcome?token={token}")


def sign_out(ws: Books, asker: Asker, name: str) -> int:
    """End every session of an account; return how many sessions and links these were."""
    return sign_out_everywhere(ws, _managed(ws, asker, name).name, who=asker.name)


def _managed(ws: Books, asker: Asker, name: str) -> Account:
    """Return an account that the person asking looks after; raises Refused, or NotFound with the nearest name."""
    ws.may(asker, "manage_accounts").require()
    account = read_account(ws.store, plain_name(name))
    if account is None:
        raise no_account(ws, plain_name(name))
    return account


def no_account(ws: Books, name: str) -> NotFound:
    """Return the error for an account that there is not, for whoever may know which there are."""
    return not_found(msg("account"), name, read_accounts(ws.store)["account"])


def _is_own(asker: Asker, account: Account) -> bool:
    """Return whether an account is that of whoever asks; on the machine itself a name is only that of a login there."""
    return asker.account == account.name and not asker.machine


def _save(ws: Books, asker: Asker, account: Account, action: str, **changes: Any) -> None:
    with ws.store.write() as cursor:
        # Whatever else was changed meanwhile is kept: only what this change is about goes in.
        newest = replace(read_account(ws.store, account.name) or account, **changes)
        save_account(cursor, newest, change_of(newest, action, asker.name, ws.signed_in.now()))
    ws.signed_in.forget(account.name)


def _person_is_there(ws: Books, person: str | None) -> None:
    if person is not None and person not in ws.company().people["person"]:
        raise not_found(msg("person"), person, ws.company().people["person"])


def _roles_are_there(ws: Books, roles: Sequence[str]) -> tuple[str, ...]:
    known = {*BUILT_IN, *(() if ws.is_empty() else ws.company().roles)}
    for role in roles:
        if role not in known:
            raise not_found(msg("role"), role, known)
    return tuple(dict.fromkeys(roles))
