"""Each owner's sheet: what share of the owner's score every goal has, and what it adds to it."""

import polars as pl

from kpiflow.core.goal import Commitment, OwnerKind
from kpiflow.scoring.rounding import snap


def with_shares(results: pl.DataFrame) -> pl.DataFrame:
    """Add `sheet` (the nearest goal above with the same owner, null for the top sheet), share and score.

    A goal below another goal of its owner is on that goal's sheet, so nothing counts on the top sheet twice. Shares
    are taken over the goals of one commitment that have points, so excluded goals hand their weight to the others,
    visibly. A goal that cannot do without data (policy `error`) leaves its whole sheet without shares.
    """
    placed = _with_sheet(results).with_columns(
        weighs=pl.when(pl.col("points").is_not_null()).then("weight").otherwise(0.0), on=_number_of_sheet()
    )
    total, waits = pl.col("weighs").sum().over("on"), pl.col("blocked").any().over("on")
    share = pl.when((total > 0) & pl.col("points").is_not_null() & ~waits).then(snap(pl.col("weighs") / total))
    shared = placed.with_columns(share=share).with_columns(score=snap(pl.col("points") * pl.col("share")))
    return shared.drop("weighs", "on")


def _number_of_sheet() -> pl.Expr:
    """Return a whole number that tells sheets apart: by owner, the goal they are under, and commitment."""
    owner, sheet = (pl.col(name).cast(pl.Categorical).to_physical().cast(pl.UInt64) for name in ("owner", "sheet"))
    person = (pl.col("owner_kind").cast(pl.String) == OwnerKind.PERSON.value).cast(pl.UInt64)
    committed = (pl.col("commitment").cast(pl.String) == Commitment.COMMITTED.value).cast(pl.UInt64)
    # Codes of words stay below 2**31: room for both, and the two bits.
    return (owner * 2**31 + (sheet + 1).fill_null(0)) * 4 + person * 2 + committed


def _with_sheet(results: pl.DataFrame) -> pl.DataFrame:
    """Add `sheet`: one pass per level, and only over goals whose owner also owns a goal that is above others."""
    links = results.select("goal", "parent", "owner", "owner_kind")
    upper = links.join(links.select(goal=pl.col("parent").unique()), on="goal", how="semi")
    looking = links.filter(pl.col("parent").is_not_null()).join(upper, on=["owner", "owner_kind"], how="semi")
    looking = looking.select("goal", "owner", "owner_kind", above="parent")
    above = upper.select(above="goal", above_owner="owner", above_kind="owner_kind", next="parent")
    same = (pl.col("above_owner") == pl.col("owner")) & (pl.col("above_kind") == pl.col("owner_kind"))
    found = [looking.clear().select("goal", sheet="above")]
    while looking.height:
        looking = looking.join(above, on="above")
        found.append(looking.filter(same).select("goal", sheet="above"))
        looking = looking.filter(~same, pl.col("next").is_not_null()).select(
            "goal", "owner", "owner_kind", above="next"
        )
    return results.join(pl.concat(found), on="goal", how="left", maintain_order="left")


def top_goals() -> pl.Expr:
    """Return whether a goal is on its owner's top sheet: not below another goal of the same owner."""
    return pl.col("sheet").is_null()
