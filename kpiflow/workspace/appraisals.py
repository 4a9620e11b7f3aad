"""Each person's score and grade for a period."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kpiflow.appraisal.appraising import Appraisal, appraise
from kpiflow.appraisal.cast import Cast
from kpiflow.core.goal import OwnerKind
from kpiflow.workspace.books import Books
from kpiflow.workspace.calibration.applied import calibrated
from kpiflow.workspace.closing.frozen import closed, frozen_appraisals
from kpiflow.workspace.judged import judged
from kpiflow.workspace.outlooks.copies import under_names
from kpiflow.workspace.results import results, results_known


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
    cast, beside = Cast(company.people, company.assignments), judged(ws, moment, as_of)
    if only is not None:
        cast, beside = _of_one(cast, only), beside.of(only)
    return appraise(scored, cast, company.scorecards, company.grades, moment.period, beside=beside)


def copies_appraised(
    ws: Books,
    scored: pl.DataFrame,
    period: str,
    person: str,
    *,
    names: Sequence[str],
    as_of: datetime.date | None = None,
) -> pl.DataFrame:
    """Return the appraisals of copies of a person, by their names, if the results of each copy were these.

    The units a copy works in keep the results they have, because a veto or a ceiling may look at them.
    """
    company, moment = ws.company(as_of), ws.moment(period, as_of)
    one, beside = _of_one(Cast(company.people, company.assignments), person), judged(ws, moment, as_of).of(person)
    cast = Cast(under_names(one.people, names), under_names(one.assignments, names))
    judgements = replace(
        beside,
        ratings=under_names(beside.ratings, names),
        adjustments=under_names(beside.adjustments, names),
        counts=under_names(beside.counts, names),
    )
    of_units = results(ws, period, as_of).filter(
        pl.col("owner_kind") == OwnerKind.UNIT.value, pl.col("owner").is_in(one.assignments["unit"].unique().implode())
    )
    scored = pl.concat([scored.select(of_units.columns), of_units])
    return appraise(scored, cast, company.scorecards, company.grades, moment.period, beside=judgements).people


def _of_one(cast: Cast, person: str) -> Cast:
    mine = pl.col("person") == person
    return Cast(cast.people.filter(mine), cast.assignments.filter(mine))
