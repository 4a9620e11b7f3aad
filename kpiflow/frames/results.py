"""The results of goals: what was measured, what was asked, what it earned, and where the goal stands."""

import dataframely as dy

from kpiflow.core.status import Status


class GoalResults(dy.Schema):
    """One row per goal and period. Anchors are those of the period's window; `cycle_target` is the whole cycle's.

    attainment, pace, coverage and share are ratios (1 is 100 %). Absent is null, never 0.
    `score` is points × share, so an owner's scores add up to the owner's score.
    """

    goal = dy.String(primary_key=True)  # its id
    parent = dy.String(nullable=True)  # the goal above
    owner = dy.String()  # the unit or person who answers for it
    owner_kind = dy.String()  # unit or person
    scope = dy.String()  # whose measurements count
    scope_kind = dy.String()  # unit or person
    kind = dy.String()  # objective, kpi, key_result, milestone or rubric
    label = dy.String()  # what people call it
    label_zh = dy.String(nullable=True)  # what it is called in 中文
    metric = dy.String(nullable=True)  # null for objectives
    commitment = dy.String()  # committed or aspirational
    rollup = dy.String()  # own, children or worst
    depth = dy.Int32()  # 0 for a goal without a parent
    period = dy.String()  # the period it is scored in
    actual = dy.Float64(nullable=True)  # in the metric's own unit: of percents 80 is 80 %
    numerator = dy.Float64(nullable=True)  # of ratios: the sum above the line
    denominator = dy.Float64(nullable=True)  # of ratios: the sum below the line
    rows = dy.Int64()  # how many measurements it rests on
    last_day = dy.Date(nullable=True)  # the last day measured
    baseline = dy.Float64(nullable=True)  # in the metric's own unit, as are the five below
    threshold = dy.Float64(nullable=True)  # the least that is still acceptable
    target = dy.Float64(nullable=True)  # what is asked by the period's end
    stretch = dy.Float64(nullable=True)  # what would be outstanding
    low = dy.Float64(nullable=True)  # the lower end of the band
    high = dy.Float64(nullable=True)  # the upper end of the band
    cycle_target = dy.Float64(nullable=True)  # the target of the whole cycle
    expected = dy.Float64(nullable=True)  # what the actual should be by the as-of day
    attainment = dy.Float64(nullable=True)  # of the target, by its convention: 1 is 100 %
    pace = dy.Float64(nullable=True)  # of what is expected by now: 1 is 100 %
    points = dy.Float64(nullable=True)  # what the curve makes of it
    target_points = dy.Float64(nullable=True)  # what meeting the target earns
    weight = dy.Float64()  # among its owner's goals
    rollup_weight = dy.Float64(nullable=True)  # in its parent; null: the weight
    share = dy.Float64(nullable=True)  # of the owner's goals under the same goal of that owner, over those with points
    score = dy.Float64(nullable=True)  # points × share
    status = dy.Enum([status.value for status in Status])  # by the company's rules
    coverage = dy.Float64()  # share of weight below it that has data
    missing = dy.String(nullable=True)  # the policy that had to stand in
    convention = dy.String(nullable=True)  # how attainment is worked out
    curve = dy.String(nullable=True)  # null: points in proportion to attainment
    phasing = dy.String(nullable=True)  # how the target is spread over the cycle
    accrual = dy.String(nullable=True)  # to_date or per_period
    window = dy.String(nullable=True)  # which days count: the period alone, the cycle to date, or a rolling window
