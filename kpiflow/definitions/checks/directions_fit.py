"""Conventions and anchors fit the direction in which the metric is better.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.core.metric import Direction
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg

#: Conventions that only make sense one way.
ONLY: dict[str, Direction] = {"ratio": Direction.HIGHER, "inverse": Direction.LOWER, "mirror": Direction.LOWER}


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for conventions that reward the wrong way and for anchors on the wrong side of the target."""
    directions = {name: metric.direction.value for name, metric in company.metrics.items()}
    goals = places.table(company, "goals").drop_nulls("metric")
    way = (
        pl.col("metric").replace_strict(directions, default=None, return_dtype=pl.String)
        if directions
        else pl.lit(None, pl.String)
    )
    goals = goals.with_columns(direction=way).drop_nulls("direction")
    for convention, only in ONLY.items():
        yield from places.listed(
            goals.filter((pl.col("attainment") == convention) & (pl.col("direction") != only.value)),
            "attainment",
            Level.ERROR,
            lambda row, convention=convention, only=only: msg(
                "'{convention}' is for metrics where {only} is better, but '{metric}' is better {direction}. "
                "Leave attainment out, or choose baseline or closeness.",
                convention=convention,
                only=only.value,
                metric=row["metric"],
                direction=row["direction"],
            ),
        )
    higher, lower = pl.col("direction") == Direction.HIGHER.value, pl.col("direction") == Direction.LOWER.value
    sides = {
        "threshold": (higher & (pl.col("threshold") > pl.col("target")))
        | (lower & (pl.col("threshold") < pl.col("target"))),
        "stretch": (higher & (pl.col("stretch") < pl.col("target"))) | (lower & (pl.col("stretch") > pl.col("target"))),
    }
    for anchor, wrong in sides.items():
        yield from places.listed(
            goals.filter(wrong),
            anchor,
            Level.ERROR,
            lambda row, anchor=anchor: msg(
                "The {anchor} {value} is on the wrong side of the target {target}: '{metric}' is better {direction}.",
                anchor=anchor,
                value=row[anchor],
                target=row["target"],
                metric=row["metric"],
                direction=row["direction"],
            ),
        )
    yield from places.listed(
        goals.filter(pl.col("low") > pl.col("high")),
        "low",
        Level.ERROR,
        lambda row: msg(
            "The band runs from {low} down to {high}; exchange low and high.", low=row["low"], high=row["high"]
        ),
    )
