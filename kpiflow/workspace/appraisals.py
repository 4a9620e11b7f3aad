"""Each person's score and grade for a period."""

import datetime

import polars as pl

from kpiflow.appraisal.appraising import Appraisal, appraise
from kpiflow.appraisal.cast import Cast
from kpiflow.workspace.books import Books
from kpiflow.workspace.results import results


def appraisals(ws: Books, period: str, as_of: datetime.date | None = None) -> Appraisal:
    """Return everybody's appraisal and its sections for a period, as known on a day; cached."""
    key = ("appraisals", period, ws.versions(as_of))
    return ws.kept(key, lambda: appraised_by(ws, results(ws, period, as_of), period, as_of))


def appraised_by(
    ws: Books, scored: pl.DataFrame, period: str, as_of: datetime.date | None = None, *, only: str | None = None
) -> Appraisal:
    """Return everybody's appraisal for a period if the goals' results were these, or that of `only` one person."""
    company, moment = ws.company(as_of), ws.moment(period, as_of)
    people, assignments = company.people, company.assignments
    if only is not None:
        people, assignments = (frame.filter(pl.col("person") == only) for frame in (people, assignments))
    cast = Cast(people, assignments)
    return appraise(scored, cast, company.scorecards, company.grades, moment.period)
