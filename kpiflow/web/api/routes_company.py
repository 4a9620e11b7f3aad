"""What the company is made of: its calendar, units, people and metrics."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kpiflow.web.api.answering import Question, listed
from kpiflow.web.api.authority import allowed
from kpiflow.web.api.describing import lists
from kpiflow.web.api.models import Metric, Period, Person, Unit
from kpiflow.web.api.parameters import Paging, PeopleQuery
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.lists.versions import Of

router = APIRouter()

SCOPE = "goals:read"
Reader = Annotated[Bearer, allowed(SCOPE)]


@lists(router, "/periods", Period, scope=SCOPE, tag="company")
def list_periods(request: Request, query: Annotated[Paging, Query()], bearer: Reader) -> Response:
    """List the periods of the company's calendar, in order of time."""
    ask = Question(request, bearer, query, Of.PLAN)
    return listed(ask, Period, lambda as_of, part: ask.ws.listed_periods(bearer.asker, as_of, part))


@lists(router, "/units", Unit, scope=SCOPE, tag="company")
def list_units(request: Request, query: Annotated[Paging, Query()], bearer: Reader) -> Response:
    """List the units of the organisation."""
    ask = Question(request, bearer, query, Of.PLAN)
    return listed(ask, Unit, lambda as_of, part: ask.ws.listed_units(bearer.asker, as_of, part))


@lists(router, "/people", Person, scope=SCOPE, tag="company")
def list_people(request: Request, query: Annotated[PeopleQuery, Query()], bearer: Reader) -> Response:
    """List the people whose rows you may read, with the assignment they have on the day."""
    ask = Question(request, bearer, query, Of.PLAN)
    return listed(
        ask, Person, lambda as_of, part: ask.ws.listed_people(bearer.asker, as_of, unit=query.unit, part=part)
    )


@lists(router, "/metrics", Metric, scope=SCOPE, tag="company")
def list_metrics(request: Request, query: Annotated[Paging, Query()], bearer: Reader) -> Response:
    """List what is measured, with definitions."""
    ask = Question(request, bearer, query, Of.PLAN)
    return listed(ask, Metric, lambda as_of, part: ask.ws.listed_metrics(bearer.asker, as_of, part))
