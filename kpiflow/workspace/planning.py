"""A goal of the plan as somebody wants to change it: found within their rights, with everything that decides about it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kpiflow.access.acting import Hand, anywhere, hand_of
from kpiflow.access.reach import Reach, visible
from kpiflow.cascade.reconciling import counted_children
from kpiflow.core.goal import OwnerKind, Stage
from kpiflow.core.metric import Measure, Metric
from kpiflow.definitions.checks import CHECKS
from kpiflow.definitions.columns import number, share, sign
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import nowhere
from kpiflow.errors import InvalidInput, Level, not_found
from kpiflow.language import Message, Name, msg
from kpiflow.scoring.moment import Moment
from kpiflow.workspace.books import Asker, Books

#: The sign that is a measure's own unit.
SIGNS = {Measure.PERCENT: "%", Measure.PERMILLE: "‰", Measure.PER_10K: "‱"}


@dataclass(frozen=True, eq=False)
class Plan:
    """One goal in its plan: the company and moment, the goals of the cycle that are not closed, its row and its metric."""

    company: Company
    moment: Moment
    reach: Reach
    goals: pl.DataFrame
    row: dict[str, Any]
    metric: Metric | None
    as_of: datetime.date | None

    @property
    def goal(self) -> str:
        """The id of the goal."""
        return str(self.row["goal"])

    @property
    def name(self) -> Name:
        """The name of the goal."""
        return Name(self.row["label"], self.row["label_zh"])

    @property
    def children(self) -> pl.DataFrame:
        """The goals below it on its metric that count for it, by id."""
        below = counted_children(self.goals.filter((pl.col("goal") == self.goal) | (pl.col("parent") == self.goal)))
        return self.goals.join(below.select("goal"), on="goal", how="semi").sort("goal")

    def measured(self) -> Metric:
        """Return its metric; raises InvalidInput for a goal that only sums up what is below it."""
        if self.metric is None:
            raise InvalidInput(msg("{goal} has no metric, so it has no target of its own.", goal=self.name))
        return self.metric


def planned(company: Company, moment: Moment) -> pl.DataFrame:
    """Return the goals of the cycle that are not closed: drafts too, because targets are handed down before they are agreed."""
    return company.goals.filter(
        pl.col("cycle") == moment.cycle.period, pl.col("stage").cast(pl.String) != Stage.CLOSED.value
    )


def plan_of(ws: Books, asker: Asker, goal: str, period: str, as_of: datetime.date | None) -> Plan:
    """Find a goal of the period's cycle; raises NotFound with the nearest goal, or Refused outside the asker's reach."""
    company, moment, reach = ws.company(as_of), ws.moment(period, as_of), ws.reach(asker)
    goals = planned(company, moment)
    found = goals.filter(pl.col("goal") == goal)
    if found.is_empty():
        raise not_found(msg("goal in this period"), goal, visible(goals, reach)["goal"])
    row = found.row(0, named=True)
    require_sight(reach, found)
    metric = None if row["metric"] is None else company.metrics.get(row["metric"])
    return Plan(company, moment, reach, goals, row, metric, as_of)


def require_sight(reach: Reach, goals: pl.DataFrame) -> None:
    """Raise Refused when one of these goals belongs to a person outside the asker's reach."""
    owners = goals.filter(pl.col("owner_kind").cast(pl.String) == OwnerKind.PERSON.value)["owner"]
    for person in owners.unique().sort():
        reach.sees(person).require()


def hand(ws: Books, asker: Asker, action: str) -> Hand:
    """Return whose goals the person asking may change by an action, by the roles held today."""
    return anywhere(action) if asker.machine else hand_of(action, ws.standing(asker))


def children_named(words: Iterable[str], children: pl.DataFrame) -> list[str]:
    """Return the child goals of some words: each its id, or the id of its owner where that owner has only one of them.

    Raises NotFound with the nearest one.
    """
    ids = children["goal"].to_list()
    single = children.filter(~pl.col("owner").is_duplicated())
    by_owner = dict(single.select("owner", "goal").iter_rows())
    found = []
    for word in words:
        if word not in ids and word not in by_owner:
            raise not_found(msg("goal below this one"), word, [*ids, *by_owner])
        found.append(word if word in ids else by_owner[word])
    return found


def amount_given(written: object, metric: Metric | None) -> float | None:
    """Return an amount as it was written: a number, or a text such as `79.3` or `79.3%`; `none` takes it away.

    The sign must be the metric's own unit; raises InvalidInput for anything else.
    """
    if written is None or str(written).strip().casefold() in ("none", "null", "-", "–"):
        return None
    text = str(written).strip()
    value, mark = pl.select(number(pl.lit(text)).alias("value"), sign(pl.lit(text)).alias("mark")).row(0)
    own = SIGNS.get(metric.measure) if metric else None
    if value is None:
        raise InvalidInput(msg("'{text}' is not a number.", text=text))
    if mark and mark != own:
        raise InvalidInput(msg("'{text}' has a sign that is not the unit here. Write the number alone.", text=text))
    return float(value)


def buffer_given(written: object) -> float:
    """Return a buffer: 0.05, or a text such as `5%`; raises InvalidInput for what looks like percents without a sign."""
    text = str(written).strip()
    value = pl.select(share(pl.lit(text))).item()
    if value is None or abs(value) >= 1:
        raise InvalidInput(msg("'{text}' is not a buffer. Write it as 5% or 0.05.", text=text))
    return float(value)


def new_problems(
    ws: Books, before: Company, after: pl.DataFrame, targets: pl.DataFrame | None = None
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Return the errors and the warnings that `kpiflow check` would say of a plan with these goals and not of it now.

    `targets` are the targets per period as they would be; None: as they are.
    """
    old = ws.kept(("problems", id(before)), lambda: (before, {str(one.message) for one in _problems(before)}))[1]
    then = replace(before, goals=after, targets=before.targets if targets is None else targets)
    new = [one for one in _problems(then) if str(one.message) not in old]
    errors = dict.fromkeys(str(one.message) for one in new if one.level is Level.ERROR)
    said = {str(one.message): one.message for one in new}
    return tuple(said[text] for text in errors), tuple(one for text, one in said.items() if text not in errors)


def _problems(company: Company) -> list[Any]:
    places = nowhere(company)
    return [problem for check in CHECKS for problem in check(company, places)]
