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

    en: str = Field(description="In English.")
    zh: str = Field(description="In 中文.")

    def said(self, language: str) -> str:
        """Return the words in a language."""
        return self.zh if language == "zh" else self.en


class Party(Fact):
    """Somebody who signs: the person, and in which role and unit. `person` is absent where nobody stands above."""

    person: str | None = Field(default=None, description="The id; absent: nobody stands above.")
    name: Wording = Field(description="What they are called.")
    role: Wording | None = Field(default=None, description="In which role they sign.")
    unit: Wording | None = Field(default=None, description="In which unit.")


class Easing(Fact):
    """An anchor that was made easier to reach: what it was and what it became, when, by whom and why."""

    day: datetime.date = Field(description="When it was changed.")
    who: Wording = Field(description="Who changed it.")
    field: str = Field(description="Which anchor: threshold, target, stretch, low or high.")
    before: float | None = Field(description="What it was, in the metric's own unit.")
    after: float | None = Field(description="What it became; null: it was dropped.")
    reason: str | None = Field(description="The reason that was given.")


class Rule(Fact):
    """One measuring rule: what it is about (definition, source, curve …) and what it says."""

    about: str = Field(
        description="What it is about: definition, source, attainment, curve, earns, phasing, missing, rollup or commitment."
    )
    says: Wording = Field(description="What it says.")


class Promise(Fact):
    """One goal as it is promised: its anchors in the metric's own unit, how it is measured and what it earns.

    `terms` is a short fingerprint of the definitions that measure it: the same in every language, whatever the words.
    """

    goal: str = Field(description="The goal's id.")
    label: Wording = Field(description="The goal's name.")
    parent: Wording | None = Field(default=None, description="The name of the goal above; null: it is a root.")
    kind: GoalKind = Field(description="What kind of goal it is.")
    commitment: Commitment = Field(description="Whether it counts for appraisal and pay.")
    weight: float = Field(description="Its weight among the owner's goals, as written.")
    share: float | None = Field(
        default=None, description="Its share of the weights of its sheet; 1 is all of them; null: they are all 0."
    )
    metric: str | None = Field(default=None, description="What it is measured by; null for objectives.")
    metric_version: int | None = Field(default=None, description="The version of the metric's definition.")
    metric_label: Wording | None = Field(default=None, description="The metric's name.")
    measure: Measure = Field(default=Measure.POINTS, description="What the anchors are in.")
    currency: str | None = Field(default=None, description="For money: its ISO code.")
    direction: Direction | None = Field(default=None, description="Which way is better.")
    baseline: float | None = Field(default=None, description="Where it began.")
    threshold: float | None = Field(default=None, description="Where points begin.")
    target: float | None = Field(default=None, description="What is to be reached in the cycle.")
    stretch: float | None = Field(default=None, description="What would be more than asked.")
    low: float | None = Field(default=None, description="The lower end of a band.")
    high: float | None = Field(default=None, description="The upper end of a band.")
    periods: tuple[tuple[str, float], ...] = Field(
        default=(), description="The targets written down for single periods: id and target of each."
    )
    terms: str = Field(default="", description="A short fingerprint of the definitions that measure it.")
    rules: tuple[Rule, ...] = Field(
        default=(), description="How it is measured and what it earns, in the order they are read."
    )
    easings: tuple[Easing, ...] = Field(
        default=(), description="Every time an anchor was made easier to reach, oldest first."
    )


class RewardLine(Fact):
    """One step of a plan in words: what it is called, of which kind it is, and what it does."""

    label: Wording = Field(description="What the step is called.")
    kind: str = Field(description="What kind of component it is.")
    says: Wording = Field(description="What it does.")


class Reward(Fact):
    """How a plan reaches the owner: its steps in order, as they are written; nobody's money is part of a letter."""

    plan: str = Field(description="The plan's id.")
    version: str = Field(description="The version of the plan.")
    label: Wording = Field(description="The plan's name.")
    every: PeriodKind = Field(description="How often it pays.")
    starts: datetime.date = Field(description="The first day it applies.")
    ends: datetime.date | None = Field(description="The last day; null: until further notice.")
    currency: str = Field(description="What it pays in: an ISO code.")
    lines: tuple[RewardLine, ...] = Field(description="Its steps in the order they are worked out.")


class Letter(Fact):
    """The content of a letter. Two letters with the same content have the same fingerprint, in whichever language."""

    owner_kind: OwnerKind = Field(description="Whether a unit or a person promises.")
    owner: str = Field(description="The id of the unit or person.")
    owner_label: Wording = Field(description="The owner's name.")
    company: Wording = Field(description="The company's name.")
    cycle: str = Field(description="The planning year it is for.")
    starts: datetime.date = Field(description="The first day of the cycle.")
    ends: datetime.date = Field(description="The last day of the cycle.")
    signer: Party = Field(description="Who signs for the owner.")
    manager: Party | None = Field(description="Who signs above; null: nobody stands above.")
    promises: tuple[Promise, ...] = Field(description="The goals, the heaviest first.")
    rewards: tuple[Reward, ...] = Field(description="The plans that reach the owner.")

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
