"""Who stands on which side of a review, and what each may do as it stands, with the reason in words."""

import datetime
from dataclasses import dataclass
from typing import Any

from kpiflow.access.decision import Decision
from kpiflow.core.rating import Rater
from kpiflow.core.review import NEXT, ReviewState, ReviewStep
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.handing_down.planning import hand

#: The rights of the three sides.
OWN, TEAM, HR = "write_review", "review_team", "manage_reviews"

#: The states in their order.
STATES = tuple(ReviewState)

#: The side that takes each step.
BY: dict[ReviewStep, Rater] = {
    ReviewStep.SELF: Rater.SELF,
    ReviewStep.MANAGER: Rater.MANAGER,
    ReviewStep.HR: Rater.HR,
    ReviewStep.SIGNED: Rater.SELF,
}


@dataclass(frozen=True)
class Place:
    """Where a review stands: the state, the deadline of the next step is over, the period is closed, a past day is shown."""

    state: ReviewState
    overdue: bool
    shut: bool
    past: bool


def place(ws: Books, row: dict[str, Any], period: str, as_of: datetime.date | None) -> Place:
    """Return where the review of a row of `standings` stands."""
    shut = closed(ws, period, as_of) is not None
    return Place(ReviewState(row["state"]), row["late"] > 0, shut, ws.believed(as_of) is not None)


def sides(ws: Books, asker: Asker, person: str) -> frozenset[Rater]:
    """Return on which sides of a review somebody stands: their own, the manager's, HR's. Nobody is two sides of their own."""
    if asker.machine:
        return frozenset()
    if asker.person == person:
        return frozenset({Rater.SELF}) if ws.may(asker, OWN, "person", person).allowed else frozenset()
    found = set()
    if ws.may(asker, TEAM).allowed and hand(ws, asker, TEAM).on("person", person).allowed:
        found.add(Rater.MANAGER)
    if ws.may(asker, HR, "person", person).allowed:
        found.add(Rater.HR)
    return frozenset(found)


def sees(ws: Books, asker: Asker, person: str) -> Decision:
    """Decide whether somebody may open a review: whose appraisals they read, and those they lead or look after."""
    allowed = ws.may(asker, "read_appraisal", "person", person)
    if allowed.allowed or asker.machine or sides(ws, asker, person):
        return Decision(True, allowed.reason)
    return allowed


def step_for(found: frozenset[Rater], at: Place) -> tuple[ReviewStep | None, Decision]:
    """Return the step that somebody on some sides may take now, or None and why not."""
    step = NEXT[at.state]
    if step is None:
        return None, Decision(False, msg("This review is signed; nothing is left to do."))
    if at.past:
        return None, Decision(False, msg("A past day is being looked at. Reviews are written today."))
    if at.shut and step is not ReviewStep.SIGNED:
        return None, Decision(False, msg("The period is closed: its results do not change any more."))
    if BY[step] in found:
        return step, Decision(True, msg("This step is yours."))
    if step is ReviewStep.SELF and at.overdue and Rater.MANAGER in found:
        return ReviewStep.MANAGER, Decision(True, msg("The self-review is late, so the manager may go on without it."))
    return None, Decision(False, WAITS[step])


#: What is said to whoever it is not the turn of.
WAITS = {
    ReviewStep.SELF: msg("The review waits for the self-review."),
    ReviewStep.MANAGER: msg("The review waits for the manager."),
    ReviewStep.HR: msg("The review waits for HR."),
    ReviewStep.SIGNED: msg("The review waits for the signature of the person it is about."),
}


def returns(found: frozenset[Rater], at: Place) -> tuple[ReviewState, ...]:
    """Return the states that somebody on some sides may send a review back to."""
    if at.past or at.shut:
        return ()
    done = STATES.index(at.state)
    if Rater.HR in found:
        return STATES[: min(done, STATES.index(ReviewState.MANAGER_DONE) + 1)]
    if Rater.MANAGER in found and at.state is ReviewState.SELF_DONE:
        return STATES[:1]
    return ()
