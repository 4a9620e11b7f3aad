"""Scores upward: each parent from its children, once, level by level."""

import polars as pl

from kpiflow.core.goal import Commitment, Rollup
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rounding import snap
from kpiflow.scoring.rules import Rules
from kpiflow.scoring.status import decide

#: What rolling up fills in.
MADE: tuple[str, ...] = (
    "points", "pace", "coverage", "blocked", "rows", "last_day", "outdated", "missing", "status",
)  # fmt: skip

#: What else is looked at while scores go upward, beside what the status rules measure.
NEEDED: tuple[str, ...] = ("goal", "parent", "depth", "rollup", "commitment", "weight", "rollup_weight")

#: What is added up of the goals below one goal. Each is as it is when parts of it are added up again, so that what is
#: measured is added up once for all levels, and only what was rolled up level by level.
SUMS: tuple[pl.Expr, ...] = (
    pl.col("weight", "known", "paced", "gained", "kept", "covered").sum(),
    pl.col("worst_points", "worst_pace").min(),
    pl.col("blocked").any(),
    pl.col("rows").sum(),
    pl.col("last_day").min(),
    pl.col("some_outdated").any(),
    pl.col("none_fresh").all(),
)


def roll_up(leaves: pl.DataFrame, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Fill points, pace, coverage and status of goals that roll up their children or take the worst of them.

    `leaves` has depth, points, pace, coverage, blocked and the settings of every goal. A committed goal counts only
    its committed children. Children without points are left out and the others' weights are shared among them;
    coverage says how much of the weight had data. Goals measured by themselves (`own`) are left as they are.
    """
    rolls = pl.col("rollup") != Rollup.OWN.value
    # Lazily and by name: results have many columns, and every level would carry all of them along.
    looked_at = dict.fromkeys((*NEEDED, *MADE, *(rule.measure.value for rule in rules.statuses)))
    above = leaves.lazy().filter(rolls).select(*looked_at, nr=pl.int_range(pl.len(), dtype=pl.UInt32)).collect()
    if above.is_empty():
        return leaves
    parents = above.select(parent="goal", asks="commitment", nr="nr")
    below = _summed(_weighed(leaves.lazy().filter(~rolls), parents))
    status = decide(rules.statuses, moment)
    done: list[pl.DataFrame] = []
    for depth in above["depth"].unique().sort(descending=True):
        done.append(_from_children(above.filter(pl.col("depth") == depth), below, status))
        # Their parents lie higher, or are measured by themselves: then nobody asks for these sums.
        below = _summed(pl.concat([below, _weighed(done[-1].lazy(), parents)]))
    rolled = pl.concat(done).sort("nr")
    rows = leaves.select(rolls.arg_true().cast(pl.UInt32)).to_series()
    return leaves.with_columns(leaves[name].scatter(rows, rolled[name]) for name in MADE)


def _weighed(goals: pl.LazyFrame, parents: pl.DataFrame) -> pl.DataFrame:
    """Return what each goal that counts for one above it adds to it, with the number of that one as `above`."""
    weight, known = pl.coalesce("rollup_weight", "weight"), pl.col("points").is_not_null()
    paced = pl.col("pace").is_not_null()
    committed = Commitment.COMMITTED.value
    counts = (pl.col("asks") != committed) | (pl.col("commitment") == committed)
    needed = ("parent", "commitment", "rollup_weight", "weight", "points", "pace", "coverage", "blocked", "rows",
              "last_day", "outdated")  # fmt: skip
    found = goals.select(needed).join(parents.lazy(), on="parent").filter(counts).select(
        above="nr",
        weight=weight,
        known=pl.when(known).then(weight).otherwise(0.0),
        paced=pl.when(paced).then(weight).otherwise(0.0),
        gained=pl.when(known).then(pl.col("points") * weight).otherwise(0.0),
        kept=pl.when(paced).then(pl.col("pace") * weight).otherwise(0.0),
        covered=pl.col("coverage").fill_null(0.0) * weight,
        worst_points="points",
        worst_pace="pace",
        blocked="blocked",
        rows="rows",
        last_day="last_day",
        some_outdated="outdated",
        # Outdated as a whole when what there is is outdated: children without data make nothing fresh.
        none_fresh=pl.col("outdated") | (pl.col("coverage") == 0),
    )  # fmt: skip
    return found.collect()


def _summed(weighed: pl.DataFrame) -> pl.DataFrame:
    """Add up what is below each goal, by its number."""
    return weighed.group_by("above").agg(*SUMS)


def _from_children(above: pl.DataFrame, below: pl.DataFrame, status: pl.Expr) -> pl.DataFrame:
    """Return one level of goals with what their children make of them; `below` has the sums by number."""
    sums = below.select(pl.col("above").alias("nr"), pl.exclude("above").name.prefix("below_"))
    joined = above.join(sums, on="nr", how="left", maintain_order="left")
    mean_points, mean_pace = _mean("below_gained", "below_known"), _mean("below_kept", "below_paced")
    worst = pl.col("rollup") == Rollup.WORST.value
    blocked = pl.col("below_blocked").fill_null(value=False)
    return (
        joined.with_columns(
            points=snap(pl.when(~blocked).then(pl.when(worst).then("below_worst_points").otherwise(mean_points))),
            pace=snap(pl.when(~blocked).then(pl.when(worst).then("below_worst_pace").otherwise(mean_pace))),
            coverage=snap(_mean("below_covered", "below_weight").fill_null(0.0)),
            blocked=blocked,
            rows=pl.col("below_rows").fill_null(0),
            last_day=pl.col("below_last_day"),
            outdated=(pl.col("below_some_outdated") & pl.col("below_none_fresh")).fill_null(value=False),
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
