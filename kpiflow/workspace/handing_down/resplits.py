"""A target that changed after it was split is offered to be split again, the same way, as a draft one click away."""

import datetime
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.cascade.reconciling import counted_children
from kpiflow.cascade.splitting import Fixed
from kpiflow.cascade.splitting.by_weight import ByWeight
from kpiflow.cascade.splitting.same import Same
from kpiflow.cascade.ways import Way
from kpiflow.core.remainder import fraction
from kpiflow.language import Message, Name, msg
from kpiflow.storage.proposals import target_changes
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.desk_answers import Amounts, Draft
from kpiflow.workspace.handing_down.drafting import waiting_lines
from kpiflow.workspace.handing_down.leading import in_hand
from kpiflow.workspace.handing_down.planning import planned
from kpiflow.workspace.handing_down.reconciliation import compared
from kpiflow.workspace.handing_down.splits import SPLIT, splits_made, splits_to_repeat
from kpiflow.workspace.labels import name_of

#: The states in which the targets below do not come to the one above.
APART = ("unassigned", "over_assigned", "easier", "harder", "different")

#: So many offers are worked out; there is no desk with more.
MOST = 50


@dataclass(frozen=True)
class ResplitOffer:
    """A goal whose target has changed since it was split, and the draft that would split the new one."""

    goal: str
    name: Name
    draft: Draft
    why: Message


def resplit_offers(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> list[ResplitOffer]:
    """Return an offer for every goal in the asker's hand whose target changed after those below it and no longer fits them.

    The draft repeats the method, locks, weights and buffer of the last split; without one it keeps present proportions, the
    distance between rates, or the same target for all. Where the new target was proposed to the owners already, answers are
    waited for instead.
    """
    if not ws.may(asker, SPLIT).allowed:
        return []
    moment = ws.moment(period, as_of)
    goals = planned(ws.company(as_of), moment).with_columns(pl.col("owner_kind").cast(pl.String))
    rows = compared(ws, moment, as_of).filter(pl.col("state").is_in(APART), pl.col("children") > 0)
    mine = in_hand(ws, asker, goals).join(rows.select("goal", "way", "weighted_mean"), on="goal", maintain_order="left")
    since = ws.kept(("target changes", ws.versions(None)), lambda: target_changes(ws.store))
    key = ("changed below", moment.cycle.period, ws.versions(as_of), ws.versions(None))
    below = ws.kept(key, lambda: _changed_below(goals, since))
    changed = mine.join(since, on="goal").join(below, on="goal").filter(pl.col("since") > pl.col("last"))
    waiting = waiting_lines(ws, changed["goal"].to_list(), as_of).select(goal="parent", target="parent_target").unique()
    changed = changed.join(waiting, on=["goal", "target"], how="anti", maintain_order="left").head(MOST)
    return [
        ResplitOffer(row["goal"], name_of(row), _draft(ws, row, goals, as_of), _why(row["label"], row["label_zh"]))
        for row in changed.iter_rows(named=True)
    ]


def _changed_below(goals: pl.DataFrame, since: pl.DataFrame) -> pl.DataFrame:
    """Return goal and last: when a target below it was changed last."""
    return counted_children(goals).join(since, on="goal").group_by(goal="parent").agg(last=pl.col("since").max())


def _why(label: str, chinese: str | None) -> Message:
    return msg("The target of {goal} has changed since it was split.", goal=Name(label, chinese))


def _draft(ws: Books, row: dict[str, Any], goals: pl.DataFrame, as_of: datetime.date | None) -> Draft:
    """Return the draft for a goal's new target: as it was split last, else in the present proportions."""
    company = ws.company(as_of)
    family = goals.filter((pl.col("goal") == row["goal"]) | (pl.col("parent") == row["goal"]))
    again = splits_to_repeat(ws, company, family, as_of).get(row["goal"])
    if again is not None:
        told = splits_made(ws, as_of)[row["goal"]]
        locked = again.lines.filter("locked").select("child", "target")
        weights: Amounts = ()
        if again.method is ByWeight:
            weights = tuple(
                (one["child"], float(one["weight"])) for one in told["children"] if one["weight"] is not None
            )
        return Draft(again.method.name, tuple(locked.iter_rows()), weights, str(told["buffer"]))
    children = counted_children(family).filter(pl.col("parent") == row["goal"], pl.col("target").is_not_null())
    targets = dict(children.select("goal", "target").iter_rows())
    rate = row["way"] == Way.VOLUME_WEIGHTED.value
    if len(set(targets.values())) == 1 and (rate or len(targets) == 1):
        return Draft(Same.name)
    if not rate:
        return Draft(ByWeight.name, weights=tuple(sorted(targets.items())))
    distance = fraction(row["target"]) - fraction(row["weighted_mean"])
    return Draft(
        Fixed.name, tuple((goal, float(fraction(value) + distance)) for goal, value in sorted(targets.items()))
    )
