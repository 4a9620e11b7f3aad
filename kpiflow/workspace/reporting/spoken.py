"""What check-ins and questions are asked and answered with: what is given, what a goal takes, and what is read back."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, Name


class Unusual(InvalidInput):
    """A value far from what was reported before: it is taken once the person says that it is meant."""


class NeedsReason(InvalidInput):
    """A value for a day that has another one already: it is taken with a reason, as a correction."""


class Takes(StrEnum):
    """What a check-in of a goal may bring beside confidence, words and files."""

    VALUE = "value"
    PARTS = "parts"  # numerator and denominator: rates are never given as rates
    STEP = "step"  # a step of a milestone or a level of a rubric, by its name
    WORDS = "words"  # nothing: its values come from elsewhere


@dataclass(frozen=True)
class Said:
    """What a person gives in a check-in. `sure` says that an unusual value is meant; `reason` is why one is corrected.

    `files` are name and content. Numbers may be given as text; `step` is a step of a milestone or level of a rubric.
    """

    value: object = None
    numerator: object = None
    denominator: object = None
    step: object = None
    confidence: int | None = None
    words: str | None = None
    day: datetime.date | None = None
    files: tuple[tuple[str, bytes], ...] = ()
    reason: str | None = None
    sure: bool = False


@dataclass(frozen=True)
class Step:
    """One step or level that can be reported: the number it is kept as, and its name."""

    value: float
    name: Name | Message


@dataclass(frozen=True)
class Form:
    """What a check-in of a goal takes now. `why` says why it takes no number, `may` whether the person asking may.

    `day` is the day it is about unless another is said, between `first` and `last`; the cycle goes on to `ends`.
    `note` says how a number counts.
    `before` is the number reported last with its day: value, numerator, denominator, day; empty when there is none.
    """

    goal: str
    label: Name
    row: Mapping[str, Any]
    takes: Takes
    why: Message | None
    note: Message | None
    steps: tuple[Step, ...]
    day: datetime.date
    first: datetime.date
    last: datetime.date
    ends: datetime.date
    before: Mapping[str, Any]
    may: Decision


@dataclass(frozen=True)
class CheckedIn:
    """What was written: the check-in's number, the load its value became, its files, and the goal's fresh result.

    `row` is the goal's GoalResults row for the cycle with its names and measure; `sentence` says all of it in words.
    """

    check_in: int
    load: int | None
    files: tuple[int, ...]
    sentence: tuple[Message, ...]
    row: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class CheckIns:
    """The check-ins and remarks of one goal, and what a new check-in would take.

    rows: check_in, goal, who, who_label, who_label_zh, at, day, value, numerator, denominator, step, shown (the number in
      the goal's measure), confidence, words, load, corrects, corrected_by, reason, outcome (`measured`, `corrected` when
      a later one took its place, `confirmed` when it said what was known, `said` without a number), files (how many);
      the newest first.
    files: evidence, check_in, name, media, bytes, sha256.
    thread: remark, who, who_label, who_label_zh, at, words, asks, asks_label, asks_label_zh, answers, answered; by time.
    may_ask: whether the person asking may put a question; `asked`: the person it would go to, and their name.
    mine: the open questions that the person asking may answer. example: whether all of it is invented.
    """

    form: Form
    rows: pl.DataFrame
    files: pl.DataFrame
    thread: pl.DataFrame
    may_ask: Decision
    asked: tuple[str, Name] | None
    mine: tuple[int, ...]
    example: bool = False
