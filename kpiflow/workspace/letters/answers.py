"""What the pages and commands about letters show: one letter with its versions and signatures, and the list of them."""

import datetime
from dataclasses import dataclass, field

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.core.letter import Letter, LetterState, Party, Promise, Side, Wording
from kpiflow.language import Message, msg

__all__ = [
    "SIDE_WORDS", "STATE_WORDS", "Change", "LetterList", "LetterPage", "LetterState", "Promise", "Side", "Signed", "Version",
]  # fmt: skip

#: How far a letter has come, in words.
STATE_WORDS: dict[LetterState, Message] = {
    LetterState.NONE: msg("Not drawn up"),
    LetterState.DRAWN_UP: msg("Drawn up"),
    LetterState.SIGNED_BY_OWNER: msg("Responsible has signed"),
    LetterState.SIGNED_BY_MANAGER: msg("Manager has signed"),
    LetterState.IN_FORCE: msg("In force"),
    LetterState.SUPERSEDED: msg("Superseded"),
}

#: The sides of a letter, in words.
SIDE_WORDS: dict[Side, Message] = {Side.OWNER: msg("Responsible"), Side.MANAGER: msg("Manager")}


@dataclass(frozen=True)
class Signed:
    """A side of one version: who has to sign, and when they did (None: not yet)."""

    side: Side
    party: Party
    at: datetime.datetime | None = None
    fingerprint: str | None = None


@dataclass(frozen=True)
class Version:
    """One version of a letter: when, by whom and why it was drawn up, and how far it came."""

    version: int
    at: datetime.datetime
    by: Wording
    reason: str | None
    fingerprint: str
    state: LetterState


@dataclass(frozen=True)
class Change:
    """One line of a difference: what it is about, the field, before and after; `reason` is the one given for it."""

    subject: Wording
    field: Message
    before: Wording | None
    after: Wording | None
    eased: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class LetterPage:
    """One letter as somebody may see it. `letter` is the version looked at, None while there is none.

    `versions` are newest first, `compared` the version the `changes` start from. `amounts` are what plans start from in
    the owner's own money, for those who may read it, beside the letter and no part of it. `stale` says that the company
    has moved on since the newest version, without anybody having changed its goals: people came, went or were renamed.
    """

    owner_kind: str
    owner: str
    name: Wording
    cycle: str
    state: LetterState
    letter: Letter | None
    version: Version | None
    versions: tuple[Version, ...]
    signed: tuple[Signed, ...]
    in_force: int | None
    compared: int | None
    changes: tuple[Change, ...]
    amounts: tuple[Wording, ...]
    withheld: bool
    stale: bool
    example: bool
    draw_up: Decision
    sign: Decision
    side: Side | None = None


@dataclass(frozen=True)
class LetterList:
    """A page of the letters somebody may see, and how all of them stand: `counts` and `total` are over every one.

    `rows`: owner_kind, owner, label, label_zh, state, version, in_force, signer, signer_label, signer_label_zh, manager,
    manager_label, manager_label_zh, owner_at, manager_at, drawn_at, goals (promised) and waiting (agreed by nobody yet).
    `held` counts letters of which an earlier version holds until everybody has signed the newest.
    """

    cycle: str
    rows: pl.DataFrame
    found: int
    total: int
    counts: dict[LetterState, int] = field(default_factory=dict)
    agreed: float | None = None
    signed: float | None = None
    held: int = 0
