"""Knowing who asks with an API token: by the hash of its secret, and by what its account may do at this very moment."""

import datetime
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from kpiflow.errors import Refused, StoreError
from kpiflow.language import Message, msg
from kpiflow.storage.api_tokens import ApiToken, find_api_token, note_use
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.api_tokens.secret import is_whole
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.sign_in.signed_in import hash_of
from kpiflow.workspace.sign_in.signing_in import account_of, closed, has_left
from kpiflow.workspace.sign_in.throttle import Throttle

#: How many tokens are remembered at once; the one unused for longest is then read from the store again.
REMEMBERED = 1_000

#: Tokens of the demo are numbered from here: they are kept in memory alone and belong to the person looked as.
FIRST_OF_DEMO = 900_001


class NotKnown(Refused):
    """A token that opens nothing: not ours, expired, revoked, or of an account that is closed; the message says which."""


class WrongTooOften(Refused):
    """One more unknown token from an address that sent too many; `seconds` says how long to wait."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, round(seconds + 0.5))
        super().__init__(
            msg("Too many unknown tokens came from this address. Try again in {count} seconds.", count=self.seconds)
        )


@dataclass
class Remembered:
    """What one process knows of tokens: those read from the store, the day each was last used, and wrong tries.

    `demo` are those that people of the demo made, by hash: a store used in the demo opens no door when it is served in
    earnest.
    """

    tokens: OrderedDict[str, tuple[int, ApiToken]] = field(default_factory=OrderedDict)
    demo: dict[str, ApiToken] = field(default_factory=dict)
    used: dict[int, datetime.date] = field(default_factory=dict)
    wrong: Throttle = field(default_factory=Throttle)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Knowing(Books):
    """A store opened for whoever comes with a token."""

    @cached_property
    def remembered(self) -> Remembered:
        """What this process remembers of tokens; all of it but the wrong tries is in the store as well."""
        return Remembered()


def bearer_of(ws: Knowing, secret: str, address: str) -> Bearer:
    """Return who asks with a token, and what it may be used for; its account is looked at afresh at every call.

    Raises NotKnown with the reason, or WrongTooOften. A token that counts is never held up by others' wrong ones: a whole
    office may ask from one address, and nobody can guess 238 random bits.
    """
    token = _found(ws, hash_of(secret[:200]))
    if token is None:
        wait = ws.remembered.wrong.begin(None, address, ws.signed_in.now().timestamp())
        if wait > 0:
            raise WrongTooOften(wait)
        raise NotKnown(_unknown(secret))
    now = ws.signed_in.now()
    if token.revoked is not None:
        raise NotKnown(msg("The token {name} was revoked. Make a new one on the page Tokens.", name=token.name))
    if token.expires <= now:
        raise NotKnown(
            msg(
                "The token {name} expired on {day}. Make a new one on the page Tokens.",
                name=token.name,
                day=token.expires.date(),
            )
        )
    asker = _asker(ws, token)
    _note(ws, token.token, now.date())
    return Bearer(asker, token.token, token.name, frozenset(token.scopes))


def _asker(ws: Knowing, token: ApiToken) -> Asker:
    """Return who asks, as a session of the account would say it now; raises NotKnown when the account is closed."""
    if token.token >= FIRST_OF_DEMO:
        if has_left(ws, token.account):
            raise NotKnown(msg("{person} has left the company, so this account is closed.", person=token.account))
        return Asker(token.account)
    account = account_of(ws, token.account)
    if account is None:
        raise NotKnown(msg("The account of this token is there no more."))
    if (reason := closed(ws, account)) is not None:
        raise NotKnown(reason)
    return Asker(account.person, account.name, account.roles)


def _unknown(secret: str) -> Message:
    if not is_whole(secret):
        return msg("This is no whole token: it begins with kpf_ and has 50 characters. Was it cut off when copied?")
    return msg("Nobody here knows this token. Make one on the page Tokens.")


def _found(ws: Knowing, known: str) -> ApiToken | None:
    """Return the token of a hash, from memory while nothing was written since it was read."""
    state = ws.remembered
    # Counted before the store is asked: what is written meanwhile is then read again.
    writes = ws.store.writes
    with state.lock:
        held = state.tokens.get(known)
        of_demo = state.demo.get(known) if ws.demo else None
    if of_demo is not None:
        return of_demo
    if held is not None and held[0] == writes:
        return held[1]
    found = find_api_token(ws.store, known)
    if found is not None:  # unknown ones are not remembered: whoever tries tokens must not fill the memory
        with state.lock:
            state.tokens[known] = (writes, found)
            state.tokens.move_to_end(known)
            while len(state.tokens) > REMEMBERED:
                state.tokens.popitem(last=False)
    return found


def _note(ws: Knowing, token: int, day: datetime.date) -> None:
    """Write down the first use of a token on a day; a store that takes no more must not keep anybody from reading it."""
    state = ws.remembered
    with state.lock:
        if state.used.get(token) == day:
            return
        state.used[token] = day
    if token >= FIRST_OF_DEMO:
        return
    with suppress(StoreError), ws.store.write(apart=True) as cursor:
        note_use(cursor, token, day)
