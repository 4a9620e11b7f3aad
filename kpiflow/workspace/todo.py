"""One list of what a person must do: review, agree, sign, answer, report, and nothing else."""

import datetime

from kpiflow.workspace.appeals.duties import appeal_duties
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.calibration.duties import calibrations_to_finalise
from kpiflow.workspace.closing.closing_duties import reopenings_to_confirm
from kpiflow.workspace.duty import Duty, DutyKind, Finder
from kpiflow.workspace.handing_down.proposal_duties import (
    counters_to_review,
    targets_left_over,
    targets_to_agree,
    targets_to_split_again,
)
from kpiflow.workspace.letters.duties import letter_duties
from kpiflow.workspace.pay_runs.duties import pay_duties
from kpiflow.workspace.plans.duties import plan_duties
from kpiflow.workspace.reporting.quiet import questions_due, values_due
from kpiflow.workspace.reviewing.duties import review_duties

__all__ = ["DUTIES", "Duty", "DutyKind", "todo"]

#: Whoever knows of duties says so here: one function each.
DUTIES: tuple[Finder, ...] = (
    reopenings_to_confirm,
    targets_to_agree,
    counters_to_review,
    targets_to_split_again,
    targets_left_over,
    letter_duties,
    appeal_duties,
    calibrations_to_finalise,
    pay_duties,
    plan_duties,
    questions_due,
    values_due,
    review_duties,
)


def todo(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return what the person asking must do, the longest waiting first."""
    found = [duty for duties in DUTIES for duty in duties(ws, asker, as_of)]
    return sorted(found, key=lambda duty: (duty.since or datetime.date.max, duty.kind.value))
