"""What the pages and commands about reviews show: one review with its ratings and history, and the list of them."""

import datetime
from dataclasses import dataclass, field

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.core.rating import Rater
from kpiflow.core.review import AdjustmentKind, ReviewState, ReviewStep
from kpiflow.language import Message, Name, msg

__all__ = [
    "RATER_WORDS", "STATE_WORDS", "STEP_WORDS", "AdjustmentKind", "Asked", "Change", "Given", "RatedItem", "RatedSection",
    "Rater", "Review", "ReviewList", "ReviewState", "ReviewStep", "Taken", "Wanted",
]  # fmt: skip

#: How far a review has come, in words.
STATE_WORDS: dict[ReviewState, Message] = {
    ReviewState.NOT_BEGUN: msg("Not begun"),
    ReviewState.SELF_DONE: msg("Self-review done"),
    ReviewState.MANAGER_DONE: msg("Manager done"),
    ReviewState.HR_CHECKED: msg("HR has checked"),
    ReviewState.SIGNED: msg("Signed"),
}

#: Each step, in words.
STEP_WORDS: dict[ReviewStep, Message] = {
    ReviewStep.SELF: msg("Self-review"),
    ReviewStep.MANAGER: msg("Manager's review"),
    ReviewStep.HR: msg("HR's check"),
    ReviewStep.SIGNED: msg("Signature"),
}

#: Who rates, as the head of a column.
RATER_WORDS: dict[Rater, Message] = {
    Rater.SELF: msg("Self"),
    Rater.MANAGER: msg("Manager"),
    Rater.PEERS: msg("Peers"),
    Rater.HR: msg("HR"),
}


@dataclass(frozen=True)
class Given:
    """A rating on its way in: the section and item, the value (None: does not apply), and words."""

    section: str
    item: str
    value: float | None
    words: str | None = None


@dataclass(frozen=True)
class RatedItem:
    """One item: what it is, its rubric (points and what is seen), and what each kind of rater gave as far as it may be seen.

    `draft` is what the person asking has written so far, sent on or not; `written` whether there is any.
    """

    item: str
    name: Name
    about: Name | None
    weight: float
    levels: tuple[tuple[float, Name], ...]
    values: dict[Rater, float | None]
    draft: float | None = None
    words: str | None = None
    written: bool = False


@dataclass(frozen=True)
class RatedSection:
    """A section made of ratings: the scale, who rates with which weight, and its items."""

    section: str
    name: Name
    low: float
    high: float
    raters: dict[Rater, float]
    items: tuple[RatedItem, ...]


@dataclass(frozen=True)
class Taken:
    """One step that was taken: `back` when the review went back to `state`."""

    step: ReviewStep | None
    state: ReviewState
    at: datetime.datetime
    by: Name
    words: str | None
    agrees: bool | None
    back: bool


@dataclass(frozen=True)
class Change:
    """One adjustment: what it does, why, who made it, and whether it counts. `waits`: somebody else has to agree first."""

    adjustment: int
    kind: AdjustmentKind
    amount: float
    reason: str
    by: Name
    at: datetime.datetime
    counts: bool
    waits: bool
    answer: str | None
    answered_by: Name | None
    file: str | None
    may_answer: Decision


@dataclass(frozen=True, eq=False)
class Review:
    """One review as somebody may see it.

    `rater` is as what the person asking rates now (None: not now), `send` the step they may take (None: none), with the
    reason in `may`. `lines` say how score and grade came about; `fingerprint` is that of what would be signed now. `signed`
    is the last signature, `changed` says that score, sections or steps are not those that were signed any more.
    """

    person: str
    name: Name
    unit_name: Name | None
    period: str
    state: ReviewState
    waits_for: ReviewStep | None
    waits_on: Name | None
    due: datetime.date | None
    late: int
    score: float | None
    grade: str | None
    lines: tuple[Message, ...]
    sections: tuple[RatedSection, ...]
    history: tuple[Taken, ...]
    adjustments: tuple[Change, ...]
    peers: tuple[tuple[str, Name, bool], ...]
    peers_asked: int
    peers_at_least: int
    rater: Rater | None
    send: ReviewStep | None
    may: Decision
    may_return: tuple[ReviewState, ...]
    may_name_peers: bool
    may_adjust: Decision
    fingerprint: str
    signed: Taken | None = None
    changed: bool = False


@dataclass(frozen=True)
class Asked:
    """What a peer who is asked sees of a review: whose it is, the items, what they have given, and nothing of the score."""

    person: str
    name: Name
    period: str
    sections: tuple[RatedSection, ...]
    open: bool


@dataclass(frozen=True)
class Wanted:
    """Which reviews of the list are wanted: a state, only late ones, only those that wait for the reader, a name, a page."""

    state: ReviewState | None = None
    late: bool = False
    mine: bool = False
    unit: str | None = None
    word: str = ""
    offset: int = 0
    limit: int = 25


@dataclass(frozen=True, eq=False)
class ReviewList:
    """A page of the reviews somebody may see, and how all of them stand.

    rows: person, label, label_zh, unit, unit_label, unit_label_zh, state, waits_for, waits_on, waits_on_label,
      waits_on_label_zh, due, late (days), score, grade, changed, back. units: unit, label, label_zh, people, late, signed.
    asked: person, label, label_zh, since: people who wait for a rating of the reader as a peer.
    """

    period: str
    rows: pl.DataFrame
    found: int
    total: int
    late: int
    mine: int
    counts: dict[ReviewState, int]
    units: pl.DataFrame
    asked: pl.DataFrame = field(default_factory=pl.DataFrame)
