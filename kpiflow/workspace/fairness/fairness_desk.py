"""The part of the door that raises questions about fairness."""

import datetime

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.fairness import asking
from kpiflow.workspace.fairness.answers import Fairness


class FairnessDesk(Books):
    """Questions that results raise; every method hears who is asking."""

    def fairness(self, asker: Asker, period: str, as_of: datetime.date | None = None) -> Fairness:
        """Answer which questions the results of a period raise, with the rows behind each; raises Refused, or NotFound."""
        return asking.fairness(self, asker, period, as_of)
