"""Closing a period: one record with every number as it stood, and what the numbers rest on."""

import datetime
import json
from dataclasses import asdict

from kpiflow.access.decision import Decision
from kpiflow.core.closing import ClosingCheck
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.storage.closing import Closing, add_closing, add_look, counted_by, next_closing, prints
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.known import wall_clock
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.findings import FINDERS, findings
from kpiflow.workspace.closing.frozen import Closed, closed
from kpiflow.workspace.closing.snapshot import code_print, program, row_prints, snapshot, whole_print
from kpiflow.workspace.webhooks.kinds import PERIOD_CLOSED
from kpiflow.workspace.webhooks.telling import tell

#: The action in roles and in the journal.
CLOSE = "close_period"

#: The least step of time the store tells apart: what is frozen is known before it is written.
TICK = datetime.timedelta(microseconds=1)


def name_of(asker: Asker, who: str | None) -> str:
    """Return what the journal calls whoever does it: on the machine, the name that was given."""
    given = (who or "").strip()
    return given if given and asker.machine else asker.name


def may_close(ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None) -> Decision:
    """Decide whether somebody may close a period now: the right, the period's end, and what stops a closing."""
    right = ws.may(asker, CLOSE)
    if not right.allowed:
        return right
    moment = ws.moment(period, as_of)
    if closed(ws, period, as_of) is not None:
        return Decision(False, msg("{period} is closed already. To close it anew, open it again first.", period=period))
    if moment.as_of <= moment.period.ends:
        facts = {"period": period, "day": moment.period.ends}
        return Decision(False, msg("{period} ends on {day}. It can be closed from the day after.", **facts))
    stopping = blocking(ws, period, as_of)
    if stopping:
        check, count = next(iter(stopping.items()))
        return Decision(False, stopped_by(check, count, period))
    return right


def blocking(ws: Books, period: str, as_of: datetime.date | None) -> dict[ClosingCheck, int]:
    """Return the checks that stop a closing, by the company's setting, and how many each found."""
    counted = {check: findings(ws, check, period, as_of).height for check in ws.company(as_of).profile.closing.blocking}
    return {check: count for check, count in counted.items() if count}


def stopped_by(check: ClosingCheck, count: int, period: str) -> Message:
    """Return in words what stops a closing, and what to do."""
    facts = {"period": period, "count": count}
    said = {
        ClosingCheck.PARTS_OPEN: msg("{period} is closed after its parts. Close first what is still open: {count}.", **facts),
        ClosingCheck.GOALS_WITHOUT_DATA: msg("{period} cannot be closed: goals without data of their own: {count}.", **facts),
        ClosingCheck.PEOPLE_WITHOUT_SCORE: msg("{period} cannot be closed: people without a score: {count}.", **facts),
        ClosingCheck.METRICS_OUTDATED: msg("{period} cannot be closed: metrics not measured to its end: {count}.", **facts),
        ClosingCheck.CHECK_INS_DUE: msg("{period} cannot be closed: goals nothing was heard of for too long: {count}.", **facts),
        ClosingCheck.LETTERS_UNSIGNED: msg("{period} cannot be closed: letters not signed by both sides: {count}.", **facts),
        ClosingCheck.PROPOSALS_OPEN: msg("{period} cannot be closed: proposed targets not agreed to: {count}.", **facts),
    }  # fmt: skip
    return said[check]


def close(
    ws: Books,
    asker: Asker,
    period: str,
    *,
    reason: str,
    who: str | None = None,
    at: datetime.datetime | None = None,
) -> Closed:
    """Freeze every number of a period as known now, in one transaction with its line in the journal.

    `who` names the one at the machine; `at` is the instant whose knowledge counts, for the example's past. Raises Refused
    for whoever may not, and InvalidInput when the period is not over, is closed already, or something stops it.
    """
    ws.may(asker, CLOSE).require()
    said = reason.strip()
    if not said:
        raise InvalidInput(
            msg("Say why {period} is closed now: one sentence for whoever reads it years later.", period=period)
        )
    # Nobody writes while the numbers are worked out: what is frozen is what was known when it is written down.
    with ws.store.write() as cursor:
        # None of this may be the instant of another closing: what counts at an instant is told by it.
        known_by = wall_clock(at or datetime.datetime.now(datetime.UTC))
        decision = may_close(ws, asker, period, known_by)
        if not decision.allowed:
            raise InvalidInput(decision.reason)
        found = snapshot(ws, period, known_by)
        rests_on, rows, code = prints(cursor, known_by), row_prints(found.rows), code_print()
        load, change = counted_by(cursor, known_by)
        ready = {check.value: findings(ws, check, period, known_by).height for check in FINDERS}
        written = known_by + TICK if at else max(known_by + TICK, wall_clock(datetime.datetime.now(datetime.UTC)))
        made = Closing(
            closing=next_closing(cursor), period=period, known_by=known_by, recorded_at=written,
            who=name_of(asker, who), reason=said, version=program(), newest_load=load, newest_change=change,
            measurements=rests_on.measurements, definitions=rests_on.definitions, rules=rests_on.rules, code=code,
            results=rows.results, people=rows.people, sections=rows.sections,
            fingerprint=whole_print(period, known_by, rests_on, rows, code), goals=found.goals.height,
            scored=found.people["score"].count(), appraised=found.people.height, ready=json.dumps(ready),
        )  # fmt: skip
        add_closing(cursor, made, found.rows)
        detail = {"closing": made.closing, **_told(asdict(made)), "ready": ready}
        record(cursor, Entry(written, made.who, CLOSE, period, said, detail))
        tell(cursor, PERIOD_CLOSED, {"period": period, "closing": made.closing, "fingerprint": made.fingerprint})
    shut = closed(ws, period, None if at is None else written)
    assert shut is not None
    return shut


def _told(made: dict[str, object]) -> dict[str, object]:
    """Return what the journal keeps of a closing."""
    return {name: made[name] for name in ("known_by", "fingerprint", "goals", "scored", "appraised", "version")}


def look(ws: Books, asker: Asker, period: str, *, who: str | None = None) -> None:
    """Write down that somebody looked through a period: what changed is told since then. Raises Refused, or NotFound."""
    ws.may(asker, CLOSE).require()
    ws.moment(period, None)
    with ws.store.write() as cursor:
        at = datetime.datetime.now(datetime.UTC)
        add_look(cursor, period, who=name_of(asker, who), at=at)
        record(cursor, Entry(at, name_of(asker, who), "look", period))
