"""One thing somebody must do, and what every finder of such things gives."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from kpiflow.language import Message
from kpiflow.workspace.books import Asker, Books


class DutyKind(StrEnum):
    """What is to be done."""

    AGREE = "agree"  # to a proposed goal
    REVIEW = "review"  # a counter-proposal
    SIGN = "sign"  # a letter
    ANSWER = "answer"  # a question
    REPORT = "report"  # a value for an outdated goal
    RESPLIT = "resplit"  # hand a changed target down again
    DRAW_UP = "draw_up"  # a letter for those whose goals are agreed


@dataclass(frozen=True)
class Duty:
    """One thing to do: in words, since when it waits, and the page with its choices where it is done.

    `count` is how many single things it stands for: duties of one kind on one page are one line.
    """

    kind: DutyKind
    said: Message
    page: str
    since: datetime.date | None = None
    count: int = 1
    choices: dict[str, str] = field(default_factory=dict)


#: Whoever knows of duties says so here: one function each.
Finder = Callable[[Books, Asker, datetime.date | None], list[Duty]]
