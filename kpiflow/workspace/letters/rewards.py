"""How plans reach an owner, in words: basis, factors, gates, caps and penalties as written, without anybody's result."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kpiflow.core.calendar import Period
from kpiflow.core.letter import Reward, RewardLine, Wording
from kpiflow.definitions.company import Company
from kpiflow.incentives.components.basis import Basis
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import sound
from kpiflow.language import Quantity, msg
from kpiflow.workspace.letters.steps import Naming, rule_of
from kpiflow.workspace.letters.wording import both, named


@dataclass(frozen=True)
class Payee:
    """Whom a plan would pay: the role and the units (their own and all above)."""

    role: str | None
    units: tuple[str, ...]


def plans_reaching(company: Company, cycle: Period, payee: Payee) -> Iterator[Plan]:
    """Yield the plans valid on some day of a cycle that can reach somebody; which grade they will have nobody knows yet."""
    for plan in company.plans.values():
        valid = plan.starts <= cycle.ends and (plan.ends is None or plan.ends >= cycle.starts)
        roles, places = plan.who.roles, plan.who.units
        if valid and (not roles or payee.role in roles) and (not places or set(places) & set(payee.units)):
            yield plan


def reward_of(plan: Plan, company: Company) -> Reward:
    """Return a plan as a letter says it: its steps in order, each with its rule."""
    made = sound(plan)
    naming = Naming(plan, made, company)
    return Reward(
        plan=plan.plan,
        version=f"{plan.version}+{plan.fingerprint}",
        label=named(plan.label, plan.label_zh),
        every=plan.every,
        starts=plan.starts,
        ends=plan.ends,
        currency=plan.currency,
        lines=tuple(
            RewardLine(label=both(step.named), kind=step.kind, says=both(rule_of(step, naming))) for step in made.steps
        ),
    )


def basis_of(plan: Plan, person: dict[str, Any]) -> Wording | None:
    """Return the amount a plan starts from for a whole period, by a person's own salary; None where it does not follow."""
    first = next((step for step in sound(plan).steps if isinstance(step, Basis)), None)
    factors = [] if first is None else [_given(first.of, person), first.months, _given(first.share, person)]
    known = [factor for factor in factors if factor is not None]
    if first is None or len(known) < len(factors):
        return None
    product = Decimal(1)
    for factor in known:
        product *= factor
    amount = Quantity(float(product.quantize(Decimal("0.01"), ROUND_HALF_UP)), "currency", plan.currency)
    return both(msg("{name}: {amount}", name=first.named, amount=amount))


def _given(operand: Decimal | str, person: dict[str, Any]) -> Decimal | None:
    """Return a number of the plan, or what the person's row says under that name."""
    value = operand if isinstance(operand, Decimal) else person.get(operand)
    return None if value is None else Decimal(str(value))
