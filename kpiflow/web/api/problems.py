"""What went wrong, as RFC 9457 problem details: every error of KPIFlow, of a request's form, and of a path that is none."""

import json
import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kpiflow.errors import ConfigurationError, InvalidInput, KPIFlowError, NotFound, Refused, StoreError, suggest
from kpiflow.language import Message, msg, render
from kpiflow.web.api.refusal import ApiRefusal

MEDIA = "application/problem+json"

#: Which status each error of KPIFlow answers with; the first that fits.
STATUSES: tuple[tuple[type[KPIFlowError], int], ...] = (
    (NotFound, 404), (Refused, 403), (ConfigurationError, 422), (InvalidInput, 422), (StoreError, 503),
)  # fmt: skip

#: What each status is called, in words that do not change with the error.
TITLES: Mapping[int, Message] = {
    400: msg("This request cannot be read"),
    401: msg("A token is needed"),
    403: msg("This is not allowed"),
    404: msg("This is not there"),
    405: msg("This cannot be done here"),
    406: msg("None of the formats asked for can be given"),
    409: msg("This goes against what is there"),
    410: msg("This page of the list has gone"),
    413: msg("This is too large"),
    414: msg("This address is too long"),
    415: msg("This format is not taken"),
    422: msg("This cannot be taken as it is"),
    429: msg("Too much was asked at once"),
    500: msg("Something went wrong here"),
    503: msg("The store cannot be reached"),
}

#: What is said where nothing more is known than the status.
_GENERAL: Mapping[int, Message] = {
    400: msg("The body of the request is not what its Content-Type says, such as JSON in UTF-8."),
    404: msg("There is nothing at this address. GET /api/v1/ lists what there is."),
    405: msg("This address does not take this method; the header Allow names those it takes."),
    500: msg("The server has kept what happened in its log. Nothing was written."),
}


class FieldProblem(BaseModel):
    """What is wrong with one part of a request."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"field": "query.as_of", "message": "Input should be a valid date"}]}
    )

    field: str = Field(description="where it stands, such as query.as_of", examples=["query.as_of"])
    message: str = Field(description="what is wrong with it, in English", examples=["Input should be a valid date"])


class Problem(BaseModel):
    """What went wrong, as RFC 9457 problem details."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:kpiflow:problem:not_found",
                    "title": "This is not there",
                    "status": 404,
                    "detail": "There is no period '2031'. Did you mean '2013'?",
                    "instance": "/api/v1/goals",
                    "suggestion": "2013",
                }
            ]
        }
    )

    type: str = Field(description="the kind of problem, as a URN that does not change")
    title: str = Field(description="the kind of problem in words, in the language asked for")
    status: int = Field(description="the HTTP status")
    detail: str = Field(description="what happened, where, and what to do, in the language asked for")
    instance: str = Field(description="the path that was asked for")
    suggestion: str | None = Field(None, description="the nearest right word, where there is one")
    scope: str | None = Field(None, description="the scope that the token lacks")
    errors: list[FieldProblem] | None = Field(None, description="each part of the request that is wrong")


def language(request: Request) -> str:
    """Return the language of the words in an answer, `en` or `zh`: that of Accept-Language, English otherwise."""
    wished = []
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=")) if rest.strip() else 1.0
        except ValueError:
            weight = 0.0
        primary = tag.strip().lower().split("-")[0]
        if primary in ("en", "zh") and weight > 0:
            wished.append((-weight, place, primary))
    return min(wished)[2] if wished else "en"


def problem(
    request: Request, status: int, detail: Message, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """Return an answer that says what went wrong; `more` are further members, such as `suggestion`."""
    spoken = language(request)
    title = TITLES.get(status)
    known = HTTPStatus(status).phrase
    said = {
        "type": f"urn:kpiflow:problem:{more.pop('kind', known.lower().replace(' ', '_'))}",
        "title": render(title, spoken) if title else known,
        "status": status,
        "detail": render(detail, spoken),
        "instance": request.scope["path"],
        **{name: value for name, value in more.items() if value is not None},
    }
    answer = Response(
        json.dumps(said, ensure_ascii=False).encode(), status, media_type=MEDIA, headers=dict(headers or {})
    )
    answer.headers["Content-Language"] = spoken
    answer.headers.setdefault("Cache-Control", "private, no-store")
    return answer


def handles(app: FastAPI) -> None:
    """Make every error of an app answer with problem details."""
    app.add_exception_handler(KPIFlowError, _of_kpiflow)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _unexpected)


def _of_kpiflow(request: Request, error: Exception) -> Response:
    assert isinstance(error, KPIFlowError)
    if isinstance(error, ApiRefusal):
        return problem(request, error.status, error.message, error.headers, kind=error.kind, **error.extra)
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    near = error.message.facts.get("near")
    headers = {"Retry-After": "5"} if status == 503 else {}
    return problem(request, status, error.message, headers, suggestion=near if isinstance(near, str) else None)


def _malformed(request: Request, error: Exception) -> Response:
    """Name each part of the request that cannot be read; for a parameter that there is not, the nearest that there is."""
    assert isinstance(error, RequestValidationError)
    found = [(".".join(map(str, one["loc"])), str(one["msg"]), one["type"]) for one in error.errors()]
    strange = [where.removeprefix("query.") for where, _, kind in found if kind == "extra_forbidden"]
    near = suggest(strange[0], _parameters(request)) if strange else None
    names = ", ".join(dict.fromkeys(where for where, _, _ in found))
    detail = (
        msg("There is no '{name}' here. Did you mean '{near}'?", name=strange[0], near=near)
        if near
        else msg("These parts of the request cannot be taken as they are: {names}.", names=names)
    )
    listed = [{"field": where, "message": said} for where, said, _ in found]
    return problem(request, 422, detail, suggestion=near, errors=listed)


def _parameters(request: Request) -> list[str]:
    """Return the query parameters that a route takes."""
    dependant = getattr(request.scope.get("route"), "dependant", None)
    names: list[str] = []
    for one in getattr(dependant, "query_params", ()):
        fields = getattr(getattr(one, "field_info", None), "annotation", None)
        names += [one.alias, *getattr(fields, "model_fields", {})]
    return names


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = _GENERAL.get(error.status_code, msg("The server said: {said}.", said=str(error.detail)))
    headers = {**(error.headers or {}), **({"Allow": _allowed(request)} if error.status_code == 405 else {})}
    return problem(request, error.status_code, detail, headers)


def _allowed(request: Request) -> str:
    """Return every method that some route takes at this address: Starlette names those of the first alone."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    found = {
        method.upper()
        for template, methods in request.app.openapi()["paths"].items()
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path)
        for method in methods
    }
    return ", ".join(sorted({*found, "HEAD"} if "GET" in found else found))


def _unexpected(request: Request, error: Exception) -> Response:
    logging.getLogger("kpiflow.api").error("unexpected error at %s", request.scope["path"], exc_info=error)
    return problem(request, 500, _GENERAL[500])
