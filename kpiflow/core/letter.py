"""A responsibility letter: what one owner promises for a cycle, what it earns, and who stands behind it."""

import datetime
import hashlib
import json
from enum import StrEnum

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

    en: str
    zh: str

    def said(self, language: str) -> str:
        """Return the words in a language."""
        return self.zh if language == "zh" else self.en


class Party(Fact):
    """Somebody who signs: the person, and in which role and unit. `person` is absent where nobody stands above."""

    person: str | None = None
    name: Wording
    role: Wording | None = None
    unit: Wording | None = None


class Easing(Fact):
    """An anchor that was made easier to reach: what it was and what it became, when, by whom and why."""

    day: datetime.date
    who: Wording
    field: str
    before: float | None
    after: float | None
    reason: str | None


class Rule(Fact):
    """One measuring rule: what it is about (definition, source, curve …) and what it says."""

    about: str
    says: Wording


class Promise(Fact):
    """One goal as it is promised: its anchors in the metric's own unit, how it is measured and what it earns.

    `terms` is a short fingerprint of the definitions that measure it: the same in every language, whatever the words.
    """

    goal: str
    label: Wording
    parent: Wording | None = None
    kind: GoalKind
    commitment: Commitment
    weight: float
    share: float | None = None
    metric: str | None = None
    metric_version: int | None = None
    metric_label: Wording | None = None
    measure: Measure = Measure.POINTS
    currency: str | None = None
    direction: Direction | None = None
    baseline: float | None = None
    threshold: float | None = None
    target: float | None = None
    stretch: float | None = None
    low: float | None = None
    high: float | None = None
    periods: tuple[tuple[str, float], ...] = ()
    terms: str = ""
    rules: tuple[Rule, ...] = ()
    easings: tuple[Easing, ...] = ()


class RewardLine(Fact):
    """One step of a plan in words: what it is called, of which kind it is, and what it does."""

    label: Wording
    kind: str
    says: Wording


class Reward(Fact):
    """How a plan reaches the owner: its steps in order, as they are written; nobody's money is part of a letter."""

    plan: str
    version: str
    label: Wording
    every: PeriodKind
    starts: datetime.date
    ends: datetime.date | None
    currency: str
    lines: tuple[RewardLine, ...]


class Letter(Fact):
    """The content of a letter. Two letters with the same content have the same fingerprint, in whichever language."""

    owner_kind: OwnerKind
    owner: str
    owner_label: Wording
    company: Wording
    cycle: str
    starts: datetime.date
    ends: datetime.date
    signer: Party
    manager: Party | None
    promises: tuple[Promise, ...]
    rewards: tuple[Reward, ...]

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
