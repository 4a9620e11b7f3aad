"""What the door answers about live sources: how each is, what became of each time it was asked, and what it set aside."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from kpiflow.language import Message, Name


class Health(StrEnum):
    """How a source is."""

    WELL = "well"
    SILENT = "silent"  # the last time failed, or it missed its turn twice
    NEVER = "never"  # not asked yet
    BY_HAND = "by_hand"  # no schedule, and the last time went in


@dataclass(frozen=True)
class Live:
    """One source as it stands. `silent_since` is when it last answered, `newest` the last day it has brought.

    `said` are sentences: what is wrong and what to do, set-aside rows, questions about volume and values.
    """

    source: str
    name: Name
    kind: Message
    schedule: Message
    health: Health
    metrics: tuple[Name, ...]
    last_good: datetime.datetime | None
    newest: datetime.date | None
    silent_since: datetime.datetime | None
    rejected: int
    rejects_run: int | None
    drift: tuple[Message, ...]
    said: tuple[Message, ...]
    volume: tuple[tuple[datetime.date, int], ...]


@dataclass(frozen=True)
class Lives:
    """Every source, and one sentence about all of them."""

    sentence: tuple[Message, ...]
    sources: tuple[Live, ...]


@dataclass(frozen=True)
class Pulled:
    """What became of one time a source was asked. `failure` is why nothing came in, None when all went well."""

    run: int
    source: str
    seen: int
    read: int
    added: int
    unchanged: int
    superseded: int
    rejected: int
    failure: Message | None
    drift: tuple[Message, ...]
    new: bool


@dataclass(frozen=True)
class Looked:
    """What a source would bring: its first rows, and the question as it would be asked."""

    rows: pl.DataFrame
    question: str


@dataclass(frozen=True)
class RejectFile:
    """Rows that were set aside, as a file to correct and load again."""

    name: str
    content: bytes
    rows: int
