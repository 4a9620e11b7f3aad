"""How grades lie over groups, and who grades above or below what the goals' scores alone would give.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from kpiflow.appraisal.grading import grade
from kpiflow.core.appraising import GradeScale


def counted(people: pl.DataFrame, by: str, grades: Sequence[str]) -> pl.DataFrame:
    """Return `by`, grade, people and share (of the group's graded people), a row for every grade of the scale."""
    graded = people.filter(pl.col("grade").is_in(list(grades)))
    order = pl.DataFrame(
        {"grade": list(grades), "place": range(len(grades))}, schema={"grade": pl.String, "place": pl.Int64}
    )
    groups = graded.select(by).unique()
    found = graded.group_by(by, "grade").agg(people=pl.len().cast(pl.Int64))
    listed = groups.join(order, how="cross").join(found, on=[by, "grade"], how="left", nulls_equal=True)
    total = pl.col("people").sum().over(by)
    return (
        listed.with_columns(pl.col("people").fill_null(0))
        .with_columns(share=pl.col("people") / total)
        .sort(by, "place", nulls_last=True)
        .select(by, "grade", "people", "share")
    )


def leniency(people: pl.DataFrame, by: str, scales: Mapping[str, GradeScale]) -> pl.DataFrame:
    """Return `by`, people, position, predicted and leniency of each group, the most lenient first.

    `people` has the group, scale, grade and goal_score. A grade's position counts from 1, the worst of its scale.
    `predicted` is the mean position of the grades that the goals' scores alone would have earned, and `leniency` the mean
    position minus that: +0.5 is half a grade more generous than the goals' scores. People without either are left out.
    """
    alone = grade(scales, pl.col("scale"), pl.col("goal_score"))
    placed = people.with_columns(
        position=_position(scales, pl.col("grade")), expected=_position(scales, alone)
    ).drop_nulls(["position", "expected"])
    return (
        placed.group_by(by)
        .agg(
            people=pl.len().cast(pl.Int64),
            position=pl.col("position").mean().round(10),
            predicted=pl.col("expected").mean().round(10),
            leniency=(pl.col("position") - pl.col("expected")).mean().round(10),
        )
        .sort("leniency", by, descending=[True, False], nulls_last=True)
    )


def _position(scales: Mapping[str, GradeScale], graded: pl.Expr) -> pl.Expr:
    """Return the place of each grade on the person's scale, 1 for the worst; null for none."""
    found: pl.Expr = pl.lit(None, dtype=pl.Int64)
    for name, scale in scales.items():
        places = {band.grade: len(scale.bands) - place for place, band in enumerate(scale.bands)}
        on_it = graded.replace_strict(places, default=None, return_dtype=pl.Int64)
        found = pl.when(pl.col("scale") == name).then(on_it).otherwise(found)
    return found
