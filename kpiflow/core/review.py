"""A review: how far a person's appraisal has come from self to manager to HR to signed, and when each step is due."""

from enum import StrEnum

from pydantic import Field

from kpiflow.core.calendar import PeriodKind
from kpiflow.core.fact import Exact, Fact


class ReviewStep(StrEnum):
    """One step of a review, in the order they are taken."""

    SELF = "self"
    MANAGER = "manager"
    HR = "hr"
    SIGNED = "signed"


class ReviewState(StrEnum):
    """How far a review has come."""

    NOT_BEGUN = "not_begun"
    SELF_DONE = "self_done"
    MANAGER_DONE = "manager_done"
    HR_CHECKED = "hr_checked"
    SIGNED = "signed"


#: The state after each step.
AFTER: dict[ReviewStep, ReviewState] = {
    ReviewStep.SELF: ReviewState.SELF_DONE,
    ReviewStep.MANAGER: ReviewState.MANAGER_DONE,
    ReviewStep.HR: ReviewState.HR_CHECKED,
    ReviewStep.SIGNED: ReviewState.SIGNED,
}

#: The step that each state waits for.
NEXT: dict[ReviewState, ReviewStep | None] = {
    ReviewState.NOT_BEGUN: ReviewStep.SELF,
    ReviewState.SELF_DONE: ReviewStep.MANAGER,
    ReviewState.MANAGER_DONE: ReviewStep.HR,
    ReviewState.HR_CHECKED: ReviewStep.SIGNED,
    ReviewState.SIGNED: None,
}


class AdjustmentKind(StrEnum):
    """How an adjustment changes a score."""

    POINTS = "points"  # added, or taken off when negative
    COEFFICIENT = "coefficient"  # the score is multiplied by it


class Deadlines(Fact):
    """Within how many days after the period's end each step of a review is to be done."""

    self_: int = Field(default=10, ge=0, alias="self", description="Days until a person has rated themselves.")
    manager: int = Field(default=20, ge=0, description="Days until the manager has rated.")
    hr: int = Field(default=30, ge=0, description="Days until HR has looked it over.")
    signed: int = Field(default=40, ge=0, description="Days until the person has signed.")

    def days(self, step: ReviewStep) -> int:
        """Return the days for a step."""
        return {"self": self.self_, "manager": self.manager, "hr": self.hr, "signed": self.signed}[step.value]


class AppraisalRules(Fact):
    """How the company appraises: which periods are reviewed and by when, and what needs a second pair of eyes."""

    reviewed: tuple[PeriodKind, ...] = Field(
        default=(), description="The kinds of period that are reviewed and signed, such as year; empty: none has to be."
    )
    deadlines: Deadlines = Deadlines()
    by_segment: bool = Field(
        default=False,
        description="Somebody who moved is scored for each assignment, and the scores are put together by days; otherwise "
        "the last assignment counts for the whole period.",
    )
    second_above: Exact = Field(
        default=5,
        ge=0,
        validate_default=True,
        description="An adjustment of more points than this, and every coefficient, counts only once somebody else agreed.",
    )
    peers_at_least: int = Field(
        default=3, ge=2, description="Ratings of peers count and are shown, as a mean, from this many on."
    )
