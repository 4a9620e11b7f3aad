"""What a sound configuration says: one statement per file, each named as the statement it makes.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Callable, Iterator

from kpiflow.definitions.checks import (
    anchors_are_given,
    assignments_fit,
    baseline_differs_from_target,
    directions_fit,
    distributions_can_be_met,
    inputs_are_declared,
    labels_are_present,
    last_values_stand_in,
    no_cycles,
    nothing_counts_twice,
    owners_are_present,
    parents_have_children,
    phasings_fit,
    plan_examples_hold,
    plans_can_be_run,
    plans_reach_somebody,
    references_exist,
    roles_can_act,
    rules_fit,
    sources_fit,
    splits_are_possible,
    status_rules_end,
    targets_above_zero,
    targets_cover_periods,
    targets_in_measure,
    tiers_meet,
    units_have_one_root,
    weights_add_up,
)
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Problem

#: A check yields the problems it finds and never raises.
Check = Callable[[Company, Places], Iterator[Problem]]

#: Every check, in alphabetical order.
CHECKS: tuple[Check, ...] = (
    anchors_are_given.check,
    assignments_fit.check,
    baseline_differs_from_target.check,
    directions_fit.check,
    distributions_can_be_met.check,
    inputs_are_declared.check,
    labels_are_present.check,
    last_values_stand_in.check,
    no_cycles.check,
    nothing_counts_twice.check,
    owners_are_present.check,
    parents_have_children.check,
    phasings_fit.check,
    plan_examples_hold.check,
    plans_can_be_run.check,
    plans_reach_somebody.check,
    references_exist.check,
    roles_can_act.check,
    rules_fit.check,
    sources_fit.check,
    splits_are_possible.check,
    status_rules_end.check,
    targets_above_zero.check,
    targets_cover_periods.check,
    targets_in_measure.check,
    tiers_meet.check,
    units_have_one_root.check,
    weights_add_up.check,
)
