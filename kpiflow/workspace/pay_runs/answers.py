"""What the workspace answers with about pay: runs and how they stand, one of them, and what differs between two."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.incentives.statements import Line, Statement
from kpiflow.language import Message, Name, msg

__all__ = [
    "STATE_WORDS", "STEPS", "Adjusting", "Line", "Missing", "Paid", "PayDifference", "PayFile", "PayRuns", "PayVerified",
    "RunPage", "RunState", "Statement", "Stored",
]  # fmt: skip


class RunState(StrEnum):
    """How a run stands."""

    DRY = "dry"  # worked out and kept, and nothing else
    PROPOSED = "proposed"  # waits for a second person
    APPROVED = "approved"
    FINAL = "final"  # paid, never changed again
    REFUSED = "refused"


#: What each state is called.
STATE_WORDS: dict[str, Message] = {
    RunState.DRY: msg("dry run"),
    RunState.PROPOSED: msg("proposed"),
    RunState.APPROVED: msg("approved"),
    RunState.FINAL: msg("final"),
    RunState.REFUSED: msg("refused"),
}

#: Which state each step needs, and which it brings about.
STEPS: Mapping[str, tuple[tuple[RunState, ...], RunState]] = {
    "propose": ((RunState.DRY,), RunState.PROPOSED),
    "approve": ((RunState.PROPOSED,), RunState.APPROVED),
    "withdraw": ((RunState.PROPOSED,), RunState.DRY),
    "refuse": ((RunState.DRY, RunState.PROPOSED, RunState.APPROVED), RunState.REFUSED),
    "finalise": ((RunState.APPROVED,), RunState.FINAL),
}


@dataclass(frozen=True)
class Missing:
    """One thing that has to be there before a run can be final: whether it is, in words, and if a reason is enough."""

    what: Message
    said: Message
    met: bool
    reason_enough: bool = False


@dataclass(frozen=True)
class Stored:
    """A run as it stands: what was run, by whose knowledge, and who did what last. `total` is of all it pays."""

    run: int
    plan: str
    label: Name
    version: int
    rules_print: str
    period: str
    state: RunState
    known_by: datetime.datetime
    closing: int | None
    currency: str
    people: int
    total: Decimal
    budget: Decimal | None
    content: str
    made_at: datetime.datetime
    made_by: str
    at: datetime.datetime
    by: str
    reason: str | None
    proposed_by: str | None
    approved_by: str | None


@dataclass(frozen=True, eq=False)
class PayRuns:
    """The runs of a period that the person asking may see, the newest first, and what may be run.

    `plans`: the plans that pay for the period. `totals` by run: what it pays those within reach; `own`: the one person
    asking. `run`, `approve`, `export`: whether the person asking may do so at all, with the reason. `names`: what those are
    called who took the last steps.
    """

    sentence: tuple[Message, ...]
    period: str
    runs: tuple[Stored, ...]
    totals: Mapping[int, Decimal]
    plans: tuple[tuple[str, Name], ...]
    office: bool
    run: Decision
    approve: Decision
    names: Mapping[str, Name] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class RunPage:
    """One run: what it pays within the reach of the person asking.

    units: unit, label, label_zh, people, amount, adjustment, payable, share (of what the run pays within reach), score
      (mean of the scores that may be read). grades: grade, people, payable, mean (paid to one of them).
    histogram: starts, ends, people: payouts in equal steps. rows: person, label, label_zh, unit, unit_label,
      unit_label_zh, role, amount (null where nothing can be said), adjustment, payable; one page of them.
    steps: recorded_at, who, label, label_zh (of who), state, reason. missing: what there has to be before the run can be
      final. may: which steps the person asking may take as it stands.
    """

    stored: Stored
    sentence: tuple[Message, ...]
    whole: bool
    people: int
    total: Decimal
    adjustments: Decimal
    unknown: int
    units: pl.DataFrame
    grades: pl.DataFrame
    histogram: pl.DataFrame
    rows: pl.DataFrame
    found: int
    start: int
    steps: pl.DataFrame
    missing: tuple[Missing, ...]
    may: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class PayDifference:
    """What differs between a run and another: people who are new, gone or paid another amount, and why.

    rows: person, label, label_zh, unit, unit_label, unit_label_zh, change_kind (new, gone, changed), before, after, change,
      component (whose line changed most), component_change, led_by (the components before it that changed); one page,
      the greatest change first.
    units: unit, label, label_zh, before, after, change.
    """

    sentence: tuple[Message, ...]
    run: Stored
    other: Stored | None
    rows: pl.DataFrame
    found: int
    start: int
    units: pl.DataFrame
    counts: Mapping[str, int]
    before: Decimal
    after: Decimal


@dataclass(frozen=True)
class Adjusting:
    """A line that puts an earlier run right: what it paid, what it would pay now, and the difference."""

    of_run: int
    period: str
    paid: Decimal
    due: Decimal
    amount: Decimal


@dataclass(frozen=True, eq=False)
class Paid:
    """One person's statement, and what it rests on.

    `run` is None for a preview of a plan that has not been run. `source` says in words which data, rules and run these
    are. `payable` is the statement's amount with the adjustments. `wide` is the row that the lines were made of.
    """

    statement: Statement
    label: Name
    person_name: Name
    unit_name: Name | None
    run: Stored | None
    source: tuple[Message, ...]
    adjustments: tuple[Adjusting, ...]
    payable: Decimal | None
    plan_json: str
    wide: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class PayVerified:
    """Whether a run still comes to the same: from what was stored with it, and from the store as known then.

    differences: person, component, stored, now; the first of `found`.
    """

    sentence: tuple[Message, ...]
    matches: bool
    intact: bool
    found: int
    differences: pl.DataFrame


@dataclass(frozen=True)
class PayFile:
    """A file about pay: its name, its bytes, and the fingerprint that stands in it."""

    name: str
    content: bytes
    fingerprint: str
