"""The REST API, from its OpenAPI document: every route with its scope, parameters, formats and fields."""

from typing import Any

from docs.writing.markdown import code, table
from docs.writing.schema import meaning

#: What every list takes; told once.
SHARED = {
    "as_of": "the day it is answered as of, at its end; absent: now",
    "limit": "the most rows of a page, 1 to 10,000; absent: 500",
    "cursor": "`next` of the page before",
    "format": "`json`, `csv`, `parquet` or `arrow`; absent: as the header Accept says",
    "Accept-Language": "a header of every route: the language of words and problems, `en` or `zh`; absent: English",
    "If-None-Match": "a header: the ETag of an answer that is at hand; 304 says that it still holds",
}


def page() -> str:
    """Return every route, and the fields of what it answers with."""
    from kpiflow.web.api.app import document

    said = document()
    schemas = said["components"]["schemas"]
    found = [
        (
            "How to begin is told in [the API](../api.md). All of this is also in the document at `/api/v1/openapi.json`, which "
            "`kpiflow openapi` prints and clients are generated from. Lists are given as JSON, CSV, Parquet and Arrow; one "
            "thing as JSON."
        ),
        "Every list takes these beside its own parameters, and what is one thing takes `as_of` and the two headers:",
        table(("parameter", "meaning"), [(code(name), about) for name, about in SHARED.items()]),
        "## Routes",
        table(("route", "does", "scope"), [_line(*one) for one in _operations(said)]),
    ]
    for tag in said["tags"]:
        own = [one for one in _operations(said) if one[2]["tags"] == [tag["name"]]]
        if own:
            found += [f"## {tag['name'].capitalize()}", tag["description"]]
            found += [part for one in own for part in _section(*one, schemas)]
    found.append("## Fields")
    found += [part for name in sorted(_rows(said)) for part in _fields(name, schemas)]
    return "\n\n".join(found)


def _operations(said: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, verb.upper(), one) for path, verbs in said["paths"].items() for verb, one in verbs.items()]


def _line(path: str, verb: str, one: dict[str, Any]) -> tuple[str, str, str]:
    return code(f"{verb} {path}"), one.get("summary", ""), code(one.get("x-scope"))


def _section(path: str, verb: str, one: dict[str, Any], known: dict[str, Any]) -> list[str]:
    """Return a route with its parameters and what it answers with."""
    scope = f" Scope {code(one['x-scope'])}." if "x-scope" in one else ""
    rows = [
        (code(given["name"]), given["in"], _kind(given["schema"]), given.get("description", ""))
        for given in one.get("parameters", ())
        if given["name"] not in SHARED
    ]
    head = [f"### {verb} {path}", f"{one.get('description', one.get('summary', ''))}{scope}"]
    tabled = [table(("parameter", "in", "kind", "meaning"), rows)] if rows else []
    answers = [_answer(status, told, known) for status, told in one["responses"].items() if status.startswith("2")]
    return [*head, *tabled, *(answer for answer in answers if answer)]


def _answer(status: str, told: dict[str, Any], known: dict[str, Any]) -> str:
    """Return what a success is answered with: the formats, and the fields of the rows."""
    formats = told.get("content", {})
    if not formats:
        return f"Answers {status} with nothing more."
    schema = formats.get("application/json", {}).get("schema", {})
    named = _ref(schema)
    row = named.removesuffix("List") if named.removesuffix("List") in known else named
    return f"Answers {status} as {', '.join(map(code, formats))}; fields: [{row}](#{row.lower()})."


def _rows(said: dict[str, Any]) -> set[str]:
    """Return the models whose fields are told: what routes answer with, and what these are made of."""
    schemas = said["components"]["schemas"]
    wanted = {
        _ref(told.get("content", {}).get("application/json", {}).get("schema", {}))
        for _, _, one in _operations(said)
        for status, told in one["responses"].items()
        if status.startswith("2")
    }
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in schemas and name not in found and "properties" in schemas[name]:
            found.add(name)
            wanted |= set(_refs(schemas[name]))
    return {name for name in found if not (name.endswith("List") and name.removesuffix("List") in found)}


def _refs(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [name for one in schema for name in _refs(one)]
    if not isinstance(schema, dict):
        return []
    own = [_ref(schema)] if "$ref" in schema else []
    return own + [name for inner in schema.values() for name in _refs(inner)]


def _fields(name: str, schemas: dict[str, Any]) -> list[str]:
    schema = schemas[name]
    rows = [(code(field), _kind(told), meaning(told, schemas)) for field, told in schema["properties"].items()]
    return [f"### {name}", schema.get("description", ""), table(("field", "kind", "meaning"), rows)]


def _ref(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _kind(schema: dict[str, Any]) -> str:
    """Return what a value is, in a few words."""
    if "$ref" in schema:
        return code(_ref(schema))
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    kind = schema.get("type", "")
    kinds = kind if isinstance(kind, list) else [kind]
    named = [str(schema.get("format", one) if one == "string" else one) for one in kinds if one]
    if kinds == ["array"]:
        return f"list of {_kind(schema.get('items', {}))}"
    return " or ".join(named)
