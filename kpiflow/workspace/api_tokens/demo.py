"""Tokens of people looked as in the demo: kept in memory alone, gone when the server stops, never written to the store."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.storage.api_tokens import ApiToken
from kpiflow.storage.journal import Entry
from kpiflow.workspace.api_tokens.knowing import FIRST_OF_DEMO, Knowing

#: How many tokens the demo holds: it is open to whoever sits at the machine.
MOST = 1_000


def add(ws: Knowing, made: ApiToken) -> int:
    """Keep a new token and return its number; raises InvalidInput when too many were made."""
    held = ws.remembered
    with held.lock:
        if len(held.demo) >= MOST:
            raise InvalidInput(msg("This account has {count} tokens. Revoke one that is not needed first.", count=MOST))
        number = FIRST_OF_DEMO + len(held.demo)
        held.demo[made.secret] = replace(made, token=number)
    return number


def end(ws: Knowing, token: int, said: Entry) -> None:
    """Let a token count no more."""
    held = ws.remembered
    with held.lock:
        for known, one in held.demo.items():
            if one.token == token:
                held.demo[known] = replace(one, revoked=said.at, reason=said.reason)


def rows(ws: Knowing, person: str | None, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return the tokens of a person of the demo, or of all, the newest first, with the columns of those in the store."""
    held = ws.remembered
    with held.lock:
        found = [one for one in held.demo.values() if person is None or one.account == person]
    told = [
        {
            "token": one.token, "account": one.account, "name": one.name, "scopes": list(one.scopes),
            "issued": one.issued.replace(tzinfo=None), "expires": one.expires.replace(tzinfo=None), "who": one.account,
            "revoked": one.revoked.replace(tzinfo=None) if one.revoked else None,
            "revoked_by": one.account if one.revoked else None, "reason": one.reason,
            "used": held.used.get(one.token),
        }
        for one in reversed(found)
    ]  # fmt: skip
    return pl.DataFrame(told, schema=dict(schema), orient="row")
