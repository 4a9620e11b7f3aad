"""The words of a goal: its kind, how its result comes about, and what happens when there is no data."""

from enum import StrEnum


class GoalKind(StrEnum):
    """What sort of node of the goal tree it is."""

    OBJECTIVE = "objective"  # has no metric of its own: its children say how it stands
    KPI = "kpi"  # measured by a metric
    KEY_RESULT = "key_result"  # measured by a metric, as the result of an objective
    MILESTONE = "milestone"  # steps that are reached or not
    RUBRIC = "rubric"  # a situation somebody judges, with the points it is worth


class OwnerKind(StrEnum):
    """Who answers for a goal, or whose measurements count for it."""

    UNIT = "unit"
    PERSON = "person"


class Rollup(StrEnum):
    """Where a goal's points come from; chosen per goal and never mixed silently."""

    OWN = "own"  # its metric, measured for its scope
    CHILDREN = "children"  # weighted mean of its children's points, over those with data
    WORST = "worst"  # the lowest of its children's points


class Commitment(StrEnum):
    """Whether a goal counts for appraisal and pay."""

    COMMITTED = "committed"
    ASPIRATIONAL = "aspirational"


class Stage(StrEnum):
    """How far a goal has come from proposal to close; only agreed and active goals are scored."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    ACTIVE = "active"
    CLOSED = "closed"


class Accrual(StrEnum):
    """Which days a period's actual covers."""

    TO_DATE = "to_date"  # from the first day of the cycle to the period's end
    PER_PERIOD = "per_period"  # the period alone
