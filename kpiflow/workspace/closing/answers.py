"""What is answered about closing a period: how ready it is, what was closed, and what became known after."""

import datetime
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.core.closing import Adjust, ClosingCheck
from kpiflow.language import Message, Name
from kpiflow.workspace.closing.frozen import Closed

__all__ = [
    "PAGE", "Around", "Changes", "Check", "ClosingCheck", "ClosingVerified", "Finding", "FindingList", "Past", "Readiness",
]  # fmt: skip

#: How many rows of a list are told at once.
PAGE = 20


@dataclass(frozen=True)
class Check:
    """One check: how many it found of how many, in words, and whether that stops a closing.

    `weight` is the part of the weight of all measured goals that the found ones carry; None where weight means nothing.
    """

    check: ClosingCheck
    label: Message
    count: int
    of: int | None
    blocking: bool
    weight: float | None = None

    @property
    def stops(self) -> bool:
        """Whether the period cannot be closed because of it."""
        return self.blocking and self.count > 0


@dataclass(frozen=True)
class Finding:
    """One thing that was found: what, whose, and why in words; `page` and `choices` lead to where it is put right."""

    name: Name
    owner: Name | None
    reason: Message
    page: str
    choices: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FindingList:
    """A page of what one check found."""

    check: ClosingCheck
    label: Message
    found: int
    start: int
    rows: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class Changes:
    """What came in since the last look, and what it did to scores.

    loads: load, source, recorded_at, who, reason, metric, rows, corrected, of days that count. changes: change,
    recorded_at, who, reason, of definitions. people: person, label, label_zh, before, after, change: those whose score
    moved, the most first. goals: how many goals' points moved. `looked`: whether `since` was a look, not a closing.
    """

    since: datetime.datetime
    who: str
    looked: bool
    loads: pl.DataFrame
    changes: pl.DataFrame
    people: pl.DataFrame
    goals: int

    @property
    def corrected(self) -> int:
        """How many measurements were corrected."""
        return int(self.loads["corrected"].sum())

    @property
    def largest(self) -> float:
        """By how much the score moved that moved most."""
        moved = self.people["change"].abs().max()
        return 0.0 if moved is None else float(str(moved))


@dataclass(frozen=True)
class Past:
    """One closing in the list: its record in full, and whether it counts today."""

    record: dict[str, Any]
    counts: bool


@dataclass(frozen=True)
class Around:
    """A period of the same cycle that is closed in its turn, and whether it is: when, if it is; over, if it has ended."""

    period: str
    at: datetime.datetime | None
    over: bool


@dataclass(frozen=True, eq=False)
class Readiness:
    """Whether a period can be closed and on what; `closed` when it is, with what would differ today.

    `may_…` say whether the person asking may, with the reason, rights and state taken together. `goals`, and `mean` and
    `scored` of the `people` within reach, are what would be frozen, or what was. `around` are the cycle's periods that are
    closed in turn, this one among them. `restated` are those whose score differs now:
    person, label, label_zh, score_signed, score_now, difference, grade_signed, grade_now. `causes` are the loads since.
    """

    sentence: tuple[Message, ...]
    period: str
    ends: datetime.date
    checks: tuple[Check, ...]
    changes: Changes | None
    closed: Closed | None
    around: tuple[Around, ...]
    past: tuple[Past, ...]
    goals: int
    people: int
    scored: int
    mean: float | None
    adjust: Adjust
    may_look: Decision
    may_close: Decision
    may_reopen: Decision
    may_confirm: Decision
    restated: pl.DataFrame
    causes: pl.DataFrame
    altered: pl.DataFrame

    @property
    def stops(self) -> tuple[Check, ...]:
        """The checks that stop a closing."""
        return tuple(check for check in self.checks if check.stops)


@dataclass(frozen=True, eq=False)
class ClosingVerified:
    """Whether a closed result can be recomputed to the last digit.

    `intact`: the frozen rows are those that were written. `same`: the store still gives each number. `rests`: the
    measurements, definitions and rules known at the time have the fingerprints of then. differences: table, id, column,
    frozen, recomputed (texts), the first of `found`.
    """

    sentence: tuple[Message, ...]
    closing: int
    period: str
    intact: bool
    same: bool
    rests: bool
    same_code: bool
    compared: int
    found: int
    differences: pl.DataFrame

    @property
    def holds(self) -> bool:
        """Whether all of it holds; a newer program that gives the same numbers is no failure."""
        return self.intact and self.same and self.rests
