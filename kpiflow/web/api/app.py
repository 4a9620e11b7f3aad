"""The application behind /api/v1: its routes, its errors, and what stands before them."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kpiflow.language import msg
from kpiflow.web.api import (
    routes_check_ins,
    routes_company,
    routes_goals,
    routes_letters,
    routes_measurements,
    routes_pay,
    routes_reported,
    routes_scores,
    routes_webhooks,
)
from kpiflow.web.api.document import TITLE, described
from kpiflow.web.api.models import example, row_of
from kpiflow.web.api.negotiation import answered
from kpiflow.web.api.problems import handles, problem
from kpiflow.web.site import Site

#: Everything that is asked and written, in the order of the document.
ROUTERS: tuple[APIRouter, ...] = (
    routes_company.router, routes_goals.router, routes_scores.router, routes_pay.router, routes_letters.router,
    routes_reported.router, routes_measurements.router, routes_check_ins.router, routes_webhooks.router,
)  # fmt: skip

#: The longest query string and path that are read, in bytes.
LONGEST_QUERY, LONGEST_PATH = 4096, 1024


class Place(BaseModel):
    """One address of the API."""

    model_config = example(path="/api/v1/goals", methods=["GET"], scope="goals:read", about="List the goals in play")

    path: str = Field(description="its address on this server")
    methods: list[str] = Field(description="what may be asked there: GET, POST …")
    scope: str | None = Field(description="the scope a token needs for it; null: none")
    about: str = Field(description="what it does")


class Index(BaseModel):
    """What there is."""

    model_config = example(name="KPIFlow", version="0.1.0", document="/api/v1/openapi.json", places=[row_of(Place)])

    name: str = Field(description="the program's name")
    version: str = Field(description="its version")
    document: str = Field(description="where the OpenAPI document is")
    places: list[Place] = Field(description="every address there is")


def api(site: Site | None = None) -> FastAPI:
    """Return the application of a site; without one, only its document can be had."""
    app = FastAPI(title=TITLE, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.site = site
    handles(app)

    @app.get("/", operation_id="list_places", response_model=Index, tags=["about"], summary="Say what there is")
    def list_places(request: Request) -> Response:
        """Say which addresses there are and which scope each needs; the same for everybody."""
        return answered(request, _index(app))

    @app.get("/openapi.json", include_in_schema=False)
    def openapi_document() -> Response:
        return JSONResponse(described(app), headers={"Cache-Control": "private, no-cache"})

    for router in ROUTERS:
        app.include_router(router)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    return app


def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return described(api())


def _index(app: FastAPI) -> Index:
    said = described(app)
    places = [
        Place(path=f"/api/v1{path}", methods=[method.upper()], scope=one.get("x-scope"), about=one.get("summary", ""))
        for path, methods in said["paths"].items()
        for method, one in methods.items()
    ]
    return Index(name=TITLE, version=said["info"]["version"], document="/api/v1/openapi.json", places=places)


class Front:
    """What stands before the application: addresses that are too long are refused, and HEAD is GET without its body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or hand on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if len(scope.get("query_string", b"")) > LONGEST_QUERY or len(scope["path"].encode()) > LONGEST_PATH:
            refusal = problem(Request(scope), 414, _TOO_LONG)
            await refusal(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            await self.app({**scope, "method": "GET"}, receive, _without_body(send))
            return
        await self.app(scope, receive, send)


_TOO_LONG = msg(
    "An address may have {query} bytes of parameters and {path} of path. Ask for less at once.",
    query=LONGEST_QUERY,
    path=LONGEST_PATH,
)


def _without_body(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body":
            if not message.get("more_body", False):
                await send({"type": "http.response.body", "body": b""})
            return
        await send(message)

    return sending
