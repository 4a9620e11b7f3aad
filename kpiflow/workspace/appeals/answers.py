"""What is said about appeals: the line disputed, a filing, a list of appeals, and one with everything that happened to it."""

import datetime
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.language import Message, Name, msg
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.appeals.plan_inputs import PlanInput


class About(StrEnum):
    """What an appeal disputes, from the whole down to one measurement."""

    SCORE = "score"
    GRADE = "grade"  # a calibration, a veto, a ceiling, or the grade as such
    SECTION = "section"
    GOAL = "goal"
    MONTH = "month"
    MEASUREMENT = "measurement"
    PAY = "pay"
    INPUT = "input"  # what a plan knew: a salary, days, a count, any value given for it


class AppealState(StrEnum):
    """How an appeal stands."""

    OPEN = "open"
    ASKED = "asked"  # a remark was asked for and has not come yet
    UPHELD = "upheld"
    PARTLY = "partly"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


#: The outcomes an appeal can be decided with.
OUTCOMES = (AppealState.UPHELD, AppealState.PARTLY, AppealState.DISMISSED)

#: What is disputed, in a word.
ABOUT_WORDS: dict[About, Message] = {
    About.SCORE: msg("the score"),
    About.GRADE: msg("the grade"),
    About.SECTION: msg("a section of the score"),
    About.GOAL: msg("a goal"),
    About.MONTH: msg("a month of a goal"),
    About.MEASUREMENT: msg("a measurement"),
    About.PAY: msg("a line of pay"),
    About.INPUT: msg("a value that pay is worked out from"),
}

#: What each state is called.
APPEAL_WORDS: dict[AppealState, Message] = {
    AppealState.OPEN: msg("open"),
    AppealState.ASKED: msg("waiting for a remark"),
    AppealState.UPHELD: msg("upheld"),
    AppealState.PARTLY: msg("partly upheld"),
    AppealState.DISMISSED: msg("dismissed"),
    AppealState.WITHDRAWN: msg("withdrawn"),
}

#: The shape beside each state: never colour alone.
APPEAL_SHAPES: dict[AppealState, str] = {
    AppealState.OPEN: "○",
    AppealState.ASKED: "?",
    AppealState.UPHELD: "●",
    AppealState.PARTLY: "◐",
    AppealState.DISMISSED: "✕",
    AppealState.WITHDRAWN: "–",
}


@dataclass(frozen=True)
class Line:
    """The line disputed; what does not apply is None. A measurement is named as the store names a fact.

    `component` is a line of pay, `input` a plan's input; of a measurement, the input that counts it where no goal does.
    `plan` is whose line or input it is.
    """

    about: About
    section: str | None = None
    goal: str | None = None
    month: str | None = None
    metric: str | None = None
    unit: str | None = None
    person: str | None = None
    day: datetime.date | None = None
    entry: str = ""
    component: str | None = None
    input: str | None = None
    plan: str | None = None

    def said(self) -> dict[str, Any]:
        """Return what is set, as it is written down."""
        return {name: one for name, one in asdict(self).items() if one not in (None, "")}

    @classmethod
    def from_said(cls, said: dict[str, Any]) -> Self:
        """Return the line that was written down."""
        day = said.get("day")
        held = {name: one for name, one in said.items() if name not in ("about", "day")}
        return cls(About(said["about"]), day=datetime.date.fromisoformat(day) if day else None, **held)


@dataclass(frozen=True)
class Filing:
    """An appeal on its way: the line, why, and files as (name, bytes)."""

    line: Line
    words: str
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Correction:
    """What a disputed measurement or plan input should have been: a value, or numerator and denominator."""

    value: Decimal | str | float | None = None
    numerator: Decimal | str | float | None = None
    denominator: Decimal | str | float | None = None


@dataclass(frozen=True)
class Verdict:
    """A decision: how it ends, why, what a measurement or input is corrected to, and the points an adjustment adds."""

    outcome: AppealState
    words: str
    correction: Correction | None = None
    points: float | None = None


@dataclass(frozen=True, eq=False)
class Disputable:
    """What somebody can dispute in a period, as far as it was opened: a goal opens its months, a month its measurements.

    A plan input that is counted from measurements opens the months of the cycle in the same way.
    pay: the lines of every plan that pays for a period which holds this one: `kind` is the plan, `note` what it is called.
    months: period, actual, target, points. rows: metric, unit, person, day, entry, value, numerator, denominator, source.
    `until` is the last day to file; None while the period is not closed, when there is no end to it.
    """

    person: str
    name: Name
    period: str
    score: float | None
    grade: str | None
    sections: tuple[Choice, ...]
    goals: tuple[Choice, ...]
    pay: tuple[Choice, ...]
    goal: str | None
    months: pl.DataFrame
    month: str | None
    rows: pl.DataFrame
    until: datetime.date | None
    may: Decision
    inputs: tuple[PlanInput, ...] = ()


@dataclass(frozen=True)
class AppealLine:
    """An appeal in a list."""

    number: int
    person: str
    name: Name
    period: str
    about: Message
    state: AppealState
    at: datetime.datetime
    due: datetime.date
    late: bool
    ended_at: datetime.datetime | None


@dataclass(frozen=True)
class AppealList:
    """A page of the appeals the person asking may read: those that are open first, the longest waiting first."""

    lines: tuple[AppealLine, ...]
    total: int
    waiting: int
    late: int


@dataclass(frozen=True)
class Happened:
    """One thing that happened to an appeal."""

    at: datetime.datetime
    who: Name
    said: Message
    words: str | None = None


@dataclass(frozen=True)
class PayChanged:
    """What a plan pays somebody for a period before a correction and after it."""

    label: Name
    period: str
    before: Decimal | None
    after: Decimal | None
    currency: str | None


@dataclass(frozen=True)
class Changed:
    """What a correction did: score, grade and what each plan pays, before and after. Pay is None for whoever may not read it."""

    score: tuple[float | None, float | None]
    grade: tuple[str | None, str | None]
    pay: tuple[PayChanged, ...] | None
    corrected: Message | None = None


@dataclass(frozen=True, eq=False)
class Appeal:
    """An appeal in full. files: file, name, media, bytes, sha256. `versions`: every value of a disputed measurement and who
    recorded it, by name, in `measure` (measure and currency).

    `decides`, `asks`, `remarks` and `withdraws` say what the person asking may do, and why not; `corrects`, whether their
    decision can correct what is disputed. `given` is the plan input that is.
    """

    line: AppealLine
    disputed: Line
    words: str
    score_then: float | None
    grade_then: str | None
    events: tuple[Happened, ...]
    files: pl.DataFrame
    versions: pl.DataFrame
    changed: Changed | None
    decides: Decision
    asks: Decision
    remarks: Decision
    withdraws: Decision
    head: Choice | None = None
    asked: tuple[str, ...] = ()
    measure: dict[str, Any] = field(default_factory=dict)
    given: PlanInput | None = None
    corrects: Decision | None = None
