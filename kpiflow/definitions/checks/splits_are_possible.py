"""A target that is split over children belongs to a metric that adds up: a count can be split, a rate cannot.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield a warning where the targets of children add up to their parent's although the metric does not add up."""
    indivisible = [name for name, metric in company.metrics.items() if not metric.splits]
    goals = places.table(company, "goals").filter(pl.col("metric").is_in(indivisible))
    parts = goals.group_by("parent", "metric").agg(pl.col("target").sum().alias("sum"), pl.len().alias("parts"))
    split = goals.join(
        parts.drop_nulls("parent"), left_on=["goal", "metric"], right_on=["parent", "metric"], maintain_order="left"
    )
    whole = (
        (pl.col("parts") > 1)
        & (pl.col("target") != 0)
        & ((pl.col("sum") - pl.col("target")).abs() < 1e-9 * pl.col("target").abs())
    )
    yield from places.listed(
        split.filter(whole),
        "target",
        Level.WARNING,
        lambda row: msg(
            "The targets of the children of '{goal}' add up to its own, {target}, but '{metric}' is not a sum: "
            "each child needs a target of its own height.",
            goal=row["goal"],
            target=row["target"],
            metric=row["metric"],
        ),
    )
