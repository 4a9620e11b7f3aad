"""A convention that divides by the target has one above zero: nothing is a share of zero, and below zero worse looks better.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.core.goal import Rollup
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg
from kpiflow.scoring.attainment import DEFAULTS
from kpiflow.scoring.curves import STANDARD
from kpiflow.scoring.curves.base import On

#: The conventions in which the target is divided by, or is what is divided.
DIVIDING = ("ratio", "inverse", "mirror")


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield a warning for goals whose points come from an attainment that such a target cannot have."""
    conventions = {name: DEFAULTS[metric.direction] for name, metric in company.metrics.items()}
    by_actual = [name for name, curve in company.curves.items() if curve.on is On.ACTUAL]
    usual = (
        pl.col("metric").replace_strict(conventions, default=None, return_dtype=pl.String)
        if conventions
        else pl.lit(None, pl.String)
    )
    milestone = pl.when(pl.col("kind").cast(pl.String) == "milestone").then(pl.lit("reached"))
    goals = (
        places.table(company, "goals")
        .filter(pl.col("rollup") == Rollup.OWN.value, pl.col("metric").is_not_null())
        .filter(~pl.col("curve").is_in(by_actual).fill_null(STANDARD.on is On.ACTUAL))
        .with_columns(convention=pl.coalesce("attainment", milestone, usual))
    )
    zero = (pl.col("target") == 0) & pl.col("convention").is_in([*DIVIDING, "closeness"])
    yield from places.listed(
        goals.filter(zero),
        "target",
        Level.WARNING,
        lambda row: msg(
            "By '{convention}' nothing can be scored against a target of 0. Measure from a baseline "
            "(attainment: baseline), or let a curve look at the actual, such as deduction.",
            convention=row["convention"],
        ),
    )
    below = (pl.col("target") < 0) & pl.col("convention").is_in(DIVIDING)
    yield from places.listed(
        goals.filter(below),
        "target",
        Level.WARNING,
        lambda row: msg(
            "The target {target} is below 0, where '{convention}' calls a worse result a better one. "
            "Measure from a baseline (attainment: baseline).",
            target=row["target"],
            convention=row["convention"],
        ),
    )
