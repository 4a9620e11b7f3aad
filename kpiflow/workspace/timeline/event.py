"""One thing that happened to a goal, and what those who know of such things are told when they are asked."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl

from kpiflow.language import Message, Name
from kpiflow.workspace.books import Asker, Books


class EventKind(StrEnum):
    """What sort of thing happened."""

    PLAN = "plan"  # the goal or a rule it is measured by was written down, changed or taken away
    PROPOSAL = "proposal"
    LETTER = "letter"
    CHECK_IN = "check_in"
    REMARK = "remark"
    MEASUREMENT = "measurement"


@dataclass(frozen=True)
class FieldChange:
    """One field before and after, as people say it; `eased`: the target is easier to reach than it was."""

    field: Message
    before: object
    after: object
    eased: bool = False


@dataclass(frozen=True)
class Event:
    """One thing that happened. `who` is the name in the journal, and `name` what people call them.

    `reason` are the words given with it, as they were written. `through` says in what way a plan was changed.
    """

    at: datetime.datetime
    kind: EventKind
    said: Message
    who: str
    reason: str | None = None
    through: Message | None = None
    changes: tuple[FieldChange, ...] = ()
    name: Name | None = None


@dataclass(frozen=True, eq=False)
class Asked:
    """What a source is asked: the goal with its names and measure, for whom, and the day that nothing after it counts."""

    ws: Books
    asker: Asker
    goal: str
    row: Mapping[str, Any]
    versions: pl.DataFrame  # of the goal, those the asker may read, oldest first
    as_of: datetime.date | None

    @property
    def day(self) -> datetime.date | None:
        """The as-of day for the store: None when nothing is to be left out."""
        return self.ws.believed(self.as_of)


#: Whoever knows of events says so here: one function each.
Source = Callable[[Asked], list[Event]]


@dataclass(frozen=True, eq=False)
class Timeline:
    """Everything that happened to a goal by a day, the newest first; `counts`: how many there are of each kind."""

    goal: str
    name: Name
    sentence: tuple[Message, ...]
    events: tuple[Event, ...]
    counts: Mapping[EventKind, int]
