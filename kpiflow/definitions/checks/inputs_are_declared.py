"""Every value in the table of inputs is for an input that a plan declares, and of its kind.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.definitions.checks.finding import unknown
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.incentives.given import value_of
from kpiflow.incentives.kinds import CALLED, Kind
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for a value no plan asks for, and for one that is not of the kind the plan declares."""
    if "plan" in places.unread or company.inputs.is_empty():
        return
    kinds = _declared(company)
    rows = places.table(company, "inputs")
    known = pl.Series(list(kinds), dtype=pl.String).implode()
    if not places.declared.get("plan"):
        yield from places.listed(
            rows.filter(~pl.col("input").is_in(known)),
            "input",
            Level.ERROR,
            lambda row: unknown(msg("input that a plan declares"), row["input"], kinds),
        )
    for name, kind in kinds.items():
        wrong = rows.filter(pl.col("input") == name, value_of(pl.col("value"), kind).is_null())
        yield from places.listed(
            wrong,
            "value",
            Level.ERROR,
            lambda row, kind=kind: msg(
                "'{value}' is not {kind}, as the plan declares '{name}'.",
                value=row["value"],
                kind=CALLED[kind],
                name=row["input"],
            ),
        )


def _declared(company: Company) -> dict[str, Kind]:
    """Return the inputs that plans declare, with their kind; of two plans that differ the first decides."""
    kinds: dict[str, Kind] = {}
    for plan in company.plans.values():
        for name, kind in plan.declared.items():
            kinds.setdefault(name, kind)
    return kinds
