"""How far everybody's review has come, whom it waits for and since when it is late, for all at once."""

import datetime

import polars as pl

from kpiflow.core.calendar import Period
from kpiflow.core.review import NEXT, AppraisalRules, ReviewState, ReviewStep
from kpiflow.storage.reviews import review_standings
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Books


def due(rules: AppraisalRules, period: Period, step: ReviewStep | None) -> datetime.date | None:
    """Return the last day for a step; None when periods of this kind need no review, or nothing is left to do."""
    if step is None or period.kind not in rules.reviewed:
        return None
    return period.ends + datetime.timedelta(days=rules.deadlines.days(step))


def standings(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return one row per person with a scorecard in a period; cached.

    person, label, label_zh, unit, unit_label, unit_label_zh, scorecard, score, grade, manager, state, waits_for, due, late
    (days, 0: in time), changed (signed, and not the score any more), back (why it was sent back; null: it was not), since.
    """
    return ws.kept(("reviews", period, ws.versions(as_of)), lambda: _standings(ws, period, as_of))


def _standings(ws: Books, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    company, moment = ws.company(as_of), ws.moment(period, as_of)
    rules = company.profile.appraisal
    with ws.store.read() as cursor:
        known = review_standings(cursor, period, ws.believed(as_of))
    people = appraisals(ws, period, as_of).people.filter(pl.col("scorecard").is_not_null())
    rows = people.select("person", "unit", "scorecard", "score", "grade").join(
        known, on="person", how="left", maintain_order="left"
    )
    last = company.assignments.filter(pl.col("starts") <= moment.period.ends).sort("starts", "fte", "unit")
    managers = last.group_by("person").agg(pl.col("manager").last())
    rows = rows.with_columns(state=pl.col("state").fill_null(ReviewState.NOT_BEGUN.value))
    waits = {state.value: step.value for state, step in NEXT.items() if step is not None}
    days = {state.value: due(rules, moment.period, step) for state, step in NEXT.items()}
    rows = rows.with_columns(
        waits_for=pl.col("state").replace_strict(waits, default=None, return_dtype=pl.String),
        due=pl.col("state").replace_strict(days, default=None, return_dtype=pl.Date),
        back=pl.when(pl.col("step") == "returned").then("words"),
        since=pl.col("at").dt.date(),
        changed=(pl.col("state") == ReviewState.SIGNED.value)
        & (pl.col("signed_score").ne_missing(pl.col("score")) | pl.col("signed_grade").ne_missing(pl.col("grade"))),
    )
    late = (pl.lit(ws.day(as_of)) - pl.col("due")).dt.total_days().clip(0).fill_null(0)
    names = company.people.select("person", "label", "label_zh")
    units = company.units.select("unit", unit_label="label", unit_label_zh="label_zh")
    rows = rows.with_columns(late=late).drop("step", "words", "agrees", "signed_score", "signed_grade", "at", "who")
    for beside, key in ((managers, "person"), (names, "person"), (units, "unit")):
        rows = rows.join(beside, on=key, how="left", maintain_order="left")
    return rows.sort("label", "person")
