"""Each owner's sheet: what share of the owner's score every goal has, and what it adds to it."""

import polars as pl


def with_shares(results: pl.DataFrame) -> pl.DataFrame:
    """Add share and score.

    A goal's sheet is its owner's goals under the same parent when that parent is the owner's too, else all of the
    owner's goals that lie below no other goal of the same owner: so nothing is in a sheet twice. Shares are taken
    over the committed goals with points when there are any, so excluded goals hand their weight to the others, visibly.
    """
    owner_of = results.select(parent="goal", parent_owner="owner", parent_owner_kind="owner_kind")
    same = (pl.col("parent_owner") == pl.col("owner")) & (pl.col("parent_owner_kind") == pl.col("owner_kind"))
    placed = results.join(owner_of, on="parent", how="left", maintain_order="left").with_columns(
        sheet=pl.when(same).then("parent"), weighs=pl.when(pl.col("points").is_not_null()).then("weight").otherwise(0.0)
    )
    total = pl.col("weighs").sum().over("owner_kind", "owner", "sheet", "commitment")
    share = pl.when((total > 0) & pl.col("points").is_not_null()).then(pl.col("weighs") / total).round(10)
    return (
        placed.with_columns(share=share)
        .with_columns(score=(pl.col("points") * pl.col("share")).round(10))
        .drop("parent_owner", "parent_owner_kind", "weighs")
    )


def top_goals() -> pl.Expr:
    """Return whether a goal is on its owner's top sheet: not below another goal of the same owner."""
    return pl.col("sheet").is_null()
