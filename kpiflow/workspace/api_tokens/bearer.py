"""Whoever asks with an API token: the account's own asker, and what the token may be used for."""

from dataclasses import dataclass

from kpiflow.workspace.books import Asker


@dataclass(frozen=True)
class Bearer:
    """An asker as a session of the account would give it, with the token's number, name and scopes."""

    asker: Asker
    token: int
    name: str
    scopes: frozenset[str]
