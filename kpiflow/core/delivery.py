"""How a try to deliver an event to a webhook can end."""

from enum import StrEnum


class DeliveryOutcome(StrEnum):
    """What became of one try to deliver."""

    DELIVERED = "delivered"  # the receiver answered that it has it
    FAILED = "failed"  # it is tried again
    GIVEN_UP = "given_up"  # it was tried for as long as it is tried
    ASKED = "asked"  # no try, but somebody's wish for another one
