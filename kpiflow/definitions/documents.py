"""A company as the store keeps it: one JSON document per definition, and its tables; and back, losing nothing.

Floor 5: reads no clock, file or database.
"""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

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
        found.setdefault(kind, {})[name] = adapter(kind).validate_json(body)
    if "profile" not in found or "calendar" not in found:
        raise StoreError(msg("The store holds no company yet. Apply one with `kpiflow apply DIR`."))
    frames = {name: in_order(name, tables[name]) for name in TABLES}
    return assembled(found["profile"][""], found["calendar"][""], lambda kind: found.get(kind, {}), frames)
