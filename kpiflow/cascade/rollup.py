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

#: What a goal's result is made of: its children's weights and results.
COUNTED: tuple[str, ...] = (
    "rollup_weight", "weight", "points", "pace", "coverage", "blocked", "rows", "last_day", "outdated",
)  # fmt: skip

#: What rolling up fills in.
MADE: tuple[str, ...] = (
    "points", "pace", "coverage", "blocked", "rows", "last_day", "outdated", "missing", "status",
)  # fmt: skip


def roll_up(leaves: pl.DataFrame, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Fill points, pace, coverage and status of goals that roll up their children or take the worst of them.

    `leaves` has depth, points, pace, coverage, blocked and the settings of every goal. A committed goal counts only
    its committed children. Children without points are left out and the others' weights are shared among them;
    coverage says how much of the weight had data. Goals measured by themselves (`own`) are left as they are.
    """
    rolls = pl.col("rollup") != Rollup.OWN.value
    above = leaves.filter(rolls)
    if above.is_empty():
        return leaves
    counted = _counted(leaves, above)
    measured, links = counted.filter(~rolls), counted.filter(rolls).select("goal", "parent")
    status = decide(rules.statuses, moment)
    done: list[pl.DataFrame] = []
    before = links.clear().join(measured.clear().select("goal", *COUNTED), on="goal")
    for depth in above["depth"].unique().sort(descending=True):
        # The level done before may lie further down: then nothing of it is a child of this one.
        below = pl.concat([measured.filter(pl.col("depth") == depth + 1).select(before.columns), before])
        done.append(_from_children(above.filter(pl.col("depth") == depth), below, status))
        before = links.join(done[-1].select("goal", *COUNTED), on="goal").select(before.columns)
    rolled = pl.concat(done).select("goal", pl.col(MADE).name.suffix("_rolled"))
    return (
        leaves.join(rolled, on="goal", how="left", maintain_order="left")
        .with_columns(pl.when(rolls).then(f"{name}_rolled").otherwise(name).alias(name) for name in MADE)
        .select(leaves.columns)
    )


def _counted(leaves: pl.DataFrame, above: pl.DataFrame) -> pl.DataFrame:
    """Return the goals that count for one of the goals above them, with what is counted."""
    parents = above.select(parent="goal", asks=pl.col("commitment").cast(pl.String))
    committed = Commitment.COMMITTED.value
    below = leaves.select("goal", "parent", "depth", "rollup", "commitment", *COUNTED).join(parents, on="parent")
    return below.filter((pl.col("asks") != committed) | (pl.col("commitment").cast(pl.String) == committed))


def _from_children(above: pl.DataFrame, below: pl.DataFrame, status: pl.Expr) -> pl.DataFrame:
    """Return one level of goals with what their children make of them; `below` has `parent` and what is counted."""
    weight, known = pl.coalesce("rollup_weight", "weight"), pl.col("points").is_not_null()
    paced = pl.col("pace").is_not_null()
    weighed = below.select(
        "parent", "points", "pace", "blocked", "rows", "last_day", "outdated",
        weight=weight,
        known=pl.when(known).then(weight).otherwise(0.0),
        paced=pl.when(paced).then(weight).otherwise(0.0),
        gained=pl.when(known).then(pl.col("points") * weight).otherwise(0.0),
        kept=pl.when(paced).then(pl.col("pace") * weight).otherwise(0.0),
        covered=pl.col("coverage").fill_null(0.0) * weight,
        # Outdated as a whole when what there is is outdated: children without data make nothing fresh.
        not_fresh=pl.col("outdated") | (pl.col("coverage") == 0),
    )  # fmt: skip
    sums = weighed.group_by(goal="parent").agg(
        pl.col("weight", "known", "paced", "gained", "kept", "covered").sum().name.prefix("sum_"),
        worst_points=pl.col("points").min(),
        worst_pace=pl.col("pace").min(),
        below_blocked=pl.col("blocked").any(),
        below_rows=pl.col("rows").sum(),
        below_last=pl.col("last_day").min(),
        some_outdated=pl.col("outdated").any(),
        none_fresh=pl.col("not_fresh").all(),
    )
    joined = above.join(sums, on="goal", how="left", maintain_order="left")
    mean_points, mean_pace = _mean("sum_gained", "sum_known"), _mean("sum_kept", "sum_paced")
    worst = pl.col("rollup") == Rollup.WORST.value
    blocked = pl.col("below_blocked").fill_null(value=False)
    return (
        joined.with_columns(
            points=snap(pl.when(~blocked).then(pl.when(worst).then("worst_points").otherwise(mean_points))),
            pace=snap(pl.when(~blocked).then(pl.when(worst).then("worst_pace").otherwise(mean_pace))),
            coverage=snap(_mean("sum_covered", "sum_weight").fill_null(0.0)),
            blocked=blocked,
            rows=pl.col("below_rows").fill_null(0),
            last_day=pl.col("below_last"),
            outdated=(pl.col("some_outdated") & pl.col("none_fresh")).fill_null(value=False),
            missing=pl.when(blocked).then(pl.lit("error")).cast(above.schema["missing"]),
        )
        .with_columns(status=status)
        .select(above.columns)
    )


def _mean(total: str, weights: str) -> pl.Expr:
    """Return a weighted mean of sums, null where no weight is left.

    When every weight is 0 there is nothing to divide by; that is no result, not a result of 0.
    """
    return pl.when(pl.col(weights) > 0).then(pl.col(total) / pl.col(weights))
