"""What is answered about a cycle: its stations in order, how far each is, and what comes next."""

from dataclasses import dataclass, field
from enum import StrEnum

from kpiflow.language import Message
from kpiflow.workspace.scores.answers import Cycle


class Progress(StrEnum):
    """How far a station is."""

    DONE = "done"
    GOING = "going"
    WAITING = "waiting"  # not begun
    NONE = "none"  # there is nothing to do here


@dataclass(frozen=True)
class Station:
    """One station of the cycle: `done` of `of`, in words what is missing, and the page where it is done.

    `next`: what to do here, in words; None where nothing is to be done, or not by the person asking.
    """

    station: str
    name: Message
    progress: Progress
    done: int
    of: int
    said: Message
    page: str
    choices: dict[str, str] = field(default_factory=dict)
    next: Message | None = None

    @property
    def share(self) -> float | None:
        """The part that is done; None where there is nothing to do."""
        return self.done / self.of if self.of else None


@dataclass(frozen=True, eq=False)
class CycleDesk:
    """A cycle from goals to pay, within the reach of the person asking; `people` are who is late before the appraisal."""

    sentence: tuple[Message, ...]
    period: str
    stations: tuple[Station, ...]
    people: Cycle
