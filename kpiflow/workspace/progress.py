"""One person's progress: the goals, what each still needs, the score so far, and what it would pay."""

import datetime
from typing import Any

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.appraisal.explaining import explain_appraisal
from kpiflow.cascade.tree import path_to_root
from kpiflow.core.goal import OwnerKind
from kpiflow.core.status import Status
from kpiflow.definitions.company import Company
from kpiflow.errors import not_found
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import Statement
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.scoring.moment import Moment
from kpiflow.workspace.answers import Choice, PlanPay, Progress
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import compared_facts, name_of, with_metric_names, with_owner_names
from kpiflow.workspace.outlooks.needed import needed
from kpiflow.workspace.paying import plan_name, statements_about
from kpiflow.workspace.reporting.sparks import sparks
from kpiflow.workspace.results import results
from kpiflow.workspace.words import STATUS_WORDS, not_begun

#: What needs attention comes first.
ORDER = [Status.BEHIND, Status.AT_RISK, Status.OUTDATED, Status.NO_DATA, Status.ON_PACE, Status.DONE]


def progress(ws: Books, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> Progress:
    """Answer the My progress page for a person; raises NotFound, or Refused outside the asker's reach."""
    company, moment = ws.company(as_of), ws.moment(period, as_of)
    ws.reach(asker).sees(person).require()  # first, so that nobody learns from an error who works here
    found = company.people.filter(pl.col("person") == person)
    if found.is_empty():
        raise not_found(msg("person"), person, company.people["person"])
    name = name_of(found.row(0, named=True))
    goals = _goals(ws, person, moment, as_of)
    appraised = appraisals(ws, period, as_of)
    mine = appraised.people.filter(pl.col("person") == person, ws.reach(asker, Topic.APPRAISALS).sees(person).allowed)
    appraisal = mine.row(0, named=True) if mine.height else None
    # Each plan pays for its own period: a month's results on a year's basis would promise money nobody gets.
    paid = ws.reach(asker, Topic.PAY).sees(person).allowed
    said = statements_about(ws, asker, person, period, as_of, shorter=True) if paid else []
    held = _assignment(company, person, moment)
    return Progress(
        sentence=(*not_begun(moment), *_sentence(goals, appraisal)),
        person=person,
        name=name,
        unit=held.get("unit"),
        unit_name=_unit_name(company, held.get("unit")),
        role_name=_role_name(company, held.get("role")),
        goals=goals,
        appraisal=appraisal,
        appraisal_why=tuple(explain_appraisal(appraised, person, company.scorecards, company.grades)) if appraisal else (),
        pays=tuple(_pay(plan, one) for plan, one in said),
        cycle=moment.cycle.period,
        path_up=_up(results(ws, period, as_of), goals),
    )  # fmt: skip


def _pay(plan: Plan, said: Statement) -> PlanPay:
    """Return a statement as the desk shows it."""
    lines = tuple(
        {"line": line.line, "label": line.label, "formula": line.formula, "amount": line.amount, "value": line.value,
         "unit": line.unit.value, "unmet": line.unmet}
        for line in said.lines
    )  # fmt: skip
    return PlanPay(plan.plan, plan_name(plan), str(said.period), lines, said.amount, said.currency)


def people(ws: Books, as_of: datetime.date | None = None) -> list[Choice]:
    """Return everybody with an assignment, with unit and role, for the demo's picker."""
    company = ws.company(as_of)
    rows = (
        company.assignments.sort("starts")
        .unique("person", keep="last")
        .join(company.people.select("person", "label", "label_zh"), on="person")
        .join(company.units.select("unit", unit_label="label", unit_label_zh="label_zh"), on="unit", how="left")
        .sort("person")
    )
    return [Choice(row["person"], name_of(row), Name(*_note(company, row))) for row in rows.iter_rows(named=True)]


def _note(company: Company, row: dict[str, Any]) -> tuple[str, str]:
    role = company.roles.get(row["role"])
    unit, unit_zh = row["unit_label"] or row["unit"], row["unit_label_zh"] or row["unit_label"] or row["unit"]
    label, label_zh = (role.label, role.label_zh or role.label) if role else (row["role"], row["role"])
    return f"{label} · {unit}", f"{label_zh} · {unit_zh}"


def _assignment(company: Company, person: str, moment: Moment) -> dict[str, Any]:
    held = company.assignments.filter(pl.col("person") == person, pl.col("starts") <= moment.period.ends).sort("starts")
    return held.row(-1, named=True) if held.height else {}


def _unit_name(company: Company, unit: str | None) -> Name | None:
    found = company.units.filter(pl.col("unit") == unit) if unit else None
    return name_of(found.row(0, named=True)) if found is not None and found.height else None


def _role_name(company: Company, role: str | None) -> Name | None:
    held = company.roles.get(role or "")
    return Name(held.label, held.label_zh) if held else None


def _goals(ws: Books, person: str, moment: Moment, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the person's goals, what needs attention first, with what each needs and its months."""
    company = ws.company(as_of)
    mine = results(ws, moment.period.period, as_of).filter(
        pl.col("owner") == person, pl.col("owner_kind") == OwnerKind.PERSON.value
    )
    named = with_metric_names(with_owner_names(mine, company), company)
    own = company.goals.filter(pl.col("goal").is_in(mine["goal"].implode()))
    spark = sparks(ws, own, moment, as_of)
    whole = results(ws, moment.cycle.period, as_of).select("goal", total="actual")
    order = pl.DataFrame({"status": [status.value for status in ORDER], "order": range(len(ORDER))})
    joined = (
        named.join(spark, on="goal", how="left")
        .join(whole, on="goal", how="left")
        .join(order, on="status", how="left")
        .sort("order", "pace", "goal")
    )
    needs = needed(joined.with_columns(asks="cycle_target"), moment)
    return joined.hstack(needs).drop("order", "total")


def _sentence(goals: pl.DataFrame, appraisal: dict[str, Any] | None) -> tuple[Message, ...]:
    if goals.is_empty():
        return (msg("There are no goals for this person in this period."),)
    said = []
    if appraisal and appraisal["score"] is not None and appraisal["coverage"]:
        said.append(
            msg(
                "The score so far is {score}, grade {grade}.",
                score=Quantity(appraisal["score"], "score"),
                grade=appraisal["grade"],
            )
        )
    first = goals.row(0, named=True)
    if (
        first["status"] in (Status.BEHIND, Status.AT_RISK)
        and first["actual"] is not None
        and first["expected"] is not None
    ):
        facts = dict(compared_facts(first), status=STATUS_WORDS[first["status"]])
        said.append(
            msg("Most attention: {metric} at {actual} against at most {target}, {gap} over. {status}.", **facts)
            if first["direction"] == "lower"
            else msg("Most attention: {metric} at {actual} against {target}, {gap} short. {status}.", **facts)
        )
    elif first["status"] in (Status.ON_PACE, Status.DONE):
        said.append(msg("All {count} goals are on pace.", count=goals.height))
    return tuple(said) or (msg("{count} {count:goal|goals}, none of them measured yet.", count=goals.height),)


def _up(rows: pl.DataFrame, goals: pl.DataFrame) -> tuple[tuple[str, Name], ...]:
    """Return the goals of units that the person's heaviest goal leads up to, nearest first."""
    if goals.is_empty():
        return ()
    heaviest = goals.sort("weight", descending=True).row(0, named=True)
    if heaviest["parent"] is None:
        return ()
    path = path_to_root(rows, heaviest["parent"])
    above = rows.filter(pl.col("goal").is_in(path)).select("goal", "label", "label_zh")
    names = {row["goal"]: name_of(row) for row in above.iter_rows(named=True)}
    return tuple((step, names[step]) for step in path if step in names)
