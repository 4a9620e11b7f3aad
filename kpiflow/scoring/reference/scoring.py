"""One goal after another: attainment, points, what stands in for missing data, roll-up, status and share.

Floor 4, part of scoring. Reads no clock, file or database.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kpiflow.core.calendar import PeriodKind
from kpiflow.core.goal import Commitment, Rollup
from kpiflow.core.status import Status, StatusRule
from kpiflow.scoring.attainment import CONVENTIONS
from kpiflow.scoring.attainment.convention import INFINITE
from kpiflow.scoring.given import Given
from kpiflow.scoring.missing import BY_NAME
from kpiflow.scoring.reference.measuring import Days, Measured, Scope, measure
from kpiflow.scoring.reference.spreading import Anchors, Settings, anchors_of, days_of, settings_of
from kpiflow.scoring.reference.world import Goal, World
from kpiflow.scoring.rounding import snap_exact


@dataclass(frozen=True)
class Result:
    """One goal's result, with the names of GoalResults; absent is None."""

    actual: Fraction | None = None
    measured: Measured = field(default_factory=Measured)
    target: Fraction | None = None
    expected: Fraction | None = None
    attainment: Fraction | None = None
    pace: Fraction | None = None
    points: Fraction | None = None
    coverage: Fraction = Fraction(0)
    missing: str | None = None
    blocked: bool = False
    outdated: bool = False
    status: str = Status.NO_DATA.value
    sheet: str | None = None
    share: Fraction | None = None
    score: Fraction | None = None


def score_world(world: World) -> dict[str, Result]:
    """Return the result of every goal."""
    found: dict[str, Result] = {}
    for goal in world.goals.values():
        _score(world, goal, found)
    return _shared_out(world, found)


def _score(world: World, goal: Goal, found: dict[str, Result]) -> Result:
    if goal.goal not in found:
        own = _leaf(world, goal)
        if goal.setting("rollup") != Rollup.OWN:
            below = [child for child in world.children(goal.goal) if _counts(goal, child)]
            own = _rolled(world, goal, own, [(child, _score(world, child, found)) for child in below])
        found[goal.goal] = own
    return found[goal.goal]


def _counts(parent: Goal, child: Goal) -> bool:
    """Return whether a child counts: what is committed is judged by what is committed alone."""
    committed = Commitment.COMMITTED.value
    return parent.setting("commitment") != committed or child.setting("commitment") == committed


def _leaf(world: World, goal: Goal) -> Result:
    """Return the goal measured by itself."""
    name = goal.setting("metric")
    if name is None:
        return Result()
    metric, moment = world.rules.metrics[name], world.moment
    settings = settings_of(goal, metric)
    days, scope = days_of(world, settings), (str(goal.setting("scope_kind")), str(goal.setting("scope")))
    measured = measure(world, name, days, scope)
    actual = None if measured.actual is None else snap_exact(measured.actual)
    missing = None if actual is not None else goal.setting("missing")
    has_data, last_day = actual is not None, measured.last_day
    if missing == "last_value":
        actual, known_day = _last_known(world, name, days, scope)
        last_day = last_day or known_day
    whole, now = anchors_of(world, goal, settings)
    given = Given(
        actual=actual,
        attainment=None,
        anchors=whole,
        better=Fraction(-1 if metric.direction == "lower" else 1),
        in_band=_in_band(world, goal, name, days, scope) if settings.convention == "share_in_band" else None,
    )
    old = last_day is not None and metric.fresh_for is not None and (moment.until - last_day).days > metric.fresh_for
    result = Result(
        actual=actual,
        measured=measured,
        target=whole["target"],
        expected=now["target"],
        coverage=Fraction(has_data),
        missing=missing,
        blocked=missing is not None and BY_NAME[missing].blocks,
        outdated=old or missing == "last_value",
    )
    return _earned(world, goal, settings, result, given=given, now=now)


def _earned(
    world: World, goal: Goal, settings: Settings, result: Result, *, given: Given[Fraction | None], now: Anchors
) -> Result:
    """Add attainment, points, pace and status."""
    convention, curve = CONVENTIONS[settings.convention], world.rules.curve(goal.setting("curve"))
    attainment = _snapped(convention.exact(given))
    given = replace(given, attainment=attainment)
    points = curve.exact(given)
    if points is None and result.missing == "zero":
        points = Fraction(0)
    if points is None and result.missing == "neutral":
        points = curve.exact(given.at_target(Fraction(1)))
    expects = Fraction(curve.expects(Commitment(str(goal.setting("commitment")))))
    reached = _snapped(convention.exact(replace(given, anchors=now)))
    pace = None if reached is None else snap_exact(reached / expects)
    most = curve.most_points()
    boundless = not result.target or _infinite(pace)
    stands = result.missing in (None, "last_value") and boundless
    if (pace is None or _infinite(pace)) and points is not None and most is not None and most > 0 and stands:
        pace = snap_exact(points / Fraction(most))
    judged = replace(result, attainment=attainment, points=points, pace=pace)
    status = _status(world, goal, judged)
    return replace(judged, attainment=_finite(attainment), pace=_finite(pace), status=status)


def _in_band(world: World, goal: Goal, metric: str, days: Days, scope: Scope) -> Fraction | None:
    """Return in how many of the months with data the actual lay within the band."""
    low, high = goal.anchors["low"], goal.anchors["high"]
    months = [
        measure(world, metric, (month.starts, month.ends), scope).actual
        for month in world.rules.calendar.periods.values()
        if month.kind is PeriodKind.MONTH and days[0] <= month.starts <= world.moment.until
    ]
    known = [actual for actual in months if actual is not None]
    if not known or low is None or high is None:
        return None
    return Fraction(sum(low <= snap_exact(actual) <= high for actual in known), len(known))


def _last_known(world: World, metric: str, days: Days, scope: Scope) -> tuple[Fraction | None, datetime.date | None]:
    """Return the actual of the latest month with data before the window, and that month's last day."""
    months = [
        month
        for month in world.rules.calendar.periods.values()
        if month.kind is PeriodKind.MONTH and month.ends < days[0]
    ]
    for month in sorted(months, key=lambda month: month.ends, reverse=True):
        actual = measure(world, metric, (month.starts, month.ends), scope).actual
        if actual is not None:
            return snap_exact(actual), month.ends
    return None, None


def _rolled(world: World, goal: Goal, own: Result, below: Sequence[tuple[Goal, Result]]) -> Result:
    """Return the goal with what its children make of it."""
    blocked = any(child.blocked for _, child in below)
    weighed = [(_weight(goal), child) for goal, child in below]
    if goal.setting("rollup") == Rollup.WORST:
        points = min((child.points for _, child in below if child.points is not None), default=None)
        pace = min((child.pace for _, child in below if child.pace is not None), default=None)
    else:
        points = _mean([(weight, child.points) for weight, child in weighed])
        pace = _mean([(weight, child.pace) for weight, child in weighed])
    outdated = [child.outdated for _, child in below if child.outdated or child.coverage > 0]
    days = [child.measured.last_day for _, child in below if child.measured.last_day is not None]
    rolled = replace(
        own,
        points=None if blocked else points,
        pace=None if blocked else pace,
        coverage=_mean([(weight, child.coverage) for weight, child in weighed]) or Fraction(0),
        missing="error" if blocked else None,
        blocked=blocked,
        outdated=bool(outdated) and all(outdated),
        measured=replace(
            own.measured, rows=sum(child.measured.rows for _, child in below), last_day=min(days, default=None)
        ),
    )
    return replace(rolled, status=_status(world, goal, rolled))


def _weight(goal: Goal) -> Fraction:
    """Return a goal's weight in the goal above."""
    return goal.weight if goal.rollup_weight is None else goal.rollup_weight


def _mean(parts: Sequence[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """Return the weighted mean of what is known, None where nothing that is known has weight."""
    total = sum((weight for weight, value in parts if value is not None), Fraction(0))
    if total == 0:
        return None
    return snap_exact(sum((weight * value for weight, value in parts if value is not None), Fraction(0)) / total)


def _status(world: World, goal: Goal, result: Result) -> str:
    """Return the status: silence first, then age, then the rules; done when the period is over and the pace kept."""
    if (result.points is None and result.pace is None) or result.missing not in (None, "last_value"):
        return Status.NO_DATA.value
    if result.outdated:
        return Status.OUTDATED.value
    ruled = next(
        (rule.status.value for rule in world.rules.statuses if _fits(rule, goal, result)), Status.NO_DATA.value
    )
    kept = result.pace is not None and result.pace >= 1
    return Status.DONE.value if kept and ruled == Status.ON_PACE and world.moment.over else ruled


def _fits(rule: StatusRule, goal: Goal, result: Result) -> bool:
    looked_at = {"pace": result.pace, "attainment": result.attainment, "points": result.points}[rule.measure.value]
    if looked_at is None or (rule.commitment is not None and goal.setting("commitment") != rule.commitment):
        return False
    return rule.at_least is None or looked_at >= Fraction(rule.at_least)


def _shared_out(world: World, found: dict[str, Result]) -> dict[str, Result]:
    """Return the results with each goal's share of its owner's sheet, and what it adds to the score."""
    sheets = {name: _sheet(world, goal) for name, goal in world.goals.items()}
    shared = {}
    for name, goal in world.goals.items():
        same = [
            other
            for other in world.goals.values()
            if other.owner == goal.owner
            and sheets[other.goal] == sheets[name]
            and other.setting("commitment") == goal.setting("commitment")
        ]
        total = sum((other.weight for other in same if found[other.goal].points is not None), Fraction(0))
        waits = any(found[other.goal].blocked for other in same)
        points, share, score = found[name].points, None, None
        if points is not None and total and not waits:
            share = snap_exact(goal.weight / total)
            score = snap_exact(points * share)
        shared[name] = replace(found[name], sheet=sheets[name], share=share, score=score)
    return shared


def _sheet(world: World, goal: Goal) -> str | None:
    """Return the nearest goal above with the same owner."""
    here = world.goals.get(goal.parent or "")
    while here is not None and here.owner != goal.owner:
        here = world.goals.get(here.parent or "")
    return None if here is None else here.goal


def _snapped(value: Fraction | None) -> Fraction | None:
    return None if value is None else snap_exact(value)


def _infinite(value: Fraction | None) -> bool:
    return value is not None and abs(value) >= INFINITE / 10**15


def _finite(value: Fraction | None) -> Fraction | None:
    return None if _infinite(value) else value
