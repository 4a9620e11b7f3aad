"""What the first visitors would otherwise wait for, prepared step by step, so that a server may stop between two of them."""

from collections.abc import Callable, Iterator

from kpiflow.core.calendar import Period, PeriodKind
from kpiflow.scoring.moment import Moment
from kpiflow.workspace import goal_page, overview, portfolio
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import ADMINISTRATOR, Books
from kpiflow.workspace.handing_down import reconciliation
from kpiflow.workspace.months import is_large, months_begun, of_units
from kpiflow.workspace.outlooks import ahead, forecasts
from kpiflow.workspace.scores.table import table

#: A part of the work; it keeps what it finds.
Step = Callable[[], object]


def steps(ws: Books) -> Iterator[Step]:
    """Yield what there is to prepare: the usual period and its months, what most pages need first; then the other periods."""
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
    yield lambda: table(ws, period, None)
    yield lambda: forecasts.forecasts(ws, ADMINISTRATOR, period, ())
    for other in others(ws, moment):
        yield lambda other=other.period: overview.overview(ws, ADMINISTRATOR, other)  # type: ignore[misc]
        yield lambda other=other.period: appraisals(ws, other)  # type: ignore[misc]
        if not is_large(ws, None):
            yield lambda other=other.period: forecasts.forecasts(ws, ADMINISTRATOR, other, ())  # type: ignore[misc]
            yield lambda other=other: reconciliation.compared(ws, Moment(moment.calendar, other, moment.as_of), None)  # type: ignore[misc]


def others(ws: Books, usual: Moment) -> list[Period]:
    """Return the other periods of the usual cycle that had begun, the newest first; in a large company the newest of a kind.

    There each takes seconds to prepare and room to keep, and few look further back than the quarter and the month.
    """
    cycle = usual.cycle
    inside = [one for one in usual.calendar.periods.values() if one.cycle == cycle.cycle and one.period != cycle.period]
    begun = sorted((one for one in inside if one.starts <= usual.as_of), key=lambda one: one.starts, reverse=True)
    if not is_large(ws, None):
        return begun
    newest = {one.kind: one for one in reversed(begun)}
    return [newest[kind] for kind in (PeriodKind.QUARTER, PeriodKind.MONTH) if kind in newest]
