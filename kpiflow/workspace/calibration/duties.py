"""What calibration asks of somebody: to make a session final whose grades others have moved."""

import datetime

from kpiflow.language import msg
from kpiflow.storage.calibration import moves
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.calibration.answers import SessionState
from kpiflow.workspace.calibration.sessions import may_finalise, session_lines, session_row
from kpiflow.workspace.duty import Duty, DutyKind


def calibrations_to_finalise(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return the open sessions with moves that the person asking may make final as a second person."""
    if asker.machine or ws.is_empty() or not ws.may(asker, "approve_calibration").allowed:
        return []
    period = ws.default_period(as_of)
    if not ws.may(asker, "read_calibration").allowed:
        return []
    found = []
    for line in session_lines(ws, asker, period, as_of):
        if line.state is not SessionState.OPEN or not line.moves:
            continue
        with ws.store.read() as cursor:
            moved = moves(cursor, line.session, ws.believed(as_of))
        if may_finalise(ws, asker, session_row(ws, asker, line.session, as_of), moved).allowed:
            said = msg("The calibration of {group} waits for a second person to make it final.", group=line.group)
            found.append(Duty(DutyKind.REVIEW, said, "calibration", line.at.date(), 1, {"period": period}))
    return found
