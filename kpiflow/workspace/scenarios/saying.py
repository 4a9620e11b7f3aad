"""Edits in words, in the languages of whoever reads them."""

from typing import Any, assert_never

import polars as pl

from kpiflow.cascade.ways import shown
from kpiflow.core.calendar import Period
from kpiflow.definitions.company import Company
from kpiflow.definitions.plain import plain
from kpiflow.errors import not_found
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.scoring.curves import STANDARD
from kpiflow.workspace.scenarios.changing import changed, goals_meant, with_value
from kpiflow.workspace.scenarios.edits import (
    WEIGHTS,
    AddPlan,
    DropPlan,
    Edit,
    Edits,
    Ends,
    OfGoals,
    SetCurve,
    SetGoals,
    SetGrade,
    SetPlan,
    SetSection,
)
from kpiflow.workspace.scenarios.fields_said import field_said

#: What each field of a goal is called.
FIELD_WORDS: dict[str, Message] = {
    "target": msg("target"),
    "threshold": msg("threshold"),
    "stretch": msg("stretch"),
    "baseline": msg("baseline"),
    "low": msg("lower end"),
    "high": msg("upper end"),
    "weight": msg("weight"),
    "rollup_weight": msg("weight in its parent"),
}


def told(company: Company, edits: Edits, period: Period) -> tuple[Message, ...]:
    """Return each edit in words, each beside what the ones before it left."""
    found = []
    for edit in edits:
        found.append(said(company, edit, period))
        company = changed(company, (edit,), period)
    return tuple(found)


def said(company: Company, edit: Edit, period: Period) -> Message:
    """Return one edit in words; raises NotFound as making it does."""
    match edit:
        case SetGoals():
            return _goals(company, edit, period)
        case Ends():
            return _ends(company, edit, period)
        case SetCurve():
            was = company.curves.get(str(edit.curve.curve), STANDARD)
            return msg("Another curve: {curve}.", curve=Name(edit.curve.label or was.label or str(edit.curve.curve),
                                                             edit.curve.label_zh or was.label_zh))  # fmt: skip
        case SetSection():
            return _section(company, edit)
        case SetGrade():
            return _grade(company, edit)
        case SetPlan():
            return _plan(company, edit)
        case AddPlan():
            return msg("One more plan: {plan}.", plan=Name(edit.plan.label, edit.plan.label_zh))
        case DropPlan():
            plan = company.plans.get(edit.plan)
            return msg("Without the plan {plan}.", plan=Name(plan.label, plan.label_zh) if plan else edit.plan)
    assert_never(edit)


def _plan(company: Company, edit: SetPlan) -> Message:
    plan = company.plans.get(edit.plan)
    if plan is None:
        raise not_found(msg("plan"), edit.plan, company.plans)
    first, _, way = edit.path.partition(".")
    component = next((one.named for one in plan.components if one.id == first), None)
    before, after = (_as_written(plain(one), edit.path) for one in (plan, with_value(plan, edit.path, edit.value)))
    facts = {"plan": Name(plan.label, plan.label_zh), "before": before, "after": after}
    if component is None:
        return msg("{plan}: {field} {before} becomes {after}.", field=field_said(edit.path), **facts)
    return msg(
        "{plan}, {component}: {field} {before} becomes {after}.", component=component, field=field_said(way), **facts
    )


def _as_written(plan: Any, path: str) -> str:
    """Return the value at a path of a plan as one reads it: the points of a curve are pairs with an arrow."""
    first, *steps = path.split(".")
    place = next((one for one in plan["components"] if one["id"] == first), None)
    for step in steps if place is not None else (first, *steps):
        place = place if place is not None else plan
        place = place[int(step)] if isinstance(place, list) else place[step]
    if isinstance(place, list):
        return ", ".join(" → ".join(map(str, one)) if isinstance(one, list) else str(one) for one in place)
    return "–" if place is None else str(place)


def _goals(company: Company, edit: SetGoals, period: Period) -> Message:
    field = FIELD_WORDS[edit.field]
    if edit.goal is not None and edit.to is not None:
        row = goals_meant(company, edit, period).row(0, named=True)
        return msg(
            "{goal}: {field} {before} becomes {after}.", goal=Name(row["label"], row["label_zh"]), field=field,
            before=_value(company, edit.field, row, row[edit.field]), after=_value(company, edit.field, row, edit.to),
        )  # fmt: skip
    return msg("{goals}: {field} × {times}.", goals=_whom(company, edit, period), field=field, times=edit.times)


def _ends(company: Company, edit: Ends, period: Period) -> Message:
    whom = _whom(company, edit, period)
    if edit.at is not None:
        row = goals_meant(company, edit, period).row(0, named=True)
        return msg("{goals}: ends at {value}.", goals=whom, value=_value(company, "target", row, edit.at))
    if edit.of == "forecast" and edit.times is None:
        return msg("{goals}: as forecast.", goals=whom)
    if edit.of == "forecast":
        return msg("{goals}: the forecast × {times}.", goals=whom, times=edit.times)
    return msg("{goals}: the result × {times}.", goals=whom, times=edit.times)


def _whom(company: Company, edit: OfGoals, period: Period) -> Message | Name:
    """Return which goals an edit is about, in words."""
    if edit.goal is not None:
        row = goals_meant(company, edit, period).row(0, named=True)
        return Name(row["label"], row["label_zh"])
    metric = company.metrics.get(edit.metric or "")
    unit = company.units.filter(pl.col("unit") == (edit.unit or ""))
    at = Name(*unit.select("label", "label_zh").row(0)) if unit.height else edit.unit
    if metric is None:
        return msg("All goals of {unit}", unit=at) if edit.unit else msg("All goals")
    name = Name(metric.label, metric.label_zh)
    if edit.unit:
        return msg("All goals on {metric} in {unit}", metric=name, unit=at)
    return msg("All goals on {metric}", metric=name)


def _value(company: Company, field: str, row: dict[str, object], value: float | None) -> Quantity:
    metric = company.metrics.get(str(row["metric"]))
    return Quantity(value) if field in WEIGHTS or metric is None else shown(value, metric)


def _section(company: Company, edit: SetSection) -> Message:
    card = company.scorecards[edit.scorecard]
    part = next(one for one in card.sections if one.section == edit.section)
    return msg(
        "{card}: the weight of {section} {before} becomes {after}.", card=Name(card.label, card.label_zh),
        section=Name(part.label, part.label_zh), before=part.weight, after=edit.weight,
    )  # fmt: skip


def _grade(company: Company, edit: SetGrade) -> Message:
    scale = company.grades[edit.scale]
    band = next(one for one in scale.bands if one.grade == edit.grade)
    return msg(
        "{scale}: {grade} from {before} becomes from {after}.", scale=Name(scale.label, scale.label_zh),
        grade=Name(f"{band.grade} · {band.label}", f"{band.grade} · {band.label_zh or band.label}"),
        before=band.at_least, after=edit.at_least,
    )  # fmt: skip
