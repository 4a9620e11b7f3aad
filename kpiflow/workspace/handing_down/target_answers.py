"""What the executive's desk is answered with: targets to set, the strategy as a picture, and what is off track."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.language import Message, Name
from kpiflow.workspace.answers import Choice


@dataclass(frozen=True, eq=False)
class TargetDesk:
    """The goals whose targets the person asking may set, one page of them.

    rows: goal, label, label_zh, kind, owner_kind, owner, owner_label, owner_label_zh, metric, metric_label, metric_label_zh,
      measure, currency, baseline, threshold, target, stretch, low, high, weight, phasing, phasing_label,
      phasing_label_zh, actual, points, status, earlier (list: the actual of each cycle of `earlier`, null where none was
      measured), spark (list of monthly actuals).
    total: how many goals fit; earlier: the cycles before this one, the latest first. unit: the unit looked at, None for
      all of the hand; path: the units above it; units: those right below it that targets may be set for.
    parents, metrics and curves are what a goal added to the unit can be made of.
    """

    sentence: tuple[Message, ...]
    rows: pl.DataFrame
    total: int
    earlier: tuple[str, ...]
    unit: str | None
    path: tuple[Choice, ...]
    units: tuple[Choice, ...]
    parents: tuple[Choice, ...]
    metrics: tuple[Choice, ...]
    curves: tuple[Choice, ...]


@dataclass(frozen=True, eq=False)
class TargetForm:
    """One goal's targets as they can be changed now.

    row: the goal's row of the plan with label, owner_label, metric_label, measure, currency, direction, actual, points, status.
    may: whether the person asking may change it, and why. fields: what can be changed, in order.
    phasing: how its target is spread now; phasings: how it can be. months: period, target, part, actual of every month.
    written: period, target: what is written per period.
    history: at, who, who_zh, field, before, after, reason of every change of its targets, the newest first.
    """

    goal: str
    name: Name
    row: Mapping[str, Any]
    may: Decision
    fields: tuple[str, ...]
    phasing: str | None
    phasings: tuple[Choice, ...]
    months: pl.DataFrame
    written: pl.DataFrame
    history: pl.DataFrame


@dataclass(frozen=True)
class NewGoal:
    """A goal somebody wants to add. Amounts may be texts such as `79.3%`; without a curve points follow attainment.

    `goal` is its id: without one it is made of the owner and the metric.
    """

    owner: str
    metric: str
    parent: str | None = None
    owner_kind: str | None = None
    label: str | None = None
    label_zh: str | None = None
    target: object = None
    baseline: object = None
    threshold: object = None
    stretch: object = None
    low: object = None
    high: object = None
    weight: object = 1
    curve: str | None = None
    phasing: str | None = None
    goal: str | None = None


@dataclass(frozen=True, eq=False)
class GoalPreview:
    """A goal added or closed, before it is: what it does above, and what must be mended first; nothing is written by asking.

    row: the goal as it would stand in the plan; `closes` says that it is there already and would be closed.
    goals and owners: as in ChangePreview.
    """

    sentence: tuple[Message, ...]
    goal: str
    period: str
    row: Mapping[str, Any]
    closes: bool
    goals: pl.DataFrame
    owners: pl.DataFrame
    obstacles: tuple[Message, ...]
    version: int
    as_of: Any = None


@dataclass(frozen=True, eq=False)
class Strategy:
    """Objectives, goals and owners as layers of a picture.

    nodes: id, what (`goal` or `owner`), layer (0 is leftmost), place (from the top), goal, owner_kind, owner, label,
      label_zh, owner_label, owner_label_zh, metric, measure, currency, actual, target, points, status, weight (its part of
      the picture's whole),
      behind, at_risk, on_pace (an owner's goals below the ones shown), below (goals that are folded away below it).
    links: source, target (ids of nodes), how (`contributes` or `supports`), weight.
    hidden: how many owners are left out. unit: whose strategy it is; path: the units above it.
    """

    sentence: tuple[Message, ...]
    nodes: pl.DataFrame
    links: pl.DataFrame
    hidden: int
    unit: str
    path: tuple[Choice, ...]
    units: tuple[Choice, ...]


@dataclass(frozen=True, eq=False)
class OffTrackGroup:
    """Goals off track that belong together, by metric or by unit: how many, how many of them behind, and why.

    rows: the worst of them, as in Portfolio without what was said, and `causes`, one for each. why: what explains most of
    them. who: who answers for them, of a unit. itself: whether these are the own goals of the unit looked at.
    """

    id: str
    name: Name
    count: int
    behind: int
    rows: pl.DataFrame
    causes: tuple[Message | None, ...]
    why: Message | None
    who: Name | None = None
    itself: bool = False


@dataclass(frozen=True, eq=False)
class Portfolio:
    """What is off track, one page of it, the furthest behind first.

    rows: goal, label, label_zh, owner_kind, owner, owner_label, owner_label_zh, actual, expected, target, gap, pace, status,
      measure, currency, example, since (the first month of the stretch it has been off track in), since_before (whether it
      was so from the first month), cause (Message or None), words, said_by, said_by_zh, said_at (the last word about it),
      asks (the person a question goes to, None when nobody), asks_label, asks_label_zh.
    total: how many goals fit the filters. units and metrics: what can be filtered by. by_metric and by_unit: the same goals
      in groups, those with most behind first; empty where there would be a single one.
    """

    rows: pl.DataFrame
    causes: tuple[Message | None, ...]
    total: int
    units: tuple[Choice, ...]
    metrics: tuple[Choice, ...]
    by_metric: tuple[OffTrackGroup, ...] = ()
    by_unit: tuple[OffTrackGroup, ...] = ()
