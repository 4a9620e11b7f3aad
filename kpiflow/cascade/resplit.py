"""New targets offered to the goals below a changed target: amounts in their present proportions, rates by the same distance.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kpiflow.cascade.reconciling import counted_children, rules_of
from kpiflow.cascade.splitting.split import Split, split_again
from kpiflow.cascade.tree import with_depth
from kpiflow.cascade.ways import Way
from kpiflow.core.metric import Metric
from kpiflow.core.remainder import apportion_groups

#: What an offered target is based on.
LOCKED, PROPORTIONAL, SAME, DISTANCE, CHOSEN, NOTHING = (
    "locked",
    "proportional",
    "same",
    "distance",
    "chosen",
    "nothing",
)

#: The columns of an offer.
OFFER = {
    "goal": pl.String, "parent": pl.String, "owner_kind": pl.String, "owner": pl.String, "target_before": pl.Float64,
    "target": pl.Float64, "basis": pl.String,
}  # fmt: skip


def proposed(
    before: pl.DataFrame,
    after: pl.DataFrame,
    metrics: Mapping[str, Metric],
    *,
    locked: frozenset[str] = frozenset(),
    last: Mapping[str, Split] | None = None,
) -> pl.DataFrame:
    """Return the offer for every goal below one whose target changes, level by level down to the leaves.

    A goal in `last` is split again as it was split then; the basis of its children is the name of that method. For
    the others, what was assigned to the children stays the same share of the target: a declared buffer survives, and so does
    what was left open. Locked children, and children whose own target is among the changes (`chosen`), keep
    theirs; the others make room in proportion to their present targets. Children that had the parent's own target
    (`same`) get the new one. Rates move by the parent's distance, so that their mean by volume moves by it too; metrics
    that cannot be split get no offer unless they were the same. Offered targets are whole steps.
    """
    rules = rules_of(metrics)
    deep = with_depth(before).select("goal", "depth")
    parts = before.with_columns(pl.col("owner_kind").cast(pl.String)).select(
        "goal", "parent", "cycle", "metric", "owner_kind", "owner", "commitment", "target"
    )
    links = counted_children(parts).join(rules, on="metric").join(deep, on="goal")
    now = after.select("goal", now="target")
    was = before.select(parent="goal", was="target")
    moved = now.join(before.select("goal", "target"), on="goal").filter(pl.col("now").ne_missing(pl.col("target")))
    chosen = moved["goal"].implode()
    rows = links.join(was, on="parent", how="left").with_columns(
        held=pl.when(pl.col("goal").is_in(list(locked)))
        .then(pl.lit(LOCKED))
        .when(pl.col("goal").is_in(chosen))
        .then(pl.lit(CHOSEN))
    )
    level, found = moved.select(parent="goal", aim="now"), []
    for depth in sorted(rows["depth"].unique()):
        here = rows.filter(pl.col("depth") == depth).join(level, on="parent")
        if here.is_empty():
            continue
        offered = _as_last_time(_offered(here.join(now, on="goal", how="left").sort("parent", "goal")), last or {})
        found.append(offered.select(pl.col(name).cast(kind) for name, kind in OFFER.items()))
        differs = offered.filter(pl.col("target").ne_missing(pl.col("target_before")), pl.col("held").is_null())
        level = pl.concat([level, differs.select(parent="goal", aim="target")])
    return pl.concat(found) if found else pl.DataFrame(schema=OFFER)


def _as_last_time(offered: pl.DataFrame, last: Mapping[str, Split]) -> pl.DataFrame:
    """Return the offer with the children of goals in `last` split again by the method of that split."""
    for parent in sorted(last.keys() & set(offered["parent"])):
        rows = offered.filter(pl.col("parent") == parent)
        held = frozenset(rows.filter(pl.col("held").is_not_null(), pl.col("target").is_not_null())["goal"])
        aim = rows["aim"][0]
        if aim is None:
            continue
        made = last[parent]
        kept = rows.select(child="goal", kept=pl.when(pl.col("held").is_not_null()).then("target"))
        lines = made.lines.join(kept, on="child", how="left", maintain_order="left")
        made = replace(made, lines=lines.with_columns(target=pl.coalesce("kept", "target")).drop("kept"))
        again = split_again(made, aim, held).lines.select(
            goal="child",
            again="target",
            by=pl.when("locked").then(pl.lit(LOCKED)).otherwise("basis"),
            there=pl.lit(True),
        )
        offered = (
            offered.join(again, on="goal", how="left", maintain_order="left")
            .with_columns(
                target=pl.when("there").then("again").otherwise("target"),
                basis=pl.when(pl.col("there") & pl.col("held").is_null()).then("by").otherwise("basis"),
            )
            .drop("again", "by", "there")
        )
    return offered


def _offered(here: pl.DataFrame) -> pl.DataFrame:
    """Return the children of one level with their offered targets; `target` becomes target_before."""
    whole, free = pl.col("parent"), pl.col("held").is_null()
    target, aim, was = pl.col("target"), pl.col("aim"), pl.col("was")
    kept = pl.when(pl.col("held") == CHOSEN).then("now").when(pl.col("held") == LOCKED).then("target")
    settled = here.with_columns(
        kept=kept,
        is_same=((target == was).fill_null(False).all() & ((pl.len() > 1) | (pl.col("way") != Way.SUM.value))).over(
            whole
        ),
        assigned=target.sum().over(whole),
    ).with_columns(
        room=(
            pl.when(was != 0).then(aim * pl.col("assigned") / was) - pl.col("kept").fill_null(0.0).sum().over(whole)
        ).round(10),
        size=pl.when(free).then(target.abs()),
    )
    # A locked share larger than the new whole leaves nothing, never less than nothing.
    settled = settled.with_columns(room=pl.when(pl.col("room") * aim > 0).then("room").otherwise(0.0))
    shared = apportion_groups(settled, "parent", "room", "size", "step")
    adds, rate = pl.col("way") == Way.SUM.value, pl.col("way") == Way.VOLUME_WEIGHTED.value
    basis = (
        pl.when(~free)
        .then("held")
        .when(pl.col("is_same"))
        .then(pl.lit(SAME))
        .when(adds & pl.col("part").is_not_null() & (was != 0))
        .then(pl.lit(PROPORTIONAL))
        .when(rate & target.is_not_null() & was.is_not_null() & aim.is_not_null())
        .then(pl.lit(DISTANCE))
        .otherwise(pl.lit(NOTHING))
    )
    moved = ((target + aim - was) / pl.col("step")).round(10).round(0, mode="half_away_from_zero") * pl.col("step")
    return shared.with_columns(basis=basis).with_columns(
        target_before="target",
        target=pl.when(~free)
        .then("kept")
        .when(pl.col("basis") == SAME)
        .then(aim)
        .when(pl.col("basis") == PROPORTIONAL)
        .then("part")
        .when(pl.col("basis") == DISTANCE)
        .then(moved.round(10))
        .otherwise("target"),
    )
