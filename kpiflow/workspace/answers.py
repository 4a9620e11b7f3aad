"""What the workspace answers with: everything a page, command or endpoint shows, each number with its reason."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.language import Message, Name


@dataclass(frozen=True)
class Reason:
    """A titled group of sentences that say why a number is what it is."""

    title: Message
    lines: tuple[Message, ...]


@dataclass(frozen=True)
class Headline:
    """The enterprise in numbers: points now and in the period before, and shares of goals by status (1 is 100 %)."""

    score: float | None
    score_before: float | None
    goals: int
    shares: dict[str, float]
    coverage: float | None
    pay_total: float | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Overview:
    """The Overview page. Frames carry ids, labels in both languages and `status`.

    tree: goal, parent, label, label_zh, owner_label, owner_label_zh, weight (its part of the whole, 1 at the root),
      points, pace, status, measure, actual, target; the upper levels. Only one root row has a null parent.
    heat: unit, unit_label, unit_label_zh, unit_parent, weighty (the metric's weight in all units), metric, metric_label,
      metric_label_zh, goal, actual, target, pace, status, measure, currency; one row per unit and metric.
    moved: label, label_zh, goal, change (points that goal moved the score by), in order; they add up to
      headline.score − headline.score_before.
    worst, improved: goal, label, label_zh, owner, owner_label, owner_label_zh, actual, target, gap, pace, points,
      change, status, measure, currency.
    """

    sentence: tuple[Message, ...]
    headline: Headline
    tree: pl.DataFrame
    heat: pl.DataFrame
    moved: pl.DataFrame
    worst: pl.DataFrame
    improved: pl.DataFrame
    period: str
    period_before: str | None
    example: bool


@dataclass(frozen=True)
class GoalPage:
    """One goal. `row` is its GoalResults row plus label, owner_label, metric_label, measure, currency, definition, example.

    series: period, starts, ends, actual, target, pace, status; one row per month of the cycle that has begun, and
      `cumulative` says whether actuals and targets pile up from month to month.
    children: goal, label, label_zh, owner_label, owner_label_zh, points, pace, status, weight, share, contribution,
      actual, target, measure, counted (bool: whether the parent's points come from it).
    rows: the newest measurement rows behind the actual (day, metric, unit, person, value, numerator, denominator,
      load, source, row, cell, recorded_at); row_count counts all of them. loads: load, source, recorded_at, who, rows.
    path: goal ids and names from the root down to this goal.
    silent: since when a live source of its metric has brought nothing; empty while all of them answer.
    """

    sentence: tuple[Message, ...]
    row: dict[str, Any]
    series: pl.DataFrame
    cumulative: bool
    children: pl.DataFrame
    why: tuple[Reason, ...]
    rows: pl.DataFrame
    row_count: int
    loads: pl.DataFrame
    path: tuple[tuple[str, Name], ...]
    silent: tuple[Message, ...] = ()


@dataclass(frozen=True)
class PlanPay:
    """What one plan would pay a person for a period.

    lines: line, label (Message), formula (Message), amount (Decimal | None), value, unit, unmet.
    """

    plan: str
    label: Name
    period: str
    lines: tuple[dict[str, Any], ...]
    total: Decimal | None
    currency: str


@dataclass(frozen=True)
class Progress:
    """One person's progress: goals in the order of what needs attention first.

    goals: GoalResults columns plus metric_label, metric_label_zh, measure, currency, example, needed (what the rest of
      the cycle must bring or hold to reach the target; null when it is reached or cannot be said), needed_unit
      ("per_week" for amounts, "in_all" for less than one a week of a count, "remaining" for amounts to keep low, "hold"
      for rates, "out_of_reach" when no rest of the cycle could bring it), spark (list of monthly actuals).
    appraisal: person, unit, role, score, grade, coverage, scorecard … or None when there is nothing to appraise.
    pays: what every plan that reaches the person would pay, in the order the plans are written: a yearly one for the whole
      cycle, whatever part of it is looked at; a shorter one for its period that holds the one looked at, or, seen from a
      longer one, for the newest of its periods that has begun. Empty for whoever may not read the person's pay.
    """

    sentence: tuple[Message, ...]
    person: str
    name: Name
    unit: str | None
    unit_name: Name | None
    role_name: Name | None
    goals: pl.DataFrame
    appraisal: dict[str, Any] | None
    appraisal_why: tuple[Message, ...]
    pays: tuple[PlanPay, ...]
    cycle: str
    path_up: tuple[tuple[str, Name], ...]

    @property
    def pay_total(self) -> Decimal | None:
        """What the plans that pay for the whole cycle come to; None where that cannot be said in one currency."""
        yearly = [one for one in self.pays if one.period == self.cycle]
        if len({one.currency for one in yearly}) != 1:
            return None
        known = [one.total for one in yearly if one.total is not None]
        return sum(known, Decimal(0)) if len(known) == len(yearly) else None


#: The columns of a change of how a target is spread.
PHASING = {"goal": pl.String, "before": pl.String, "after": pl.String}
WRITTEN = {"goal": pl.String, "period": pl.String, "before": pl.Float64, "after": pl.Float64}
MONTHS = {**WRITTEN, "eased": pl.Boolean}


@dataclass(frozen=True)
class Choice:
    """Something a person can pick from a list: an id and its name, with a second line or a kind where it helps."""

    id: str
    name: Name
    note: Name | None = None
    kind: str | None = None


@dataclass(frozen=True, eq=False)
class ChangePreview:
    """What a change of goals would do, below and above, before it is made; nothing is written by asking.

    changes: goal, field, before, after, eased (whether it becomes easier to reach): exactly what making it writes.
    goals: goal, label, label_zh, owner_kind, owner, owner_label, owner_label_zh, metric, measure, currency, place
      (`changed`, `above`, `below` or `beside`), and before_… and after_… of target, cycle_target, weight, share,
      points, score and status; the goals that change, the changed ones first.
    owners: owner_kind, owner, owner_label, owner_label_zh, before, after (points), of those whose points change.
    resplit: goal, label, label_zh, parent, owner_kind, owner, owner_label, owner_label_zh, metric, measure, currency,
      target_before, target, basis: new targets offered to the goals below.
    obstacles: what must be mended first; with any of them the change cannot be made.
    touched: how many owners have a goal among the changes. version: the definitions it was worked out from.
    phasing: goal, before, after (ids) and written: goal, period, before, after: how the target is spread, where that
      changes; months: goal, period, before, after, eased: what each month then asks for.
    pay_before, pay_after, currency: what all plans of the cycle pay in all, for those who may read everybody's pay.
    """

    sentence: tuple[Message, ...]
    goal: str
    period: str
    changes: pl.DataFrame
    goals: pl.DataFrame
    owners: pl.DataFrame
    resplit: pl.DataFrame
    obstacles: tuple[Message, ...]
    touched: int
    version: int
    as_of: Any = None
    phasing: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PHASING))
    written: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WRITTEN))
    months: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MONTHS))
    pay_before: Any = None
    pay_after: Any = None
    currency: str | None = None

    @property
    def eased(self) -> bool:
        """Whether anything becomes easier to reach, which needs a reason."""
        return bool(self.changes["eased"].any()) or bool(self.months["eased"].any())

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs from what is there."""
        return not (self.changes.height or self.phasing.height or self.written.height)


@dataclass(frozen=True, eq=False)
class SplitPreview:
    """A target split over children, before it is made.

    lines: goal, label, label_zh, owner_kind, owner, owner_label, owner_label_zh, target_before, target, locked, weight,
      exact (before rounding), basis (the method, or `locked`), measure, currency; one row per child.
    why: child → the reason for its target. `assigned`, `unassigned` and `over` for amounts, `weighted_mean` and
    `difference` for rates; the others are None. effect: what it does below and above, and what making it writes.
    said: the split as the journal keeps it, so that it can be split again the same way.
    """

    sentence: tuple[Message, ...]
    goal: str
    metric: str
    method: str
    period: str
    target: float
    buffer: float
    lines: pl.DataFrame
    why: dict[str, Message]
    assigned: float | None
    unassigned: float | None
    over: float | None
    weighted_mean: float | None
    difference: float | None
    effect: ChangePreview
    said: dict[str, Any]


@dataclass(frozen=True)
class Made:
    """What was written: the number of the change (None: nothing differed), its line in the journal, goals and owners."""

    change: int | None
    entry: int | None
    goals: int
    owners: int


@dataclass(frozen=True, eq=False)
class Reconciled:
    """Whether the targets below a goal come to its own.

    row: the columns of a reconciliation (goal, metric, target, assigned, unassigned, over_assigned, buffer, way,
      children, weighted_mean, difference, state, without_target, without_volume, volume_share, volumes_of).
    children: goal, label, label_zh, owner_kind, owner, owner_label, owner_label_zh, target, volume, measure, currency.
    """

    sentence: tuple[Message, ...]
    row: dict[str, Any]
    children: pl.DataFrame
