"""How long there is to appeal and to answer, and whether somebody may still file."""

import datetime

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.core.goal import OwnerKind
from kpiflow.core.review import ReviewState
from kpiflow.language import msg
from kpiflow.storage.known import day_of
from kpiflow.storage.reviews import review_steps
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.pay_runs.answers import RunState
from kpiflow.workspace.pay_runs.stored import all_runs, amounts


def last_day_to_file(ws: Books, period: str, person: str) -> datetime.date | None:
    """Return the last day somebody may appeal about a period; None while it is not closed, when there is no end to it.

    Counted from the closing, or from the day the person could know what is disputed where that is later: the last day HR
    handed the review over to be signed, or a run that pays them became final.
    """
    shut = closed(ws, period)
    if shut is None:
        return None
    known = [shut.at, *_handed_over(ws, period, person), *_paid(ws, period, person)]
    return max(day_of(at) for at in known) + datetime.timedelta(ws.company().profile.appeals.days_to_file)


def _handed_over(ws: Books, period: str, person: str) -> list[datetime.datetime]:
    """Return when HR handed somebody's review over to be signed."""
    with ws.store.read() as cursor:
        steps = review_steps(cursor, person, period)
    return steps.filter(pl.col("state") == ReviewState.HR_CHECKED.value)["recorded_at"].to_list()


def _paid(ws: Books, period: str, person: str) -> list[datetime.datetime]:
    """Return when runs of a period that pay somebody became final: from then on the statement is theirs to read."""
    final = [one for one in all_runs(ws) if one.period == period and one.state is RunState.FINAL]
    return [one.at for one in final if person in amounts(ws, one.run)["person"]]


def due(ws: Books, filed: datetime.datetime) -> datetime.date:
    """Return the day by which an appeal is to be decided."""
    return filed.date() + datetime.timedelta(ws.company().profile.appeals.days_to_answer)


def may_file(ws: Books, asker: Asker, person: str, period: str) -> Decision:
    """Decide whether somebody may still appeal about a person's line: it is their own, and in time."""
    right = ws.may(asker, "appeal", OwnerKind.PERSON.value, person)
    if not right.allowed:
        return right
    until = last_day_to_file(ws, period, person)
    if until is not None and ws.today() > until:
        return Decision(False, msg("The time to appeal about {period} ended on {day}.", period=period, day=until))
    return right
