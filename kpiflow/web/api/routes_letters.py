"""Letters: how each stands, and one as it was signed."""

import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from kpiflow.core.goal import OwnerKind
from kpiflow.web.api.answering import Question, listed, one
from kpiflow.web.api.authority import allowed
from kpiflow.web.api.describing import gives, lists
from kpiflow.web.api.models_people import LetterStanding
from kpiflow.web.api.models_whole import LetterInFull
from kpiflow.web.api.parameters import LetterQuery, OfPeriod
from kpiflow.web.api.whole import letter_in_full
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.lists.part import Listed, Part
from kpiflow.workspace.lists.versions import Of

router = APIRouter()

SCOPE = "letters:read"
Reader = Annotated[Bearer, allowed(SCOPE)]


@lists(router, "/letters", LetterStanding, scope=SCOPE, tag="letters")
def list_letters(request: Request, query: Annotated[OfPeriod, Query()], bearer: Reader) -> Response:
    """List how the letters of a cycle stand, of those you may read."""
    ask = Question(request, bearer, query, Of.LETTERS)

    def rows(as_of: datetime.date | None, part: Part) -> Listed:
        period = query.period or ask.ws.default_period(as_of)
        return ask.ws.listed_letters(bearer.asker, period, as_of, part=part)

    return listed(ask, LetterStanding, rows)


@gives(router, "/letters/{owner_kind}/{owner}", LetterInFull, scope=SCOPE, tag="letters")
def get_letter(
    request: Request,
    owner_kind: Annotated[OwnerKind, Path(description="Whether the owner is a unit or a person.")],
    owner: Annotated[str, Path(max_length=200, description="The owner's id.", examples=["p0201"])],
    query: Annotated[LetterQuery, Query()],
    bearer: Reader,
) -> Response:
    """Give one letter: its content, who has signed it, and its versions."""
    ask = Question(request, bearer, query, Of.LETTERS)

    def whole(as_of: datetime.date | None) -> dict[str, Any]:
        cycle = query.period or ask.ws.default_period(as_of)
        page = ask.ws.letter(bearer.asker, owner_kind.value, owner, cycle, as_of, version=query.version)
        return letter_in_full(page)

    return one(ask, whole)
