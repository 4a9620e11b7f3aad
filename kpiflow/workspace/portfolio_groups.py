"""What is off track in groups, the worst first: by what is measured and by whose it is, each with its cause and its worst goals."""

import datetime
from collections.abc import Mapping
from typing import Any

import polars as pl

from kpiflow.core.goal import OwnerKind
from kpiflow.core.status import Status
from kpiflow.definitions.company import Company
from kpiflow.language import Message, Name, msg
from kpiflow.workspace.books import Books
from kpiflow.workspace.handing_down.target_answers import OffTrackGroup
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.reporting.questions import asked_of

#: Groups of a kind that are told, and how many of each group's goals stand in it; the filters lead to the rest.
GROUPS, WORST = 15, 3

#: How many names the words about a group give.
NAMED = 2


def placed_below(ws: Books, rows: pl.DataFrame, unit: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Add `branch`: the unit right below `unit` that a goal off track lies in; `unit` for its own."""
    right_below = ws.company(as_of).units.filter(pl.col("parent") == unit).select(ancestor="unit")
    branches = ws.unit_tree(as_of).join(right_below, on="ancestor").select(scope_unit="unit", branch="ancestor")
    joined = rows.join(branches, on="scope_unit", how="left", maintain_order="left")
    return joined.with_columns(branch=pl.coalesce("branch", pl.lit(unit)))


def worst_of(placed: pl.DataFrame) -> pl.DataFrame:
    """Return the goals that stand in any group, each once, in the order of the list."""
    chosen = [
        placed.filter(pl.col(column).is_in(_largest(placed, column).implode())).group_by(column).head(WORST)["goal"]
        for column in ("metric", "branch")
    ]
    return placed.filter(pl.col("goal").is_in(pl.concat(chosen).implode()))


def by_metric(
    company: Company,
    placed: pl.DataFrame,
    missed: Mapping[str, Message],
    causes: Mapping[str, Message],
    unit: str,
) -> tuple[OffTrackGroup, ...]:
    """Return what is off track by metric; the cause of each is told of `unit`'s own goal where that one is short.

    `placed` is everything off track, the furthest behind first; `missed` says whose the miss of a unit's own goal is.
    """
    units = _names(company.units, placed, "branch")
    found = []
    for metric in _largest(placed, "metric"):
        rows = placed.filter(pl.col("metric") == metric)
        row = rows.row(0, named=True)
        why = missed.get(_own(rows, unit)) or _most(rows, "branch", units, causes)
        found.append(_group(metric, name_of(row, "metric_label"), rows, causes, why=why))
    return tuple(found)


def by_unit(
    ws: Books, placed: pl.DataFrame, missed: Mapping[str, Message], causes: Mapping[str, Message], unit: str
) -> tuple[OffTrackGroup, ...]:
    """Return what is off track by the units right below one, and its own, with who answers for each."""
    units = _names(ws.company().units, placed, "branch")
    metrics = {row["metric"]: name_of(row, "metric_label") for row in placed.unique("metric").iter_rows(named=True)}
    found = []
    for branch in _largest(placed, "branch"):
        rows = placed.filter(pl.col("branch") == branch)
        answers = asked_of(ws, {"owner_kind": OwnerKind.UNIT.value, "owner": branch})
        alone = missed.get(_own(rows, branch)) if len(metrics) == 1 else None
        why = alone or _most(rows, "metric", metrics, causes)
        named = units.get(branch, Name(branch))
        found.append(
            _group(branch, named, rows, causes, why=why, who=answers[1] if answers else None, itself=branch == unit)
        )
    return tuple(found)


def _names(units: pl.DataFrame, placed: pl.DataFrame, column: str) -> dict[str, Name]:
    """Return the names of the units in a column; a company may have ten thousand others."""
    named = units.filter(pl.col("unit").is_in(placed[column].unique().implode()))
    return {row["unit"]: name_of(row) for row in named.iter_rows(named=True)}


def _largest(placed: pl.DataFrame, column: str) -> pl.Series:
    """Return the groups with most goals behind, then with most goals."""
    behind = (pl.col("status") == Status.BEHIND.value).sum()
    counted = placed.filter(pl.col(column).is_not_null()).group_by(column).agg(behind=behind, count=pl.len())
    return counted.sort("behind", "count", column, descending=[True, True, False])[column].head(GROUPS)


def _group(key: str, name: Name, rows: pl.DataFrame, causes: Mapping[str, Message], **more: Any) -> OffTrackGroup:
    first = rows.head(WORST)
    return OffTrackGroup(
        key, name, rows.height, rows.filter(pl.col("status") == Status.BEHIND.value).height,
        first, tuple(causes.get(goal) for goal in first["goal"]), **more,
    )  # fmt: skip


def _own(rows: pl.DataFrame, unit: str) -> str:
    """Return the goal of a unit itself among some rows, the furthest behind of several; "" where it has none."""
    own = rows.filter(pl.col("owner") == unit, pl.col("owner_kind") == OwnerKind.UNIT.value)["goal"]
    return str(own[0]) if own.len() else ""


def _most(rows: pl.DataFrame, column: str, names: Mapping[str, Name], causes: Mapping[str, Message]) -> Message | None:
    """Return where most goals of a group are; where there is one of each, the furthest behind; of a single goal, its cause."""
    if rows.height == 1:
        return causes.get(rows["goal"][0])
    counted = rows.group_by(column).len().sort("len", column, descending=[True, False]).head(NAMED)
    if counted["len"][0] == 1:
        first = rows[column][0]
        return msg("Furthest behind: {name}.", name=names.get(first, Name(str(first))))
    parts = [
        msg("{name} ({count})", name=names.get(key, Name(str(key))), count=count) for key, count in counted.iter_rows()
    ]
    return msg("Most: {parts}.", parts=parts)
