"""Books of a company as it might be, laid over the books of the one there is: asked like them, written to never."""

import datetime
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, TypeVar

from kpiflow.definitions.company import Company
from kpiflow.workspace.books import Books, Versions

Found = TypeVar("Found")

#: Answers that rest on measurements, the organisation and what people decided: the same whatever a scenario changes.
SHARED = ("observed", "counted", "tree", "reach", "standing", "closings", "calibrated")


class Imagined(Books):
    """The books below with another company; everything worked out by company and measurements is worked out by this one.

    What it works out is kept as long as it lives: a scenario is looked at, and let go. A period that was closed is open
    here, as it was known then: what is frozen would hide what the scenario changes.
    """

    def __init__(self, below: Books, company: Company) -> None:
        super().__init__(below.store, demo=below.demo)
        self._below, self._company = below, company
        self._given: dict[tuple[object, object], Callable[[], Any]] = {}

    def answer_so(self, what: str, period: str, make: Callable[[], Any]) -> None:
        """Have the answers whose key begins with a word and a period made otherwise than from the company alone."""
        self._given[what, period] = make

    def company(self, as_of: datetime.date | None = None) -> Company:  # noqa: ARG002  (a scenario has one base)
        """Return the company as the scenario has it."""
        return self._company

    def today(self) -> datetime.date:
        """Return the day it is below."""
        return self._below.today()

    def known(self, as_of: datetime.date | None) -> Versions:
        """Return what is known below, with no period closed."""
        return replace(self._below.known(as_of), closings=0)

    def kept(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """Return an answer that is kept here, or below where this company does not change it."""
        if isinstance(key, tuple) and len(key) > 1:
            if key[0] in SHARED:
                return self._below.kept(key, make)
            return super().kept(key, self._given.get(key[:2], make))
        return super().kept(key, make)
