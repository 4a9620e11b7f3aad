"""JSON Schema of every config file, so that editors complete fields and underline mistakes.

Floor 5: writes files into the folder it is given. Reads no clock, file or database.
"""

import json
from pathlib import Path
from typing import Any

import dataframely as dy

from kpiflow.definitions.company import TABLES
from kpiflow.definitions.exporting import schema_name
from kpiflow.definitions.facts import FILES, item_schema
from kpiflow.definitions.goal_rows import OPTIONAL

_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}

#: Columns of tables that may be left out though the table has them always.
_OPTIONAL: dict[str, frozenset[str]] = {"goals": OPTIONAL | {"cycle"}, "assignments": frozenset({"fte"})}


def json_schema() -> dict[str, dict[str, Any]]:
    """Return the schema of each file by its name without ending: company, metrics, goals …; `plan` is for each plan."""
    found: dict[str, dict[str, Any]] = {}
    for file in FILES:
        item = _lenient(item_schema(file.kind))
        found[schema_name(file)] = _DIALECT | (item if file.heading is None else _list_of(file.heading, item))
    for table in TABLES:
        found[table] = _DIALECT | _table_schema(table)
    return found


def write_schemas(folder: Path) -> list[Path]:
    """Write one file per schema into a folder, so that editors find what the first line of each YAML file names."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in json_schema().items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _list_of(heading: str, item: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a file that is a list of items under one heading."""
    definitions = item.pop("$defs", {})
    return {
        "type": "object",
        "properties": {heading: {"type": "array", "items": item}},
        "required": [heading],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _lenient(part: Any) -> Any:
    """Return a schema in which a text may be written as a number: `cycle: 2026` is read as the text 2026."""
    if isinstance(part, list):
        return [_lenient(one) for one in part]
    if not isinstance(part, dict):
        return part
    changed = {key: _lenient(one) for key, one in part.items()}
    if changed.get("type") == "string" and not {"enum", "const", "format"} & changed.keys():
        changed["type"] = ["string", "number"]
    return changed


def _table_schema(table: str) -> dict[str, Any]:
    """Return the schema of the YAML form of a table; goals may hold `children`."""
    columns = TABLES[table].columns()
    optional = _OPTIONAL.get(table, frozenset())
    needed = [name for name, column in columns.items() if not column.nullable and name not in optional]
    properties = {name: _cell(column) for name, column in columns.items()}
    row: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "required": needed,
        "additionalProperties": False,
    }
    if table == "goals":
        properties["children"] = {"type": "array", "items": {"$ref": "#/$defs/row"}}
    return _list_of(table, {"$ref": "#/$defs/row", "$defs": {"row": row}})


def _cell(column: dy.Column) -> dict[str, Any]:
    match column:
        case dy.Enum():
            return {"enum": list(column.categories)}
        case dy.Date():
            return {"type": "string", "format": "date"}
        case dy.Float64() | dy.Decimal():
            return {"type": ["number", "string"], "description": "A number; 79.27% of a percent metric is 79.27."}
        case _:
            return {"type": ["string", "number"]}
