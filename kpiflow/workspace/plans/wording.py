"""A plan in words: who it pays, for how long and in what money, and each of its steps as a sentence."""

from dataclasses import dataclass

import polars as pl

from kpiflow.core.calendar import PeriodKind
from kpiflow.definitions.company import Company
from kpiflow.incentives.components import Component
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import typed
from kpiflow.language import Message, Name, Quantity, msg
from kpiflow.workspace.letters.steps import Naming, rule_of
from kpiflow.workspace.plans.pictures import Picture, picture_of


@dataclass(frozen=True)
class StepSaid:
    """One step: its number from 1, what it is called, its rule, what its value is, and what it looks like."""

    number: int
    component: str
    label: Name
    kind: str
    rule: Message
    unit: Kind | None
    picture: Picture | None = None


#: The lengths of a period a plan may pay for.
EVERY: dict[PeriodKind, Message] = {
    PeriodKind.YEAR: msg("It pays once a year."),
    PeriodKind.HALF: msg("It pays every half-year."),
    PeriodKind.QUARTER: msg("It pays every quarter."),
    PeriodKind.MONTH: msg("It pays every month."),
}


def name_of(plan: Plan) -> Name:
    """Return what a plan is called."""
    return Name(plan.label or plan.plan, plan.label_zh)


def about(plan: Plan, company: Company) -> tuple[Message, ...]:
    """Return whom a plan pays, when and how, before its steps."""
    said = [_who(plan, company), EVERY[plan.every], _valid(plan)]
    money = msg("Money is in {currency}, rounded to {places} places on each line.",
                currency=plan.currency, places=plan.rounding.places)  # fmt: skip
    said.append(money)
    made = typed(plan)
    naming = Naming(plan, made, company)
    if plan.segments:
        said.append(msg("Whoever changes unit, role, hours or salary in the period is worked out in dated segments."))
    if plan.budget is not None:
        said.append(msg("All payouts of a run may come to {budget}.",
                        budget=Quantity(float(plan.budget), "currency", plan.currency)))  # fmt: skip
    for name, value in plan.absent.items():
        shown = value if isinstance(value, str) or name not in made.kinds else naming.number(value, made.kinds[name])
        said.append(msg("Where nothing is known of {name}, it counts as {value}.", name=naming.name(name), value=shown))
    return tuple(said)


def _who(plan: Plan, company: Company) -> Message:
    """Say whom a plan is for."""
    parts = []
    if plan.who.roles:
        names = [_role(role, company) for role in plan.who.roles]
        parts.append(msg("in the roles {names}", names=names))
    if plan.who.units:
        parts.append(msg("in {names} and everything below", names=[_unit(unit, company) for unit in plan.who.units]))
    if plan.who.grades:
        parts.append(msg("with the grades {names}", names=list(plan.who.grades)))
    return msg("It pays people {parts}.", parts=parts) if parts else msg("It pays everybody.")


def _role(role: str, company: Company) -> Name:
    found = company.roles.get(role)
    return Name(role) if found is None else Name(found.label or role, found.label_zh)


def _unit(unit: str, company: Company) -> Name:
    found = company.units.filter(pl.col("unit") == unit)
    return Name(*found.select("label", "label_zh").row(0)) if found.height else Name(unit)


def _valid(plan: Plan) -> Message:
    if plan.ends is None:
        return msg("It is valid from {starts} on.", starts=plan.starts)
    return msg("It is valid from {starts} to {ends}.", starts=plan.starts, ends=plan.ends)


def steps_said(plan: Plan, company: Company) -> tuple[StepSaid, ...]:
    """Return the steps of a plan in order, each with its rule; one that cannot be understood says so."""
    made = typed(plan)
    naming = Naming(plan, made, company)
    whole = {step.id: step for step in made.steps}
    return tuple(
        _said(number, step, whole.get(step.id), naming) for number, step in enumerate(plan.components, start=1)
    )


def _said(number: int, written: Component, step: Component | None, naming: Naming) -> StepSaid:
    """Return one step as it was written; `step` is the same with its names resolved, None where that cannot be done."""
    if step is None:
        said = msg("This step cannot be worked out yet.")
        return StepSaid(number, written.id, written.named, written.kind, said, None)
    unit, picture = naming.made.kinds[step.id], picture_of(step, naming)
    return StepSaid(number, step.id, step.named, step.kind, rule_of(step, naming), unit, picture)
