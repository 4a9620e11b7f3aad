"""What pydantic found wrong, said as a person would say it, with the nearest right word.

Floor 5: reads no clock, file or database.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kpiflow.definitions.written import Written
from kpiflow.errors import BrokenRule, suggest
from kpiflow.language import Message, msg

_QUOTED = re.compile(r"'([^']*)'")

#: The pattern of codes of currencies.
CURRENCY = "^[A-Z]{3}$"

#: Pydantic's error types that mean "this is not a number".
_NUMBERS = ("int_", "float_", "decimal_", "is_instance_of", "finite_number")


#: The rules that definitions state themselves, written out here so that they have a translation.
RULES: tuple[Message, ...] = (
    msg("A derived metric needs a formula, and only a derived metric has one."),
    msg("Only a cumulative metric has a window."),
    msg("A snapshot is the first or the last value: set time_agg to first or last."),
    msg("A metric in currency says which: set currency to an ISO code such as CNY."),
    msg("A seasonal phasing needs twelve numbers, none negative, not all zero."),
    msg("Every grade but the last has at_least; the last takes everything below."),
    msg("At_least must go down from the best grade to the worst."),
    msg("A plan ends on or after the day it starts."),
    msg("A secret is never written here: name the environment variable that holds it, such as ${{NAME}}."),
    msg("A length of time is a number and one of s, m, h, d, w, such as 15m or 7d."),
    msg("Cron has five fields: minute, hour, day, month, weekday, such as 0 6 * * 1-5."),
    msg("A source is asked by every or by cron, not by both."),
    msg("Every is at least 10s."),
    msg("The most that is expected is not less than the least."),
    msg("Give a table or a query, not both."),
    msg("A query is one SELECT that changes nothing."),
    msg("A database needs a table or a query."),
    msg("A DuckDB file needs a table or a query."),
    msg("A PostgreSQL database is of kind postgresql, whose session can only read."),
    msg("The address begins with https:// or http://."),
    msg("Since_parameter needs a watermark: the field whose highest value it takes."),
)


def sentence(error: Mapping[str, Any], written: Written, schema: Mapping[str, Any]) -> Message:
    """Return one pydantic error (an item of `errors()`) as a message; `schema` is the JSON schema it was checked with."""
    kind, loc, context = str(error["type"]), tuple(error["loc"]), error.get("ctx") or {}
    name = next((str(step) for step in reversed(loc) if isinstance(step, str)), "")
    part = written.part(loc)
    shown = part.text if part is not None and part.text is not None else error.get("input")
    if kind == "extra_forbidden":
        return unknown_field(str(loc[-1]), sorted(fields_at(schema, loc[:-1])))
    if kind == "missing":
        return msg("'{field}' is missing here.", field=str(loc[-1]))
    if kind in ("enum", "literal_error"):
        name = "kind" if loc[-2:-1] == ("inputs",) else name
        return unknown_word(name, shown, _QUOTED.findall(str(context.get("expected", ""))))
    if kind == "union_tag_invalid":
        return unknown_word("kind", context.get("tag"), _QUOTED.findall(str(context.get("expected_tags", ""))))
    if kind == "union_tag_not_found":
        kinds = sorted(
            {word for branch in at(schema, loc) for word in branch.get("discriminator", {}).get("mapping", {})}
        )
        return msg("'kind' is missing here; it is one of {words}.", words=", ".join(kinds))
    if kind == "value_error" and isinstance(context.get("error"), BrokenRule):
        return context["error"].message
    if kind == "value_error":
        return _rule(str(context.get("error", error["msg"])))
    return _type_or_bound(kind, name, shown, context) or msg(
        "'{field}': {reason}.", field=name, reason=str(error["msg"])
    )


def unknown_field(field: str, known: list[str]) -> Message:
    """Return the message for a field that does not exist, with the nearest that does."""
    near = suggest(field, known)
    if near:
        return msg("There is no field '{field}' here. Did you mean '{near}'?", field=field, near=near)
    return msg("There is no field '{field}' here. Known fields: {known}.", field=field, known=", ".join(known))


def unknown_word(field: str, word: object, known: list[str]) -> Message:
    """Return the message for a word that a field does not take, with the nearest that it does."""
    near = suggest(str(word), known)
    words = ", ".join(known)
    if near:
        return msg("'{word}' is not a {field}. Did you mean '{near}'?", word=str(word), field=field, near=near)
    return msg("'{word}' is not a {field}. It is one of {words}.", word=str(word), field=field, words=words)


def _type_or_bound(kind: str, name: str, shown: object, context: Mapping[str, Any]) -> Message | None:
    """Return the message for a value of the wrong type, or outside its bounds."""
    misspelt = (
        msg("'{word}' is not the code of a currency: three capital letters, such as EUR.", word=str(shown))
        if context.get("pattern") == CURRENCY
        else msg(
            "'{word}' cannot be a {field}: begin with a letter, then letters, digits, '_', '-' or '.'.",
            word=str(shown),
            field=name,
        )
    )
    bounds = {
        "greater_than": msg("'{field}' must be more than {bound}.", field=name, bound=context.get("gt")),
        "greater_than_equal": msg("'{field}' must be at least {bound}.", field=name, bound=context.get("ge")),
        "less_than": msg("'{field}' must be less than {bound}.", field=name, bound=context.get("lt")),
        "less_than_equal": msg("'{field}' must be at most {bound}.", field=name, bound=context.get("le")),
        "too_short": msg("'{field}' needs at least {count} of them.", field=name, count=context.get("min_length")),
        "too_long": msg("'{field}' takes at most {count} of them.", field=name, count=context.get("max_length")),
        "string_pattern_mismatch": misspelt,
        "string_too_short": msg("'{field}' is empty.", field=name),
        "string_type": msg("'{field}' must be a text.", field=name),
        "finite_number": msg("'{field}' must be a finite number.", field=name),
    }
    if shown is None:
        return msg("'{field}' has no value.", field=name)
    if kind in bounds:
        return bounds[kind]
    if kind.startswith("date_"):
        return msg("'{word}' is not a day; write it as 2026-01-31.", word=str(shown))
    if kind.startswith("bool_"):
        return msg("'{word}' is not yes or no; write true or false.", word=str(shown))
    if kind.startswith(_NUMBERS):
        return msg("'{word}' is not a number that '{field}' takes.", word=str(shown), field=name)
    if kind in ("list_type", "tuple_type", "set_type"):
        return msg("'{field}' must be a list: lines beginning with '- ', or [a, b].", field=name)
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return msg("Fields with values are expected here, such as 'label: On-time rate'.")
    return None


def _rule(text: str) -> Message:
    """Return a rule that a definition states itself, as a sentence; the catalogue may know it as a whole."""
    text = text.strip().rstrip(".").replace("{", "{{").replace("}", "}}")
    return Message(text[:1].upper() + text[1:] + ".")


def at(schema: Mapping[str, Any], loc: tuple[object, ...]) -> list[Mapping[str, Any]]:
    """Return the parts of a JSON schema that `loc` may lead to; steps that are kinds of a union choose the kind."""
    here = list(_branches(schema, schema))
    for step in loc:
        chosen: list[Mapping[str, Any]] = []
        for part in here:
            mapping = part.get("discriminator", {}).get("mapping", {})
            if isinstance(step, int):
                below = [part["items"]] if isinstance(part.get("items"), dict) else list(part.get("prefixItems", []))
            elif step in part.get("properties", {}):
                below = [part["properties"][step]]
            elif step in mapping:
                below = [{"$ref": mapping[step]}]
            else:
                extra = part.get("additionalProperties")
                below = [extra] if isinstance(extra, dict) else []
            for one in below:
                chosen += _branches(one, schema)
        here = chosen or here
    return here


def fields_at(schema: Mapping[str, Any], loc: tuple[object, ...]) -> set[str]:
    """Return the names of the fields there may be at `loc`."""
    return {name for part in at(schema, loc) for name in part.get("properties", {})}


def _branches(part: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and all it may be instead (references, unions)."""
    while "$ref" in part:
        part = root["$defs"][part["$ref"].rsplit("/", 1)[-1]]
    yield part
    for word in ("anyOf", "oneOf", "allOf"):
        for one in part.get(word, []):
            yield from _branches(one, root)
