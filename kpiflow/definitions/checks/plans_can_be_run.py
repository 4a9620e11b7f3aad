"""Every incentive plan can be worked out: its names exist, its units fit, its tables have no gaps, its weights add up.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator
from decimal import Decimal

from kpiflow.core.fact import exact
from kpiflow.definitions.checks.finding import MANY
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.definitions.written import Written
from kpiflow.errors import Level, Problem
from kpiflow.incentives.inputs import company_inputs
from kpiflow.incentives.typed import PlanProblem, plan_problems
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield what the plan itself finds wrong, at the component concerned, and a warning for money of another currency."""
    known: set[str] | None = None
    for name, plan in company.plans.items():
        if known is None and not places.unread & {"units", "goals", "metric"}:
            known = _inputs(company)
        for found in plan_problems(plan, known):
            spot = places.facts.get(("plan", name))
            loc = () if spot is None else place_in(spot.written, found)
            yield places.problem("plan", name, loc, found.level, found.message)
        if plan.currency != company.profile.currency:
            said = msg(
                "Plan '{name}' pays in {plan}, the company in {company}.",
                name=name,
                plan=plan.currency,
                company=company.profile.currency,
            )
            yield places.problem("plan", name, ("currency",), Level.WARNING, said)


def place_in(plan: Written, found: PlanProblem) -> tuple[object, ...]:
    """Return the way to what a problem is about, as near as its message says: a name, a row of a table, else the step."""
    facts = found.message.facts
    if found.index is None:
        return ("absent", facts.get("name")) if "absent" in plan.parts else ()
    step = plan.part(("components", found.index))
    if step is None:
        return ("components", found.index)
    ways = (
        *(_named(step, str(facts[word])) for word in ("name", "id") if word in facts),
        _row(step, facts.get("other")),
        _edge(step, facts.get("high")),
        ("of",) if "of" in step.parts else None,
    )
    return ("components", found.index, *next((way for way in ways if way is not None), ()))


def _named(step: Written, name: str) -> tuple[object, ...] | None:
    """Return the way to where a name is written; its own id comes last, for it is read elsewhere."""
    for key in sorted(step.parts, key=lambda one: one == "id"):
        part = step.parts[key]
        if part.text == name:
            return (key,)
        below = _named(part, name)
        if below is not None:
            return (key, *below)
    return None


def _row(step: Written, number: object) -> tuple[object, ...] | None:
    """Return the way to a row of a table, counted from 1."""
    return ("rows", number - 1) if isinstance(number, int) and "rows" in step.parts else None


def _edge(step: Written, low: object) -> tuple[object, ...] | None:
    """Return the way to the row that begins at a number."""
    rows = step.parts["rows"].parts if isinstance(low, Decimal) and "rows" in step.parts else {}
    for number, row in rows.items():
        if isinstance(row.value, dict) and "low" in row.value and exact(row.value["low"]) == low:
            return ("rows", number, "low")
    return None


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
