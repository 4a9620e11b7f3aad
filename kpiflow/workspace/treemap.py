"""The goal tree as a picture needs it: one root, and every block's part of the whole."""

import polars as pl

from kpiflow.core.goal import Commitment, OwnerKind
from kpiflow.core.status import Status
from kpiflow.definitions.company import Company
from kpiflow.workspace.labels import with_metric_names, with_owner_names

#: Levels below the root that a picture draws at most. Deeper goals are half a million in a large company.
LEVELS = 4

_SHOWN = [
    "goal", "parent", "label", "label_zh", "owner", "owner_label", "owner_label_zh", "weight", "points", "pace",
    "status", "measure", "currency", "actual", "target", "example",
]  # fmt: skip


def tree_for_picture(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Return the visible goals of the upper levels with `weight` as their part of the whole (the root is 1), from the top down.

    The root is the company; below it stand the enterprise's committed goals, and each goal has its weight's share of
    its parent's part. Goals that only support others, or whose parent is not visible, are no part of that whole. Of the
    levels below `LEVELS` only the enterprise's own goals are there: what each is of the whole is told in words as well.
    """
    own = (pl.col("owner") == company.profile.enterprise) & (pl.col("owner_kind") == OwnerKind.UNIT.value)
    enterprise = rows.filter(own, pl.col("parent").is_null(), pl.col("commitment") == Commitment.COMMITTED.value)
    roots = pl.col("goal").is_in(enterprise["goal"].implode())
    top = pl.when(roots).then(pl.lit(company.profile.company)).otherwise("parent")
    weighed = rows.lazy().select("goal", "owner", "owner_kind", parent=top, own=pl.coalesce("rollup_weight", "weight"))
    placed = weighed.filter(pl.col("parent").is_not_null()).collect()
    waiting = set(placed.filter(own)["goal"])
    level = pl.DataFrame({"goal": [company.profile.company], "size": [1.0]})
    found: list[pl.DataFrame] = []
    while len(found) < LEVELS or waiting:
        level = _below(placed, level)
        if level.is_empty():
            break
        waiting -= set(level["goal"])
        found.append(level if len(found) < LEVELS else level.filter(own))
    root = pl.DataFrame(
        {
            "goal": [company.profile.company],
            "parent": [None],
            "label": [company.profile.label],
            "label_zh": [company.profile.label_zh],
            "weight": [1.0],
            "points": [enterprise["score"].sum() if enterprise.height else None],
            "pace": [enterprise["pace"].mean() if enterprise.height else None],
            "status": [_status_of_all(enterprise)],
        },
        schema_overrides={"status": pl.String},
    )
    return pl.concat([root, *(_told(level, rows, company) for level in found)], how="diagonal_relaxed").select(_SHOWN)


def _status_of_all(enterprise: pl.DataFrame) -> str | None:
    """Return the status of the whole: that of its only goal; several have one each, and the whole none."""
    if enterprise.is_empty():
        return Status.NO_DATA.value
    return str(enterprise["status"][0]) if enterprise.height == 1 else None


def _below(placed: pl.DataFrame, level: pl.DataFrame) -> pl.DataFrame:
    """Return the goals right below those of a level, with `size`, their part of the whole."""
    above = level.select(parent="goal", above="size")
    children = placed.join(above, on="parent", maintain_order="left")
    siblings = pl.col("own").sum().over("parent")
    part = pl.when(siblings > 0).then(pl.col("own") / siblings).otherwise(1.0 / pl.len().over("parent"))
    return children.with_columns(size=part * pl.col("above")).drop("above")


def _told(level: pl.DataFrame, rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Return the goals of a level with what is shown of them."""
    known = rows.drop("parent", "weight").join(level.select("goal"), on="goal", how="semi")
    joined = level.select("goal", "parent", weight="size").join(known, on="goal", maintain_order="left")
    return with_metric_names(with_owner_names(joined, company), company).select(_SHOWN)
