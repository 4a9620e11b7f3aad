"""The words of a proposal: what can be answered to a proposed target, and how a line of it stands."""

from enum import StrEnum


class AnswerKind(StrEnum):
    """What can be said to a proposed target: the first two by its owner, the others by whoever splits."""

    AGREE = "agree"
    COUNTER = "counter"  # another value is asked for, with words
    ACCEPT = "accept"  # the counter-proposal becomes the target
    DECLINE = "decline"  # the proposed value stands, with words
    WITHDRAW = "withdraw"


class LineState(StrEnum):
    """How a line of a proposal stands: worked out from its newest answer, never written down."""

    PROPOSED = "proposed"
    COUNTERED = "countered"
    DECLINED = "declined"  # the counter-proposal was; the line waits for its owner again
    AGREED = "agreed"
    ACCEPTED = "accepted"  # agreed at the value of the counter-proposal
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"  # a later line about the same goal takes its place


#: The states in which a line still waits for somebody.
OPEN: tuple[str, ...] = (LineState.PROPOSED.value, LineState.COUNTERED.value, LineState.DECLINED.value)

#: Of these, those that wait for the owner; a counter-proposal waits for whoever splits.
WAITS_FOR_OWNER: tuple[str, ...] = (LineState.PROPOSED.value, LineState.DECLINED.value)
