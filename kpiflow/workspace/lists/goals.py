"""Goals, their tree and their results as lists: what everybody may read of units, and of people within reach."""

import datetime
from collections.abc import Hashable
from dataclasses import dataclass

import polars as pl

from kpiflow.access.reach import Reach
from kpiflow.cascade.tree import subtree
from kpiflow.core.goal import OwnerKind
from kpiflow.core.status import Status
from kpiflow.errors import not_found
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.goal_page import find
from kpiflow.workspace.labels import with_metric_names, with_owner_names
from kpiflow.workspace.lists.organisation import assigned, units_below
from kpiflow.workspace.lists.part import FIRST, Listed, Part, picked, seen_by, sight_of
from kpiflow.workspace.results import results


@dataclass(frozen=True)
class GoalsWanted:
    """A filter on goals; absent leaves that side free.

    `owner` is a unit or person, `unit` one with all units and people below it, `text` words in ids and names.
    """

    owner: str | None = None
    unit: str | None = None
    status: str | None = None
    metric: str | None = None
    text: str | None = None


EVERY = GoalsWanted()


def goals(
    ws: Books,
    asker: Asker,
    period: str,
    as_of: datetime.date | None = None,
    wanted: GoalsWanted = EVERY,
    *,
    part: Part = FIRST,
) -> Listed:
    """Return a part of the goals in play in a period that may be read and fit, parents before children.

    GoalResults with owner_label, owner_label_zh, metric_label, metric_label_zh, measure, currency and example. Raises
    NotFound for a period, unit, owner, metric or status that there is not.
    """
    ws.may(asker, "read_goals").require()
    rows, reach = results(ws, period, as_of), ws.reach(asker)
    conditions = fitting(ws, wanted, reach, as_of)
    key: Hashable = ("goals", period, ws.measured(as_of), sight_of(reach), wanted)
    return _named(ws, picked(ws, key, rows, seen_by(reach, *conditions), part), as_of)


def tree(
    ws: Books,
    asker: Asker,
    period: str,
    as_of: datetime.date | None = None,
    *,
    root: str | None = None,
    levels: int | None = None,
    part: Part = FIRST,
) -> Listed:
    """Return a part of the goal tree below a goal, or of all of it, parents before children, with the columns of `goals`.

    `levels` is how far down from the root, 0 the root alone. Raises NotFound for a goal that there is not, or Refused.
    """
    ws.may(asker, "read_goals").require()
    rows, reach = results(ws, period, as_of), ws.reach(asker)
    top = None if root is None else find(ws, asker, rows, root)
    conditions = []
    if top is not None:
        inside = subtree(rows.select("goal", "parent"), top["goal"])["goal"]
        conditions.append(pl.col("goal").is_in(inside.implode()))
    if levels is not None:
        conditions.append(pl.col("depth") <= (0 if top is None else top["depth"]) + levels)
    key: Hashable = ("tree", period, ws.measured(as_of), sight_of(reach), root, levels)
    return _named(ws, picked(ws, key, rows, seen_by(reach, *conditions), part), as_of)


def fitting(ws: Books, wanted: GoalsWanted, reach: Reach, as_of: datetime.date | None) -> list[pl.Expr]:
    """Return the conditions that a filter on goals means; raises NotFound for a word that there is not."""
    company, found = ws.company(as_of), []
    if wanted.owner is not None:
        # Whoever is outside reach is answered as if there were nobody of that name.
        people = company.people["person"] if reach.people is None else sorted(reach.people)
        known = [*company.units["unit"], *people]
        if wanted.owner not in known:
            raise not_found(msg("unit or person"), wanted.owner, known)
        found.append(pl.col("owner") == wanted.owner)
    if wanted.unit is not None:
        below = units_below(ws, wanted.unit, as_of)
        here = assigned(ws, as_of).filter(pl.col("unit").is_in(below.implode()))["person"]
        of_unit = pl.col("owner_kind").cast(pl.String) == OwnerKind.UNIT.value
        found.append(
            pl.when(of_unit)
            .then(pl.col("owner").is_in(below.implode()))
            .otherwise(pl.col("owner").is_in(here.implode()))
        )
    for column, word, words in (
        ("metric", wanted.metric, list(company.metrics)),
        ("status", wanted.status, [one.value for one in Status]),
    ):
        if word is not None:
            if word not in words:
                raise not_found(msg("metric") if column == "metric" else msg("status"), word, words)
            found.append(pl.col(column).cast(pl.String) == word)
    for word in (wanted.text or "").casefold().split():
        names = (pl.col(name).fill_null("").str.to_lowercase() for name in ("goal", "label", "label_zh", "owner"))
        found.append(pl.any_horizontal(name.str.contains(word, literal=True) for name in names))
    return found


def _named(ws: Books, chosen: Listed, as_of: datetime.date | None) -> Listed:
    """Return the rows of one part with the names of owners and metrics."""
    company = ws.company(as_of)
    return Listed(with_metric_names(with_owner_names(chosen.rows, company), company), chosen.after, chosen.total)
