"""The results of a whole company for one period: leaves scored, rolled up, and shared out over their owners' sheets."""

import polars as pl

from kpiflow.cascade.rollup import roll_up
from kpiflow.cascade.sheet import with_shares, with_sheet
from kpiflow.cascade.tree import above_others, with_depth
from kpiflow.frames.beside import spelled
from kpiflow.frames.results import GoalResults
from kpiflow.scoring.gathering import with_asked
from kpiflow.scoring.leaves import Facts, in_play, score_leaves, settled
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.phasing import phase
from kpiflow.scoring.rules import Rules

#: The columns of a result, in order.
COLUMNS: tuple[str, ...] = tuple(GoalResults.columns())


def score_company(goals: pl.DataFrame, facts: Facts, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Return GoalResults (plus `sheet`) for every goal in play; one row per goal, whatever the order of the input.

    Shapes: goals is frames.Goals; facts.actuals is made of frames.Observed with the windows that the goals ask for.
    """
    playing = settled(in_play(goals, moment), rules)
    return score_placed(placed(playing, facts.targets, rules, moment), facts, rules, moment)


def placed(playing: pl.DataFrame, targets: pl.DataFrame, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Return settled goals with what is known before anything is measured: depth, sheet, what they ask for, anchors."""
    parents = above_others(playing)
    seated = with_sheet(with_depth(playing, parents), parents)
    return phase(with_asked(seated, rules.metrics), targets, rules, moment)


def score_placed(goals: pl.DataFrame, facts: Facts, rules: Rules, moment: Moment) -> pl.DataFrame:
    """Return GoalResults (plus `sheet`) for goals as `placed` gives them."""
    leaves = score_leaves(goals, facts, rules, moment)
    rolled = with_shares(roll_up(leaves, rules, moment))
    words = ("owner_kind", "scope_kind", "kind", "commitment", "rollup", "status", "missing")
    return rolled.select(*COLUMNS, "sheet").with_columns(spelled(rolled[name]) for name in words)
