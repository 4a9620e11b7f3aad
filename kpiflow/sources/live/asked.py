"""What asking a live source takes and gives: where it stood, the rows that came, and why it failed."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import polars as pl

from kpiflow.errors import KPIFlowError
from kpiflow.language import Message, msg

#: What a source remembers between two pulls, as JSON: its watermark, fingerprints of files, an ETag.
State = Mapping[str, object]


class Failure(StrEnum):
    """Why a pull brought nothing."""

    UNREACHABLE = "unreachable"
    NOT_ALLOWED = "not_allowed"
    NO_SECRET = "no_secret"  # noqa: S105 — a word of ours
    NOT_THERE = "not_there"
    NOT_UNDERSTOOD = "not_understood"
    DRIFT = "drift"
    STOPPED = "stopped"


#: What is said of each.
FAILURES: dict[Failure, Message] = {
    Failure.UNREACHABLE: msg("It cannot be reached, or does not answer in time."),
    Failure.NOT_ALLOWED: msg("It does not let us in: the name, password or token is not taken."),
    Failure.NO_SECRET: msg("A secret it needs is not set on this machine."),
    Failure.NOT_THERE: msg("The table, file or address is not there."),
    Failure.NOT_UNDERSTOOD: msg("What it answers cannot be understood."),
    Failure.DRIFT: msg("What it brought is far from its own history, and it is set to stop then."),
    Failure.STOPPED: msg("The server stopped while it was asked."),
}


class SourceFailed(KPIFlowError):
    """A source brought nothing. `kind` is why; `again`: the next attempt may do better."""

    def __init__(self, kind: Failure, said: str, *, again: bool = False) -> None:
        super().__init__(msg("{why} {said}", why=FAILURES[kind], said=said))
        self.kind = kind
        self.said = said
        self.again = again


@dataclass(frozen=True)
class Since:
    """Where a source stood: its state after the last pull that went in, the folder its paths begin at, when to give up."""

    home: Path
    state: State = field(default_factory=dict)
    ending: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Part:
    """One part of what a source brought, such as a file: its name, and the tidy form as text, one row per fact.

    `behind` says for how many rows of the source each row stands (null: for itself); `first_row` is the number its first
    row has there. A part that could not be read at all has no rows, and `problem` says why.
    """

    name: str
    rows: pl.DataFrame
    behind: pl.Series | None = None
    first_row: int = 1
    problem: Message | None = None


@dataclass(frozen=True)
class Fetched:
    """What a source brought, and the state to begin from next time. Of one fact in several parts, the last one counts."""

    parts: tuple[Part, ...]
    state: State


@dataclass(frozen=True)
class Look:
    """What `check` shows: the first rows as they would come in, and the question as the source would be asked."""

    rows: pl.DataFrame
    question: str
