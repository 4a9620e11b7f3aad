"""From actuals to points: attainment by the goal's convention, the curve's points, and what missing data counts as."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from kpiflow.core.goal import Commitment
from kpiflow.scoring.attainment import CONVENTIONS
from kpiflow.scoring.given import Given, columns
from kpiflow.scoring.missing import BY_NAME
from kpiflow.scoring.phasing import BY_NOW
from kpiflow.scoring.rounding import snap
from kpiflow.scoring.rules import Rules


def attain(frame: pl.DataFrame) -> pl.DataFrame:
    """Add attainment and pace (the same convention against what is expected by now), each snapped.

    Needs actual, convention, better, in_band, the anchors, and expected with the other anchors as they stand by now.
    Goals without a metric get null.
    """
    by_pace = columns()
    by_pace = replace(by_pace, anchors={**by_pace.anchors, **{name: pl.col(now) for name, now in BY_NOW.items()}})

    def measured(part: pl.DataFrame, convention: str | None) -> pl.DataFrame:
        if convention is None:
            return part.with_columns(attainment=pl.lit(None, pl.Float64), pace=pl.lit(None, pl.Float64))
        measure = CONVENTIONS[convention].measure
        given = replace(columns(), attainment=None)
        return part.with_columns(
            attainment=snap(measure(given)).cast(pl.Float64), pace=snap(measure(by_pace)).cast(pl.Float64)
        )

    return each(frame, "convention", measured)


def earn(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Add points, target_points (what the target itself earns) and `expects` (the attainment that is on pace)."""

    def scored(part: pl.DataFrame, name: str | None) -> pl.DataFrame:
        curve = rules.curve(name)
        given: Given[pl.Expr] = columns()
        committed, aspirational = (float(curve.expects(kind)) for kind in Commitment)
        expects = (
            pl.when(pl.col("commitment") == Commitment.COMMITTED.value).then(committed).otherwise(aspirational)
            if committed != aspirational
            else pl.lit(committed)
        )
        most = curve.most_points()
        return part.with_columns(
            most_points=pl.lit(None if most is None else float(most), dtype=pl.Float64),
            points=curve.points(given).cast(pl.Float64),
            target_points=curve.points(given.at_target(pl.lit(1.0))).cast(pl.Float64),
            expects=expects,
        )

    return each(frame, "curve", scored)


def stand_in(frame: pl.DataFrame) -> pl.DataFrame:
    """Before attainment: let the policies that have one put a value in place of a missing actual."""
    absent = pl.col("actual").is_null() & pl.col("metric").is_not_null()
    value = pl.lit(None, dtype=pl.Float64)
    for name, policy in BY_NAME.items():
        value = pl.when(pl.col("policy") == name).then(policy.actual()).otherwise(value)
    return frame.with_columns(
        has_data=~absent & pl.col("metric").is_not_null(),
        missing=pl.when(absent).then("policy"),
        actual=pl.when(absent).then(value).otherwise("actual"),
    )


def fill_points(frame: pl.DataFrame) -> pl.DataFrame:
    """After the curve: let the policies put points in place of missing ones, and mark what blocks the goal above."""
    value = pl.lit(None, dtype=pl.Float64)
    blocks = [name for name, policy in BY_NAME.items() if policy.blocks]
    for name, policy in BY_NAME.items():
        value = pl.when(pl.col("missing") == name).then(policy.points()).otherwise(value)
    return frame.with_columns(
        points=pl.coalesce("points", pl.when(pl.col("missing").is_not_null()).then(value)),
        blocked=pl.col("missing").is_in(blocks).fill_null(False),
    )


def each(frame: pl.DataFrame, column: str, do: Callable[[pl.DataFrame, str | None], pl.DataFrame]) -> pl.DataFrame:
    """Apply `do` once per distinct value of a column, on all its rows together; the order of rows is not kept.

    A company has hundreds of thousands of goals but a handful of conventions and curves.
    """
    parts = frame.partition_by(column, maintain_order=False)
    done = [do(part, part[column][0]) for part in parts]
    return pl.concat(done) if done else do(frame, None)
