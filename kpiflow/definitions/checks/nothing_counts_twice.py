"""No result counts twice: not in a goal and again in its children, nor in two children of one goal, nor twice in a sheet.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.core.goal import Rollup
from kpiflow.definitions.checks.finding import inside
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg

_SCOPE = ["scope_kind", "scope"]


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield a warning for each of the three ways in which the same measurements count more than once."""
    goals = places.table(company, "goals")
    measured = goals.filter(pl.col("metric").is_not_null() & pl.col("parent").is_not_null())
    # Every goal beside each unit that its data also lies in: goals × levels rows, never goals × goals.
    around = measured.select("goal", "parent", "metric", "weight", *_SCOPE, "owner_kind", "owner").join(
        inside(company), on=_SCOPE
    )
    yield from _in_the_parent(goals, around, places)
    yield from _in_a_sibling(goals, measured, around, places)


def _in_the_parent(goals: pl.DataFrame, around: pl.DataFrame, places: Places) -> Iterator[Problem]:
    """A goal and a child of it measure the same, the child's scope lying in the goal's."""
    children = around.select(
        "parent",
        "metric",
        within_kind="within_kind",
        within="within",
        child="goal",
        child_owner="owner",
        child_owner_kind="owner_kind",
        child_weight="weight",
    ).unique()
    both = goals.join(
        children,
        left_on=["goal", "metric", *_SCOPE],
        right_on=["parent", "metric", "within_kind", "within"],
        maintain_order="left",
    )
    rolls = pl.col("rollup") != Rollup.OWN.value
    yield from places.listed(
        both.filter(rolls).unique("goal", keep="first", maintain_order=True),
        "rollup",
        Level.WARNING,
        lambda row: msg(
            "'{goal}' counts twice: its metric '{metric}' already holds the data of '{child}', which it also rolls up. "
            "Set rollup to own, or remove the metric.",
            goal=row["goal"],
            metric=row["metric"],
            child=row["child"],
        ),
    )
    one_sheet = (pl.col("owner") == pl.col("child_owner")) & (pl.col("owner_kind") == pl.col("child_owner_kind"))
    counted = (pl.col("weight") > 0) & (pl.col("child_weight") > 0)
    yield from places.listed(
        both.filter(~rolls & one_sheet & counted),
        "goal",
        Level.WARNING,
        lambda row: msg(
            "'{goal}' and its child '{child}' both count for '{owner}', and the data of one lies in the other. "
            "Set the weight of one to 0, or give it another owner.",
            goal=row["goal"],
            child=row["child"],
            owner=row["owner"],
        ),
    )


def _in_a_sibling(
    goals: pl.DataFrame, measured: pl.DataFrame, around: pl.DataFrame, places: Places
) -> Iterator[Problem]:
    """Two children of a goal that rolls up measure the same, the scope of one lying in that of the other."""
    rolling = goals.filter(pl.col("rollup") == Rollup.CHILDREN.value).select(parent="goal")
    outer = measured.join(rolling, on="parent", how="semi").select("parent", "metric", *_SCOPE, other="goal")
    pairs = (
        around.join(rolling, on="parent", how="semi")
        .join(outer, left_on=["parent", "metric", "within_kind", "within"], right_on=["parent", "metric", *_SCOPE])
        .filter(pl.col("goal") != pl.col("other"))
        # Two goals with one and the same scope would be told twice; the later one tells it.
        .filter(
            (pl.col("scope") != pl.col("within"))
            | (pl.col("scope_kind") != pl.col("within_kind"))
            | (pl.col("goal") > pl.col("other"))
        )
        .sort("goal", "other")
        .unique("goal", keep="first", maintain_order=True)
    )
    yield from places.listed(
        goals.join(pairs.select("goal", "other"), on="goal", maintain_order="left"),
        "goal",
        Level.WARNING,
        lambda row: msg(
            "'{goal}' counts twice in '{parent}': its data lies in '{other}', which measures '{metric}' as well.",
            goal=row["goal"],
            parent=row["parent"],
            other=row["other"],
            metric=row["metric"],
        ),
    )
