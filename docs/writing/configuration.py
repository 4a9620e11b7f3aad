"""A company's folder of configuration: each file, its fields, and the tables that may be YAML or CSV."""

from typing import Any

from docs.writing.markdown import code, first, table
from docs.writing.schema import fields, parts
from docs.writing.tables import columns

#: Kinds whose choices fill a page of their own.
ELSEWHERE = {"curve": "[Curves](curves.md)", "plan": "[Incentive components](components.md)"}


def page() -> str:
    """Return every file of the folder."""
    from kpiflow.definitions.company import KEYS, TABLES
    from kpiflow.definitions.facts import FILES, adapter

    rows = [
        (f"`{_file(file)}`", code(f"{file.heading}:") if file.heading else "the file is one item", code(file.identity))
        for file in FILES
    ]
    rows += [
        (f"`{name}.yaml`, `{name}.csv`, or both", code(f"{name}:"), ", ".join(map(code, keys)))
        for name, keys in KEYS.items()
    ]
    found = [
        (
            'One folder is one company. A number may be written with a sign: `"80%"` is 0.8. In `goals` and `targets` the sign '
            'is the metric\'s own unit, so `79.27` and `"79.27%"` mean the same for a percent metric. `kpiflow schema` prints '
            "the same rules as JSON Schema, so that an editor completes and underlines."
        ),
        table(("file", "begins with", "told apart by"), rows),
    ]
    seen: set[str] = set()
    for file in FILES:
        schema = adapter(file.kind).json_schema(by_alias=True)
        found.append(f"## {_file(file)}\n\n{_about(schema)}")
        found.append(_body(file.kind, schema))
        if file.kind != "curve":
            found += parts(_without_kinds(schema), 3, seen)
    for name, model in TABLES.items():
        found.append(f"## {name}\n\n{first(model)}\n\n{columns(model)}")
    return "\n\n".join(found)


def _file(file: Any) -> str:
    return file.file if file.file.endswith(".yaml") else f"{file.file}/*.yaml"


def _about(schema: dict[str, Any]) -> str:
    return " ".join((schema.get("description") or "").split())


def _body(kind: str, schema: dict[str, Any]) -> str:
    """Return the fields, or where they are described when there are many kinds."""
    more = f"The kinds and their fields: {ELSEWHERE[kind]}." if kind in ELSEWHERE else ""
    return "\n\n".join(filter(None, (fields(schema) if "properties" in schema else "", more)))


def _without_kinds(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema without the models that have a `kind`; those are on their own page."""
    inner = {
        name: part
        for name, part in schema.get("$defs", {}).items()
        if "const" not in part.get("properties", {}).get("kind", {})
    }
    return {"$defs": inner}
