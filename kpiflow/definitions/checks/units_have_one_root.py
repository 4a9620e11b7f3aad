"""The units are one tree, and its root is the enterprise that company.yaml names.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.definitions.checks.finding import unknown
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for an enterprise that is no unit, for one that has a parent, and for other units without a parent."""
    enterprise = company.profile.enterprise
    units = places.table(company, "units")
    if "units" in places.unread:
        return
    if enterprise not in units["unit"]:
        said = unknown(msg("unit"), enterprise, units["unit"].to_list())
        yield places.problem("profile", "", ("enterprise",), Level.ERROR, said)
        return
    yield from places.listed(
        units.filter((pl.col("unit") == enterprise) & pl.col("parent").is_not_null()),
        "parent",
        Level.ERROR,
        lambda row: msg("'{unit}' is the enterprise, so it has no parent.", unit=row["unit"]),
    )
    yield from places.listed(
        units.filter((pl.col("unit") != enterprise) & pl.col("parent").is_null()),
        "unit",
        Level.ERROR,
        lambda row: msg(
            "'{unit}' has no parent; only the enterprise '{enterprise}' has none.",
            unit=row["unit"],
            enterprise=enterprise,
        ),
    )
