"""The anchors of one goal as they stand in a window and by now, worked out from the definitions of phasing.

Floor 4, part of scoring. Reads no clock, file or database.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from kpiflow.core.calendar import Period
from kpiflow.core.goal import Accrual, GoalKind
from kpiflow.core.metric import Metric, MetricKind
from kpiflow.core.phasing import PhasingKind
from kpiflow.frames.goals import ANCHORS
from kpiflow.scoring.attainment import DEFAULTS
from kpiflow.scoring.reference.measuring import Days
from kpiflow.scoring.reference.world import Goal, World
from kpiflow.scoring.rounding import snap_exact

Anchors = Mapping[str, Fraction | None]


@dataclass(frozen=True)
class Settings:
    """What a goal's own settings and its metric's make together. `months` is the length of a rolling window."""

    accrual: str
    phasing: str
    convention: str
    accrues: bool
    months: int | None
    to_date: bool


def settings_of(goal: Goal, metric: Metric) -> Settings:
    """Return the settings of a goal, with what it leaves to its metric."""
    months = metric.window.months if metric.window is not None else None
    cumulative = metric.kind is MetricKind.CUMULATIVE
    accrues = metric.accrues and months is None
    accrual = goal.setting("accrual") or (Accrual.TO_DATE.value if accrues else Accrual.PER_PERIOD.value)
    if cumulative and months is None:
        accrual = Accrual.TO_DATE.value
    whole = goal.setting("kind") in (GoalKind.MILESTONE, GoalKind.RUBRIC)
    phasing = goal.setting("phasing") or (PhasingKind.EVEN.value if accrues and not whole else PhasingKind.FLAT.value)
    # There or not there; a milestone of several steps has their number as its target, and is measured like any other.
    single = goal.setting("kind") == GoalKind.MILESTONE and goal.anchors["target"] in (None, 1)
    usual = "reached" if single else DEFAULTS[metric.direction]
    to_date = accrual == Accrual.TO_DATE or cumulative
    return Settings(accrual, phasing, goal.setting("attainment") or usual, accrues, months, to_date)


def days_of(world: World, settings: Settings) -> Days:
    """Return the days whose facts count."""
    period = world.moment.period
    if settings.months is not None:
        after = period.ends + datetime.timedelta(days=1)
        months = after.year * 12 + after.month - 1 - settings.months
        return datetime.date(months // 12, months % 12 + 1, min(after.day, 28)), period.ends
    return (world.moment.cycle.starts if settings.to_date else period.starts), period.ends


def anchors_of(world: World, goal: Goal, settings: Settings) -> tuple[Anchors, Anchors]:
    """Return the goal's anchors for the whole window, and as they stand by now."""
    phasing = world.rules.phasings[settings.phasing]
    moment = world.moment
    if phasing.kind is PhasingKind.EXPLICIT:
        return _written(world, goal, settings)
    if phasing.kind is PhasingKind.FLAT:
        whole, now = Fraction(1), Fraction(1)
    else:
        from_start = settings.accrual == Accrual.TO_DATE or phasing.kind is PhasingKind.RAMP
        before = moment.period.starts - datetime.timedelta(days=1)
        start = Fraction(0) if from_start else _share(world, settings.phasing, before)
        whole = _share(world, settings.phasing, moment.period.ends) - start
        now = max(Fraction(0), _share(world, settings.phasing, moment.until) - start)
    ramp = phasing.kind is PhasingKind.RAMP
    return (
        {name: _portion(goal, name, whole, ramp=ramp) for name in ANCHORS},
        {name: _portion(goal, name, now, ramp=ramp) for name in ANCHORS},
    )


def _portion(goal: Goal, name: str, share: Fraction, *, ramp: bool) -> Fraction | None:
    value, base = goal.anchors[name], goal.anchors["baseline"]
    if value is None:
        return None
    if not ramp:
        return snap_exact(value * share)
    if name in ("baseline", "low", "high"):
        return snap_exact(value)
    return None if base is None else snap_exact(base + (value - base) * share)


def _share(world: World, phasing: str, until: datetime.date) -> Fraction:
    """Return the share of the cycle's target that belongs to its days up to `until`."""
    index = world.rules.phasings[phasing].index
    if not index:
        return _passed(world.moment.cycle, until)
    months = world.rules.calendar.months(world.moment.cycle)
    parts = [Fraction(part) * _passed(month, until) for part, month in zip(index, months, strict=True)]
    return sum(parts, Fraction(0)) / Fraction(sum(index))


def _passed(period: Period, until: datetime.date) -> Fraction:
    """Return how much of a period is over at the end of a day."""
    days = (min(until, period.ends) - period.starts).days + 1
    return Fraction(max(days, 0), period.days)


def _written(world: World, goal: Goal, settings: Settings) -> tuple[Anchors, Anchors]:
    """Return anchors that are written per period; others follow the target where it is an amount."""
    rows = {
        world.rules.calendar.periods[period]: anchors
        for (name, period), anchors in world.written.items()
        if name == goal.goal and period in world.rules.calendar.periods
    }
    if settings.accrues:
        whole, expected = _amounts(world, rows, days_of(world, settings))
    else:
        whole = _level(rows, world.moment.period.ends)
        expected = _level(rows, world.moment.until).get("target")
    own = goal.anchors["target"]

    def kept(name: str, target: Fraction | None) -> Fraction | None:
        value = goal.anchors[name]
        if value is None or value == 0 or not settings.accrues:
            return value
        return value * target / own if target is not None and own else None

    target = whole.get("target")
    found = {name: kept(name, target) for name in ("baseline", "low", "high")}
    found |= {
        name: whole[name] if whole.get(name) is not None else kept(name, target) for name in ("threshold", "stretch")
    }
    by_now = {name: kept(name, expected) for name in ("baseline", "low", "high")}
    snapped = ({**found, "target": target}, {**by_now, "target": expected})
    both = [{name: None if value is None else snap_exact(value) for name, value in part.items()} for part in snapped]
    return both[0], both[1]


def _amounts(world: World, rows: Mapping[Period, Anchors], days: Days) -> tuple[Anchors, Fraction | None]:
    """Return sums over the finest periods that fill the window, and how much of the target belongs to now."""
    fills = []
    for kind in {period.kind for period in rows}:
        inside = [
            period for period in rows if period.kind is kind and days[0] <= period.starts and period.ends <= days[1]
        ]
        if inside and sum(period.days for period in inside) == (days[1] - days[0]).days + 1:
            fills.append(inside)
    if not fills:
        return {}, None
    finest = max(fills, key=len)
    sums: dict[str, Fraction | None] = {}
    for name in ("threshold", "target", "stretch"):
        parts = [rows[period].get(name) for period in finest]
        known = [part for part in parts if part is not None]
        sums[name] = sum(known, Fraction(0)) if len(known) == len(parts) else None
    until = world.moment.until
    return sums, sum(((rows[period]["target"] or 0) * _passed(period, until) for period in finest), Fraction(0))


def _level(rows: Mapping[Period, Anchors], day: datetime.date) -> Anchors:
    """Return what is written for the shortest period a day lies in."""
    holding = [period for period in rows if period.starts <= day <= period.ends]
    return rows[min(holding, key=lambda period: period.days)] if holding else {}
