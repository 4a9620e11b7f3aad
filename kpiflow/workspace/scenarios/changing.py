"""The edits of a scenario made on a company in memory, one after another; what cannot be is refused with the nearest word."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, assert_never

import polars as pl
from pydantic import ValidationError

from kpiflow.cascade.consequence import applied, checked
from kpiflow.core.calendar import Period
from kpiflow.definitions.company import Company
from kpiflow.definitions.plain import plain
from kpiflow.errors import ConfigurationError, InvalidInput, not_found
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import sound
from kpiflow.language import Message, msg
from kpiflow.scoring.gathering import ancestors
from kpiflow.workspace.scenarios.edits import (
    WEIGHTS,
    AddPlan,
    DropPlan,
    Edit,
    Ends,
    OfGoals,
    SetCurve,
    SetGoals,
    SetGrade,
    SetPlan,
    SetSection,
)

One = TypeVar("One")


def changed(company: Company, edits: Iterable[Edit], period: Period) -> Company:
    """Return the company with the edits made in their order; how results end is no part of it.

    Raises NotFound with the nearest word for what there is not, and InvalidInput for what cannot be.
    """
    for edit in edits:
        company = _made(company, edit, period)
    return company


def _made(company: Company, edit: Edit, period: Period) -> Company:
    """Return the company with one edit made."""
    match edit:
        case SetGoals():
            return replace(
                company, goals=applied(company.goals, checked(company.goals, new_values(company, edit, period)))
            )
        case SetCurve():
            name = str(edit.curve.curve)
            _found(msg("curve"), name, company.curves)
            return replace(company, curves=company.curves | {name: edit.curve})
        case SetSection():
            return _with_section(company, edit)
        case SetGrade():
            return _with_grade(company, edit)
        case SetPlan():
            plan = _found(msg("plan"), edit.plan, company.plans)
            return replace(company, plans=company.plans | {edit.plan: with_value(plan, edit.path, edit.value)})
        case AddPlan():
            if edit.plan.plan in company.plans:
                raise InvalidInput(
                    msg("There is a plan {plan} already. Give the new one another id.", plan=edit.plan.plan)
                )
            return replace(company, plans=company.plans | {edit.plan.plan: _runnable(edit.plan)})
        case DropPlan():
            _found(msg("plan"), edit.plan, company.plans)
            return replace(company, plans={name: one for name, one in company.plans.items() if name != edit.plan})
        case Ends():
            goals_meant(company, edit, period)
            return company
    assert_never(edit)


def goals_meant(company: Company, edit: OfGoals, period: Period) -> pl.DataFrame:
    """Return the goals of the period's cycle that an edit is about; raises NotFound with the nearest word."""
    goals = company.goals.filter(pl.col("cycle") == period.cycle)
    if edit.goal is not None:
        found = goals.filter(pl.col("goal") == edit.goal)
        if found.is_empty():
            raise not_found(msg("goal in this period"), edit.goal, goals["goal"])
        return found
    if edit.metric is not None:
        _found(msg("metric"), edit.metric, company.metrics)
        goals = goals.filter(pl.col("metric") == edit.metric)
    if edit.unit is not None:
        goals = _below(company, goals, edit.unit)
    return goals


def _below(company: Company, goals: pl.DataFrame, unit: str) -> pl.DataFrame:
    """Return the goals of a unit, of the units below it, and of the people who are in one of them."""
    units = company.units["unit"]
    if unit not in units:
        raise not_found(msg("unit"), unit, units)
    within = ancestors(company.units).filter(pl.col("ancestor") == unit)["unit"].unique()
    people = company.assignments.filter(pl.col("unit").is_in(within.implode()))["person"].unique()
    is_unit = pl.col("owner_kind").cast(pl.String) == "unit"
    return goals.filter(
        (is_unit & pl.col("owner").is_in(within.implode())) | (~is_unit & pl.col("owner").is_in(people.implode()))
    )


def new_values(company: Company, edit: SetGoals, period: Period) -> pl.DataFrame:
    """Return goal, field and value of an edit of goals; raises InvalidInput where it changes none."""
    meant = goals_meant(company, edit, period)
    if edit.to is not None:
        value = pl.lit(edit.to)
    else:
        meant = meant.filter(pl.col(edit.field).is_not_null())
        # Half a unit of the fifteenth digit: 1.1 × 30 is 33, not 33.00000000000001.
        value = (pl.col(edit.field) * float(edit.times or 1)).round_sig_figs(15)
    if meant.is_empty():
        raise InvalidInput(msg("This edit is about goals, and none of them has a {field} in {period}.",
                               field=edit.field, period=period.period))  # fmt: skip
    if edit.field not in WEIGHTS and meant["metric"].null_count():
        raise InvalidInput(
            msg(
                "{goal} has no metric, so it has no target of its own.",
                goal=meant.filter(pl.col("metric").is_null())["goal"][0],
            )
        )
    return meant.select("goal", field=pl.lit(edit.field), value=value.cast(pl.Float64))


def _with_section(company: Company, edit: SetSection) -> Company:
    card = _found(msg("scorecard"), edit.scorecard, company.scorecards)
    _found(msg("section"), edit.section, {one.section: one for one in card.sections})
    parts = [
        {**plain(one), "weight": edit.weight} if one.section == edit.section else plain(one) for one in card.sections
    ]
    changed_card = _validated(card, {**plain(card), "sections": parts})
    return replace(company, scorecards=company.scorecards | {edit.scorecard: changed_card})


def _with_grade(company: Company, edit: SetGrade) -> Company:
    scale = _found(msg("grade scale"), edit.scale, company.grades)
    _found(msg("grade"), edit.grade, {one.grade: one for one in scale.bands})
    bands = [
        {**plain(one), "at_least": edit.at_least} if one.grade == edit.grade else plain(one) for one in scale.bands
    ]
    changed_scale = _validated(scale, {**plain(scale), "bands": bands})
    return replace(company, grades=company.grades | {edit.scale: changed_scale})


def with_value(plan: Plan, path: str, value: Any) -> Plan:
    """Return a plan with another value at a path: a component and the way to its field, or a field of the plan itself."""
    whole = plain(plan)
    steps = path.split(".")
    by_id = {one["id"]: one for one in whole["components"]}
    place: Any = by_id.get(steps[0], whole)
    if place is not whole:
        steps = steps[1:] or [""]
    elif steps[0] not in whole:
        raise not_found(msg("component or field of the plan"), steps[0], [*by_id, *whole])
    for step in steps[:-1]:
        place = _inside(place, step, path)
    last = steps[-1]
    if isinstance(place, list):
        _inside(place, last, path)
        place[int(last)] = value
    else:
        if not isinstance(place, dict) or last not in place:
            raise not_found(msg("field of the plan"), last or path, place if isinstance(place, dict) else ())
        place[last] = value
    return _runnable(_validated(plan, whole))


def _inside(place: Any, step: str, path: str) -> Any:
    """Return what a step of a path leads to; raises NotFound with the nearest word."""
    if isinstance(place, list):
        if not step.isdecimal() or int(step) >= len(place):
            raise not_found(msg("place in {path}", path=path), step, map(str, range(len(place))))
        return place[int(step)]
    if not isinstance(place, dict) or step not in place:
        raise not_found(msg("field of the plan"), step, place if isinstance(place, dict) else ())
    return place[step]


def _validated(was: Any, values: dict[str, Any]) -> Any:
    """Return a definition of its kind made of plain values; raises InvalidInput with what is wrong and where."""
    try:
        return type(was).model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(one) for one in first["loc"]) or type(was).__name__.lower()
        raise InvalidInput(msg("This cannot be: {where}: {reason}", where=where, reason=str(first["msg"]))) from error


def _runnable(plan: Plan) -> Plan:
    """Return a plan that can be run; raises InvalidInput with the first thing that is wrong in it."""
    try:
        sound(plan)
    except ConfigurationError as error:
        raise InvalidInput(error.message) from error
    return plan


def _found(what: Message, name: str, known: Mapping[str, One]) -> One:
    """Return a definition by id; raises NotFound with the nearest one."""
    if name not in known:
        raise not_found(what, name, known)
    return known[name]
