"""Reconciliation: for every goal at once, whether its children's targets come to its own.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import polars as pl

from kpiflow.cascade.ways import Way, shown, step_of, way_of, why_not_split
from kpiflow.core.goal import Commitment
from kpiflow.core.metric import Direction, Metric
from kpiflow.core.remainder import DIGITS, whole
from kpiflow.language import Message, msg


class Balance(StrEnum):
    """How the targets of the children stand to the target of the goal above them."""

    BALANCED = "balanced"
    BUFFERED = "buffered"  # between the target and the target with its declared buffer
    UNASSIGNED = "unassigned"
    OVER_ASSIGNED = "over_assigned"
    EASIER = "easier"  # a rate: the children could all reach their targets and the parent would still miss its own
    HARDER = "harder"  # a rate: together the children are asked for more than the parent
    DIFFERENT = "different"  # a rate that is better neither higher nor lower
    OPEN = "open"  # a rate: some children have no target yet, so there is no mean to compare
    VOLUMES_MISSING = "volumes_missing"  # a rate: without denominators there is no mean to compare
    NO_TARGET = "no_target"  # the goal itself has none
    NOT_SPLIT = "not_split"  # it has no children on its metric
    NOT_SPLITTABLE = "not_splittable"


#: The columns of a reconciliation, in order.
COLUMNS: tuple[str, ...] = (
    "goal", "metric", "target", "assigned", "unassigned", "over_assigned", "buffer", "way", "children", "weighted_mean",
    "difference", "state", "without_target", "without_volume", "volume_share",
)  # fmt: skip

#: Volumes of nobody, for when none are known.
NO_VOLUMES = pl.DataFrame(
    schema={"metric": pl.String, "scope_kind": pl.String, "scope": pl.String, "volume": pl.Float64}
)


def reconcile(
    goals: pl.DataFrame,
    volumes: pl.DataFrame | None,
    metrics: Mapping[str, Metric],
    buffers: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return one row per goal with a metric, in the order of the goals; however many goals, the same few passes.

    goals: frames.Goals. volumes: metric, scope_kind, scope, volume, the last known denominator of each scope of a rate.
    buffers: goal, buffer, the declared stretch of a split (0.05 is 5 %); 0 where nothing is declared.

    Children are the child goals of the same cycle on the same metric; under a committed goal only committed ones, as
    in the roll-up. Sums: assigned, unassigned and over_assigned, with the sign of the target. Rates: `weighted_mean`,
    its `difference` to the target, and volume_share, the children's volume ÷ the parent's. `without_target` and
    `without_volume` count children that lack one. Absent is null.
    """
    rules = rules_of(metrics)
    known = _with_volumes(goals, volumes if volumes is not None else NO_VOLUMES)
    measured = known.join(rules, on="metric", how="inner", maintain_order="left")
    below = measured.join(_children(known), on="goal", how="left", maintain_order="left")
    declared = (
        buffers if buffers is not None else pl.DataFrame(schema={"goal": pl.String, "buffer": pl.Float64})
    ).select("goal", pl.col("buffer").cast(pl.Float64))
    summed = below.join(declared, on="goal", how="left", maintain_order="left").with_columns(
        pl.col("children", "without_target", "without_volume").fill_null(0), pl.col("buffer").fill_null(0.0)
    )
    return _judged(summed).select(COLUMNS)


def rules_of(metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """Return way, step and direction of every metric."""
    rows = [(name, way_of(m).value, float(step_of(m)), m.direction.value) for name, m in metrics.items()]
    schema = {"metric": pl.String, "way": pl.String, "step": pl.Float64, "direction": pl.String}
    return pl.DataFrame(rows, orient="row", schema=schema)


def _with_volumes(goals: pl.DataFrame, volumes: pl.DataFrame) -> pl.DataFrame:
    """Return what reconciling needs of each goal, with the volume of its scope."""
    picked = goals.select(
        "goal", "parent", "cycle", "metric", "scope", "target", pl.col("scope_kind", "commitment").cast(pl.String)
    )
    return picked.join(
        volumes.select("metric", "scope_kind", "scope", "volume"),
        on=["metric", "scope_kind", "scope"],
        how="left",
        maintain_order="left",
    )


def counted_children(goals: pl.DataFrame) -> pl.DataFrame:
    """Return the goals whose parent is a goal of the same cycle on the same metric and counts them.

    A committed goal counts only committed children, as in the roll-up.
    """
    parents = goals.filter(pl.col("metric").is_not_null()).select(
        "cycle", "metric", parent="goal", asks=pl.col("commitment").cast(pl.String)
    )
    committed = Commitment.COMMITTED.value
    below = goals.join(parents, on=["parent", "cycle", "metric"], maintain_order="left")
    return below.filter((pl.col("asks") != committed) | (pl.col("commitment").cast(pl.String) == committed)).drop(
        "asks"
    )


def _children(goals: pl.DataFrame) -> pl.DataFrame:
    """Return per goal what its children on the same metric come to."""
    asked, volume = pl.col("target"), pl.col("volume")
    return (
        counted_children(goals)
        .group_by(goal="parent")
        .agg(
            children=pl.len(),
            without_target=asked.is_null().sum(),
            without_volume=volume.is_null().sum(),
            # Summed as integers: neither the order of the rows nor the size of the sum changes its last digit.
            sum=(whole("target").sum().cast(pl.Float64) / 10**DIGITS).round(10),
            below=volume.sum(),
            mean=pl.when(asked.is_not_null().all() & volume.is_not_null().all() & (volume.sum() > 0)).then(
                ((asked * volume).sum() / volume.sum()).round(10)
            ),
            # Targets that are all the same have that mean, whatever the volumes.
            lowest=pl.when(asked.is_not_null().all()).then(asked.min()),
            highest=asked.max(),
        )
    )


def _judged(summed: pl.DataFrame) -> pl.DataFrame:
    """Add assigned … difference and state."""
    target, step, split = pl.col("target"), pl.col("step"), pl.col("children") > 0
    adds, rate = pl.col("way") == Way.SUM.value, pl.col("way") == Way.VOLUME_WEIGHTED.value

    def stepped(amount: pl.Expr) -> pl.Expr:
        return ((amount / step).round(10).round(0, mode="half_away_from_zero") * step).round(10)

    edge = stepped(target * (1 + pl.col("buffer")))
    sign = pl.when(target < 0).then(-1.0).otherwise(1.0)
    low, high = (
        pl.min_horizontal(stepped(target) * sign, edge * sign),
        pl.max_horizontal(stepped(target) * sign, edge * sign),
    )
    counts = adds & split & target.is_not_null()
    # Below this a difference is what a float cannot hold, not an amount.
    noise = pl.max_horizontal(step * 1e-6, target.abs() * 1e-15)

    def beyond(gap: pl.Expr) -> pl.Expr:
        return pl.when(counts).then(pl.when(gap > noise).then(gap * sign).otherwise(0.0).round(10))

    same = pl.when(pl.col("lowest") == pl.col("highest")).then(pl.col("lowest"))
    mean = pl.when(rate & split).then(pl.coalesce(same, "mean"))
    valued = summed.with_columns(
        assigned=pl.when(adds & split).then("sum"),
        weighted_mean=mean,
        volume_share=pl.when(rate & split & (pl.col("without_volume") == 0) & (pl.col("volume") > 0)).then(
            (pl.col("below") / pl.col("volume")).round(10)
        ),
    ).with_columns(
        unassigned=beyond(low - pl.col("assigned") * sign),
        over_assigned=beyond(pl.col("assigned") * sign - high),
        difference=(pl.when(adds).then("assigned").otherwise("weighted_mean") - target).round(10),
    )
    return valued.with_columns(state=_state(split, adds, rate, step))


def _state(split: pl.Expr, adds: pl.Expr, rate: pl.Expr, step: pl.Expr) -> pl.Expr:
    """Return the balance of each goal, the first that fits."""
    # The parent and each child are rounded to the step, so that one step apart is still the same.
    off = pl.col("difference").abs() > step + 1e-9
    better = pl.when(pl.col("direction") == Direction.LOWER.value).then(-1.0).otherwise(1.0)
    beyond = pl.col("difference") * better
    neutral = pl.col("direction") == Direction.WITHIN.value
    has_buffer = (pl.col("buffer") != 0) & (pl.col("difference").abs() >= step - 1e-9)
    cases = (
        (~adds & ~rate, Balance.NOT_SPLITTABLE),
        (~split, Balance.NOT_SPLIT),
        (pl.col("target").is_null(), Balance.NO_TARGET),
        (adds & (pl.col("unassigned") != 0), Balance.UNASSIGNED),
        (adds & (pl.col("over_assigned") != 0), Balance.OVER_ASSIGNED),
        (adds & has_buffer, Balance.BUFFERED),
        (adds, Balance.BALANCED),
        (pl.col("without_target") > 0, Balance.OPEN),
        (pl.col("weighted_mean").is_null(), Balance.VOLUMES_MISSING),
        (~off, Balance.BALANCED),
        (_in_buffer(step), Balance.BUFFERED),
        (neutral, Balance.DIFFERENT),
        (beyond < 0, Balance.EASIER),
    )
    state = pl.lit(Balance.HARDER.value)
    for fits, balance in reversed(cases):
        state = pl.when(fits).then(pl.lit(balance.value)).otherwise(state)
    return state


def _in_buffer(step: pl.Expr) -> pl.Expr:
    """Return whether a rate's mean lies between the target and the target with its declared buffer, give or take a step."""
    edge = pl.col("target") * (1 + pl.col("buffer"))
    mean = pl.col("weighted_mean")
    low, high = pl.min_horizontal("target", edge), pl.max_horizontal("target", edge)
    return (mean >= low - step - 1e-9) & (mean <= high + step + 1e-9)


def explain_reconciliation(row: Mapping[str, Any], metric: Metric) -> tuple[Message, ...]:
    """Return the sentences for one row of `reconcile`: what the children come to, and what to do about it."""
    target, children = shown(row["target"], metric), row["children"]
    match Balance(row["state"]):
        case Balance.NOT_SPLIT:
            return (msg("Nobody below has a target on this metric: it is not split."),)
        case Balance.NO_TARGET:
            return (
                msg(
                    "The goal itself has no target, so there is nothing to compare its children with (children: {count}).",
                    count=children,
                ),
            )
        case Balance.NOT_SPLITTABLE:
            refused = why_not_split(metric)
            return (refused,) if refused else ()
    told = _of_sum(row, metric) if row["way"] == Way.SUM.value else _of_rate(row, metric)
    if row["buffer"]:
        told += (msg("A buffer of {buffer} on {target} is declared.", buffer=shown(row["buffer"]), target=target),)
    if row["without_target"]:
        told += (
            msg("Children without a target: {without} of {count}.", without=row["without_target"], count=children),
        )
    return told


def _of_sum(row: Mapping[str, Any], metric: Metric) -> tuple[Message, ...]:
    """Return the sentences for targets that add up."""
    head = msg(
        "{assigned} of {target} is assigned; children: {count}.",
        count=row["children"],
        assigned=shown(row["assigned"], metric),
        target=shown(row["target"], metric),
    )
    match Balance(row["state"]):
        case Balance.UNASSIGNED:
            return head, msg("{left} is not assigned yet.", left=shown(row["unassigned"], metric))
        case Balance.OVER_ASSIGNED:
            return head, msg("That is {over} more than asked.", over=shown(row["over_assigned"], metric))
        case _:
            return (head,)


def _of_rate(row: Mapping[str, Any], metric: Metric) -> tuple[Message, ...]:
    """Return the sentences for targets of a rate."""
    if row["weighted_mean"] is None:
        if row["without_volume"]:
            return (
                msg(
                    "Children without a known volume: {without} of {count}. Their targets cannot be averaged.",
                    without=row["without_volume"],
                    count=row["children"],
                ),
            )
        return (msg("The targets of the children cannot be averaged yet."),)
    mean, target = shown(row["weighted_mean"], metric), shown(row["target"], metric)
    if row["state"] == Balance.BALANCED:
        head = msg(
            "By volume the targets of the children ({count}) average {mean}: as asked, to one step.",
            count=row["children"],
            mean=mean,
        )
    else:
        head = msg(
            "By volume the targets of the children ({count}) average {mean}, {difference} from {target}.",
            count=row["children"],
            mean=mean,
            difference=shown(row["difference"], metric, difference=True),
            target=target,
        )
    told = {
        Balance.EASIER: msg("Everybody could reach their target and this one would still be missed."),
        Balance.HARDER: msg("Together the children are asked for more than this goal promises."),
    }.get(Balance(row["state"]))
    share = row["volume_share"]
    cover = None
    if share is not None and share < 0.995:
        cover = msg("The children hold {share} of the volume; the rest has no target of its own.", share=shown(share))
    elif share is not None and share > 1.005:
        cover = msg(
            "The children hold {share} of the volume: some of it counts in more than one of them.", share=shown(share)
        )
    return tuple(message for message in (head, told, cover) if message is not None)
