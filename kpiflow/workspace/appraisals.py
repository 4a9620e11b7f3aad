"""Each person's score and grade for a period."""

import datetime
from dataclasses import replace

import polars as pl

from kpiflow.appraisal.appraising import Appraisal, appraise
from kpiflow.appraisal.cast import Cast
from kpiflow.workspace.books import Books
from kpiflow.workspace.calibration.applied import calibrated
from kpiflow.workspace.closing.frozen import closed, frozen_appraisals
from kpiflow.workspace.judged import judged
from kpiflow.workspace.results import results_known


def appraisals(ws: Books, period: str, as_of: datetime.date | None = None) -> Appraisal:
    """Return everybody's appraisal and its sections for a period, as known on a day; cached.

    Of a period that was closed by then, the appraisals as they were closed.
    """
    shut = closed(ws, period, as_of)
    return appraisals_known(ws, period, as_of) if shut is None else frozen_appraisals(ws, shut)


def appraisals_known(ws: Books, period: str, as_of: datetime.date | None = None) -> Appraisal:
    """Return the same as known on a day or at an instant, whether the period was closed or not; cached."""
    key = ("appraisals", period, ws.versions(as_of))

    def make() -> Appraisal:
        found = appraised_by(ws, results_known(ws, period, as_of), period, as_of)
        return replace(found, people=calibrated(ws, found.people, period, as_of))

    return ws.kept(key, make)


def appraised_by(
    ws: Books, scored: pl.DataFrame, period: str, as_of: datetime.date | None = None, *, only: str | None = None
) -> Appraisal:
    """Return everybody's appraisal for a period if the goals' results were these, or that of `only` one person."""
    company, moment = ws.company(as_of), ws.moment(period, as_of)
    people, assignments = company.people, company.assignments
    if only is not None:
        people, assignments = (frame.filter(pl.col("person") == only) for frame in (people, assignments))
    cast = Cast(people, assignments)
    beside = judged(ws, moment, as_of)
    if only is not None:
        beside = beside.of(only)
    return appraise(scored, cast, company.scorecards, company.grades, moment.period, beside=beside)
