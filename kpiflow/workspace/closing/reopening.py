"""Opening a closed period again: one person asks and says why, another one confirms; the old closing stays readable."""

import datetime

from kpiflow.access.decision import Decision
from kpiflow.errors import InvalidInput, Refused
from kpiflow.language import msg
from kpiflow.storage.closing import Step, add_step
from kpiflow.storage.journal import Entry, record
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.closing import name_of
from kpiflow.workspace.closing.frozen import Closed, closed, closed_periods
from kpiflow.workspace.labels import person_name
from kpiflow.workspace.webhooks.kinds import PERIOD_REOPENED
from kpiflow.workspace.webhooks.telling import tell

#: The action in roles and in the journal.
REOPEN = "reopen_period"


def may_ask(ws: Books, asker: Asker, period: str) -> Decision:
    """Decide whether somebody may ask for a period to be opened again, and whether it can be."""
    right = ws.may(asker, REOPEN)
    if not right.allowed:
        return right
    shut = closed(ws, period)
    if shut is None:
        return Decision(False, msg("{period} is open.", period=period))
    if shut.asked_by is not None:
        facts = {"person": person_name(ws.company(), shut.asked_by), "period": period}
        return Decision(False, msg("{person} has already asked for {period} to be opened again.", **facts))
    around = closed_around(ws, period)
    if around is not None:
        facts = {"period": period, "whole": around}
        return Decision(False, msg("{period} lies in {whole}, which is closed. Open {whole} again first.", **facts))
    return right


def closed_around(ws: Books, period: str) -> str | None:
    """Return a longer period that is closed and holds this one, if the company closes it after its parts."""
    company = ws.company()
    own = company.calendar.period(period)
    if company.profile.closing.parts is not own.kind:
        return None
    for name in closed_periods(ws):
        other = company.calendar.periods.get(name)
        if other and other.kind is not own.kind and other.starts <= own.starts and own.ends <= other.ends:
            return name
    return None


def may_confirm(ws: Books, asker: Asker, period: str, who: str | None = None) -> Decision:
    """Decide whether somebody may confirm that a period is opened again: never whoever asked for it."""
    right = ws.may(asker, REOPEN)
    if not right.allowed:
        return right
    shut = closed(ws, period)
    if shut is None:
        return Decision(False, msg("{period} is open.", period=period))
    if shut.asked_by is None:
        return Decision(False, msg("Nobody has asked for {period} to be opened again.", period=period))
    if shut.asked_by == name_of(asker, who):
        facts = {"person": person_name(ws.company(), shut.asked_by)}
        return Decision(False, msg("{person} asked for it; somebody else has to confirm it.", **facts))
    return right


def ask(
    ws: Books, asker: Asker, period: str, *, reason: str, who: str | None = None, at: datetime.datetime | None = None
) -> Closed:
    """Ask for a closed period to be opened again; nothing is open yet. Raises Refused, or InvalidInput."""
    ws.may(asker, REOPEN).require()
    ws.moment(period, None)
    said = reason.strip()
    if not said:
        raise InvalidInput(msg("Say why {period} has to be opened again.", period=period))
    with ws.store.write():
        _require(may_ask(ws, asker, period))
        _step(ws, asker, period, Step.ASKED, who=who, at=at, reason=said)
    return _still_closed(ws, period)


def confirm(
    ws: Books, asker: Asker, period: str, *, who: str | None = None, at: datetime.datetime | None = None
) -> Closed:
    """Open a period again that somebody else asked for; return the closing that counts no longer.

    Raises Refused, also for whoever asked, or InvalidInput.
    """
    ws.may(asker, REOPEN).require()
    ws.moment(period, None)
    with ws.store.write() as cursor:
        shut = closed(ws, period)
        decision = may_confirm(ws, asker, period, who)
        if shut is not None and shut.asked_by == name_of(asker, who):
            raise Refused(decision.reason)
        _require(decision)
        assert shut is not None
        _require(_nothing_around(ws, period))
        _step(ws, asker, period, Step.CONFIRMED, who=who, at=at, reason=shut.asked_because)
        tell(cursor, PERIOD_REOPENED, {"period": period, "closing": shut.number})
    return shut


def withdraw(ws: Books, asker: Asker, period: str, *, who: str | None = None, reason: str | None = None) -> Closed:
    """Leave a period closed after all that somebody asked to open again; raises Refused, or InvalidInput."""
    ws.may(asker, REOPEN).require()
    ws.moment(period, None)
    with ws.store.write():
        shut = closed(ws, period)
        if shut is None or shut.asked_by is None:
            raise InvalidInput(msg("Nobody has asked for {period} to be opened again.", period=period))
        _step(ws, asker, period, Step.WITHDRAWN, who=who, at=None, reason=reason)
    return _still_closed(ws, period)


def _nothing_around(ws: Books, period: str) -> Decision:
    around = closed_around(ws, period)
    facts = {"period": period, "whole": around}
    said = msg("{period} lies in {whole}, which is closed. Open {whole} again first.", **facts)
    return Decision(around is None, said)


def _require(decision: Decision) -> None:
    """Raise InvalidInput with the reason: the right is there, the state of things stands against it."""
    if not decision.allowed:
        raise InvalidInput(decision.reason)


def _still_closed(ws: Books, period: str) -> Closed:
    shut = closed(ws, period)
    assert shut is not None
    return shut


def _step(
    ws: Books,
    asker: Asker,
    period: str,
    step: Step,
    *,
    who: str | None,
    at: datetime.datetime | None,
    reason: str | None,
) -> None:
    """Write one step and its line in the journal."""
    shut = _still_closed(ws, period)
    moment = at or datetime.datetime.now(datetime.UTC)
    name = name_of(asker, who)
    with ws.store.write() as cursor:
        add_step(cursor, shut.number, step, who=name, at=moment, reason=reason)
        detail = {"closing": shut.number, "step": step.value}
        record(cursor, Entry(moment, name, REOPEN, period, reason, detail))
