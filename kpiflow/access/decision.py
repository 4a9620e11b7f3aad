"""A decision about rights: allowed or not, and always why."""

from dataclasses import dataclass

from kpiflow.errors import Refused
from kpiflow.language import Message


@dataclass(frozen=True)
class Decision:
    """What was decided, with the reason in words."""

    allowed: bool
    reason: Message

    def require(self) -> None:
        """Raise Refused with the reason unless it is allowed."""
        if not self.allowed:
            raise Refused(self.reason)
