"""A goal that rolls up children has some, in its own cycle.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.core.goal import Rollup
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield a warning for goals that roll up nothing, and an error for children in another cycle than their parent."""
    goals = places.table(company, "goals")
    if "goals" in places.unread:
        return
    rolling = goals.filter(
        (pl.col("rollup") != Rollup.OWN.value) & ~pl.col("goal").is_in(company.goals["parent"].drop_nulls().implode())
    )
    yield from places.listed(
        rolling,
        "goal",
        Level.WARNING,
        lambda row: msg(
            "'{goal}' rolls up its children but has none, so it will never have a result.", goal=row["goal"]
        ),
    )
    parents = company.goals.select(parent="goal", above="cycle")
    yield from places.listed(
        goals.join(parents, on="parent", maintain_order="left").filter(pl.col("above") != pl.col("cycle")),
        "cycle",
        Level.ERROR,
        lambda row: msg(
            "'{goal}' is in cycle {cycle}, its parent '{parent}' in {above}.",
            **{k: row[k] for k in ("goal", "cycle", "parent", "above")},
        ),
    )
