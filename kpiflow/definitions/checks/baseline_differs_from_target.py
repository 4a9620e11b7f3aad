"""A goal's baseline differs from its target, so that progress from one to the other can be measured.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.core.phasing import PhasingKind
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error where progress is measured from the baseline, a warning where the baseline is only shown."""
    goals = places.table(company, "goals").filter(pl.col("baseline") == pl.col("target"))
    used = (pl.col("attainment") == "baseline").fill_null(False) | (
        pl.col("phasing") == PhasingKind.RAMP.value
    ).fill_null(False)
    for level, bad in ((Level.ERROR, goals.filter(used)), (Level.WARNING, goals.filter(~used))):
        yield from places.listed(
            bad,
            "baseline",
            level,
            lambda row: msg(
                "The baseline of '{goal}' is its target, {target}: no progress can be measured. Write where it starts from.",
                goal=row["goal"],
                target=row["target"],
            ),
        )
