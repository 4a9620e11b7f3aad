"""Measurements written by programs: many at once, in the tidy form, as JSON, lines of JSON, CSV, Parquet or Arrow."""

from typing import Annotated, Any

import anyio.to_thread
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kpiflow.web.api.authority import allowed
from kpiflow.web.api.bodies import OF_BODIES, Key, kept, media_of, not_taken, refusals, repeat
from kpiflow.web.api.limits import bounds_of
from kpiflow.web.api.models import example, row_of
from kpiflow.web.api.negotiation import answered
from kpiflow.web.api.problems import Problem, language
from kpiflow.web.api.refusal import ApiRefusal
from kpiflow.workspace import Workspace
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.api_tokens.measuring import ENDINGS, NotTaken, Sent, TooMuch, Wish, required
from kpiflow.workspace.api_tokens.once import Answer, Repeat

router = APIRouter(tags=["measurements"])

SCOPE = "measurements:write"

#: How many bodies are worked on at once: each may fill a core and much memory. The others wait their turn.
AT_ONCE = 2

#: Who waits belongs to an event loop; a limiter shared by two of them would leave somebody waiting for ever.
_TURNS: RunVar[CapacityLimiter] = RunVar("turns")


class WriteQuery(BaseModel):
    """How measurements are to be taken."""

    model_config = ConfigDict(extra="forbid")

    atomic: bool = Field(False, description="Take all rows or none: one bad row refuses the request (422).")
    dry_run: bool = Field(
        False, description="Only say what would be done; nothing is written and no key is remembered."
    )
    reason: str | None = Field(
        None, max_length=500, description="Why values are corrected: kept beside each value that another one replaces."
    )


class Measured(BaseModel):
    """One measurement: a value, or a numerator and a denominator for a ratio; never both."""

    metric: str = Field(description="the metric's id", examples=["flights_operated"])
    unit: str = Field(description="the unit's id", examples=["EWR-UA"])
    day: str = Field(description="the day it is of", examples=["2013-01-31"])
    person: str | None = Field(None, description="the person's id, when it was measured for one")
    entry: str | None = Field(None, description="tells apart several of one metric, unit, person and day")
    value: float | str | None = Field(None, description="up to 12 digits before the point and 6 after it")
    numerator: float | str | None = Field(None, description="of a ratio; as text nothing is rounded on the way")
    denominator: float | str | None = Field(None, description="of a ratio, 0 or more")


class Rejection(BaseModel):
    """One row that was not taken."""

    model_config = example(
        index=4, row=6, rules=["unknown_unit"], message="There is no unit 'EWR-UX'. Did you mean 'EWR-UA'?",
    )  # fmt: skip

    index: int = Field(description="its place in the body, from 0")
    row: int = Field(description="its row as `kpiflow load` counts: a CSV's first row below the headings is 2")
    rules: list[str] = Field(description="the rules it broke", examples=[["unknown_unit"]])
    message: str = Field(description="what to change", examples=["There is no unit 'EWR-UX'. Did you mean 'EWR-UA'?"])


class LoadAnswer(BaseModel):
    """What became of the rows: read = added + unchanged + superseded + rejected."""

    model_config = example(
        load=195, read=31, added=30, unchanged=0, superseded=0, rejected=1, dry_run=False, rejections=[row_of(Rejection)],
        rejections_left_out=0,
    )  # fmt: skip

    load: int | None = Field(description="the number of the load; null when nothing was written")
    read: int = Field(description="rows in the body, blank ones left out")
    added: int = Field(description="rows that are new")
    unchanged: int = Field(description="rows that were there already, with the same numbers")
    superseded: int = Field(description="rows that took the place of others; these stay readable in the history")
    rejected: int = Field(description="rows that were not taken")
    dry_run: bool = Field(description="whether this only says what would be done")
    rejections: list[Rejection] = Field(description="the first 1,000 rows that were not taken")
    rejections_left_out: int = Field(description="how many more there are")


class NotTakenProblem(Problem):
    """A body of which nothing was taken, as RFC 9457 problem details; the report is absent where no row could be read."""

    model_config = example(
        type="urn:kpiflow:problem:no_row_taken", title="This cannot be taken as it is", status=422,
        detail="1 of 31 rows is not right, so none was taken.", instance="/api/v1/measurements", read=31, added=0,
        unchanged=0, superseded=0, rejected=1, dry_run=False, rejections=[row_of(Rejection)], rejections_left_out=0,
    )  # fmt: skip

    read: int | None = Field(None, description="rows in the body, blank ones left out")
    added: int | None = Field(None, description="rows that were taken: 0")
    unchanged: int | None = Field(None, description="rows that were there already, with the same numbers")
    superseded: int | None = Field(None, description="rows that took the place of others: 0")
    rejected: int | None = Field(None, description="rows that are not right")
    dry_run: bool | None = Field(None, description="whether this only says what would be done")
    rejections: list[Rejection] | None = Field(None, description="the first 1,000 rows that are not right")
    rejections_left_out: int | None = Field(None, description="how many more there are")


_ROW = {"metric": "flights_operated", "unit": "EWR-UA", "day": "2013-01-31", "value": 118}
_RATE = {"metric": "ontime_rate", "unit": "EWR-UA", "day": "2013-01-31", "numerator": 92, "denominator": 118}
_CSV = "metric,unit,day,numerator,denominator\nontime_rate,EWR-UA,2013-01-31,92,118\n"
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_LINES = '{"metric": "flights_operated", "unit": "EWR-UA", "day": "2013-01-31", "value": 118}\n'

#: What the OpenAPI document says of the body: it is read as a stream, so FastAPI does not know it.
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Rows in the tidy form. The type of the body is that of Content-Type; a body is never packed.",
        "content": {
            "application/json": {
                "schema": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Measured"}},
                "example": [_ROW, _RATE],
            },
            "application/x-ndjson": {"schema": {"type": "string"}, "example": _LINES},
            "text/csv": {"schema": {"type": "string"}, "example": _CSV},
            "application/vnd.apache.parquet": _BINARY,
            "application/vnd.apache.arrow.stream": _BINARY,
            "application/vnd.apache.arrow.file": _BINARY,
        },
    }
}


@router.post(
    "/measurements",
    operation_id="write_measurements",
    response_model=LoadAnswer,
    summary="Write measurements",
    responses={
        **OF_BODIES,
        **refusals("NotTakenProblem", s422="No row was taken; where the rows were read, with the report on them."),
    },
    openapi_extra={**_BODY, "x-scope": SCOPE},
)
async def write_measurements(
    request: Request,
    query: Annotated[WriteQuery, Query()],
    bearer: Annotated[Bearer, allowed(SCOPE)],
    key: Key = None,
) -> Response:
    """Take the good rows and tell what is wrong with each bad one, all in one transaction.

    The rules are those of `kpiflow load`. A row whose metric, unit, person, day and entry are there already with the same
    numbers is left alone; with other numbers it takes the place of the old one, which stays readable. When no row is
    good, or with `atomic=true` when one is bad, the answer is 422 with the same report and nothing is written. It needs
    the right to load measurements; with the right to record measurements, one row at a time.
    """
    ws: Workspace = request.app.state.site.ws
    await run_in_threadpool(required, ws, bearer.asker)
    ending = ENDINGS.get(media_of(request))
    if ending is None:
        raise not_taken(media_of(request), tuple(ENDINGS))
    async with kept(request, ending) as body:
        wish = Wish(query.atomic, query.dry_run, query.reason, language(request), bounds_of(request))
        sent = Sent(body.path, body.sha256, f"API: {bearer.name}")
        given = repeat(request, key, body.sha256)
        done = await anyio.to_thread.run_sync(_taken, ws, bearer, sent, wish, given, limiter=_turns())
    return replied(request, done)


def replied(request: Request, done: Answer) -> Response:
    """Return an answer that may have been given before; then a header says so."""
    headers = {"Idempotency-Replayed": "true"} if done.again else {}
    return answered(request, done.content, status=done.status, headers=headers)


def _turns() -> CapacityLimiter:
    try:
        return _TURNS.get()
    except LookupError:
        made = CapacityLimiter(AT_ONCE)
        _TURNS.set(made)
        return made


def _taken(ws: Workspace, bearer: Bearer, sent: Sent, wish: Wish, given: Repeat | None) -> Answer:
    try:
        return ws.write_measurements(bearer.asker, sent, wish, given)
    except TooMuch as error:
        raise ApiRefusal(413, "content_too_large", error.message) from error
    except NotTaken as error:
        raise ApiRefusal(422, "no_row_taken", error.message, extra=error.report) from error
