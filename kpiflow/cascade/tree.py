"""The goal tree as a table: how deep each goal lies below its root."""

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg


def with_depth(goals: pl.DataFrame) -> pl.DataFrame:
    """Add `depth`: 0 for roots (also goals whose parent is not among them), one more per level.

    One pass per level, never per goal. Raises InvalidInput when goals are each other's ancestors.
    """
    links = goals.select("goal", "parent").join(
        goals.select(parent="goal", known=pl.lit(True)), on="parent", how="left", maintain_order="left"
    )
    waiting = links.filter(pl.col("known")).select("goal", "parent")
    level = links.filter(pl.col("known").is_null()).select("goal")
    found, depth = [level.with_columns(depth=pl.lit(0, dtype=pl.Int32))], 0
    while waiting.height and level.height:
        depth += 1
        below = waiting.join(level.select(parent="goal", above=pl.lit(True)), on="parent", how="left")
        level = below.filter(pl.col("above")).select("goal")
        waiting = below.filter(pl.col("above").is_null()).select("goal", "parent")
        found.append(level.with_columns(depth=pl.lit(depth, dtype=pl.Int32)))
    if waiting.height:
        raise InvalidInput(
            msg("These goals are above themselves: {goals}.", goals=waiting["goal"].sort().head(5).to_list())
        )
    return goals.join(pl.concat(found), on="goal", how="left", maintain_order="left")


def subtree(goals: pl.DataFrame, root: str) -> pl.DataFrame:
    """Return a goal and everything below it."""
    level = goals.filter(pl.col("goal") == root)
    found = [level]
    while level.height:
        level = goals.join(level.select(parent="goal"), on="parent", how="semi")
        found.append(level)
    return pl.concat(found)


def path_to_root(goals: pl.DataFrame, goal: str) -> list[str]:
    """Return the ids from a goal up to its root, the goal first."""
    parents = dict(goals.select("goal", "parent").iter_rows())
    path: list[str] = []
    here: str | None = goal
    while here is not None and here not in path:
        path.append(here)
        here = parents.get(here)
    return path
