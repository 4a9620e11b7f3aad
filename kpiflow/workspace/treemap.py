"""The goal tree as a picture needs it: one root, and every block's part of the whole."""

import polars as pl

from kpiflow.core.goal import Commitment, OwnerKind
from kpiflow.core.status import Status
from kpiflow.definitions.company import Company

_SHOWN = [
    "goal", "parent", "label", "label_zh", "owner", "owner_label", "owner_label_zh", "weight", "points", "pace",
    "status", "measure", "currency", "actual", "target", "example",
]  # fmt: skip


def tree_for_picture(rows: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Return the visible goals with `weight` as their part of the whole (the root is 1), parents before children.

    The root is the company; below it stand the enterprise's committed goals, and each goal has its weight's share of
    its parent's part. Goals that only support others, or whose parent is not visible, are no part of that whole.
    """
    enterprise = rows.filter(
        pl.col("owner") == company.profile.enterprise,
        pl.col("owner_kind") == OwnerKind.UNIT.value,
        pl.col("parent").is_null(),
        pl.col("commitment") == Commitment.COMMITTED.value,
    )
    roots = pl.col("goal").is_in(enterprise["goal"].implode())
    placed = rows.with_columns(parent=pl.when(roots).then(pl.lit(company.profile.company)).otherwise("parent")).filter(
        pl.col("parent").is_not_null()
    )
    own = pl.coalesce("rollup_weight", "weight")
    siblings = own.sum().over("parent")
    placed = placed.with_columns(
        part=pl.when(siblings > 0).then(own / siblings).otherwise(1.0 / pl.len().over("parent"))
    )
    sizes = pl.DataFrame({"goal": [company.profile.company], "size": [1.0]})
    found = []
    while True:
        level = placed.join(sizes, left_on="parent", right_on="goal").with_columns(
            weight=pl.col("part") * pl.col("size")
        )
        if level.is_empty():
            break
        found.append(level.select(_SHOWN))
        sizes = level.select("goal", size="weight")
    root = pl.DataFrame(
        {
            "goal": [company.profile.company],
            "parent": [None],
            "label": [company.profile.label],
            "label_zh": [company.profile.label_zh],
            "weight": [1.0],
            "points": [enterprise["score"].sum() if enterprise.height else None],
            "pace": [enterprise["pace"].mean() if enterprise.height else None],
            "status": [enterprise["status"][0] if enterprise.height == 1 else Status.NO_DATA.value],
        }
    )
    return pl.concat([root, *found], how="diagonal_relaxed").select(_SHOWN)
