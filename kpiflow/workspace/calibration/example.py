"""A calibration of the example company that is still open, so that HR has a session to work in; no grade changes by it."""

import datetime

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.calibration.answers import Group, GroupKind, Moved, Wishes
from kpiflow.workspace.calibration.deciding import move_grades, open_session

#: Who holds it: HR, with the head of the station taking part.
_HR, _HEAD = Asker("p0005"), Asker("p0002")

_OPENED = datetime.datetime(2014, 1, 14, 9, 0, tzinfo=datetime.UTC)
_MOVED = datetime.datetime(2014, 1, 15, 14, 30, tzinfo=datetime.UTC)

#: What was said of Newark's duty managers.
_MOVES = (
    Moved(
        "p0103",
        "D",
        "Took over the night shift in June with half the crew; the complaints of that month are not theirs.",
    ),
    Moved("p0102", "C", "Built up the handover sheets that the other stations now use."),
)


def write_calibration(ws: Books) -> int:
    """Open a session over Newark against the balanced target and move two of its duty managers; return its number."""
    wishes = Wishes("balanced", (str(_HEAD.person),), "Duty managers and station managers of Newark, year 2013")
    number = open_session(ws, _HR, "2013", Group(GroupKind.UNIT, "EWR"), wishes, at=_OPENED)
    move_grades(ws, _HEAD, number, _MOVES, at=_MOVED)
    return number
