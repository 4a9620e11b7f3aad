"""What the first visitors would otherwise wait for, prepared step by step, so that a server may stop between two of them."""

from collections.abc import Callable, Iterator

from kpiflow.scoring.moment import Moment
from kpiflow.workspace import goal_page, overview, portfolio
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import ADMINISTRATOR, Books
from kpiflow.workspace.handing_down import reconciliation
from kpiflow.workspace.months import is_large, months_begun, of_units
from kpiflow.workspace.outlooks import ahead

#: A part of the work; it keeps what it finds.
Step = Callable[[], object]


def steps(ws: Books) -> Iterator[Step]:
    """Yield what there is to prepare for the usual period and its months, what most pages need first."""
    if ws.is_empty():
        return
    period = ws.default_period()
    moment = ws.moment(period, None)
    yield lambda: overview.overview(ws, ADMINISTRATOR, period)
    yield lambda: appraisals(ws, period)
    if is_large(ws, None):
        for month in reversed(months_begun(moment)):
            yield lambda month=month: of_units(ws, Moment(moment.calendar, month, moment.as_of), None)  # type: ignore[misc]
    yield lambda: goal_page.goal_choices(ws, ADMINISTRATOR, period, text="a")
    for goal in goal_page.goal_choices(ws, ADMINISTRATOR, period)[:1]:
        yield lambda goal=goal.id: goal_page.goal_page(ws, ADMINISTRATOR, goal, period)  # type: ignore[misc]
    yield lambda: ahead.ahead(ws, ADMINISTRATOR, period)
    yield lambda: portfolio.portfolio(ws, ADMINISTRATOR, period, portfolio.Filter())
    yield lambda: reconciliation.compared(ws, moment, None)
