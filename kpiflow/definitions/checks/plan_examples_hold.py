"""The worked examples inside a plan come out as written.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

from kpiflow.definitions.checks.finding import unknown
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import KPIFlowError, Level, Problem, suggest
from kpiflow.incentives.examples import try_examples
from kpiflow.incentives.inputs import wanted
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import inputs_needed, plan_problems
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for each value that an example expects and the plan does not give."""
    for name, plan in company.plans.items():
        if not plan.examples or any(found.level is Level.ERROR for found in plan_problems(plan)):
            continue
        strange = list(_strange_names(places, plan))
        yield from strange
        if any(problem.level is Level.ERROR for problem in strange):
            continue
        try:
            tried = try_examples(plan)
        except (KPIFlowError, ArithmeticError, ValueError, TypeError) as error:
            said = msg("The examples cannot be worked out: {reason}", reason=getattr(error, "message", str(error)))
            yield places.problem("plan", name, ("examples",), Level.ERROR, said)
            continue
        for number, one in enumerate(tried):
            for value, (expected, found) in one.differences.items():
                said = msg(
                    "Example '{example}': {value} should be {expected}, but the plan gives {found}.",
                    example=one.example.name or str(number + 1),
                    value=value,
                    expected=expected,
                    found=found,
                )
                field = ("pays",) if value == "amount" else ("expect", value)
                yield places.problem("plan", name, ("examples", number, *field), Level.ERROR, said)


def _strange_names(places: Places, plan: Plan) -> Iterator[Problem]:
    """Yield an error for a component that an example expects and there is not, and for an input that there cannot be."""
    inputs = [asked.name for asked in inputs_needed(plan)]
    steps = [step.id for step in plan.components]
    for number, example in enumerate(plan.examples):
        for name in example.expect:
            if name not in steps:
                said = unknown(msg("component"), name, steps)
                yield places.problem("plan", plan.plan, ("examples", number, "expect", name), Level.ERROR, said)
        for name in example.given:
            if name in inputs:
                continue
            level = Level.ERROR if wanted(name, plan.declared) is None else Level.WARNING
            near = suggest(name, inputs)
            said = (
                msg("The plan does not read '{name}'. Did you mean '{near}'?", name=name, near=near)
                if near
                else msg("The plan does not read '{name}'.", name=name)
            )
            yield places.problem("plan", plan.plan, ("examples", number, "given", name), level, said)
