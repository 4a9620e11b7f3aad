"""The example company's plan, put forward by HR and approved by the executive before its year began."""

import datetime

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.plans.publishing import approve, publish

#: The plan, who stands for it and when.
PLAN = "service_bonus_2013"
HR, EXECUTIVE = Asker("p0005"), Asker("p0001")
PUT_FORWARD = datetime.datetime(2012, 12, 18, 10, 30, tzinfo=datetime.UTC)
APPROVED = datetime.datetime(2012, 12, 19, 15, 0, tzinfo=datetime.UTC)


def example_publication(ws: Books) -> None:
    """Publish the example's plan."""
    publish(ws, HR, PLAN, reason="Bonus rules for 2013, as agreed with the heads", at=PUT_FORWARD)
    approve(ws, EXECUTIVE, PLAN, reason="Within the budget of the year", at=APPROVED)
