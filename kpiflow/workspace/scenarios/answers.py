"""What is asked and answered about scenarios."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.incentives.statements import Statement
from kpiflow.language import Message, Name
from kpiflow.workspace.scenarios.edits import Edits


@dataclass(frozen=True)
class Supposition:
    """What is supposed: edits of a period. `as_of` is the day the base is looked at from; None: as it is now."""

    period: str
    edits: Edits = ()
    as_of: datetime.date | None = None


@dataclass(frozen=True)
class Scenario:
    """A scenario as it was saved: the newest version, or the one asked for.

    `edits` are those the person asking may read, `said` the same in words; `hidden` counts the others. `made_by` is the name
    of `who`. `mine`: whether the person asking may change it. `applied`: when and by whom it became part of the plan.
    """

    number: int
    version: int
    name: str
    made_by: Name
    period: str
    as_of: datetime.date | None
    edits: Edits
    who: str
    at: datetime.datetime
    shared: bool
    closed: bool
    words: str | None = None
    said: tuple[Message, ...] = ()
    hidden: int = 0
    mine: bool = False
    applied: tuple[datetime.datetime, str] | None = None


#: Which people a list holds.
SHOWS = ("gain", "lose", "graded", "all")


@dataclass(frozen=True)
class Part:
    """Which people are listed: who gains, loses, or gets another grade; of a unit with all below it; and which page."""

    show: str = "gain"
    unit: str | None = None
    start: int = 0
    size: int = 20


@dataclass(frozen=True)
class Side:
    """Those who gain, or lose: how many, by how much in all, and the most one of them does."""

    people: int
    total: Decimal | float
    largest: Decimal | float


@dataclass(frozen=True, eq=False)
class Effect:
    """What a scenario does, beside how it is now, for the people the person asking may read.

    `by` says what gains and losses are counted in: `pay` where a plan pays for the period and the person asking may read
    it, else `score`. people: how many people are looked at. score and score_now: those of the enterprise.
    grades: grade, label, label_zh, before, after: how many people have each, the best first; a null grade is none.
    units: unit, label, label_zh, kind, depth, people, paid_before, paid_after, change, score_before, score_after (means);
      only units all of whose people may be read.
    rows: person, label, label_zh, unit, unit_label, unit_label_zh, score_before, score_after, grade_before, grade_after,
      amount_before, amount_after, change: one page of `found` people.
    goals: goal, label, label_zh, owner_label, owner_label_zh, points_before, points_after: what moves most.
    """

    sentence: tuple[Message, ...]
    period: str
    by: str
    people: int
    score_now: float | None
    score: float | None
    cost_now: Decimal | None
    cost: Decimal | None
    currency: str | None
    gain: Side
    lose: Side
    regraded: int
    grades: pl.DataFrame
    units: pl.DataFrame
    rows: pl.DataFrame
    found: int
    goals: pl.DataFrame
    part: Part


@dataclass(frozen=True)
class Move:
    """What one edit moved of a person's score and pay, in the order of the edits; None where that may not be read."""

    said: Message
    score: float | None
    amount: Decimal | None


@dataclass(frozen=True, eq=False)
class Why:
    """Why a scenario moves somebody: what each edit does, and the statement's lines side by side.

    lines: plan, component, label (Name), before, after (Decimal or None) and formula (Message) as it would be.
    """

    person: str
    name: Name
    score_now: float | None
    score: float | None
    grade_now: str | None
    grade: str | None
    amount_now: Decimal | None
    amount: Decimal | None
    currency: str | None
    moves: tuple[Move, ...]
    lines: tuple[dict[str, Any], ...]
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, eq=False)
class Compared:
    """Up to three scenarios of one period side by side with how it is now.

    effects: (name, Effect) in the order asked. grades: grade, label, label_zh, now, and one column per scenario number.
    """

    scenarios: tuple[Scenario, ...]
    effects: tuple[Effect, ...]
    grades: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Writes:
    """What applying a scenario would write: nothing is written by asking.

    changes: goal, label, label_zh, owner_kind, owner, owner_label, owner_label_zh, measure, currency, field, before, after,
    eased and may (bool) of each change of a goal that the person asking may read; `hidden` counts the others. allowed:
    whether the person asking may make all of them, and reasons why not. eased: how many become easier to reach, which needs a
    reason. files: the definitions that differ, as the YAML of each configuration file, and differing: what differs in words.
    ends: how many edits are about results, which nobody can apply. version: the definitions it was worked out from.
    proposable: how many are targets that came down from a goal above, so that their owners can be asked to agree. next: what
    has to happen then, and which roles do it.
    """

    scenario: Scenario
    changes: pl.DataFrame
    hidden: int
    allowed: bool
    reasons: tuple[Message, ...]
    obstacles: tuple[Message, ...]
    eased: int
    files: dict[str, str]
    differing: tuple[Message, ...]
    ends: int
    version: int
    proposable: int = 0
    next: tuple[Message, ...] = ()


@dataclass(frozen=True)
class ProposedSo:
    """What proposing a scenario wrote: the proposals, how many owners they ask, and how many changes are no part of them."""

    proposals: tuple[int, ...]
    owners: int
    left: int
    entry: int


@dataclass(frozen=True)
class Parameter:
    """One number of a plan that can be tried otherwise: the path to it, the component it belongs to, and its value."""

    path: str
    component: Name
    field: Message | str
    value: object


@dataclass(frozen=True)
class Tryable:
    """What of a company can be tried otherwise, to choose from.

    metrics, units and plans by id with their names; curves: id, name and the whole curve as plain values; sections: scorecard,
    section, name and weight; grades: scale, grade, name and lowest score.
    """

    metrics: tuple[tuple[str, Name], ...]
    units: tuple[tuple[str, Name], ...]
    plans: tuple[tuple[str, Name], ...]
    curves: tuple[tuple[str, Name, dict[str, Any]], ...]
    sections: tuple[tuple[str, str, Name, float], ...]
    grades: tuple[tuple[str, str, Name, float], ...]
