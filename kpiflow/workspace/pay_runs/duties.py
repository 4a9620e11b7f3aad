"""What pay asks of somebody: to look at a proposed run as the second person, and to make an approved one final."""

import datetime

from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.duty import Duty, DutyKind
from kpiflow.workspace.pay_runs.answers import RunState
from kpiflow.workspace.pay_runs.deciding import may_take, missing
from kpiflow.workspace.pay_runs.stored import all_runs


def pay_duties(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return one line for each run that waits for the person asking."""
    if asker.machine or ws.is_empty():
        return []
    found = []
    for one in all_runs(ws):
        since, choices = one.at.date(), {"period": one.period, "run": str(one.run)}
        if as_of is not None and since > ws.day(as_of):
            continue
        if one.state is RunState.PROPOSED and may_take(ws, asker, one, "approve"):
            said = msg("Pay run {run} for {period} waits for a second person.", run=one.run, period=one.period)
            found.append(Duty(DutyKind.REVIEW, said, "pay", since, 1, choices))
        elif (
            one.state is RunState.APPROVED
            and may_take(ws, asker, one, "finalise")
            and all(each.met or each.reason_enough for each in missing(ws, one))
        ):
            said = msg("Pay run {run} for {period} is approved: it can be made final.", run=one.run, period=one.period)
            found.append(Duty(DutyKind.REVIEW, said, "pay", since, 1, choices))
    return found
