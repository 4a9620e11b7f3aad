"""A responsibility letter: what one owner promises for a cycle, what it earns, and who stands behind it."""

import datetime
import hashlib
import json
from enum import StrEnum

from pydantic import Field

from kpiflow.core.calendar import PeriodKind
from kpiflow.core.fact import Fact
from kpiflow.core.goal import Commitment, GoalKind, OwnerKind
from kpiflow.core.metric import Direction, Measure


class Side(StrEnum):
    """The two sides of a letter: whoever answers for the goals, and the one above."""

    OWNER = "owner"
    MANAGER = "manager"


class LetterState(StrEnum):
    """How far a version of a letter has come."""

    NONE = "none"  # nothing drawn up yet
    DRAWN_UP = "drawn_up"  # nobody has signed
    SIGNED_BY_OWNER = "signed_by_owner"
    SIGNED_BY_MANAGER = "signed_by_manager"
    IN_FORCE = "in_force"  # everybody who has to has signed
    SUPERSEDED = "superseded"  # a later version took its place


class Wording(Fact):
    """Words in both languages, as they stood when they were written down: a later catalogue changes nothing signed."""

    en: str = Field(description="the words in English")
    zh: str = Field(description="the words in 中文")

    def said(self, language: str) -> str:
        """Return the words in a language."""
        return self.zh if language == "zh" else self.en


class Party(Fact):
    """Somebody who signs: the person, and in which role and unit. `person` is absent where nobody stands above."""

    person: str | None = Field(default=None, description="who signs; null where nobody stands above")
    name: Wording = Field(description="what they are called")
    role: Wording | None = Field(default=None, description="in which role")
    unit: Wording | None = Field(default=None, description="in which unit")


class Easing(Fact):
    """An anchor that was made easier to reach: what it was and what it became, when, by whom and why."""

    day: datetime.date = Field(description="when it was made easier")
    who: Wording = Field(description="by whom")
    field: str = Field(description="which anchor: threshold, target, stretch, low or high")
    before: float | None = Field(description="what it was; null: there was none")
    after: float | None = Field(description="what it became; null: none was left")
    reason: str | None = Field(description="why")


class Rule(Fact):
    """One measuring rule: what it is about (definition, source, curve …) and what it says."""

    about: str = Field(description="what it is about: definition, source, curve and so on")
    says: Wording = Field(description="the rule in words")


class Promise(Fact):
    """One goal as it is promised: its anchors in the metric's own unit, how it is measured and what it earns.

    `terms` is a short fingerprint of the definitions that measure it: the same in every language, whatever the words.
    """

    goal: str = Field(description="the goal's id")
    label: Wording = Field(description="its name")
    parent: Wording | None = Field(default=None, description="the name of the goal above; null for a root")
    kind: GoalKind
    commitment: Commitment
    weight: float = Field(description="its weight among the owner's goals")
    share: float | None = Field(default=None, description="its part of the owner's goals; 1 is 100 %")
    metric: str | None = Field(default=None, description="what it is measured by; null for objectives")
    metric_version: int | None = Field(default=None, description="the version of the metric's definition")
    metric_label: Wording | None = Field(default=None, description="the metric's name")
    measure: Measure = Measure.POINTS
    currency: str | None = Field(default=None, description="for money: its ISO code")
    direction: Direction | None = None
    baseline: float | None = Field(default=None, description="where it began, in the metric's own unit")
    threshold: float | None = Field(default=None, description="the least that is still acceptable")
    target: float | None = Field(default=None, description="what is to be reached")
    stretch: float | None = Field(default=None, description="what would be more than asked")
    low: float | None = Field(default=None, description="the lower end of a band")
    high: float | None = Field(default=None, description="the upper end of a band")
    periods: tuple[tuple[str, float], ...] = Field(
        default=(), description="targets written down per period: the period's id and the target"
    )
    terms: str = Field(default="", description="a short fingerprint of the definitions that measure it")
    rules: tuple[Rule, ...] = Field(default=(), description="how it is measured and what it earns")
    easings: tuple[Easing, ...] = Field(
        default=(), description="how its anchors were made easier since they were first set"
    )


class RewardLine(Fact):
    """One step of a plan in words: what it is called, of which kind it is, and what it does."""

    label: Wording = Field(description="what the step is called")
    kind: str = Field(description="what kind of step it is")
    says: Wording = Field(description="what it does")


class Reward(Fact):
    """How a plan reaches the owner: its steps in order, as they are written; nobody's money is part of a letter."""

    plan: str = Field(description="the plan's id")
    version: str = Field(description="the plan's version with its fingerprint")
    label: Wording = Field(description="the plan's name")
    every: PeriodKind = Field(description="how long the periods are that it pays for")
    starts: datetime.date = Field(description="the first day it holds")
    ends: datetime.date | None = Field(description="the last day it holds; null: it is open")
    currency: str = Field(description="ISO code")
    lines: tuple[RewardLine, ...] = Field(description="its steps, in order")


class Letter(Fact):
    """The content of a letter. Two letters with the same content have the same fingerprint, in whichever language."""

    owner_kind: OwnerKind = Field(description="whether it is a unit's or a person's")
    owner: str = Field(description="the unit or person whose letter it is")
    owner_label: Wording = Field(description="the owner's name")
    company: Wording = Field(description="the company's name")
    cycle: str = Field(description="the planning year it is for")
    starts: datetime.date = Field(description="the first day of its term")
    ends: datetime.date = Field(description="the last day of its term")
    signer: Party = Field(description="who signs for the owner")
    manager: Party | None = Field(description="who signs above; null where nobody stands there")
    promises: tuple[Promise, ...] = Field(description="the goals promised")
    rewards: tuple[Reward, ...] = Field(description="the plans that reward them")

    def canonical(self) -> str:
        """Return the content as JSON that is written one way only: keys in order, no spaces, every field."""
        plain = self.model_dump(mode="json")
        return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical content, as 64 hexadecimal digits: what both sides sign."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def substance(self) -> str:
        """Return the fingerprint of what was agreed without the sentences that say it: better words are no new letter."""
        bare = self.model_copy(
            update={
                "promises": tuple(one.model_copy(update={"rules": ()}) for one in self.promises),
                "rewards": tuple(one.model_copy(update={"lines": ()}) for one in self.rewards),
            }
        )
        return bare.fingerprint

    @property
    def sides(self) -> dict[Side, Party]:
        """The sides that have to sign; where nobody stands above, the owner alone."""
        found = {Side.OWNER: self.signer}
        return found if self.manager is None else {**found, Side.MANAGER: self.manager}
