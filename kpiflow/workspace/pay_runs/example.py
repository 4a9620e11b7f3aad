"""The example company's pay run: worked out and proposed by HR after the year, and left for the executive to look at."""

import datetime

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.pay_runs.deciding import Step, take
from kpiflow.workspace.pay_runs.running import Terms, keep_run

#: Who runs pay, and when: after the last week of the year was in.
RUNS = Asker(person="p0005")
RUN_AT = datetime.datetime(2014, 1, 8, 9, 30, tzinfo=datetime.UTC)


def example_run(ws: Books) -> None:
    """Keep a run of the year's service bonus and propose it; the year is open, so it cannot be final yet."""
    reason = "First look at the year, before it is closed"
    run = keep_run(ws, RUNS, "service_bonus_2013", "2013", Terms(as_of=RUN_AT.date(), reason=reason), at=RUN_AT)
    take(
        ws, RUNS, run, Step("propose", "For approval once the year is closed"), at=RUN_AT + datetime.timedelta(hours=1)
    )
