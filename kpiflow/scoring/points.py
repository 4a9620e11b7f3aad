"""From actuals to points: attainment by the goal's convention, the curve's points, and what missing data counts as."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kpiflow.core.goal import Commitment
from kpiflow.frames.beside import scattered
from kpiflow.frames.goals import ANCHORS
from kpiflow.scoring.attainment import CONVENTIONS
from kpiflow.scoring.given import columns
from kpiflow.scoring.missing import BY_NAME
from kpiflow.scoring.phasing import BY_NOW
from kpiflow.scoring.rounding import snap
from kpiflow.scoring.rules import Rules

#: What a curve may look at: the columns of `given.columns`.
SEEN: tuple[str, ...] = ("actual", "attainment", "better", "in_band", *ANCHORS)


def attain(frame: pl.DataFrame) -> pl.DataFrame:
    """Add attainment and pace (the same convention against what is expected by now), each snapped.

    Needs actual, convention, better, in_band, the anchors, and expected with the other anchors as they stand by now.
    Goals without a metric get null.
    """
    by_pace = columns()
    by_pace = replace(by_pace, anchors={**by_pace.anchors, **{name: pl.col(now) for name, now in BY_NOW.items()}})
    given = columns()
    used = frame["convention"].drop_nulls().unique().sort().to_list()
    measures = {name: CONVENTIONS[name].measure for name in used}
    return frame.with_columns(
        attainment=snap(chosen("convention", {name: measure(given) for name, measure in measures.items()})),
        pace=snap(chosen("convention", {name: measure(by_pace) for name, measure in measures.items()})),
    )


def earn(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Add points, target_points (what the target itself earns) and `expects` (the attainment that is on pace)."""
    given = columns()
    at_target = given.at_target(pl.lit(1.0))

    def earned(name: str | None) -> pl.LazyFrame:
        curve = rules.curve(name)
        committed, aspirational = (pl.lit(float(curve.expects(kind))) for kind in Commitment)
        by_target = pl.col("commitment") == Commitment.COMMITTED.value
        most = curve.most_points()
        own = numbered.filter(pl.col("curve").eq_missing(pl.lit(name, dtype=pl.String)))
        return own.select(
            "row",
            most_points=pl.lit(None if most is None else float(most), dtype=pl.Float64),
            points=curve.points(given).cast(pl.Float64),
            target_points=curve.points(at_target).cast(pl.Float64),
            expects=pl.when(by_target).then(committed).otherwise(aspirational),
        )

    # Curves are dear, so each is worked out for its own goals only; apart from the other columns, which are many.
    numbered = frame.lazy().select("curve", "commitment", *SEEN, row=pl.int_range(pl.len(), dtype=pl.UInt32))
    used = frame["curve"].unique().to_list() or [None]
    parts = pl.concat(pl.collect_all([earned(name) for name in used]), rechunk=True)
    return frame.hstack(scattered(parts.drop("row"), parts["row"], frame.height))


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


def chosen(column: str, by_value: Mapping[str | None, pl.Expr]) -> pl.Expr:
    """Return, for each row, the number that belongs to what a column says; null where it says nothing known.

    A company has hundreds of thousands of goals but a handful of conventions, each a sum or two: working all of them
    out for all goals costs less than taking the goals apart and putting them together again.
    """
    found = pl.lit(None, dtype=pl.Float64)
    for value, number in by_value.items():
        found = (
            pl.when(pl.col(column).eq_missing(pl.lit(value, dtype=pl.String)))
            .then(number.cast(pl.Float64))
            .otherwise(found)
        )
    return found
