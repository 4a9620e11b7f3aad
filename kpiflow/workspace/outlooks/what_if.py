"""What a person's score, grade and pay would be if goals ended at given values; nothing is written."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.cascade.results import placed
from kpiflow.cascade.rollup import roll_up
from kpiflow.cascade.sheet import with_shares, with_sheet
from kpiflow.core.calendar import PeriodKind
from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.errors import InvalidInput, not_found
from kpiflow.incentives.paying import pay
from kpiflow.incentives.typed import inputs_needed, needs_everybody
from kpiflow.language import msg
from kpiflow.scoring.leaves import in_play, settled
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.supposed import points_at
from kpiflow.workspace.appraisals import appraisals, appraised_by
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.payees import payees, read_of_others, with_units
from kpiflow.workspace.paying import pay_run, valid_plans
from kpiflow.workspace.results import results


@dataclass(frozen=True, eq=False)
class WhatIf:
    """A person's score, grade and pay as they are and as they would be; None where the asker may not read it, or there
    is none. `pay` is of the whole cycle, so a shorter period has none.

    goals: goal, actual, ends (the supposed value; null where none was given), points_now, points, score_now, score (what
      the goal adds to the owner's score), for every goal of the person.
    """

    person: str
    score_now: float | None
    score: float | None
    grade_now: str | None
    grade: str | None
    pay_now: Decimal | None
    pay: Decimal | None
    currency: str | None
    goals: pl.DataFrame


def what_if(
    ws: Books,
    asker: Asker,
    person: str,
    period: str,
    ends: Mapping[str, float],
    *,
    as_of: datetime.date | None = None,
) -> WhatIf:
    """Answer what would be if goals of a person ended at these values, in their metric's measure; all else as it is now.

    Goals of others, and the units above, keep what they have now. Raises Refused outside the asker's reach, NotFound
    for a goal that is not the person's, and InvalidInput for one that is not measured itself.
    """
    ws.reach(asker).sees(person).require()  # first, so that nobody learns from an error who works here
    of_person = (pl.col("owner") == person) & (pl.col("owner_kind") == OwnerKind.PERSON.value)
    key = ("with below", person, period, ws.versions(as_of))
    now = ws.kept(key, lambda: _with_below(results(ws, period, as_of), of_person))
    before = now.filter(of_person)
    _require_own(before, ends)
    part = supposed(ws, now, period, ends, as_of).select(now.columns)
    said = _appraised(ws, asker, person, period, part.filter(of_person), as_of=as_of)
    return WhatIf(
        person=person,
        **said,
        **_paid(ws, asker, person, period, part, as_of=as_of),
        goals=_compared(before, part, ends),
    )


def _require_own(mine: pl.DataFrame, ends: Mapping[str, float]) -> None:
    known = {row["goal"]: row for row in mine.select("goal", "rollup", "metric").iter_rows(named=True)}
    for goal in ends:
        if goal not in known:
            raise not_found(msg("goal of this person in this period"), goal, known)
        if known[goal]["rollup"] != Rollup.OWN.value or known[goal]["metric"] is None:
            raise InvalidInput(
                msg("The goal {goal} is not measured itself, so no value can be supposed for it.", goal=goal)
            )


def _with_below(rows: pl.DataFrame, of_person: pl.Expr) -> pl.DataFrame:
    """Return the person's goals and all goals below them, which the person's objectives add up."""
    found = rows.filter(of_person)
    while True:
        below = rows.join(found.select(parent="goal"), on="parent", how="semi").join(
            found.select("goal"), on="goal", how="anti"
        )
        if below.is_empty():
            return found
        found = pl.concat([found, below])


def supposed(
    ws: Books, part: pl.DataFrame, period: str, ends: Mapping[str, float], as_of: datetime.date | None
) -> pl.DataFrame:
    """Return results with the supposed ends scored, rolled up and shared out by the rules that score everybody."""
    rules, company, moment = ws.rules(as_of), ws.company(as_of), ws.moment(period, as_of)
    end = Moment(moment.calendar, moment.period, moment.period.ends)
    wanted = pl.DataFrame(list(ends.items()), orient="row", schema={"goal": pl.String, "supposed": pl.Float64})
    goals = company.goals.join(wanted, on="goal", how="semi")
    ready = placed(settled(in_play(goals, end), rules), company.targets, rules, end)
    points = points_at(ready, wanted, rules).select("goal", pl.exclude("goal").name.prefix("new_"), told=pl.lit(True))
    told = pl.col("told").fill_null(value=False)
    replaced = part.join(points, on="goal", how="left", maintain_order="left").with_columns(
        actual=pl.when(told).then("new_actual").otherwise("actual"),
        attainment=pl.when(told).then("new_attainment").otherwise("attainment"),
        points=pl.when(told).then("new_points").otherwise("points"),
        coverage=pl.when(told).then(1.0).otherwise("coverage"),
        missing=pl.when(~told).then("missing"),
        numerator=pl.when(~told).then("numerator"),
        denominator=pl.when(~told).then("denominator"),
        outdated=pl.lit(False),
    )
    leaves = with_sheet(replaced.drop("sheet")).with_columns(blocked=(pl.col("missing") == "error").fill_null(False))
    return with_shares(roll_up(leaves, rules, end)).with_columns(pl.col("status", "missing").cast(pl.String))


def _appraised(
    ws: Books, asker: Asker, person: str, period: str, mine: pl.DataFrame, *, as_of: datetime.date | None
) -> dict[str, Any]:
    """Return score and grade, now and then, for those who may read the person's appraisal."""
    if not ws.reach(asker, Topic.APPRAISALS).sees(person).allowed:
        return dict.fromkeys(("score_now", "score", "grade_now", "grade"))
    then = appraised_by(ws, mine, period, as_of, only=person).people
    now = appraisals(ws, period, as_of).people.filter(pl.col("person") == person)
    return {
        f"{name}{when}": frame[name][0] if frame.height else None
        for when, frame in (("_now", now), ("", then))
        for name in ("score", "grade")
    }


def _paid(
    ws: Books, asker: Asker, person: str, period: str, part: pl.DataFrame, *, as_of: datetime.date | None
) -> dict[str, Any]:
    """Return pay, now and then, by the first plan of the cycle that reaches the person; `part` are the results that differ."""
    nothing: dict[str, Any] = dict.fromkeys(("pay_now", "pay", "currency"))
    moment = ws.moment(period, as_of)
    if moment.period.kind is not PeriodKind.YEAR or not ws.reach(asker, Topic.PAY).sees(person).allowed:
        return nothing
    for plan in valid_plans(ws, moment.period, as_of):
        now = pay_run(ws, plan.plan, period, as_of).wide.filter(pl.col("person") == person)
        if now.height:
            asked = list(inputs_needed(plan))
            key = ("read by", plan.plan, period, ws.versions(as_of))
            read = ws.kept(key, lambda asked=asked: read_of_others(results(ws, period, as_of), asked))  # type: ignore[misc]
            scored = pl.concat([read.join(part.select("goal"), on="goal", how="anti"), part])
            one = payees(ws, asked, period, as_of, scored=scored, only=person, plan=plan)
            if needs_everybody(plan):  # a pool: what others get of it is as it is now, and leaves less or more
                others = payees(ws, asked, period, as_of, plan=plan).filter(pl.col("person") != person)
                one = pl.concat([others, one.select(others.columns)], how="vertical_relaxed")
            then = pay(plan, with_units(one, ws, as_of) if plan.who.units else one).filter(pl.col("person") == person)
            return {"pay_now": now["amount"][0], "pay": then["amount"][0] if then.height else None,
                    "currency": plan.currency}  # fmt: skip
    return nothing


def _compared(before: pl.DataFrame, scored: pl.DataFrame, ends: Mapping[str, float]) -> pl.DataFrame:
    told = pl.DataFrame(list(ends.items()), orient="row", schema={"goal": pl.String, "ends": pl.Float64})
    after = scored.select("goal", "points", "score")
    return (
        before.select("goal", "actual", points_now="points", score_now="score")
        .join(told, on="goal", how="left", maintain_order="left")
        .join(after, on="goal", how="left", maintain_order="left")
        .select("goal", "actual", "ends", "points_now", "points", "score_now", "score")
    )
