"""The errors a person may meet, each saying what happened, where, and what to do.

Floor 2: knows only how to say things (`kpiflow.language`). Reads no clock, file or database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from kpiflow.language import Message, msg


class KPIFlowError(Exception):
    """Root of every error KPIFlow raises on purpose; `message` can be shown in either language."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class NotFound(KPIFlowError):
    """A name that the company does not have; carries the nearest word that it does have."""


class InvalidInput(KPIFlowError):
    """A value that cannot be taken as it is."""


class ConfigurationError(KPIFlowError):
    """A configuration that has problems of level error; `problems` holds all of them."""

    def __init__(self, message: Message, problems: "tuple[Problem, ...]" = ()) -> None:
        super().__init__(message)
        self.problems = problems


class BrokenRule(ValueError):
    """A rule of its own that a definition breaks, raised where its model is checked; its message has facts and a translation."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class StoreError(KPIFlowError):
    """The store cannot be opened, read or written; the message says who holds it or what to do."""


class Refused(KPIFlowError):
    """An action that the rights of the person asking do not allow; the message is the reason."""


class Level(StrEnum):
    """How serious a problem is: an error stops `kpiflow apply`, a warning is only shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One thing wrong in the configuration, at the line a person has to change, or in a workbook at the `cell` such as D14."""

    path: str
    line: int
    level: Level
    message: Message
    cell: str | None = None

    @property
    def place(self) -> str:
        """`path:line`, the form editors and CI understand; of a workbook `path!cell`, as spreadsheets name a place."""
        return f"{self.path}!{self.cell}" if self.cell else f"{self.path}:{self.line}"

    def __str__(self) -> str:
        """`place: level: message`."""
        return f"{self.place}: {self.level}: {self.message}"


def suggest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to `word`, or None; the only did-you-mean in the package.

    >>> suggest("ontime_rat", ["ontime_rate", "cancelled_rate"])
    'ontime_rate'
    """
    candidates = list(known)
    folded = {name.casefold(): name for name in candidates}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def not_found(what: Message, word: str, known: Iterable[str]) -> NotFound:
    """Build the error for an unknown name, with the nearest known word when there is one."""
    candidates = list(known)
    near = suggest(word, candidates)
    if near:
        return NotFound(msg("There is no {what} '{word}'. Did you mean '{near}'?", what=what, word=word, near=near))
    some = ", ".join(sorted(candidates)[:8]) or "–"
    return NotFound(msg("There is no {what} '{word}'. Known ones: {some}.", what=what, word=word, some=some))
