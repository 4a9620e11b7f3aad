"""Check-ins written by programs for a person: value or step, how sure, words and files, by the rules of the screen."""

import base64
import binascii
import datetime
import hashlib
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.web.api.authority import allowed
from kpiflow.web.api.bodies import OF_BODIES, Key, refusals, repeat
from kpiflow.web.api.models import example
from kpiflow.web.api.problems import Problem, language
from kpiflow.web.api.refusal import ApiRefusal
from kpiflow.web.api.routes_measurements import replied
from kpiflow.workspace import NeedsReason, Said, Unusual, Workspace
from kpiflow.workspace.api_tokens.bearer import Bearer

router = APIRouter(tags=["check-ins"])

SCOPE = "check-ins:write"


class FileGiven(BaseModel):
    """A file that goes with a check-in."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200, description="its name with its ending", examples=["survey.pdf"])
    content: str = Field(description="its bytes in base64; the content must be what the name says")


class CheckInGiven(BaseModel):
    """A check-in: what a goal takes is told by `GET /api/v1/goals/{goal}`; at least one of number, confidence, words, files."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"goal": "p0101-handover", "step": 3, "confidence": 7, "words": "Two shifts trained."}]
        },
    )

    goal: str = Field(min_length=1, max_length=200, description="the goal's id")
    value: float | str | None = Field(
        None, description="the value, for a goal that takes one; as text it is kept exactly"
    )
    numerator: float | str | None = Field(None, description="of a rate")
    denominator: float | str | None = Field(None, description="of a rate, more than 0")
    step: float | str | None = Field(
        None, description="the step of a milestone, or the level of a rubric, that is reached"
    )
    confidence: int | None = Field(None, ge=1, le=10, description="how sure: 1 unlikely, 10 certain")
    words: str | None = Field(None, max_length=2000, description="what there is to say")
    day: datetime.date | None = Field(None, description="the day it is about; absent: the day the goal asks for now")
    reason: str | None = Field(None, max_length=2000, description="why a value that is there already is corrected")
    sure: bool = Field(False, description="an unusual value is meant")
    files: list[FileGiven] = Field(default_factory=list, max_length=5, description="evidence, at most 5 files")


class CheckInAnswer(BaseModel):
    """What was written."""

    model_config = example(
        check_in=424, goal="ewr-ontime", load=195, evidence=[], said="Written for Apr 30, 2013. On-time arrivals is behind.",
    )  # fmt: skip

    check_in: int = Field(description="the check-in's number")
    goal: str = Field(description="the goal")
    load: int | None = Field(description="the load its value became; null without one, or when it was known already")
    evidence: list[int] = Field(description="the numbers of its files")
    said: str = Field(description="what was written and how the goal stands now, in words")


class Needs(StrEnum):
    """What must be added to a check-in before it is taken."""

    SURE = "sure"  # an unusual value is meant
    REASON = "reason"  # why a value that is there already is corrected


class NotMeantProblem(Problem):
    """A check-in that is taken once `needs` is added to it, as RFC 9457 problem details."""

    model_config = example(
        type="urn:kpiflow:problem:must_be_meant", title="This goes against what is there", status=409,
        detail="99.0 % is far from what is usual. Send it again, and say that it is meant.", instance="/api/v1/check-ins",
        needs="sure",
    )  # fmt: skip

    needs: Needs = Field(description="the member to add: that an unusual value is meant, or why it is corrected")


@router.post(
    "/check-ins",
    operation_id="check_in",
    status_code=201,
    response_model=CheckInAnswer,
    summary="Check in",
    responses={
        **OF_BODIES,
        **refusals("NotMeantProblem", s409="It must be said to be meant, or why it is corrected: see `needs`."),
    },
    openapi_extra={"x-scope": SCOPE},
)
def check_in(
    request: Request,
    given: CheckInGiven,
    bearer: Annotated[Bearer, allowed(SCOPE)],
    key: Key = None,
) -> Response:
    """Write a check-in as the person the token's account is, with the rules of the screen.

    A value far from what is usual, or another value for a day that has one, is answered with 409: `needs` says what must
    be added to the request, `sure` or `reason`.
    """
    ws: Workspace = request.app.state.site.ws
    said = Said(
        value=_text(given.value), numerator=_text(given.numerator), denominator=_text(given.denominator),
        step=_text(given.step), confidence=given.confidence, words=given.words, day=given.day,
        files=tuple((file.name, _bytes(file)) for file in given.files), reason=given.reason, sure=given.sure,
    )  # fmt: skip
    body = hashlib.sha256(given.model_dump_json().encode()).hexdigest()
    try:
        done = ws.check_in_once(bearer.asker, given.goal, said, repeat(request, key, body), locale=language(request))
    except (Unusual, NeedsReason) as error:
        needs = Needs.SURE if isinstance(error, Unusual) else Needs.REASON
        raise ApiRefusal(409, "must_be_meant", error.message, extra={"needs": needs.value}) from error
    return replied(request, done)


def _text(number: float | str | None) -> str | None:
    """Return a number as it was written, as far as JSON lets us know."""
    return None if number is None else str(number)


def _bytes(file: FileGiven) -> bytes:
    try:
        return base64.b64decode(file.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(msg("The content of {name} is not base64.", name=file.name)) from error
