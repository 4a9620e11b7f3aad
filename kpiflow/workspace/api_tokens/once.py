"""Doing a thing once however often it is asked: the same key and the same request are given the same answer again."""

import datetime
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.storage.answered import AnsweredRequest, add_answered, find_answered
from kpiflow.workspace.books import Asker, Books

#: For how long a key is remembered. Whoever sends again later than this sends something new.
REMEMBERED = datetime.timedelta(days=7)

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class KeyUsed(InvalidInput):
    """A key that was used for another request: the two cannot both be the first."""


@dataclass(frozen=True)
class Repeat:
    """How a repeated request is known: the client's key, and the SHA-256 of all that makes the request up."""

    key: str
    request: str


@dataclass(frozen=True)
class Answer:
    """What a request is answered. `again`: it had been answered before, and nothing was written now."""

    status: int
    content: Mapping[str, Any]
    again: bool = False


def repeat_of(key: str | None, request: str) -> Repeat | None:
    """Return how a request is known when it carries a key; raises InvalidInput for a key that is none."""
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise InvalidInput(msg("An Idempotency-Key has 1 to 200 visible ASCII characters, such as a UUID."))
    return Repeat(key, request)


def answered_before(ws: Books, asker: Asker, repeat: Repeat | None) -> Answer | None:
    """Return what this very request was answered before, None the first time; raises KeyUsed for another request's key."""
    if repeat is None:
        return None
    with ws.store.read() as cursor:
        return _found(ws, cursor, asker, repeat)


def once(ws: Books, asker: Asker, repeat: Repeat | None, make: Callable[[], Answer]) -> Answer:
    """Do something and keep its answer under the key, in one transaction; done before, only its answer is given again.

    Of two that arrive at once, the second waits for the first and is given its answer. What `make` raises undoes all of
    it, and the key is free again.
    """
    if repeat is None:
        return make()
    # What `make` writes counts as written; that an answer was kept, by itself, does not.
    with ws.store.write(apart=True) as cursor:
        found = _found(ws, cursor, asker, repeat)
        if found is not None:
            return found
        made = make()
        text = json.dumps(made.content, ensure_ascii=False)
        add_answered(cursor, AnsweredRequest(_account(asker), repeat.key, repeat.request, _now(ws), made.status, text))
    return made


def _found(ws: Books, cursor: Any, asker: Asker, repeat: Repeat) -> Answer | None:
    found = find_answered(cursor, _account(asker), repeat.key, _now(ws) - REMEMBERED)
    if found is None:
        return None
    if found.request != repeat.request:
        raise KeyUsed(
            msg("The Idempotency-Key {key} was used for another request. Take a new key for each.", key=repeat.key)
        )
    return Answer(found.status, json.loads(found.answer), again=True)


def _account(asker: Asker) -> str:
    """Return whose key it is: a new token of the same account may repeat what the old one began."""
    return asker.account or asker.name


def _now(ws: Books) -> datetime.datetime:
    """Return the moment that keys are counted by."""
    return ws.signed_in.now()
