"""Which results lie just above or just below a line that something hangs on: a grade's edge, a target."""

from collections.abc import Mapping

import polars as pl

from kpiflow.core.appraising import GradeScale, Scorecard
from kpiflow.core.metric import Direction, Metric


def near_edges(
    people: pl.DataFrame, scorecards: Mapping[str, Scorecard], grades: Mapping[str, GradeScale], near: float
) -> pl.DataFrame:
    """Return unit, grade, edge and above of each score within `near` points of the edge of a grade, its own scale's."""
    edges = pl.DataFrame(
        [
            (name, band.grade, float(band.at_least))
            for name, card in scorecards.items()
            for band in grades[card.grades].bands
            if band.at_least is not None
        ],
        schema={"scorecard": pl.String, "edge_of": pl.String, "edge": pl.Float64},
        orient="row",
    )
    beyond = (pl.col("score") - pl.col("edge")).round(10)
    close = people.drop_nulls("score").join(edges, on="scorecard").filter(beyond.abs() < near)
    return close.select("unit", "edge", grade="edge_of", above=beyond >= 0)


def near_targets(goals: pl.DataFrame, metrics: Mapping[str, Metric], near: float) -> pl.DataFrame:
    """Return metric and above (met) of each measured goal whose actual is within `near` of its target, as a share of it.

    Steps, levels and small counts are left out: whoever meets three steps of three is not near a line, but at the end.
    """
    lower = [one.metric for one in metrics.values() if one.direction is Direction.LOWER]
    two_sided = [one.metric for one in metrics.values() if one.direction is Direction.WITHIN]
    measured = goals.drop_nulls(["metric", "actual", "target"]).filter(~pl.col("metric").is_in(two_sided))
    beyond = ((pl.col("actual") - pl.col("target")) / pl.col("target").abs()).round(10)
    better = pl.when(pl.col("metric").is_in(lower)).then(-beyond).otherwise(beyond)
    fine = pl.col("denominator").is_not_null() | (pl.col("target").abs() * near >= 1)
    close = measured.filter(pl.col("target") != 0, fine, beyond.abs() < near)
    return close.select("metric", above=better >= 0)
