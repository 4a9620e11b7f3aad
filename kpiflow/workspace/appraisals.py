"""Each person's score and grade for a period."""

import datetime

from kpiflow.appraisal.appraising import Appraisal, appraise
from kpiflow.appraisal.cast import Cast
from kpiflow.workspace.books import Books
from kpiflow.workspace.results import results


def appraisals(ws: Books, period: str, as_of: datetime.date | None = None) -> Appraisal:
    """Return everybody's appraisal and its sections for a period, as known on a day; cached."""

    def make() -> Appraisal:
        company, moment = ws.company(as_of), ws.moment(period, as_of)
        cast = Cast(company.people, company.assignments)
        return appraise(results(ws, period, as_of), cast, company.scorecards, company.grades, moment.period)

    return ws.kept(("appraisals", period, ws.versions(as_of)), make)
