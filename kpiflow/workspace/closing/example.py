"""The example company's first three quarters, each closed on the twentieth of the month after it; its year stays open."""

import datetime

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.closing import close

#: Who closes them: the example's HR.
HR = Asker("p0005")

#: When each was closed, and what was said.
CLOSED: tuple[tuple[str, datetime.datetime, str], ...] = (
    (
        "2013-Q1",
        datetime.datetime(2013, 4, 19, 16, 0, tzinfo=datetime.UTC),
        "All stations have reported; reviewed with the heads.",
    ),
    (
        "2013-Q2",
        datetime.datetime(2013, 7, 19, 16, 0, tzinfo=datetime.UTC),
        "All stations have reported; reviewed with the heads.",
    ),
    (
        "2013-Q3",
        datetime.datetime(2013, 10, 18, 16, 0, tzinfo=datetime.UTC),
        "All stations have reported; reviewed with the heads.",
    ),
)


def close_quarters(ws: Books) -> None:
    """Close the quarters at the times of the example."""
    for period, at, reason in CLOSED:
        close(ws, HR, period, reason=reason, at=at)
