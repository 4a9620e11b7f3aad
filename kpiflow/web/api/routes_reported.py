"""What was reported and what was done: check-ins, measurements and the journal."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kpiflow.web.api.answering import Question, listed
from kpiflow.web.api.authority import allowed
from kpiflow.web.api.describing import lists
from kpiflow.web.api.models_people import CheckIn, JournalLine, Measurement
from kpiflow.web.api.parameters import CheckInsQuery, JournalQuery, MeasurementsQuery
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.lists.measured import FactsWanted
from kpiflow.workspace.lists.versions import Of

router = APIRouter()


@lists(router, "/check-ins", CheckIn, scope="check-ins:read", tag="check-ins")
def list_check_ins(
    request: Request, query: Annotated[CheckInsQuery, Query()], bearer: Annotated[Bearer, allowed("check-ins:read")]
) -> Response:
    """List the check-ins of the goals you may read, the oldest first."""
    ask = Question(request, bearer, query, Of.CHECK_INS)
    return listed(
        ask, CheckIn, lambda as_of, part: ask.ws.listed_check_ins(bearer.asker, as_of, goal=query.goal, part=part)
    )


@lists(router, "/measurements", Measurement, scope="measurements:read", tag="measurements")
def list_measurements(
    request: Request,
    query: Annotated[MeasurementsQuery, Query()],
    bearer: Annotated[Bearer, allowed("measurements:read")],
) -> Response:
    """List the measurements believed at the day: those of units, and of the people whose rows you may read."""
    ask = Question(request, bearer, query, Of.MEASUREMENTS)
    wanted = FactsWanted(query.metric, query.unit, query.person, query.first, query.last)
    return listed(
        ask, Measurement, lambda as_of, part: ask.ws.listed_measurements(bearer.asker, as_of, wanted, part=part)
    )


@lists(router, "/journal", JournalLine, scope="journal:read", tag="journal")
def list_journal(
    request: Request, query: Annotated[JournalQuery, Query()], bearer: Annotated[Bearer, allowed("journal:read")]
) -> Response:
    """List who did what, when and why, the newest first; for those whose role reads the journal."""
    ask = Question(request, bearer, query, Of.JOURNAL)
    return listed(
        ask,
        JournalLine,
        lambda as_of, part: ask.ws.listed_journal(bearer.asker, as_of, action=query.action, who=query.who, part=part),
    )
