"""The goal tree as a table: how deep each goal lies below its root."""

import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.frames.beside import by_runs
from kpiflow.language import msg


def with_depth(goals: pl.DataFrame, parents: pl.Series | None = None) -> pl.DataFrame:
    """Add `depth`: 0 for roots (also goals whose parent is not among them), one more per level.

    `parents` is what `above_others` says of these goals, where that is known already.

    One pass per level over the goals that are above others: they are few, and whatever is below them is one deeper.
    Raises InvalidInput when goals are each other's ancestors.
    """
    above = goals.select(pl.col("goal", "parent").gather(above_others(goals) if parents is None else parents))
    rows = above.select(parent="goal", row=pl.int_range(pl.len(), dtype=pl.UInt32))
    up = above.select("parent").join(rows, on="parent", how="left", maintain_order="left")["row"]
    depth, here = pl.zeros(above.height, pl.Int32, eager=True), up
    for _ in range(above.height):
        if here.null_count() == above.height:
            break
        depth += here.is_not_null().cast(pl.Int32)
        here = up.gather(here)
    else:
        circling = above["goal"].filter(here.is_not_null())
        if circling.len():
            raise InvalidInput(
                msg("These goals are above themselves: {goals}.", goals=circling.sort().head(5).to_list())
            )
    depths = above.select(parent="goal", depth=depth + 1)

    def below(named: pl.Series) -> pl.Series:
        known = named.to_frame("parent").join(depths, on="parent", how="left", maintain_order="left")
        return known["depth"].fill_null(0)

    return goals.with_columns(by_runs(goals["parent"], below).alias("depth"))


def above_others(goals: pl.DataFrame) -> pl.Series:
    """Return the rows of the goals that are some goal's parent: few, for most goals are leaves."""
    named = goals.select("goal", row=pl.int_range(pl.len(), dtype=pl.UInt32))
    return named.join(goals.select(goal=pl.col("parent").unique()), on="goal", how="semi", maintain_order="left")["row"]


def subtree(goals: pl.DataFrame, root: str) -> pl.DataFrame:
    """Return a goal and everything below it."""
    level = goals.filter(pl.col("goal") == root)
    found = [level]
    while level.height:
        level = goals.join(level.select(parent="goal"), on="parent", how="semi")
        found.append(level)
    return pl.concat(found)


def below_all(goals: pl.DataFrame, roots: pl.DataFrame) -> pl.DataFrame:
    """Return some goals (by `goal`) and everything below them, each once, in the order of the goals."""
    found = level = roots.select("goal")
    while level.height:
        level = goals.join(level.select(parent="goal"), on="parent", how="semi").select("goal")
        level = level.join(found, on="goal", how="anti")
        found = pl.concat([found, level])
    return goals.join(found, on="goal", how="semi", maintain_order="left")


def path_to_root(goals: pl.DataFrame, goal: str) -> list[str]:
    """Return the ids from a goal up to its root, the goal first."""
    path: list[str] = []
    here: str | None = goal
    # A look per level at the column as it is: half a million goals in a dict cost more than all other work on a page.
    while here is not None and here not in path:
        path.append(here)
        above = goals["parent"].filter(goals["goal"] == here)
        here = above[0] if above.len() else None
    return path
