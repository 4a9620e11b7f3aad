"""Signing in and out: a token for the right password, an asker for a token, and an end to it at once when it is over."""

import datetime
import secrets
import unicodedata
from dataclasses import replace

import polars as pl

from kpiflow.errors import InvalidInput, Refused
from kpiflow.language import Message, msg
from kpiflow.storage import tokens
from kpiflow.storage.accounts import Account, change_of, read_account, save_account
from kpiflow.storage.journal import Entry
from kpiflow.storage.tokens import Attempt, Token
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.sign_in import passwords
from kpiflow.workspace.sign_in.signed_in import Session, hash_of
from kpiflow.workspace.sign_in.throttle import FORGOTTEN

#: The purposes of tokens in the store.
SESSION, WELCOME = "session", "welcome"


class TryLater(Refused):
    """A try to sign in that came too soon after wrong ones; `seconds` says how long to wait."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, round(seconds + 0.5))
        super().__init__(_later(self.seconds))


def sign_in(ws: Books, name: str, password: str, address: str) -> str:
    """Return a new session's token for the right name and password.

    Raises TryLater after too many wrong tries, and Refused without saying whether the name or the password was wrong.
    """
    known = plain_name(name)
    _may_try(ws, known, address)
    account = account_of(ws, known)
    if not passwords.same(password, account.password if account else None) or account is None:
        _record_wrong(ws, known, account, address)
        raise Refused(msg("The name or the password is not right."))
    ws.signed_in.throttle.went_well(known, address)
    _required_open(ws, account)
    return _start(ws, account, address, "sign_in")


def sign_in_elsewhere(ws: Books, name: str, address: str) -> str:
    """Return a new session's token for somebody whom the identity provider vouches for; raises Refused without an account."""
    # People are forgiven how they type; a provider is not: two of its accounts must never be one of ours.
    account = account_of(ws, plain_name(name)) if _is_plain(name) else None
    if account is None:
        raise Refused(msg("Nobody here has an account named {name}. Ask an administrator for one.", name=name))
    _required_open(ws, account)
    return _start(ws, account, address, "sign_in_elsewhere")


def sign_in_as(ws: Books, person: str) -> str:
    """Return a new session's token for any person of the example company; raises Refused outside the demo.

    It is kept in memory alone, so that a store used in the demo opens no door when it is served in earnest.
    """
    if not ws.demo:
        raise Refused(msg("Only the demo lets you look as anybody."))
    if person not in ws.company().people["person"] or has_left(ws, person):
        raise Refused(msg("There is nobody called {person} in the company today.", person=person))
    token, state = secrets.token_urlsafe(32), ws.signed_in
    now = state.now()
    with state.lock:
        state.sweep()
        state.sessions[hash_of(token)] = Session(hash_of(token), None, person, now + state.terms.lasting, now)
    return token


def session(ws: Books, token: str | None) -> Asker | None:
    """Return who asks with a token; None when it is not ours, has ended or expired, or its account is closed."""
    if not token or len(token) > 200:
        return None
    state, known = ws.signed_in, hash_of(token)
    # Lock order: the store's writing lock, then this one. Nothing is written while it is held.
    with state.lock:
        found = state.sessions.get(known) or _recalled(ws, known)
        if lasts := found is not None and state.lasts(found):
            found.used = state.now()
    if found is None:
        return None
    if not lasts:
        _end(ws, found, "expired")
        return None
    if found.account is None:
        return Asker(found.person) if ws.demo and found.person else None
    account = account_of(ws, found.account)
    if account is None or closed(ws, account) is not None:
        return None
    return Asker(account.person, account.name, account.roles)


def sign_out(ws: Books, token: str | None) -> None:
    """End the session of a token at once; an unknown token is no error."""
    if not token:
        return
    with ws.signed_in.lock:
        found = ws.signed_in.sessions.get(hash_of(token)) or _recalled(ws, hash_of(token))
    if found is not None:
        _end(ws, found, "sign_out")


def sign_out_everywhere(
    ws: Books, name: str, *, who: str, why: str = "sign_out_everywhere", keep: str | None = None
) -> int:
    """End every session and open link of an account, but the one of the token `keep`; return how many these were."""
    state, kept = ws.signed_in, hash_of(keep) if keep else None
    with ws.store.write(apart=True) as cursor:
        now = state.now()
        ended = [one for one in tokens.open_tokens(ws.store, name, now) if one != kept]
        said = Entry(now, who, "sessions_ended", name, detail={"count": len(ended), "why": why})
        tokens.end(cursor, ended, why, said)
    state.drop(name, kept)
    return len(ended)


def change_password(ws: Books, token: str, old: str, new: str, address: str) -> None:
    """Set a new password for the account of a session, given the old one, and end its other sessions.

    Raises TryLater and Refused as signing in does, and InvalidInput for a password that is not good enough.
    """
    asker = session(ws, token)
    account = account_of(ws, asker.account) if asker and asker.account else None
    if account is None:
        raise Refused(msg("Your session has ended. Sign in again."))
    _may_try(ws, account.name, address)
    if not passwords.same(old, account.password):
        _record_wrong(ws, account.name, account, address)
        raise Refused(msg("The old password is not right."))
    ws.signed_in.throttle.went_well(account.name, address)
    if old == new:
        raise InvalidInput(msg("The new password is the old one. Choose another one."))
    set_password(ws, account.name, new, who=account.name)
    sign_out_everywhere(ws, account.name, who=account.name, why="password_changed", keep=token)


def welcomed(ws: Books, token: str) -> str:
    """Return the account that a link for a first password belongs to; raises Refused when it is used up or expired."""
    found = tokens.find_token(ws.store, hash_of(token)) if 0 < len(token) <= 200 else None
    account = account_of(ws, found.account) if found else None
    if found is None or account is None or found.purpose != WELCOME or found.expires <= ws.signed_in.now():
        raise Refused(msg("This link has been used or has expired. Ask an administrator for a new one."))
    _required_open(ws, account)
    return found.account


def welcome(ws: Books, token: str, password: str, address: str) -> str:
    """Set the first password with a link's token, which is used up by it, and return a new session's token.

    Raises Refused when the link counts no more, and InvalidInput for a password that is not good enough.
    """
    name = welcomed(ws, token)
    passwords.required(password, name)
    made = passwords.hashed(password)
    with ws.store.write():
        welcomed(ws, token)  # of two who use it at the same time, one is too late
        _save_password(ws, name, made, who=name)
        # Whoever needs a link may have lost the password to somebody: nothing that was open before stays open.
        sign_out_everywhere(ws, name, who=name, why="password_changed")
    ws.signed_in.forget(name)
    ws.signed_in.drop(name)
    account = account_of(ws, name)
    assert account is not None
    return _start(ws, account, address, "sign_in")


def set_password(ws: Books, name: str, password: str, *, who: str) -> None:
    """Set the password of an account that is there; raises InvalidInput for one that is not good enough."""
    passwords.required(password, name)
    _save_password(ws, name, passwords.hashed(password), who=who)


def _save_password(ws: Books, name: str, made: str, *, who: str) -> None:
    with ws.store.write() as cursor:
        before = read_account(ws.store, name)
        assert before is not None, "callers have looked it up"
        after = replace(before, password=made)
        save_account(cursor, after, change_of(after, "password_set", who, ws.signed_in.now()))
    ws.signed_in.forget(name)


def account_of(ws: Books, name: str) -> Account | None:
    """Return an account by its plain name, from memory when it was read before."""
    state = ws.signed_in
    with state.lock:
        if name in state.accounts:
            return state.accounts[name]
        found = read_account(ws.store, name)
        # Names that are no account are not remembered: whoever tries names must not fill the memory.
        if found is not None:
            state.accounts[name] = found
        return found


def closed(ws: Books, account: Account) -> Message | None:
    """Return why an account may not be used now, or None when it may."""
    if account.disabled:
        return msg("This account is disabled. Ask an administrator.")
    if account.person is not None and has_left(ws, account.person):
        return msg("{person} has left the company, so this account is closed.", person=account.person)
    return None


def has_left(ws: Books, person: str) -> bool:
    """Return whether a person is in the company no more today: left, or taken off the list of people."""
    if ws.is_empty():
        return False
    key = ("present", ws.known(None).definitions, ws.today())
    return person not in ws.kept(key, lambda: _present(ws))


def plain_name(name: str) -> str:
    """Return an account name as it is kept: people type capitals, spaces and full-width letters.

    >>> plain_name("  Ada.Skylark@Example.com ")
    'ada.skylark@example.com'
    """
    return unicodedata.normalize("NFKC", name).strip().casefold()[:200]


def _is_plain(name: str) -> bool:
    """Return whether a name differs from the one that is kept by nothing but capitals.

    >>> _is_plain("Ada@Example.com"), _is_plain("\uff41da@example.com"), _is_plain("\u212ai@example.com")
    (True, False, False)
    """
    return name.lower() == plain_name(name) and name.lower().upper() == name.upper()


def token_for(ws: Books, account: str, purpose: str, who: str, detail: dict[str, object] | None = None) -> str:
    """Make a token of 256 random bits for an account, write its hash, and return it: it is known to nobody else."""
    token, now = secrets.token_urlsafe(32), ws.signed_in.now()
    lasting = ws.signed_in.terms.lasting if purpose == SESSION else ws.signed_in.terms.welcome
    issued = Token(hash_of(token), purpose, account, now, now + lasting)
    action = "sign_in" if purpose == SESSION else "invite"
    with ws.store.write(apart=True) as cursor:
        tokens.issue(cursor, issued, Entry(now, who, action, account, detail=detail))
    return token


def _present(ws: Books) -> frozenset[str]:
    gone = pl.col("left") < ws.today()
    return frozenset(ws.company().people.filter(~gone.fill_null(False))["person"])


def _required_open(ws: Books, account: Account) -> None:
    if (reason := closed(ws, account)) is not None:
        raise Refused(reason)


def _may_try(ws: Books, name: str, address: str) -> None:
    """Count a try, or raise TryLater; tries of an earlier run of the program count as well."""
    state = ws.signed_in
    with state.lock:
        if not state.recalled:
            since = state.now() - datetime.timedelta(seconds=FORGOTTEN)
            for tried in tokens.attempts_since(ws.store, since):
                if not tried.ok:
                    state.throttle.count(tried.account, tried.address, tried.at.timestamp())
                elif tried.account is not None:
                    state.throttle.count(None, tried.address, tried.at.timestamp())
                    state.throttle.went_well(tried.account, tried.address)
            state.recalled = True
    wait = state.throttle.begin(name, address, state.now().timestamp())
    if wait > 0:
        raise TryLater(wait)


def _record_wrong(ws: Books, name: str, account: Account | None, address: str) -> None:
    now = ws.signed_in.now()
    known = None if account is None else name
    said = None if account is None else Entry(now, name, "sign_in_refused", name, detail={"address": address})
    with ws.store.write(apart=True) as cursor:
        tokens.record_attempt(cursor, Attempt(known, address, now, False), said)


def _start(ws: Books, account: Account, address: str, how: str) -> str:
    """Open a session of an account and return its token."""
    state = ws.signed_in
    now = state.now()
    with ws.store.write(apart=True) as cursor:
        tokens.record_attempt(cursor, Attempt(account.name, address, now, True), None)
        token = token_for(ws, account.name, SESSION, account.name, {"address": address, "how": how})
    with state.lock:
        state.sweep()
        known = hash_of(token)
        state.sessions[known] = Session(known, account.name, account.person, now + state.terms.lasting, now)
    return token


def _recalled(ws: Books, known: str) -> Session | None:
    """Return a session that an earlier run of the program opened; when it was last used is not known any more."""
    found = tokens.find_token(ws.store, known)
    if found is None or found.purpose != SESSION:
        return None
    made = Session(known, found.account, None, found.expires, ws.signed_in.now())
    ws.signed_in.sessions[known] = made
    return made


def _end(ws: Books, ended: Session, why: str) -> None:
    """End one session for good: in the store first, so that it cannot be recalled from there meanwhile."""
    state = ws.signed_in
    if ended.account is not None:
        with ws.store.write(apart=True) as cursor:
            if tokens.find_token(ws.store, ended.hash) is not None:
                said = Entry(state.now(), ended.account, why, ended.account)
                tokens.end(cursor, [ended.hash], why, said)
    with state.lock:
        state.sessions.pop(ended.hash, None)


def _later(seconds: int) -> Message:
    if seconds < 120:
        return msg("Too many wrong tries. Try again in {count} seconds.", count=seconds)
    return msg("Too many wrong tries. Try again in {count} minutes.", count=-(-seconds // 60))
