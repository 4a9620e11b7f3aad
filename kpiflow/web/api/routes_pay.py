"""Pay: what final runs paid, line by line; runs that are not final are nobody's statement yet."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from kpiflow.web.api.answering import Question, listed, one
from kpiflow.web.api.authority import allowed
from kpiflow.web.api.describing import gives, lists
from kpiflow.web.api.models_people import StatementAmount, StatementLine
from kpiflow.web.api.models_whole import StatementInFull
from kpiflow.web.api.parameters import PayQuery, StatementQuery
from kpiflow.web.api.whole import statement_in_full
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.lists.pay import PayWanted
from kpiflow.workspace.lists.versions import Of

router = APIRouter()

SCOPE = "pay:read"
Reader = Annotated[Bearer, allowed(SCOPE)]


def _wanted(query: PayQuery) -> PayWanted:
    return PayWanted(query.period, query.plan, query.person, query.run)


@lists(router, "/statements", StatementAmount, scope=SCOPE, tag="pay")
def list_statements(request: Request, query: Annotated[PayQuery, Query()], bearer: Reader) -> Response:
    """List what final pay runs paid those whose pay you may read, the newest run first."""
    ask = Question(request, bearer, query, Of.PAY)
    return listed(
        ask,
        StatementAmount,
        lambda as_of, part: ask.ws.listed_statements(bearer.asker, as_of, _wanted(query), part=part),
    )


@lists(router, "/statement-lines", StatementLine, scope=SCOPE, tag="pay")
def list_statement_lines(request: Request, query: Annotated[PayQuery, Query()], bearer: Reader) -> Response:
    """List the numbered lines of the same statements."""
    ask = Question(request, bearer, query, Of.PAY)
    return listed(
        ask,
        StatementLine,
        lambda as_of, part: ask.ws.listed_statement_lines(bearer.asker, as_of, _wanted(query), part=part),
    )


@gives(router, "/statements/{person}", StatementInFull, scope=SCOPE, tag="pay")
def get_statement(
    request: Request,
    person: Annotated[str, Path(max_length=200, description="The person's id.", examples=["p0201"])],
    query: Annotated[StatementQuery, Query()],
    bearer: Reader,
) -> Response:
    """Give somebody's statement of the newest final pay run, or of the period or run asked for, with every line in words."""
    ask = Question(request, bearer, query, Of.PAY)
    return one(
        ask,
        lambda as_of: statement_in_full(
            ask.ws.final_statement(bearer.asker, person, as_of, period=query.period, run=query.run)
        ),
    )
