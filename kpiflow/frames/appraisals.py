"""Appraisals as tables: one row per person, and one per section of each person's scorecard.

Floor 3: knows core's words. Reads no clock, file or database.
"""

import dataframely as dy


class Appraisals(dy.Schema):
    """One row per person assigned during the period. `score` is null when there is nothing to score; `reason` says why.

    `reason` is one of `no_goals`, `waits` (for data), `no_data`, `no_scorecard` (then there is a score, but no grade), or null.
    `days` are days employed within the period, both ends counted. `left_out` goals fit no section of the scorecard.
    `goal_score` is what the sections come to before coefficients, adjustments and vetoes, but after cross-indicator
    rules; `ruled_grade` is the grade by rule, before calibration. `score` and `grade` are final.
    """

    person = dy.String(primary_key=True)
    unit = dy.String()
    role = dy.String()
    fte = dy.Float64()
    period = dy.String()
    score = dy.Float64(nullable=True)
    grade = dy.String(nullable=True)
    coverage = dy.Float64(nullable=True)
    goals = dy.Int64()
    left_out = dy.Int64()
    scorecard = dy.String(nullable=True)
    days = dy.Int64()
    reason = dy.String(nullable=True)
    goal_score = dy.Float64(nullable=True)
    ruled_grade = dy.String(nullable=True)


class AppraisalSections(dy.Schema):
    """One row per person and section. `weight` is as written, `share` what it counts for after absent sections.

    `contribution` = score × share, so a person's contributions add up to `goal_score`, which is the score where no
    coefficient, adjustment or veto changed it. Absent: `score` is null. Of somebody scored in segments, share and
    contribution are of the whole period.
    """

    person = dy.String(primary_key=True)
    section = dy.String(primary_key=True)
    weight = dy.Float64()
    share = dy.Float64()
    score = dy.Float64(nullable=True)
    contribution = dy.Float64()
    coverage = dy.Float64(nullable=True)
    goals = dy.Int64()


class AppraisalSteps(dy.Schema):
    """One row per change of a score or grade, in order, so that the last `after` is the score and the last grade the grade.

    `kind` is a word of `StepKind`; `rule` the id of the rule, the kind of rater, or the number of the adjustment;
    `section` the section a rating is in; `weight` that of a rater, or the coefficient or points of an adjustment.
    """

    person = dy.String(primary_key=True)
    order = dy.Int64(primary_key=True)
    kind = dy.String()
    section = dy.String(nullable=True)
    rule = dy.String(nullable=True)
    weight = dy.Float64(nullable=True)
    before = dy.Float64(nullable=True)
    after = dy.Float64(nullable=True)
    grade_before = dy.String(nullable=True)
    grade_after = dy.String(nullable=True)
    reason = dy.String(nullable=True)  # in the words of whoever made the adjustment


class AppraisalSegments(dy.Schema):
    """One row per segment of somebody who moved and is scored by segment: what was held from when to when.

    `share` is the part of the days scored; 0 without a score.
    """

    person = dy.String(primary_key=True)
    segment = dy.Int64(primary_key=True)
    unit = dy.String()
    role = dy.String()
    scorecard = dy.String(nullable=True)
    starts = dy.Date()
    ends = dy.Date()
    days = dy.Int64()
    share = dy.Float64()
    score = dy.Float64(nullable=True)


class AppraisalParts(dy.Schema):
    """One row per goal of somebody who moved, or whose points a cross rule holds: what it brings to `goal_score`.

    `points` are those that count. section is null for a goal that fits none and does not count.
    """

    person = dy.String(primary_key=True)
    goal = dy.String(primary_key=True)
    section = dy.String(nullable=True)
    points = dy.Float64(nullable=True)
    weight = dy.Float64()
    coverage = dy.Float64(nullable=True)
    share = dy.Float64(nullable=True)
    contribution = dy.Float64(nullable=True)
