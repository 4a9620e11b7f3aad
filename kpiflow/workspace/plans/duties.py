"""What plans ask of somebody: to approve those that wait for a second person."""

import datetime

from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.duty import Duty, DutyKind
from kpiflow.workspace.plans.published import history, waiting
from kpiflow.workspace.plans.publishing import APPROVE
from kpiflow.workspace.plans.wording import name_of


def plan_duties(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return the plans that wait for the person asking: put forward by somebody else, and unchanged since."""
    if asker.machine or ws.is_empty() or not ws.may(asker, APPROVE).allowed:
        return []
    rows, found = history(ws, as_of), []
    for plan in ws.company(as_of).plans.values():
        row = waiting(rows, plan)
        if row is not None and row["who"] != asker.name:
            said = msg(
                "The plan {plan}, version {version}, waits for your approval.", plan=name_of(plan), version=plan.version
            )
            at = row["recorded_at"]
            since = at.date() if isinstance(at, datetime.datetime) else None
            found.append(Duty(DutyKind.REVIEW, said, "plans", since, 1, {"plan": plan.plan}))
    return found
