"""What counts for scores beside goals: ratings that were sent on, adjustments in force, and counts that rules ask for."""

import datetime

import polars as pl

from kpiflow.appraisal.appraising import NOTHING, Beside
from kpiflow.appraisal.deciding import ADJUSTMENTS, COUNTS
from kpiflow.appraisal.rating import RATINGS, rates
from kpiflow.definitions.company import Company
from kpiflow.scoring.gathering import gather
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.windows import PERIOD, window
from kpiflow.storage.reviews import adjustments, ratings_counted
from kpiflow.workspace.books import Books
from kpiflow.workspace.results import metrics_measured, observed_on


def judged(ws: Books, moment: Moment, as_of: datetime.date | None) -> Beside:
    """Return what counts for scores in a period beside goals, as known on a day; cached."""
    company = ws.company(as_of)
    counted = metrics_counted(company)
    if not ws.known(as_of).reviews and not counted:
        return Beside(by_segment=True) if company.profile.appraisal.by_segment else NOTHING

    def make() -> Beside:
        period, day, rules = moment.period.period, ws.believed(as_of), company.profile.appraisal
        with ws.store.snapshot() as cursor:
            made = adjustments(cursor, period, day).filter("counts")
            given = ratings_counted(cursor, period, rules.peers_at_least, day) if rates(company.scorecards) else None
        return Beside(
            pl.DataFrame(schema=RATINGS) if given is None else given.select(*RATINGS),
            made.select(pl.col(name).cast(kind) for name, kind in ADJUSTMENTS.items()),
            _counts(ws, counted, moment, as_of),
            rules.by_segment,
        )

    return ws.kept(("judged", moment.period.period, ws.versions(as_of)), make)


def metrics_counted(company: Company) -> set[str]:
    """Return the metrics whose events a rule of a scorecard counts."""
    cards = company.scorecards.values()
    asked = [rule.when.count for card in cards for rule in card.vetoes]
    asked += [rule.when.count for card in cards for rule in card.ceilings]
    return {one for one in asked if one is not None}


def _counts(ws: Books, metrics: set[str], moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return what was measured for persons in the period on some metrics: person, metric, actual."""
    if not metrics:
        return pl.DataFrame(schema=COUNTS)
    rules, days = ws.rules(as_of), window(PERIOD, moment)
    used = {one.metric for one in metrics_measured(rules.metrics.values(), metrics)}
    observed = observed_on(ws, (days.starts, days.ends), rules.metrics, as_of)
    observed = observed.filter(pl.col("metric").is_in(used), pl.col("person").is_not_null())
    gathered = gather(observed, ws.company(as_of).units.clear(), rules.metrics)
    return gathered.filter(pl.col("metric").is_in(metrics)).select("metric", "actual", person="scope").select(*COUNTS)
