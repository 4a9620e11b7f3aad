"""What the workspace answers with about scores: a page of them with its distribution, one taken apart, and files of them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kpiflow.language import Message, Name
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.closing.frozen import Closed
from kpiflow.workspace.scores.wanted import Page, Wanted


@dataclass(frozen=True)
class Choices:
    """What a filter can be set to: units from the top down, roles, grades from the best down, scorecards."""

    units: tuple[Choice, ...]
    roles: tuple[Choice, ...]
    grades: tuple[Choice, ...]
    scorecards: tuple[Choice, ...]


@dataclass(frozen=True)
class Step:
    """One step of the cycle: how many are done of how many, and in words what is counted."""

    name: Message
    done: int
    of: int
    note: Message | None = None

    @property
    def share(self) -> float | None:
        """The part that is done; None when there is nothing to do."""
        return self.done / self.of if self.of else None


@dataclass(frozen=True, eq=False)
class Cycle:
    """Where the cycle stands within the reach of the person asking.

    late: person, label, label_zh, unit_label, unit_label_zh and three marks of what is waited for: goals (not agreed),
    letter (not signed), data (no score); the first of `waiting` people.
    """

    steps: tuple[Step, ...]
    coverage: float | None
    late: pl.DataFrame
    waiting: int


@dataclass(frozen=True, eq=False)
class Scores:
    """A page of appraisal scores.

    rows: person, label, label_zh, unit, unit_label, unit_label_zh, role, role_label, role_label_zh, scorecard,
      scorecard_label, scorecard_label_zh, score, grade, coverage, goals, left_out, missing (goals without data of their
      own), reason, before, change (against `period_before`), letter (null: none), days, fte, closing (its number: the
      scores are as signed), score_now and grade_now (as now known, where they differ); one page in its order.
    parts: person, goal, label, label_zh, section, policy, points, share, coverage: the parts without data of these rows.
    total: how many rows fit the filter; everybody: how many the person asking may see at all.
    histogram: starts, ends, people: scores in steps of `BIN` points. grades: grade, people, share, in the scale's order.
    closed: the closing whose scores these are; differ: how many of everybody's are others as now known.
    units: unit, label, label_zh, people, low, lower, median, upper, high: scores of each part of the unit looked at.
    """

    sentence: tuple[Message, ...]
    period: str
    period_before: str | None
    day: datetime.date
    wanted: Wanted
    page: Page
    rows: pl.DataFrame
    parts: pl.DataFrame
    total: int
    everybody: int
    scored: int
    mean: float | None
    median: float | None
    coverage: float | None
    missing: int
    histogram: pl.DataFrame
    grades: pl.DataFrame
    units: pl.DataFrame
    cycle: Cycle
    choices: Choices
    closed: Closed | None = None
    differ: int = 0

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.page.size))


@dataclass(frozen=True, eq=False)
class ScoreWhy:
    """One score taken apart.

    row: the person's row, as in `Scores.rows`. sections: section, label, label_zh, weight, share, score, contribution,
      coverage, goals. goals: goal, label, label_zh, metric_label, metric_label_zh, section, actual, target, measure,
      currency, points, weight, share, contribution, coverage, policy, status, example. Contributions of goals add up to
      those of their section, and those of sections to the score before `steps`. lines: the same in words, with rounding
      and grade. steps: what coefficients, adjustments and vetoes did to it, in words, and by how many points.
    """

    sentence: tuple[Message, ...]
    person: str
    name: Name
    row: Mapping[str, Any]
    sections: pl.DataFrame
    goals: pl.DataFrame
    lines: tuple[Message, ...]
    steps: tuple[tuple[Message, float], ...] = ()


@dataclass(frozen=True)
class Exported:
    """A file of scores: its name and bytes, the fingerprint that stands in it, and how many people are in it."""

    name: str
    content: bytes
    fingerprint: str
    people: int


@dataclass(frozen=True, eq=False)
class Verified:
    """Whether a file of scores still holds.

    `intact`: nobody changed the file since it was written. `matches`: the store gives the same scores for that day.
    differences: person, field, in_file, in_store (texts); `sentence` says it in words.
    """

    sentence: tuple[Message, ...]
    intact: bool
    matches: bool
    fingerprint: str
    differences: pl.DataFrame = field(default_factory=pl.DataFrame)
