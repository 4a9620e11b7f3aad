"""What reviews ask of somebody: their own, those of their people, those HR checks, and people they are asked to rate."""

import datetime

import polars as pl

from kpiflow.core.calendar import PeriodKind
from kpiflow.core.review import ReviewStep
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.duty import Duty, DutyKind
from kpiflow.workspace.labels import name_of
from kpiflow.workspace.reviewing.listing import asked_as_peer, waiting, within
from kpiflow.workspace.reviewing.standing import standings


def review_duties(ws: Books, asker: Asker, as_of: datetime.date | None = None) -> list[Duty]:
    """Return the reviews that wait for the person asking, of the last year that has ended, where years are reviewed."""
    if asker.machine or asker.person is None or ws.is_empty():
        return []
    period = _under_review(ws, as_of)
    if period is None:
        return []
    every = within(ws, asker, standings(ws, period, as_of))
    rows = every.filter(waiting(ws, asker))
    return [*_steps(rows, period, asker), *_as_peer(ws, asker, period, as_of)]


def _under_review(ws: Books, as_of: datetime.date | None) -> str | None:
    """Return the newest period that has ended and is to be reviewed."""
    company, day = ws.company(as_of), ws.day(as_of)
    kinds = company.profile.appraisal.reviewed
    over = [one for one in company.calendar.periods.values() if one.kind in kinds and one.ends < day]
    newest = max(over, key=lambda one: (one.ends, one.kind is PeriodKind.YEAR), default=None)
    return None if newest is None else newest.period


def _steps(rows: pl.DataFrame, period: str, asker: Asker) -> list[Duty]:
    """Return one line for each of one's own steps, and one for all of others."""
    found = []
    own = rows.filter(pl.col("person") == asker.person)
    for row in own.iter_rows(named=True):
        sign = row["waits_for"] == ReviewStep.SIGNED.value
        said = msg("Your review for {period} waits for your signature.", period=period) if sign else msg(
            "Your self-review for {period} is to be written.", period=period
        )  # fmt: skip
        kind = DutyKind.SIGN if sign else DutyKind.REVIEW
        found.append(
            Duty(kind, said, "reviews", row["since"] or row["due"], 1, {"period": period, "person": row["person"]})
        )
    others = rows.filter(pl.col("person") != asker.person)
    if others.height == 1:
        row = others.row(0, named=True)
        said = msg("The review of {person} for {period} waits for you.", person=name_of(row), period=period)
        found.append(
            Duty(DutyKind.REVIEW, said, "reviews", row["since"], 1, {"period": period, "person": row["person"]})
        )
    elif others.height:
        late = others.filter(pl.col("late") > 0).height
        said = msg("{count} {count:review|reviews} for {period} {count:waits|wait} for you, {late} of them late.",
                   count=others.height, period=period,
                   late=late)  # fmt: skip
        since = others["since"].min()
        day = since if isinstance(since, datetime.date) else None
        found.append(Duty(DutyKind.REVIEW, said, "reviews", day, others.height, {"period": period, "show": "mine"}))
    return found


def _as_peer(ws: Books, asker: Asker, period: str, as_of: datetime.date | None) -> list[Duty]:
    asked = asked_as_peer(ws, asker, period, as_of)
    return [
        Duty(DutyKind.REVIEW, msg("You are asked to rate {person} as a peer.", person=name_of(row)), "reviews",
             row["since"].date(), 1, {"period": period, "peer": row["person"]})
        for row in asked.iter_rows(named=True)
    ]  # fmt: skip
