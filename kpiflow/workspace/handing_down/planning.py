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
from kpiflow.frames.measurements import LARGEST
from kpiflow.incentives.typed import inputs_needed
from kpiflow.language import Message, Name, msg
from kpiflow.scoring.moment import Moment
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.unseen import sees_goal, unseen

#: The least an amount may be unless it is 0; the most is that of what is measured.
LEAST = 1e-9

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
    goals = company.goals
    here = (pl.col("cycle") == moment.cycle.period) & (pl.col("stage").cast(pl.String) != Stage.CLOSED.value)
    # Where that is all of them, half a million rows need not be copied to say so.
    return goals if goals.select(here.fill_null(value=False).all()).item() else goals.filter(here)


def plan_of(ws: Books, asker: Asker, goal: str, period: str, as_of: datetime.date | None) -> Plan:
    """Find a goal of the period's cycle; raises NotFound with the nearest goal, or Refused outside the asker's reach."""
    company, moment, reach = ws.company(as_of), ws.moment(period, as_of), ws.reach(asker)
    goals = planned(company, moment)
    found = goals.filter(pl.col("goal") == goal)
    if found.is_empty() and reach.people is None:
        raise not_found(msg("goal in this period"), goal, goals["goal"])
    if found.is_empty() or not sees_goal(reach, row := found.row(0, named=True), ["owner"]):
        raise unseen(goal, visible(goals, reach)["goal"])
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
    # Two weights of 1e308 add up to more than a number holds: then no score above them is a number any more.
    if value and not LEAST <= abs(value) <= LARGEST:
        raise InvalidInput(msg("'{given}' is not a number that can be kept.", given=text[:30]))
    return float(value)


def buffer_given(written: object) -> float:
    """Return a buffer: 0.05, or a text such as `5%`; raises InvalidInput for what looks like percents without a sign."""
    text = str(written).strip()
    value = pl.select(share(pl.lit(text))).item()
    if value is None or abs(value) >= 1:
        raise InvalidInput(msg("'{text}' is not a buffer. Write it as 5% or 0.05.", text=text))
    return float(value)


def new_problems(
    before: Company, touched: pl.DataFrame, targets: pl.DataFrame | None = None
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Return the errors and the warnings that `kpiflow check` would say of a plan with these goals and not of it now.

    `touched` are the goals that are new or differ, as they would be; looked at are they and the goals around them, because
    no check says anything of goals further apart. `targets` are the targets per period as they would be; None: as they are.
    """
    ids = touched["goal"]
    then = pl.concat([before.goals.filter(~pl.col("goal").is_in(ids.implode())), touched.select(before.goals.columns)])
    # What plans name is there as well, so that no search for the nearest name begins.
    near = pl.concat([around(before.goals, touched), _named_by_plans(before)]).unique()
    old = {str(one.message) for one in _problems(_only(before, near))}
    written = before.targets if targets is None else targets
    new = [
        one
        for one in _problems(_only(replace(before, goals=then, targets=written), near))
        if str(one.message) not in old
    ]
    errors = dict.fromkeys(str(one.message) for one in new if one.level is Level.ERROR)
    said = {str(one.message): one.message for one in new}
    return tuple(said[text] for text in errors), tuple(one for text, one in said.items() if text not in errors)


def around(goals: pl.DataFrame, touched: pl.DataFrame) -> pl.Series:
    """Return the goals that checks look at together with some: all above them, their parents' children, their own children,
    and all goals of the same owners with the goals right above those.
    """
    both = pl.concat([goals.select("goal", "parent", "owner"), touched.select("goal", "parent", "owner")])

    def rows(column: str, among: pl.Series) -> pl.DataFrame:
        return both.filter(pl.col(column).is_in(among.implode()))

    mine = rows("goal", touched["goal"])
    path = level = mine["goal"].unique()
    while level.len():
        above = rows("goal", level)["parent"].drop_nulls().unique()
        level = above.filter(~above.is_in(path.implode()))
        path = pl.concat([path, level])
    sheets = rows("owner", mine["owner"].unique())
    beside = rows("parent", pl.concat([mine["parent"].drop_nulls(), mine["goal"]]).unique())
    return pl.concat([path, sheets["goal"], sheets["parent"].drop_nulls(), beside["goal"]]).unique()


def _named_by_plans(company: Company) -> pl.Series:
    """Return the goals that plans read, and the goals of those whose scores they read."""
    named = [str(one.of) for plan in company.plans.values() for one in inputs_needed(plan) if one.of]
    return company.goals.filter(pl.col("goal").is_in(named) | pl.col("owner").is_in(named))["goal"]


def _only(company: Company, goals: pl.Series) -> Company:
    """Return a company with some of its goals, and of its people those that these name."""
    kept = company.goals.filter(pl.col("goal").is_in(goals.implode()))
    named = pl.concat([kept["owner"], kept["scope"]]).unique().implode()
    return replace(
        company,
        goals=kept,
        targets=company.targets.filter(pl.col("goal").is_in(goals.implode())),
        people=company.people.filter(pl.col("person").is_in(named)),
        assignments=company.assignments.filter(pl.col("person").is_in(named)),
    )


def _problems(company: Company) -> list[Any]:
    places = nowhere(company)
    return [problem for check in CHECKS for problem in check(company, places)]
