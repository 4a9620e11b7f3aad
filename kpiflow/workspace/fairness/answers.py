"""What is answered about fairness: one question per check, with the rows that raise it."""

from dataclasses import dataclass, field

from kpiflow.core.fairness import FairnessCheck
from kpiflow.language import Message, Name

#: How many rows of a check are told.
PAGE = 20


@dataclass(frozen=True)
class Raised:
    """One thing to ask about: whom or what, the numbers in words, and where to look closer."""

    name: Name
    said: Message
    page: str
    choices: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FairQuestion:
    """One check: the question it asks, how it is worked out, how many it found, and the first of them.

    `looked_at` is how many results were looked at; 0 says that there was nothing to look at, and `nothing` then says why.
    """

    check: FairnessCheck
    title: Message
    asks: Message
    rule: Message
    looked_at: int
    found: int
    rows: tuple[Raised, ...]
    nothing: Message | None = None


@dataclass(frozen=True)
class Fairness:
    """The questions that the results of a period raise for whoever may read everybody concerned."""

    sentence: tuple[Message, ...]
    period: str
    questions: tuple[FairQuestion, ...]
