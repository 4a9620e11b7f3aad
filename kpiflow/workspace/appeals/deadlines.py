"""How long there is to appeal and to answer, and whether somebody may still file."""

import datetime

from kpiflow.access.decision import Decision
from kpiflow.core.goal import OwnerKind
from kpiflow.language import msg
from kpiflow.storage.known import day_of
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closed


def last_day_to_file(ws: Books, period: str) -> datetime.date | None:
    """Return the last day to appeal about a period: counted from its closing; None while it is not closed."""
    shut = closed(ws, period)
    return None if shut is None else day_of(shut.at) + datetime.timedelta(ws.company().profile.appeals.days_to_file)


def due(ws: Books, filed: datetime.datetime) -> datetime.date:
    """Return the day by which an appeal is to be decided."""
    return filed.date() + datetime.timedelta(ws.company().profile.appeals.days_to_answer)


def may_file(ws: Books, asker: Asker, person: str, period: str) -> Decision:
    """Decide whether somebody may still appeal about a person's line: it is their own, and in time."""
    right = ws.may(asker, "appeal", OwnerKind.PERSON.value, person)
    if not right.allowed:
        return right
    until = last_day_to_file(ws, period)
    if until is not None and ws.today() > until:
        return Decision(False, msg("The time to appeal about {period} ended on {day}.", period=period, day=until))
    return right
