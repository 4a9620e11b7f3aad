"""Each owner's sheet: what share of the owner's score every goal has, and what it adds to it."""

import polars as pl

from kpiflow.scoring.rounding import snap


def with_shares(results: pl.DataFrame) -> pl.DataFrame:
    """Add `sheet` (the nearest goal above with the same owner, null for the top sheet), share and score.

    A goal below another goal of its owner is on that goal's sheet, so nothing counts on the top sheet twice. Shares
    are taken over the goals of one commitment that have points, so excluded goals hand their weight to the others,
    visibly. A goal that cannot do without data (policy `error`) leaves its whole sheet without shares.
    """
    placed = _with_sheet(results).with_columns(
        weighs=pl.when(pl.col("points").is_not_null()).then("weight").otherwise(0.0)
    )
    sheet = ("owner_kind", "owner", "sheet", "commitment")
    total, waits = pl.col("weighs").sum().over(sheet), pl.col("blocked").any().over(sheet)
    share = pl.when((total > 0) & pl.col("points").is_not_null() & ~waits).then(snap(pl.col("weighs") / total))
    return placed.with_columns(share=share).with_columns(score=snap(pl.col("points") * pl.col("share"))).drop("weighs")


def _with_sheet(results: pl.DataFrame) -> pl.DataFrame:
    """Add `sheet`: one pass for parents, and more only for the few owners with goals further below each other."""
    above = results.select(above="goal", above_owner="owner", above_kind="owner_kind", next="parent")
    same = (pl.col("above_owner") == pl.col("owner")) & (pl.col("above_kind") == pl.col("owner_kind"))
    first = results.with_columns(above="parent").join(above, on="above", how="left", maintain_order="left")
    first = first.with_columns(sheet=pl.when(same).then("above"))
    highest = pl.col("depth").min().over("owner_kind", "owner")
    looking = first.filter(pl.col("sheet").is_null(), pl.col("depth") - highest >= 2).select(
        "goal", "owner", "owner_kind", above="next"
    )
    found = [looking.clear().select("goal", further="above")]
    while looking.height:
        looking = looking.join(above, on="above")
        found.append(looking.filter(same).select("goal", further="above"))
        looking = looking.filter(~same, pl.col("next").is_not_null()).select(
            "goal", "owner", "owner_kind", above="next"
        )
    placed = first.select(*results.columns, "sheet")
    if all(part.is_empty() for part in found):
        return placed
    return (
        placed.join(pl.concat(found), on="goal", how="left", maintain_order="left")
        .with_columns(sheet=pl.coalesce("sheet", "further"))
        .drop("further")
    )


def top_goals() -> pl.Expr:
    """Return whether a goal is on its owner's top sheet: not below another goal of the same owner."""
    return pl.col("sheet").is_null()
