"""Appraisals: everybody's score, and one taken apart."""

import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from kpiflow.web.api.answering import Question, listed, one
from kpiflow.web.api.authority import allowed
from kpiflow.web.api.describing import gives, lists
from kpiflow.web.api.models_people import Score
from kpiflow.web.api.models_whole import AppraisalInFull
from kpiflow.web.api.parameters import OnePeriod, ScoresQuery
from kpiflow.web.api.whole import appraisal_in_full
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.lists.part import Listed, Part
from kpiflow.workspace.lists.versions import Of
from kpiflow.workspace.scores.wanted import Wanted

router = APIRouter()

SCOPE = "scores:read"
Reader = Annotated[Bearer, allowed(SCOPE)]


@lists(router, "/scores", Score, scope=SCOPE, tag="scores")
def list_scores(request: Request, query: Annotated[ScoresQuery, Query()], bearer: Reader) -> Response:
    """List the appraisal scores you may read, by person; whoever reads nobody's but their own is refused."""
    ask = Question(request, bearer, query, Of.SCORES)

    def rows(as_of: datetime.date | None, part: Part) -> Listed:
        wanted = Wanted(
            unit=query.unit, role=query.role, grade=query.grade, scorecard=query.scorecard, scored=query.scored,
            text=query.text,
        )  # fmt: skip
        period = query.period or ask.ws.default_period(as_of)
        return ask.ws.listed_scores(bearer.asker, period, as_of, wanted, part=part)

    return listed(ask, Score, rows)


@gives(router, "/appraisals/{person}", AppraisalInFull, scope=SCOPE, tag="scores")
def get_appraisal(
    request: Request,
    person: Annotated[str, Path(max_length=200, description="The person's id.", examples=["p0201"])],
    query: Annotated[OnePeriod, Query()],
    bearer: Reader,
) -> Response:
    """Give somebody's score taken apart: sections, goals, steps and the grade, each with what it brings."""
    ask = Question(request, bearer, query, Of.SCORES)

    def whole(as_of: datetime.date | None) -> dict[str, Any]:
        period = query.period or ask.ws.default_period(as_of)
        return appraisal_in_full(ask.ws.score_why(bearer.asker, person, period, as_of), period)

    return one(ask, whole)
