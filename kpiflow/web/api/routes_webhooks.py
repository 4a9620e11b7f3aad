"""Webhooks over the API: added with a URL and its events, listed, tried out, ended, and how each delivery stands."""

import datetime
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from kpiflow.core.delivery import DeliveryOutcome
from kpiflow.web.api.authority import allowed
from kpiflow.web.api.models import example, row_of
from kpiflow.web.api.negotiation import answered
from kpiflow.workspace import Workspace
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.webhooks.keeping import Delivered
from kpiflow.workspace.webhooks.kinds import KINDS

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

SCOPE = "webhooks:manage"

#: What the document says of every route here: the scope a token needs.
OF: dict[str, Any] = {"x-scope": SCOPE}

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="the webhook's number", examples=[1])]
Event = Annotated[int, Path(ge=1, le=2**31 - 1, description="the event's number", examples=[7])]
Moment = datetime.datetime
Holder = Annotated[Bearer, allowed(SCOPE)]


class WebhookAsked(BaseModel):
    """A webhook to add."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"url": "https://hr.example.com/kpiflow", "events": ["period.closed"]}]},
    )

    url: str = Field(max_length=2000, description="where events are sent, by HTTPS")
    events: list[str] = Field(
        min_length=1, max_length=50, description=f"what it is told of: {', '.join(kind.name for kind in KINDS)}"
    )


class WebhookShown(BaseModel):
    """A webhook as it stands."""

    model_config = example(
        webhook=1, url="https://hr.example.com/kpiflow", events=["period.closed"], added="2013-01-10T09:00:00Z", who="p0007",
        ended=None, ended_by=None, waiting=0, given_up=0,
    )  # fmt: skip

    webhook: int = Field(description="its number")
    url: str = Field(description="where events are sent")
    events: list[str] = Field(description="what it is told of")
    added: Moment = Field(description="when it was added, UTC")
    who: str = Field(description="who added it")
    ended: Moment | None = Field(description="when it was ended, UTC; null while it counts")
    ended_by: str | None = Field(description="who ended it; webhooks: its receiver answered that it is gone")
    waiting: int = Field(description="events still to be delivered")
    given_up: int = Field(description="events that never were delivered")


class WebhookList(BaseModel):
    """Every webhook, by number."""

    model_config = example(
        items=[row_of(WebhookShown)],
    )  # fmt: skip

    items: list[WebhookShown]


class WebhookMade(BaseModel):
    """A new webhook, with the secret its messages are signed with: it is shown this once."""

    model_config = example(
        webhook=1, url="https://hr.example.com/kpiflow", events=["period.closed"], secret="whsec_shown-once",  # noqa: S106
    )  # fmt: skip

    webhook: int = Field(description="its number")
    url: str = Field(description="where events are sent")
    events: list[str] = Field(description="what it is told of")
    secret: str = Field(description="the signing secret, beginning with whsec_; it cannot be shown again")


class DeliveryShown(BaseModel):
    """How the delivery of one event to one webhook stands."""

    model_config = example(
        event=7, id="msg_7", kind="period.closed", written="2013-02-01T04:00:00Z", webhook=1, outcome="delivered", tries=1,
        status=204, said=None, tried="2013-02-01T04:00:01Z", next_at=None,
    )  # fmt: skip

    event: int = Field(description="the event's number")
    id: str = Field(description="what receivers know it by, as the header webhook-id")
    kind: str = Field(description="what happened, such as period.closed")
    written: Moment = Field(description="when it happened, UTC")
    webhook: int = Field(description="the webhook's number")
    outcome: DeliveryOutcome | None = Field(description="what became of the newest try; null before the first")
    tries: int = Field(description="how often it was tried")
    status: int | None = Field(description="the HTTP status of the newest answer")
    said: str | None = Field(description="why there was no answer")
    tried: Moment | None = Field(description="when it was tried last, UTC")
    next_at: Moment | None = Field(description="when it is tried again, UTC")


class DeliveryList(BaseModel):
    """Deliveries, the newest event first."""

    model_config = example(
        items=[row_of(DeliveryShown)],
    )  # fmt: skip

    items: list[DeliveryShown]


class DeliveryMade(BaseModel):
    """What became of a delivery that was asked for."""

    model_config = example(
        event=7, id="msg_7", delivered=True, status=204, said=None, took_ms=38,
    )  # fmt: skip

    event: int = Field(description="the event's number")
    id: str = Field(description="the event's id, the same at every try")
    delivered: bool = Field(description="whether the receiver took it")
    status: int | None = Field(description="the HTTP status it answered")
    said: str | None = Field(description="why there was no answer")
    took_ms: int = Field(description="milliseconds it took")


@router.get("", response_model=WebhookList, summary="List webhooks", operation_id="list_webhooks", openapi_extra=OF)
def webhooks(request: Request, bearer: Holder) -> Response:
    """Every webhook, also those that have ended; no secret is among them."""
    rows = _ws(request).webhooks(bearer.asker)
    return answered(request, WebhookList(items=[WebhookShown(**row) for row in _rows(rows)]))


@router.post(
    "",
    response_model=WebhookMade,
    status_code=201,
    summary="Add a webhook",
    operation_id="add_webhook",
    openapi_extra=OF,
)
def add_webhook(request: Request, asked: WebhookAsked, bearer: Holder) -> Response:
    """Send events of these kinds to a URL from now on. The answer holds the signing secret, this once."""
    made = _ws(request).add_webhook(bearer.asker, asked.url, asked.events)
    told = WebhookMade(webhook=made.webhook, url=made.url, events=list(made.events), secret=made.secret)
    return answered(request, told, status=201, headers={"Cache-Control": "private, no-store"})


@router.delete("/{webhook}", status_code=204, summary="End a webhook", operation_id="end_webhook", openapi_extra=OF)
def end_webhook(request: Request, webhook: Number, bearer: Holder) -> Response:
    """Send it nothing more, what still waits for it included."""
    _ws(request).end_webhook(bearer.asker, webhook)
    return Response(status_code=204)


@router.post(
    "/{webhook}/test",
    response_model=DeliveryMade,
    summary="Send a test event",
    operation_id="test_webhook",
    openapi_extra=OF,
)
def try_webhook(request: Request, webhook: Number, bearer: Holder) -> Response:
    """Send an event of the kind webhook.test now, and answer with what the receiver said."""
    return answered(request, _made(_ws(request).test_webhook(bearer.asker, webhook)))


@router.get(
    "/{webhook}/deliveries",
    response_model=DeliveryList,
    summary="List deliveries",
    operation_id="list_deliveries",
    openapi_extra=OF,
)
def deliveries(
    request: Request,
    webhook: Number,
    bearer: Holder,
    limit: Annotated[int, Query(ge=1, le=1000, description="how many at most")] = 200,
    skip: Annotated[
        int, Query(ge=0, le=10**9, description="how many of the newest to leave out: the pages before")
    ] = 0,
) -> Response:
    """How the delivery of each event to a webhook stands, the newest first."""
    rows = _ws(request).webhook_deliveries(bearer.asker, webhook, limit=limit, skip=skip)
    return answered(request, DeliveryList(items=[DeliveryShown(**row) for row in _rows(rows)]))


@router.post(
    "/{webhook}/deliveries/{event}",
    response_model=DeliveryMade,
    summary="Deliver again",
    operation_id="redeliver_event",
    openapi_extra=OF,
)
def redeliver(request: Request, webhook: Number, event: Event, bearer: Holder) -> Response:
    """Send an event once more now, with the same id, and answer with what the receiver said."""
    return answered(request, _made(_ws(request).redeliver(bearer.asker, webhook, event)))


def _ws(request: Request) -> Workspace:
    found: Workspace = request.app.state.site.ws
    return found


def _rows(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows whose moments say that they are UTC."""
    moments = [name for name, kind in rows.schema.items() if kind == pl.Datetime]
    return rows.with_columns(pl.col(name).dt.replace_time_zone("UTC") for name in moments).to_dicts()


def _made(one: Delivered) -> DeliveryMade:
    return DeliveryMade(**vars(one))
