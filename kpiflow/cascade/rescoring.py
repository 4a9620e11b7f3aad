"""What new values of a few goals change of a company's results: theirs, those above them and their owners' sheets, no others.

Floor 5, part of cascade. Reads no clock, file or database.
"""

import polars as pl

from kpiflow.cascade.results import score_company
from kpiflow.cascade.rollup import roll_up
from kpiflow.cascade.sheet import numbered, with_shares
from kpiflow.core.goal import Rollup
from kpiflow.core.status import Status
from kpiflow.scoring.leaves import Facts
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules
from kpiflow.scoring.status import STATUS, outdated

#: What of a goal's result its own values do not decide: where it hangs, and what the rest of its owner's sheet makes of it.
PLACE: tuple[str, ...] = ("depth", "sheet", "share", "score")


def rescored(
    before: pl.DataFrame, changed: pl.DataFrame, facts: Facts, rules: Rules, moment: Moment
) -> pl.DataFrame | None:
    """Return the results that may differ, as they would be; None where results do not tell enough to say.

    `before` are GoalResults (and `sheet`) of the company, `changed` the goals with other values (frames.Goals, same place in
    the tree), `facts` what is known of those goals. All other results stay as they are.
    """
    own = score_company(changed, facts, rules, moment)
    path = _upward(before, own["goal"])
    holders = before.filter(pl.col("goal").is_in(path.implode())).select("owner_kind", "owner").unique()
    near = before.filter(
        pl.col("goal").is_in(path.implode())
        | pl.col("parent").is_in(path.implode())
        | pl.col("owner").is_in(holders["owner"].implode())
    )
    moving = pl.col("goal").is_in(path.implode())
    rolls = pl.col("rollup") != Rollup.OWN.value
    still = near.filter(~moving & rolls)
    # A goal without a status that sums up what is below does not tell whether that was outdated.
    if still.filter(pl.col("status") == Status.NO_DATA.value, pl.col("rows") > 0).height:
        return None
    news = own.drop(PLACE).join(near.select("goal", *PLACE), on="goal").select(near.columns)
    leaves = _as_leaves(pl.concat([near.filter(~pl.col("goal").is_in(own["goal"].implode())), news]), rules, moment)
    # What is not above a change stays as it is: here it counts as measured by itself.
    kept = leaves.select("goal", was="rollup")
    rolled = roll_up(leaves.with_columns(rollup=pl.when(moving).then("rollup").otherwise(pl.lit("own"))), rules, moment)
    shared = with_shares(numbered(rolled))
    held = pl.struct("owner_kind", "owner").is_in(holders.to_struct().implode())
    old = near.select("goal", old_share="share", old_score="score")
    done = shared.join(old, on="goal", how="left").join(kept, on="goal", how="left")
    return done.with_columns(
        share=pl.when(held).then("share").otherwise("old_share"),
        score=pl.when(held).then("score").otherwise("old_score"),
        rollup="was",
    ).select(pl.col(name).cast(kind) for name, kind in before.schema.items())


def _upward(goals: pl.DataFrame, found: pl.Series) -> pl.Series:
    """Return some goals and all goals above them."""
    level = found
    while level.len():
        above = goals.filter(pl.col("goal").is_in(level.implode()))["parent"].drop_nulls().unique()
        level = above.filter(~above.is_in(found.implode()))
        found = pl.concat([found, level])
    return found


def _as_leaves(rows: pl.DataFrame, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Return results with what rolling up looks at besides: whether each is outdated, or blocks its sheet."""
    by_day = outdated(rules.metrics, moment)
    rolls = pl.col("rollup") != Rollup.OWN.value
    return rows.with_columns(
        pl.col("status").cast(STATUS),
        outdated=pl.when(rolls).then(pl.col("status") == Status.OUTDATED.value).otherwise(by_day),
        blocked=(pl.col("missing") == "error").fill_null(value=False),
    )
