"""Results month by month: of the whole company in a small one, of units kept and of people asked for alone in a large one."""

import datetime

import polars as pl

from kpiflow.core.calendar import Period
from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.scoring.moment import Moment
from kpiflow.storage.observe import newest_load, newest_loads
from kpiflow.workspace.books import Books
from kpiflow.workspace.results import metrics_measured, results, score

#: Up to this many goals, a month is scored for the whole company and kept: the next goal's months then cost nothing.
WHOLE = 20_000


def is_large(ws: Books, as_of: datetime.date | None) -> bool:
    """Return whether a company has too many goals to keep all of them for every month."""
    return ws.company(as_of).goals.height > WHOLE


def months_begun(moment: Moment) -> list[Period]:
    """Return the months of the cycle that had begun by the day it is."""
    return [month for month in moment.calendar.months(moment.cycle) if month.starts <= moment.as_of]


def months_of(ws: Books, goals: pl.DataFrame, moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the results of a few goals measured themselves in each month begun of the cycle.

    Kept until their own metrics are measured anew: a check-in elsewhere is no reason to score twelve months again.
    """
    own = ws.company(as_of).goals.join(goals.select("goal"), on="goal", how="semi")
    known, day = ws.rules(as_of).metrics, ws.believed(as_of)
    used = [one.metric for one in metrics_measured(known.values(), own["metric"].drop_nulls().unique().to_list())]
    newest = tuple(sorted(newest_loads(ws.store, used, day).items()))
    at = (moment.period.period, moment.as_of, ws.known(as_of).definitions, newest)

    def make() -> pl.DataFrame:
        begun = months_begun(moment)
        if is_large(ws, as_of) or not begun or ws.held(("results", begun[-1].period, ws.measured(as_of))):
            return over_months(ws, own, moment, as_of)
        return pl.concat(score(ws, own, Moment(moment.calendar, month, moment.as_of), as_of) for month in begun)

    return ws.kept(("months of", tuple(sorted(goals["goal"])), *at), make)


def over_months(ws: Books, goals: pl.DataFrame, moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the results of some goals in each month begun of the cycle: the columns of GoalResults, a row per month."""
    if is_large(ws, as_of):
        moments = [Moment(moment.calendar, month, moment.as_of) for month in months_begun(moment)]
        parts = [_few(ws, goals, one, as_of) for one in moments]
    else:
        wanted = goals.select("goal")
        parts = [results(ws, month.period, as_of).join(wanted, on="goal", how="semi") for month in months_begun(moment)]
    return pl.concat(parts) if parts else score(ws, goals, moment, as_of).clear()


def _few(ws: Books, goals: pl.DataFrame, month: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the results of a few goals of a large company in a month."""
    alone = _of_people().fill_null(value=False)
    people, others = goals.filter(alone), goals.filter(~alone)
    whole = of_units(ws, month, as_of) if others.height else None
    found = [] if whole is None else [whole.join(others.select("goal"), on="goal", how="semi")]
    if people.height or whole is None:
        found.append(score(ws, people, month, as_of, alone=True))
    return pl.concat(found)


def of_units(ws: Books, month: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the results of a month but for goals measured for one person, which are as many as there is work.

    Kept until something is measured on a day up to the month's end: a value of today leaves the months before alone.
    """
    day, known = ws.believed(as_of), ws.versions(as_of)
    ends = month.period.ends
    newest = ws.kept(("newest until", ends, known), lambda: newest_load(ws.store, ends, day))
    at = (month.period.period, month.as_of, day, ws.known(as_of).definitions, newest)

    def make() -> pl.DataFrame:
        return score(ws, ws.company(as_of).goals, month, as_of).filter(~_of_people())

    return ws.kept(("of units", *at), make)


def _of_people() -> pl.Expr:
    """Return whether a goal is measured by itself, for one person."""
    own, kind = pl.col("rollup").cast(pl.String), pl.col("scope_kind").cast(pl.String)
    return (own == Rollup.OWN.value) & (kind == OwnerKind.PERSON.value)
