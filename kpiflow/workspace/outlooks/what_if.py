"""What a person's score, grade and pay would be if goals ended at given values; nothing is written."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.cascade.results import placed
from kpiflow.cascade.rollup import roll_up
from kpiflow.cascade.sheet import with_shares, with_sheet
from kpiflow.core.goal import OwnerKind, Rollup
from kpiflow.errors import InvalidInput, not_found
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import inputs_needed, needs_everybody
from kpiflow.language import Name, msg
from kpiflow.scoring.leaves import in_play, settled
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.supposed import points_at
from kpiflow.workspace.appraisals import appraisals, copies_appraised
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.outlooks.copies import copied, name_of, original, under_names
from kpiflow.workspace.payees import payees, read_of_others, with_units
from kpiflow.workspace.paying import pay_run, plan_name, valid_plans
from kpiflow.workspace.results import results


@dataclass(frozen=True)
class PayIf:
    """What one plan pays a person as things are, and what it would pay."""

    plan: str
    label: Name
    currency: str
    now: Decimal | None
    then: Decimal | None


def in_all(pays: Sequence[PayIf]) -> tuple[Decimal | None, Decimal | None]:
    """Return what plans pay together, now and then; None where one of them is not known, or they pay in several currencies."""
    if len({one.currency for one in pays}) != 1:
        return None, None
    both = [one.now for one in pays], [one.then for one in pays]
    now, then = (None if None in side else sum((one for one in side if one is not None), Decimal(0)) for side in both)
    return now, then


@dataclass(frozen=True, eq=False)
class WhatIf:
    """A person's score, grade and pay as they are and as they would be; None where the asker may not read it, or there
    is none. `pays` are the plans that reach the person and pay for just this period; `pay` is what they come to together.

    goals: goal, actual, ends (the supposed value; null where none was given), points_now, points, score_now, score (what
      the goal adds to the owner's score), for every goal of the person.
    """

    person: str
    score_now: float | None
    score: float | None
    grade_now: str | None
    grade: str | None
    pays: tuple[PayIf, ...]
    goals: pl.DataFrame

    @property
    def pay_now(self) -> Decimal | None:
        """What is paid as things are, by all plans together."""
        return in_all(self.pays)[0]

    @property
    def pay(self) -> Decimal | None:
        """What would be paid, by all plans together."""
        return in_all(self.pays)[1]

    @property
    def currency(self) -> str | None:
        """The currency of what is paid; None where there is none, or are several."""
        found = {one.currency for one in self.pays}
        return found.pop() if len(found) == 1 else None


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
    return what_ifs(ws, asker, person, period, [ends], as_of=as_of)[0]


def what_ifs(
    ws: Books,
    asker: Asker,
    person: str,
    period: str,
    endings: Sequence[Mapping[str, float]],
    *,
    as_of: datetime.date | None = None,
) -> list[WhatIf]:
    """Answer the same for several endings of the period, each by itself; all of them are worked out together."""
    ws.reach(asker).sees(person).require()  # first, so that nobody learns from an error who works here
    of_person = (pl.col("owner") == person) & (pl.col("owner_kind") == OwnerKind.PERSON.value)
    key = ("with below", person, period, ws.versions(as_of))
    now = ws.kept(key, lambda: _with_below(results(ws, period, as_of), of_person))
    before = now.filter(of_person)
    for ends in endings:
        _require_own(before, ends)
    names = [name_of(person, number) for number in range(len(endings))]
    part = _scored(ws, copied(now, len(endings)), period, _wanted(endings), as_of)
    mine = part.filter(pl.col("owner").is_in(names), pl.col("owner_kind") == OwnerKind.PERSON.value)
    people = copies_appraised(ws, mine.drop("copy"), period, person, names=names, as_of=as_of)
    parts = [
        part.filter(pl.col("copy") == number).with_columns(
            original(name) for name in ("goal", "parent", "owner", "sheet")
        )
        for number in range(len(endings))
    ]
    said = _appraised(ws, asker, person, period, (people, names), as_of=as_of)
    paid = _paid(
        ws, asker, person, period, _Then([one.select(now.columns) for one in parts], people, names), as_of=as_of
    )
    return [
        WhatIf(person=person, **score, pays=pays, goals=_compared(before, rows, ends))
        for ends, rows, score, pays in zip(endings, parts, said, paid, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _Then:
    """What endings come to: the results of each, and the appraisals of the copies under their names."""

    parts: Sequence[pl.DataFrame]
    people: pl.DataFrame
    names: Sequence[str]


def _wanted(endings: Sequence[Mapping[str, float]]) -> pl.DataFrame:
    """Return goal (of a copy), of (the goal itself) and supposed, for every goal that is said to end somewhere."""
    rows = [(name_of(goal, number), goal, value) for number, ends in enumerate(endings) for goal, value in ends.items()]
    return pl.DataFrame(rows, orient="row", schema={"goal": pl.String, "of": pl.String, "supposed": pl.Float64})


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
    rows = [(goal, goal, value) for goal, value in ends.items()]
    schema = {"goal": pl.String, "of": pl.String, "supposed": pl.Float64}
    return _scored(ws, part, period, pl.DataFrame(rows, orient="row", schema=schema), as_of)


def _scored(
    ws: Books, part: pl.DataFrame, period: str, wanted: pl.DataFrame, as_of: datetime.date | None
) -> pl.DataFrame:
    """Return the same where `wanted` says it of goals or their copies: goal, of (the goal it is a copy of), supposed."""
    rules, company, moment = ws.rules(as_of), ws.company(as_of), ws.moment(period, as_of)
    end = Moment(moment.calendar, moment.period, moment.period.ends)
    goals = company.goals.join(wanted.select(goal="of"), on="goal", how="semi")
    ready = placed(settled(in_play(goals, end), rules), company.targets, rules, end).rename({"goal": "of"})
    ready = ready.join(wanted.select("goal", "of"), on="of", maintain_order="left")
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
    ws: Books,
    asker: Asker,
    person: str,
    period: str,
    then: tuple[pl.DataFrame, Sequence[str]],
    *,
    as_of: datetime.date | None,
) -> list[dict[str, Any]]:
    """Return score and grade, now and for each copy, for those who may read the person's appraisal."""
    people, names = then
    if not ws.reach(asker, Topic.APPRAISALS).sees(person).allowed:
        return [dict.fromkeys(("score_now", "score", "grade_now", "grade"))] * len(names)
    now = appraisals(ws, period, as_of).people.filter(pl.col("person") == person)
    found = {row["person"]: row for row in people.select("person", "score", "grade").iter_rows(named=True)}
    was = now.select("score", "grade").row(0, named=True) if now.height else {"score": None, "grade": None}
    return [
        {f"{word}_now": was[word] for word in was} | {word: found.get(name, {}).get(word) for word in was}
        for name in names
    ]


def _paid(
    ws: Books, asker: Asker, person: str, period: str, then: _Then, *, as_of: datetime.date | None
) -> list[tuple[PayIf, ...]]:
    """Return pay, now and for each ending, by every plan that reaches the person and pays for just this period."""
    found: list[list[PayIf]] = [[] for _ in then.names]
    if not ws.reach(asker, Topic.PAY).sees(person).allowed:
        return [() for _ in then.names]
    for plan in valid_plans(ws, ws.moment(period, as_of).period, as_of):
        now = pay_run(ws, plan.plan, period, as_of).wide.filter(pl.col("person") == person)
        if now.is_empty():
            continue
        together = not needs_everybody(plan) and not _reads(plan, then.parts[0])
        paid = (_paid_together if together else _paid_apart)(ws, plan, person, period, then, as_of=as_of)
        for ending, one in zip(found, paid, strict=True):
            ending.append(PayIf(plan.plan, plan_name(plan), plan.currency, now["amount"][0], one))
    return [tuple(ending) for ending in found]


def _reads(plan: Plan, part: pl.DataFrame) -> bool:
    """Return whether a plan reads a result that depends on how the goals end: their points, or an owner's score."""
    named = {str(one.of) for one in inputs_needed(plan) if one.of}
    owned = {*part["owner"], *part["goal"]}
    unit = (part["owner_kind"] == OwnerKind.UNIT.value).any()
    return bool(named & owned) or (bool(unit) and any(one.startswith("@") for one in named))


def _paid_together(
    ws: Books, plan: Plan, person: str, period: str, then: _Then, *, as_of: datetime.date | None
) -> list[Decimal | None]:
    """Return what the person is paid for each ending, by a plan that reads nothing else of how goals end but the appraisal."""
    one = payees(ws, list(inputs_needed(plan)), period, as_of, only=person, plan=plan)
    told = ("score", "grade", "coverage")
    rows = under_names(one, then.names).drop(told).join(then.people.select("person", *told), on="person", how="left")
    wide = pay(plan, with_units(rows, ws, as_of) if plan.who.units else rows)
    amounts = dict(wide.select("person", "amount").iter_rows())
    return [amounts.get(name) for name in then.names]


def _paid_apart(
    ws: Books, plan: Plan, person: str, period: str, then: _Then, *, as_of: datetime.date | None
) -> list[Decimal | None]:
    """Return the same by any plan, one ending after the other."""
    asked = list(inputs_needed(plan))
    key = ("read by", plan.plan, period, ws.versions(as_of))
    read = ws.kept(key, lambda: read_of_others(results(ws, period, as_of), asked))
    found = []
    for part in then.parts:
        scored = pl.concat([read.join(part.select("goal"), on="goal", how="anti"), part])
        one = payees(ws, asked, period, as_of, scored=scored, only=person, plan=plan)
        if needs_everybody(plan):  # a pool: what others get of it is as it is now, and leaves less or more
            others = payees(ws, asked, period, as_of, plan=plan).filter(pl.col("person") != person)
            one = pl.concat([others, one.select(others.columns)], how="vertical_relaxed")
        wide = pay(plan, with_units(one, ws, as_of) if plan.who.units else one).filter(pl.col("person") == person)
        found.append(wide["amount"][0] if wide.height else None)
    return found


def _compared(before: pl.DataFrame, scored: pl.DataFrame, ends: Mapping[str, float]) -> pl.DataFrame:
    told = pl.DataFrame(list(ends.items()), orient="row", schema={"goal": pl.String, "ends": pl.Float64})
    after = scored.select("goal", "points", "score")
    return (
        before.select("goal", "actual", points_now="points", score_now="score")
        .join(told, on="goal", how="left", maintain_order="left")
        .join(after, on="goal", how="left", maintain_order="left")
        .select("goal", "actual", "ends", "points_now", "points", "score_now", "score")
    )
