"""What closing asks of people: a wish to open a period again waits for somebody else."""

import datetime

from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closed_periods
from kpiflow.workspace.closing.reopening import may_confirm
from kpiflow.workspace.duty import Duty, DutyKind


def reopenings_to_confirm(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return the closed periods that somebody else asked to open again, for whoever may confirm it."""
    if ws.known(as_of).closings == 0:
        return []
    return [
        Duty(
            DutyKind.REVIEW,
            msg(
                "Confirm that {period} is opened again, or leave it closed: {reason}",
                period=period,
                reason=shut.asked_because,
            ),
            "closing",
            shut.asked_at.date() if shut.asked_at else None,
            1,
            {"period": period},
        )
        for period, shut in closed_periods(ws, as_of).items()
        if shut.asked_by is not None and may_confirm(ws, asker, period).allowed
    ]
