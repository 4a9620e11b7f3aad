"""The part of the door that closes periods and says what became known after."""

import datetime

import polars as pl

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing import closing, listing, readiness, reopening, verifying
from kpiflow.workspace.closing.answers import ClosingVerified, FindingList, Readiness
from kpiflow.workspace.closing.frozen import Closed


class ClosingDesk(Books):
    """Questions and changes of whoever closes periods, and of whoever reads what was closed."""

    def readiness(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> Readiness:
        """Answer how ready a period is to be closed, or what became known since it was; raises Refused, or NotFound."""
        return readiness.readiness(self, asker, period, as_of)

    def closing_findings(
        self, asker: Asker, period: str, check: str, as_of: datetime.date | None = None, *, start: int = 0
    ) -> FindingList:
        """Return a page of what one check found before closing; raises Refused, or NotFound for a check there is not."""
        return readiness.finding_list(self, asker, period, check, as_of, start=start)

    def closings(self, asker: Asker, as_of: datetime.date | None = None) -> pl.DataFrame:
        """Return every closing with its fingerprints, the newest first; raises Refused."""
        return listing.closings(self, asker, as_of)

    def adjustments(self, asker: Asker, into: str, as_of: datetime.date | None = None) -> pl.DataFrame:
        """Return the adjustment lines that late data of closed periods brings into one; raises Refused, or NotFound."""
        return listing.adjustments(self, asker, into, as_of)

    def look_through(self, asker: Asker, period: str, *, who: str | None = None) -> None:
        """Write down that somebody looked through a period: changes are told since then; raises Refused, or NotFound."""
        closing.look(self, asker, period, who=who)

    def close_period(self, asker: Asker, period: str, *, reason: str, who: str | None = None) -> Closed:
        """Freeze every number of a period as known now; raises Refused, NotFound, or InvalidInput with what stands against it."""
        return closing.close(self, asker, period, reason=reason, who=who)

    def ask_reopening(self, asker: Asker, period: str, *, reason: str, who: str | None = None) -> Closed:
        """Ask for a closed period to be opened again; raises Refused, NotFound, or InvalidInput."""
        return reopening.ask(self, asker, period, reason=reason, who=who)

    def confirm_reopening(self, asker: Asker, period: str, *, who: str | None = None) -> Closed:
        """Open a period again that somebody else asked for; raises Refused for the same person, NotFound, or InvalidInput."""
        return reopening.confirm(self, asker, period, who=who)

    def withdraw_reopening(
        self, asker: Asker, period: str, *, who: str | None = None, reason: str | None = None
    ) -> Closed:
        """Leave a period closed that somebody asked to open; raises Refused, NotFound, or InvalidInput."""
        return reopening.withdraw(self, asker, period, who=who, reason=reason)

    def verify_closing(self, asker: Asker, period: str, number: int | None = None) -> ClosingVerified:
        """Work a closed period out again and compare every number; raises Refused, NotFound, or InvalidInput."""
        return verifying.verify(self, asker, period, number)
