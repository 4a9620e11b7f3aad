"""Appraisals as tables: one row per person, and one per section of each person's scorecard.

Floor 3: knows core's words. Reads no clock, file or database.
"""

import dataframely as dy


class Appraisals(dy.Schema):
    """One row per person assigned during the period. `score` is null when there is nothing to score; `reason` says why.

    `reason` is one of `no_goals`, `waits` (for data), `no_data`, `no_scorecard` (then there is a score, but no grade), or null.
    `days` are days employed within the period, both ends counted. `left_out` goals fit no section of the scorecard.
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


class AppraisalSections(dy.Schema):
    """One row per person and section. `weight` is as written, `share` what it counts for after absent sections.

    `contribution` = score × share, so a person's contributions add up to the score. Absent: `score` is null.
    """

    person = dy.String(primary_key=True)
    section = dy.String(primary_key=True)
    weight = dy.Float64()
    share = dy.Float64()
    score = dy.Float64(nullable=True)
    contribution = dy.Float64()
    coverage = dy.Float64(nullable=True)
    goals = dy.Int64()
