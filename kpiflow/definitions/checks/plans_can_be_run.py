"""Every incentive plan can be worked out: its names exist, its units fit, its tables have no gaps, its weights add up.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

from kpiflow.definitions.checks.finding import MANY
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.incentives.inputs import company_inputs
from kpiflow.incentives.typed import plan_problems
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield what the plan itself finds wrong, at the component concerned, and a warning for money of another currency."""
    known: set[str] | None = None
    for name, plan in company.plans.items():
        if known is None and not places.unread & {"units", "goals", "metric"}:
            known = _inputs(company)
        for found in plan_problems(plan, known):
            loc = () if found.index is None else ("components", found.index)
            yield places.problem("plan", name, loc, found.level, found.message)
        if plan.currency != company.profile.currency:
            said = msg(
                "Plan '{name}' pays in {plan}, the company in {company}.",
                name=name,
                plan=plan.currency,
                company=company.profile.currency,
            )
            yield places.problem("plan", name, ("currency",), Level.WARNING, said)


def _inputs(company: Company) -> set[str]:
    """Return the inputs the company can supply; of very many goals only those that plans name, for the others cannot matter."""
    goals = company.goals["goal"].to_list()
    if len(goals) > MANY:
        read = {
            word.partition(":")[2] for plan in company.plans.values() for one in plan.components for word in one.reads()
        }
        goals = [goal for goal in goals if goal in read]
    kinds = company.units["kind"].drop_nulls().unique().to_list()
    return company_inputs(company.units["unit"].to_list(), kinds, goals, list(company.metrics))
