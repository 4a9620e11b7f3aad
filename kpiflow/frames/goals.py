"""The goal tree and its targets as tables."""

import dataframely as dy

from kpiflow.core.goal import Commitment, GoalKind, OwnerKind, Rollup, Stage

#: The anchors of a goal, in the metric's own unit; curves may name any of them as a point.
ANCHORS: tuple[str, ...] = ("baseline", "threshold", "target", "stretch", "low", "high")


class Goals(dy.Schema):
    """One row per goal, at the version that is valid. Anchors are for the whole cycle, in the metric's own unit.

    `scope` is the unit or person whose measurements count: the owner unless said otherwise.
    `weight` is its weight among its owner's goals; `rollup_weight` its weight in the parent, when that differs.
    """

    goal = dy.String(primary_key=True, min_length=1)  # its id
    cycle = dy.String()  # when not written: the only one there is
    parent = dy.String(nullable=True)  # the goal above
    owner = dy.String()  # a unit or a person; unit:A or person:A where both are called A
    owner_kind = dy.Enum([kind.value for kind in OwnerKind])  # read from the owner
    scope = dy.String()  # when not written: the owner
    scope_kind = dy.Enum([kind.value for kind in OwnerKind])  # read from the scope
    kind = dy.Enum([kind.value for kind in GoalKind])  # when not written: kpi with a metric, objective without
    label = dy.String()  # what people call it
    label_zh = dy.String(nullable=True)  # what it is called in 中文
    metric = dy.String(nullable=True)  # null for objectives
    weight = dy.Float64(min=0)  # when not written: 1
    rollup_weight = dy.Float64(nullable=True, min=0)  # null: the weight
    baseline = dy.Float64(nullable=True)  # where it stood before, in the metric's own unit
    threshold = dy.Float64(nullable=True)  # the least that is still acceptable
    target = dy.Float64(nullable=True)  # what is asked, for the whole cycle
    stretch = dy.Float64(nullable=True)  # what would be outstanding
    low = dy.Float64(nullable=True)  # the band of a goal that is to stay within one
    high = dy.Float64(nullable=True)  # the upper end of the band
    attainment = dy.String(nullable=True)  # the convention; null: the default for the metric's direction
    curve = dy.String(nullable=True)  # null: in proportion to attainment, from 0 to at most 100 points
    phasing = dy.String(nullable=True)  # null: even for what accrues, flat for what does not
    accrual = dy.String(nullable=True)  # to_date or per_period; null: to_date for what accrues, else per_period
    rollup = dy.Enum([rollup.value for rollup in Rollup])  # when not written: children for an objective, else own
    missing = dy.String()  # the missing-data policy; when not written: exclude
    commitment = dy.Enum([commitment.value for commitment in Commitment])  # when not written: committed
    stage = dy.Enum([stage.value for stage in Stage])  # when not written: active; drafts and proposals are not scored
    supports = dy.String(nullable=True)  # a goal it helps without being counted in it


class Targets(dy.Schema):
    """Targets written down per period, for goals phased `explicit`.

    Amounts are added up over one kind of period: write every month, or every quarter. A rate or level is the one of the
    shortest period written that holds the last day. Null anchors keep the goal's own, an amount's in its proportion.
    """

    goal = dy.String(primary_key=True)  # whose target
    period = dy.String(primary_key=True)  # such as 2026-03 or 2026-Q1
    target = dy.Float64()  # what is asked in that period
    threshold = dy.Float64(nullable=True)  # the least that is still acceptable; empty: the goal's own
    stretch = dy.Float64(nullable=True)  # what would be outstanding; empty: the goal's own
