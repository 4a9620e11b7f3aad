"""The results of a whole company for one period: leaves scored, rolled up, and shared out over their owners' sheets."""

import polars as pl

from kpiflow.cascade.rollup import roll_up
from kpiflow.cascade.sheet import with_shares
from kpiflow.cascade.tree import with_depth
from kpiflow.frames.results import GoalResults
from kpiflow.scoring.leaves import Facts, in_play, score_leaves
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules

#: The columns of a result, in order.
COLUMNS: tuple[str, ...] = tuple(GoalResults.columns())


def score_company(goals: pl.DataFrame, facts: Facts, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Return GoalResults (plus `sheet`) for every goal in play; one row per goal, whatever the order of the input.

    Shapes: goals is frames.Goals, facts.observed is frames.Observed with the windows of `windows_of`.
    """
    playing = with_depth(in_play(goals, moment))
    leaves = score_leaves(playing, facts, rules, moment)
    rolled = with_shares(roll_up(leaves, rules, moment))
    words = ("owner_kind", "scope_kind", "kind", "commitment", "rollup", "status", "missing")
    return rolled.select(*COLUMNS, "sheet").with_columns(pl.col(words).cast(pl.String))
