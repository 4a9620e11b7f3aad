"""Units too small for a distribution, merged into the unit above until the group is large enough.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import polars as pl


def pooled(people: pl.DataFrame, units: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """Return unit, pool and people for every unit that somebody is in: the unit whose group they are counted in.

    `people` has unit; `units` has unit and parent. From the bottom up, a level at a time: a group of fewer than `minimum`
    goes to the unit above, with whom is there already. At the top nothing is left to merge with.
    """
    counts = people.group_by("unit").agg(people=pl.len().cast(pl.Int64))
    found = counts.select("unit", pool="unit", people="people")
    depths = _depths(units)
    for depth in range(max(depths["depth"].to_list(), default=0), 0, -1):
        sizes = found.group_by("pool").agg(size=pl.col("people").sum())
        small = (
            depths.filter(pl.col("depth") == depth)
            .join(sizes, left_on="unit", right_on="pool")
            .filter(pl.col("size") < minimum)
            .select(pool="unit", above="parent")
        )
        if small.height:
            found = found.join(small, on="pool", how="left").select(
                "unit", pl.coalesce("above", "pool").alias("pool"), "people"
            )
    sizes = found.group_by("pool").agg(size=pl.col("people").sum())
    return found.drop("people").join(sizes, on="pool").select("unit", "pool", people="size").sort("unit")


def _depths(units: pl.DataFrame) -> pl.DataFrame:
    """Return unit, parent and how far below the top each unit is; a unit that cannot be reached is left out."""
    level = units.filter(pl.col("parent").is_null() | (pl.col("parent") == "")).select(
        "unit", "parent", depth=pl.lit(0)
    )
    levels = [level]
    while level.height and len(levels) <= units.height:
        level = units.select("unit", "parent").join(level.select(parent="unit"), on="parent", how="semi").with_columns(
            depth=pl.lit(len(levels))
        )  # fmt: skip
        levels.append(level)
    return pl.concat([one.with_columns(pl.col("depth").cast(pl.Int64)) for one in levels])
