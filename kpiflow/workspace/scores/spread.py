"""How scores are spread: in steps of points, over grades, and over the parts of a unit."""

from collections.abc import Mapping

import polars as pl

from kpiflow.core.appraising import GradeScale

#: The width of a step of the histogram, in points.
BIN = 5

#: At most so many parts of a unit are drawn; the largest count most.
PARTS = 24


def histogram(rows: pl.DataFrame) -> pl.DataFrame:
    """Return starts, ends and people: how many scores lie in each step of `BIN` points, empty steps between included."""
    steps = rows.select(step=(pl.col("score").drop_nulls() / BIN).floor().cast(pl.Int64))
    schema = {"starts": pl.Int64, "ends": pl.Int64, "people": pl.Int64}
    if steps.is_empty():
        return pl.DataFrame(schema=schema)
    low, high = int(steps["step"].min()), int(steps["step"].max())  # type: ignore[arg-type]
    counts = steps.group_by("step").agg(people=pl.len().cast(pl.Int64))
    every = pl.DataFrame({"step": range(low, high + 1)}, schema={"step": pl.Int64})
    return every.join(counts, on="step", how="left", maintain_order="left").select(
        starts=pl.col("step") * BIN, ends=(pl.col("step") + 1) * BIN, people=pl.col("people").fill_null(0)
    )


def by_grade(rows: pl.DataFrame, scales: Mapping[str, GradeScale]) -> pl.DataFrame:
    """Return grade, people and share of those with a grade, from the best grade down; grades nobody has count 0."""
    order = list(dict.fromkeys(band.grade for scale in scales.values() for band in scale.bands))
    counts = rows.drop_nulls("grade").group_by("grade").agg(people=pl.len().cast(pl.Int64))
    listed = pl.DataFrame({"grade": order}, schema={"grade": pl.String})
    found = listed.join(counts, on="grade", how="left", maintain_order="left").with_columns(
        pl.col("people").fill_null(0)
    )
    total = pl.col("people").sum()
    return found.with_columns(share=pl.when(total > 0).then(pl.col("people") / total))


def by_unit(rows: pl.DataFrame, units: pl.DataFrame, tree: pl.DataFrame, unit: str | None) -> pl.DataFrame:
    """Return unit, label, label_zh, people and the spread of scores of each part of a unit, the largest `PARTS`, best first.

    low, lower, median, upper and high are the least score, the quarters and the greatest. Parts are the units right below
    the one looked at; from the top one goes down for as long as everybody is below a single unit.
    """
    scored = rows.filter(pl.col("score").is_not_null()).select("unit", "score")
    counts = scored.group_by("unit").agg(people=pl.len())
    group = _parts(counts, units, tree, unit)
    spread = scored.join(group, on="unit").group_by("part").agg(
        people=pl.len().cast(pl.Int64), low=pl.col("score").min(), lower=pl.col("score").quantile(0.25, "linear"),
        median=pl.col("score").median(), upper=pl.col("score").quantile(0.75, "linear"), high=pl.col("score").max(),
    )  # fmt: skip
    names = units.select("unit", "label", "label_zh")
    return (
        spread.rename({"part": "unit"})
        .join(names, on="unit", how="left")
        .with_columns(pl.coalesce("label", "unit"))
        .sort("people", "unit", descending=[True, False])
        .head(PARTS)
        .sort("median", "unit", descending=[True, False])
        .select("unit", "label", "label_zh", "people", "low", "lower", "median", "upper", "high")
    )


def _parts(counts: pl.DataFrame, units: pl.DataFrame, tree: pl.DataFrame, unit: str | None) -> pl.DataFrame:
    """Return unit and part: into which part of the unit looked at each unit with people falls."""
    tops = units.filter(pl.col("parent").is_null())["unit"].to_list()
    here = unit if unit is not None else next(iter(tops), "")
    populated = counts.select("unit")
    while True:
        children = units.filter(pl.col("parent") == here).select(part="unit")
        below = (
            tree.join(children, left_on="ancestor", right_on="part", how="semi")
            .join(populated, on="unit", how="semi")
            .select("unit", part="ancestor")
        )
        own = populated.filter(pl.col("unit") == here).select("unit", part="unit")
        only = below["part"].unique()
        if own.is_empty() and only.len() == 1:
            here = only.item()
            continue
        return pl.concat([own, below])
