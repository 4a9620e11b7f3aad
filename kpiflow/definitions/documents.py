"""A company as the store keeps it: one JSON document per definition, and its tables; and back, losing nothing.

Floor 5: reads no clock, file or database.
"""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
from pydantic import ValidationError

from kpiflow.definitions.assembling import assembled, definitions_of
from kpiflow.definitions.columns import in_order
from kpiflow.definitions.company import TABLES, Company
from kpiflow.definitions.facts import adapter
from kpiflow.definitions.plain import plain
from kpiflow.errors import StoreError
from kpiflow.language import msg

#: One row per definition: what it is, its id (empty where there is only one), and its JSON.
SCHEMA = {"kind": pl.String, "id": pl.String, "body": pl.String}


def to_documents(company: Company) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Return the definitions as (kind, id, body), sorted, and the tables by name."""
    rows = [
        (kind, name, json.dumps(plain(one), ensure_ascii=False, sort_keys=True, default=str))
        for kind, name, one in definitions_of(company)
    ]
    return pl.DataFrame(sorted(rows), schema=SCHEMA, orient="row"), {name: company.table(name) for name in TABLES}


def from_documents(documents: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> Company:
    """Return the company of what the store kept; raises StoreError when there is none in it."""
    found: dict[str, dict[str, Any]] = {}
    for kind, name, body in documents.select(*SCHEMA).iter_rows():
        found.setdefault(kind, {})[name] = _understood(kind, body)
    if "profile" not in found or "calendar" not in found:
        raise StoreError(msg("The store holds no company yet. Apply one with `kpiflow apply DIR`."))
    frames = {name: in_order(name, tables[name]) for name in TABLES}
    return assembled(found["profile"][""], found["calendar"][""], lambda kind: found.get(kind, {}), frames)


def _understood(kind: str, body: str) -> Any:
    """Return one definition of what was kept; a field that was empty then and is unknown by now says nothing."""
    try:
        return adapter(kind).validate_json(body)
    except ValidationError as invalid:
        gone = {
            error["loc"][-1]
            for error in invalid.errors()
            if error["type"] == "extra_forbidden" and error["input"] is None
        }
        if not gone:
            raise
    return adapter(kind).validate_json(json.dumps(_without(json.loads(body), gone)))


def _without(value: Any, gone: set[int | str]) -> Any:
    """Return a definition without those of its fields that are empty, wherever they stand."""
    if isinstance(value, dict):
        return {key: _without(one, gone) for key, one in value.items() if one is not None or key not in gone}
    return [_without(one, gone) for one in value] if isinstance(value, list) else value
