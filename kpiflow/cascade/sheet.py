"""Each owner's sheet: what share of the owner's score every goal has, and what it adds to it."""

import polars as pl

from kpiflow.cascade.tree import above_others
from kpiflow.core.goal import Commitment, OwnerKind
from kpiflow.frames.beside import scattered
from kpiflow.scoring.rounding import snap


def with_sheet(goals: pl.DataFrame, parents: pl.Series | None = None) -> pl.DataFrame:
    """Add `sheet` (the nearest goal above with the same owner, null for the top sheet) and `sheet_number`.

    `parents` is what `above_others` says of these goals, where that is known already.

    One pass per level, and only over goals whose owner also owns a goal that is above others. A number is shared by
    the goals of one owner and commitment on one sheet.
    """
    # Owners as codes: whole numbers are found and compared several times faster than words.
    code = pl.col("owner").cast(pl.Categorical).to_physical()
    links = goals.select(
        "goal", "parent", "owner_kind", code.alias("owner"), row=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    upper = links.select(pl.all().gather(above_others(goals) if parents is None else parents))
    owned = pl.col("owner").is_in(upper["owner"].unique().implode())
    reaching = links.lazy().filter(owned, pl.col("parent").is_not_null())
    looking = reaching.select("row", "owner", "owner_kind", above="parent").collect()
    above = upper.select(above="goal", above_owner="owner", above_kind="owner_kind", next="parent")
    same = (pl.col("above_owner") == pl.col("owner")) & (pl.col("above_kind") == pl.col("owner_kind"))
    found = [looking.clear().select("row", sheet="above")]
    while looking.height:
        looking = looking.join(above, on="above")
        found.append(looking.filter(same).select("row", sheet="above"))
        looking = looking.filter(~same, pl.col("next").is_not_null()).select("row", "owner", "owner_kind", above="next")
    below = pl.concat(found, rechunk=True)
    sheets = below.select("sheet", number=pl.col("sheet").cast(pl.Categorical).to_physical())
    placed = scattered(sheets, below["row"], goals.height)
    number = _number_of_sheet(links["owner"], placed["number"])
    return goals.with_columns(placed["sheet"], sheet_number=number)


def numbered(results: pl.DataFrame) -> pl.DataFrame:
    """Add `sheet_number` to goals that have their `sheet`."""
    parts = ("owner_kind", "owner", "sheet", "commitment")
    sheets = results.select(parts).unique().with_row_index("sheet_number")
    return results.join(sheets, on=parts, how="left", nulls_equal=True, maintain_order="left")


def with_shares(results: pl.DataFrame) -> pl.DataFrame:
    """Add share and score to goals that have their `sheet_number`.

    A goal below another goal of its owner is on that goal's sheet, so nothing counts on the top sheet twice. Shares
    are taken over the goals of one commitment that have points, so excluded goals hand their weight to the others,
    visibly. A goal that cannot do without data (policy `error`) leaves its whole sheet without shares.
    """
    known = pl.col("points").is_not_null()
    weighs = pl.when(known).then("weight").otherwise(0.0)
    total = weighs.sum().over("sheet_number")
    if results["blocked"].any():
        known &= ~pl.col("blocked").any().over("sheet_number")
    share = pl.when((total > 0) & known).then(snap(pl.col("weight") / total))
    return results.with_columns(share=share).with_columns(score=snap(pl.col("points") * pl.col("share")))


def _number_of_sheet(owners: pl.Series, sheets: pl.Series) -> pl.Expr:
    """Return a whole number that tells sheets apart: by owner, the goal they are under (both as codes), and commitment."""
    owner, sheet = (pl.lit(codes).cast(pl.UInt64) for codes in (owners, sheets))
    person = (pl.col("owner_kind") == OwnerKind.PERSON.value).cast(pl.UInt64)
    committed = (pl.col("commitment") == Commitment.COMMITTED.value).cast(pl.UInt64)
    # Codes of words stay below 2**31: room for both, and the two bits.
    return (owner * 2**31 + (sheet + 1).fill_null(0)) * 4 + person * 2 + committed


def top_goals() -> pl.Expr:
    """Return whether a goal is on its owner's top sheet: not below another goal of the same owner."""
    return pl.col("sheet").is_null()
