"""The OpenAPI document: made from the routes, and put into the plainest form for those who generate clients from it."""

import json
import re
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from kpiflow.web.api.problems import MEDIA, Problem
from kpiflow.web.api.routes_check_ins import NotMeantProblem
from kpiflow.web.api.routes_measurements import Measured, NotTakenProblem

TITLE = "KPIFlow"

ABOUT = """Goals, results, scores, statements and letters of a company, as any day knew them; measurements and check-ins in.

Every request carries a token: `Authorization: Bearer kpf_…`. A token belongs to an account and shows what the account's
roles let it read, never more. Absent is null, never 0. Money and measured values are exact and therefore text."""

#: What each part of the API is about.
TAGS = (
    ("company", "Calendar, units, people and metrics."),
    ("goals", "Goals, the goal tree, results and the reasons for them."),
    ("scores", "Appraisal scores, and one taken apart."),
    ("pay", "What final pay runs paid."),
    ("letters", "Responsibility letters and their signatures."),
    ("check-ins", "What people reported on goals."),
    ("measurements", "The facts that results are made of."),
    ("journal", "Who did what, when and why."),
    ("webhooks", "Other systems told when something happens."),
    ("about", "What there is."),
)

#: Statuses that any route may answer with, and when.
PROBLEMS = {
    "401": "No token, or one that does not count.",
    "403": "The token lacks the scope, or the account the right.",
    "404": "There is no such thing, or none that you may know of.",
    "406": "None of the formats asked for can be given.",
    "410": "The cursor cannot be gone on from: begin the list again.",
    "414": "The address is too long.",
    "422": "A parameter cannot be taken as it is.",
    "429": "Too much was asked at once; Retry-After says how long to wait.",
    "500": "Something went wrong here; the server has kept what in its log.",
    "503": "The store cannot be reached just now.",
}

#: Those of them that whoever sends no token may be answered with, too.
OF_ANYBODY = ("406", "414", "429", "500", "503")

#: Statuses that any body may be answered with.
OF_A_BODY = {
    "400": "The body cannot be read.",
    "413": "The body is too large.",
    "415": "The body is of a type that is not taken, or packed.",
}

#: Headers that change an answer and that no handler takes as a parameter: what reads them stands before all routes.
LANGUAGE: dict[str, Any] = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "The language of words and problems: en or zh; absent: en.",
    "schema": {"type": "string"},
    "example": "zh",
}
IF_NONE_MATCH: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of an answer that is at hand: 304 says that it still holds.",
    "schema": {"type": "string"},
    "example": '"9f2c31d0a4b87e65c1f20d93"',
}


#: Models that routes only name: those of problems, which FastAPI never answers with, and of bodies read as a stream.
NAMED: tuple[type[BaseModel], ...] = (Problem, NotMeantProblem, NotTakenProblem, Measured)


def described(app: FastAPI) -> dict[str, Any]:
    """Return the document of an app; made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=TITLE,
            version=version("kpiflow"),
            openapi_version="3.1.0",
            description=ABOUT,
            routes=app.routes,
            tags=[{"name": name, "description": about} for name, about in TAGS],
            servers=[{"url": "/api/v1"}],
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
        app.openapi_schema = _plain(made)
    return app.openapi_schema


def _plain(made: dict[str, Any]) -> dict[str, Any]:
    """Add the problems every route may answer with, and take out what only confuses generators."""
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for model in NAMED:
        one = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update({name: schemas.get(name, inner) for name, inner in one.pop("$defs", {}).items()})
        schemas[model.__name__] = one
    for leftover in ("HTTPValidationError", "ValidationError"):
        schemas.pop(leftover, None)
    said = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert MEDIA in said
    for path in made["paths"].values():
        for operation in path.values():
            _answers(operation, said)
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
            parameters = operation.setdefault("parameters", [])
            parameters.append(LANGUAGE)
            if "304" in operation["responses"]:
                parameters.append(IF_NONE_MATCH)
    for schema in schemas.values():
        _tidy(schema)
    _always_there("Letter", schemas)
    for schema in schemas.values():
        if "examples" in schema:
            schema["examples"] = [_filled(shown, schema, schemas) for shown in schema["examples"]]
    return made


def _answers(operation: dict[str, Any], said: dict[str, Any]) -> None:
    """Say of an operation which problems it may answer with, as far as the route has not said more of them itself."""
    responses = operation["responses"]
    if responses.get("422", {}).get("description") == "Validation Error":  # FastAPI's own, which is never answered
        responses.pop("422")
    parameters = {one["name"] for one in operation.get("parameters", ())}
    possible = dict(PROBLEMS) if operation.get("security") else {status: PROBLEMS[status] for status in OF_ANYBODY}
    if "cursor" not in parameters:
        possible.pop("410", None)
    if "requestBody" in operation:
        possible |= OF_A_BODY
    for status, when in possible.items():
        responses.setdefault(status, {"description": when, "content": said})
    if "ETag" in responses.get("200", {}).get("headers", {}):
        responses["304"] = {"description": "What If-None-Match names still holds."}


def _always_there(name: str, schemas: dict[str, Any]) -> None:
    """Say that a model of an answer, and those in it, leave no field out: what has a default when read is always written."""
    schema = schemas[name]
    fields = schema.get("properties", {})
    if not fields or schema.get("required") == list(fields):
        return
    schema["required"] = list(fields)
    for field in fields.values():
        field.pop("default", None)
    for inner in re.findall(r"#/components/schemas/(\w+)", json.dumps(fields)):
        _always_there(inner, schemas)


def _filled(shown: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """Return an example with the nulls that FastAPI leaves out, wherever the schema says that a field is always there."""
    schema = schemas.get(str(schema.get("$ref", "")).rpartition("/")[2], schema)
    if isinstance(shown, list):
        return [_filled(one, schema.get("items", {}), schemas) for one in shown]
    if not isinstance(shown, dict):
        return shown
    needed = set(schema.get("required", ()))
    return {
        name: _filled(shown[name], inner, schemas) if name in shown else None
        for name, inner in schema.get("properties", {}).items()
        if name in shown or name in needed
    }


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter: an absent one is left out, there is no null in an address."""
    kinds = [one for one in schema.pop("anyOf", []) if one != {"type": "null"}]
    schema.pop("title", None)
    if schema.get("default", 0) is None:
        schema.pop("default")
    return {**schema, **(kinds[0] if kinds else {})}


def _tidy(schema: Any) -> None:
    """Write `X or null` as one type where that is enough, and leave out titles that only repeat names."""
    if isinstance(schema, list):
        for one in schema:
            _tidy(one)
    if not isinstance(schema, dict):
        return
    for name, inner in list(schema.items()):
        if name not in ("examples", "example", "default", "enum"):
            _tidy(inner)
    if "prefixItems" in schema:  # generators look for `items` in every list; beyond the places given nothing may follow
        schema.setdefault("items", {"type": sorted({one["type"] for one in schema["prefixItems"]})})
    for field in schema.get("properties", {}).values():
        field.pop("title", None)
        kinds = field.get("anyOf", [])
        plain = [one for one in kinds if one != {"type": "null"}]
        if len(kinds) == 2 and len(plain) == 1 and isinstance(plain[0].get("type"), str) and "enum" not in plain[0]:
            field.pop("anyOf")
            field.update({**plain[0], **field, "type": [plain[0]["type"], "null"]})
