"""A pydantic model as a table of its fields, and the models inside it after it."""

import json
from collections.abc import Iterator
from typing import Any

from docs.writing.markdown import code, table

#: What every exact number says of itself; repeating it in each row would hide what differs.
ANY_NUMBER = 'A number, or a text such as "80%" for 0.8.'
#: More alternatives than this are a family, which its own page lists.
FAMILY = 8


def fields(schema: dict[str, Any], hidden: tuple[str, ...] = (), defs: dict[str, Any] | None = None) -> str:
    """Return the table of an object's fields: name, what may be written, default, meaning."""
    required, inside = set(schema.get("required", ())), schema.get("$defs", defs or {})
    rows = [
        (code(name), spoken(field, inside), "required" if name in required else default(field), meaning(field, inside))
        for name, field in schema.get("properties", {}).items()
        if name not in hidden
    ]
    return table(("field", "what to write", "when left out", "meaning"), rows) if rows else "No fields of its own."


def parts(schema: dict[str, Any], level: int, skip: set[str]) -> Iterator[str]:
    """Yield a section for each object defined inside, once; `skip` gathers the names already written."""
    for name, inner in schema.get("$defs", {}).items():
        if "properties" in inner and name not in skip:
            skip.add(name)
            about = (inner.get("description") or "").split("\n\n")[0].replace("\n", " ")
            yield f"{'#' * level} {name}\n\n{about}\n\n{fields(inner, (), schema['$defs'])}"


def default(field: dict[str, Any]) -> str:
    """Return what holds when a field is left out."""
    value = field.get("default")
    if value is None or value in ([], {}):
        return ""
    return code(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def meaning(field: dict[str, Any], defs: dict[str, Any]) -> str:
    """Return what a field means: in its own words, else in those of the one kind of thing it holds."""
    said = str(field.get("description") or "")
    if said and said != ANY_NUMBER:
        return said
    held = {name for name in _named(field) if defs.get(name, {}).get("description")}
    return " ".join(defs[held.pop()]["description"].split("\n\n")[0].split()) if len(held) == 1 else ""


def _named(field: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the definitions a field may hold, in lists and among alternatives."""
    if "$ref" in field:
        yield field["$ref"].rsplit("/", 1)[1]
    for inner in (*field.get("anyOf", ()), *field.get("oneOf", ()), *filter(None, [field.get("items")])):
        yield from _named(inner) if isinstance(inner, dict) else ()


def spoken(field: dict[str, Any], defs: dict[str, Any]) -> str:
    """Return in words what a field takes."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        inner = defs.get(name, {})
        return spoken(inner, defs) if "enum" in inner else f"[{name}](#{name.casefold()})" if inner else name
    if "const" in field:
        return code(field["const"])
    if "enum" in field:
        return ", ".join(code(value) for value in field["enum"])
    choices = field.get("anyOf") or field.get("oneOf") or field.get("allOf")
    return _either(choices, defs) if choices else _plain(field, defs)


def _either(choices: list[dict[str, Any]], defs: dict[str, Any]) -> str:
    """Return alternatives in words; null is not one, it is what "left out" means."""
    numbers = any(choice.get("type") == "number" for choice in choices)
    said = [
        "name" if numbers and choice.get("type") == "string" else spoken(choice, defs)
        for choice in choices
        if choice.get("type") != "null" and not (numbers and "pattern" in choice)  # a number with a sign is a number
    ]
    return "any of the kinds" if len(said) > FAMILY else " or ".join(dict.fromkeys(said))


def _plain(field: dict[str, Any], defs: dict[str, Any]) -> str:
    """Return the word for a field of one type."""
    match field.get("type"):
        case "array" if "prefixItems" in field:
            return "list of " + " and ".join(spoken(item, defs) for item in field["prefixItems"])
        case "array":
            return f"list of {spoken(field.get('items', {}), defs)}"
        case "object":
            return "a mapping"
        case "string":
            return {"date": "day, as 2026-01-31", "date-time": "moment"}.get(field.get("format", ""), "text")
        case "boolean":
            return "true or false"
        case "integer":
            return "whole number"
        case "number":
            return "number"
        case _:
            return "anything"
