"""The results of goals: what was measured, what was asked, what it earned, and where the goal stands."""

import dataframely as dy

from kpiflow.core.status import Status


class GoalResults(dy.Schema):
    """One row per goal and period. Anchors are those of the period's window; `cycle_target` is the whole cycle's.

    attainment, pace, coverage and share are ratios (1 is 100 %). Absent is null, never 0.
    `score` is points × share, so an owner's scores add up to the owner's score.
    """

    goal = dy.String(primary_key=True)
    parent = dy.String(nullable=True)
    owner = dy.String()
    owner_kind = dy.String()
    scope = dy.String()
    scope_kind = dy.String()
    kind = dy.String()
    label = dy.String()
    label_zh = dy.String(nullable=True)
    metric = dy.String(nullable=True)
    commitment = dy.String()
    rollup = dy.String()
    depth = dy.Int32()
    period = dy.String()
    actual = dy.Float64(nullable=True)
    numerator = dy.Float64(nullable=True)
    denominator = dy.Float64(nullable=True)
    rows = dy.Int64()
    last_day = dy.Date(nullable=True)
    baseline = dy.Float64(nullable=True)
    threshold = dy.Float64(nullable=True)
    target = dy.Float64(nullable=True)
    stretch = dy.Float64(nullable=True)
    low = dy.Float64(nullable=True)
    high = dy.Float64(nullable=True)
    cycle_target = dy.Float64(nullable=True)
    expected = dy.Float64(nullable=True)
    attainment = dy.Float64(nullable=True)
    pace = dy.Float64(nullable=True)
    points = dy.Float64(nullable=True)
    target_points = dy.Float64(nullable=True)  # what meeting the target earns
    weight = dy.Float64()
    rollup_weight = dy.Float64(nullable=True)
    share = dy.Float64(nullable=True)  # of the owner's goals under the same goal of that owner, over those with points
    score = dy.Float64(nullable=True)
    status = dy.Enum([status.value for status in Status])
    coverage = dy.Float64()  # share of weight below it that has data
    missing = dy.String(nullable=True)  # the policy that had to stand in
    convention = dy.String(nullable=True)
    curve = dy.String(nullable=True)
    phasing = dy.String(nullable=True)
    accrual = dy.String(nullable=True)
    window = dy.String(nullable=True)
