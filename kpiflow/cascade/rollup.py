"""Scores upward: each parent from its children, once, level by level."""

import polars as pl

from kpiflow.core.goal import Commitment, Rollup
from kpiflow.core.status import Status
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rounding import snap
from kpiflow.scoring.rules import Rules
from kpiflow.scoring.status import decide

#: Statuses from the one that needs most attention; the worst of children wins by it.
SEVERITY: tuple[str, ...] = (
    Status.BEHIND.value,
    Status.AT_RISK.value,
    Status.OUTDATED.value,
    Status.NO_DATA.value,
    Status.ON_PACE.value,
    Status.DONE.value,
)


def roll_up(leaves: pl.DataFrame, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Fill points, pace, coverage and status of goals that roll up their children or take the worst of them.

    `leaves` has depth, points, pace, coverage, blocked and the settings of every goal. A committed goal counts only
    its committed children. Children without points are left out and the others' weights are shared among them;
    coverage says how much of the weight had data. Goals measured by themselves (`own`) are left as they are.
    """
    if not (leaves["rollup"].cast(pl.String) != Rollup.OWN.value).any():
        return leaves
    levels = {part["depth"][0]: part for part in leaves.partition_by("depth", maintain_order=False)}
    status = decide(rules.statuses, moment)
    for depth in sorted(levels, reverse=True):
        above = levels[depth]
        rolls = above["rollup"].cast(pl.String) != Rollup.OWN.value
        if rolls.any():
            # The lowest level has nothing below it: a goal there that rolls up has no result, like one higher up.
            levels[depth] = _from_children(above, levels.get(depth + 1, above.clear()), status)
    return pl.concat(levels.values())


def _from_children(above: pl.DataFrame, below: pl.DataFrame, status: pl.Expr) -> pl.DataFrame:
    """Return one level of goals with what its children make of it."""
    parents = above.select(parent="goal", asks=pl.col("commitment").cast(pl.String))
    committed = Commitment.COMMITTED.value
    counted = below.join(parents, on="parent").filter(
        (pl.col("asks") != committed) | (pl.col("commitment").cast(pl.String) == committed)
    )
    weight = pl.coalesce("rollup_weight", "weight")
    known = pl.when(pl.col("points").is_not_null()).then(weight).otherwise(0.0)
    paced = pl.when(pl.col("pace").is_not_null()).then(weight).otherwise(0.0)
    sums = counted.group_by(goal="parent").agg(
        mean_points=_mean(pl.col("points"), known),
        mean_pace=_mean(pl.col("pace"), paced),
        worst_points=pl.col("points").min(),
        worst_pace=pl.col("pace").min(),
        below_coverage=_mean(pl.col("coverage"), weight),
        below_blocked=pl.col("blocked").any(),
        below_rows=pl.col("rows").sum(),
        below_last=pl.col("last_day").min(),
        # Outdated as a whole when what there is is outdated: children without data make nothing fresh.
        below_outdated=pl.col("outdated").any() & (pl.col("outdated") | (pl.col("coverage") == 0)).all(),
    )
    joined = above.join(sums, on="goal", how="left", maintain_order="left")
    rollup = pl.col("rollup").cast(pl.String)
    rolls = rollup != Rollup.OWN.value
    worst = rollup == Rollup.WORST.value

    def take(name: str, value: pl.Expr) -> pl.Expr:
        return pl.when(rolls).then(value).otherwise(pl.col(name)).alias(name)

    filled = joined.with_columns(
        blocked=pl.when(rolls).then(pl.col("below_blocked").fill_null(False)).otherwise("blocked")
    )
    filled = filled.with_columns(
        take("points", pl.when(~pl.col("blocked")).then(pl.when(worst).then("worst_points").otherwise("mean_points"))),
        take("pace", pl.when(~pl.col("blocked")).then(pl.when(worst).then("worst_pace").otherwise("mean_pace"))),
        take("coverage", pl.col("below_coverage").fill_null(0.0)),
        take("rows", pl.col("below_rows").fill_null(0)),
        take("last_day", pl.col("below_last")),
        take("outdated", pl.col("below_outdated").fill_null(False)),
        take("missing", pl.when(pl.col("blocked")).then(pl.lit("error"))),
    )
    numbers = (snap(pl.col(name)) for name in ("points", "pace", "coverage"))
    return filled.with_columns(*numbers).with_columns(take("status", status)).select(above.columns)


def _mean(values: pl.Expr, weights: pl.Expr) -> pl.Expr:
    """Return the weighted mean over rows with weight, null where no weight is left.

    When every weight is 0 there is nothing to divide by; that is no result, not a result of 0.
    """
    total = weights.sum()
    return pl.when(total > 0).then((values.fill_null(0.0) * weights).sum() / total)
