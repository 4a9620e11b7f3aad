"""A plan with its names resolved and its units checked, and everything that is wrong with it.

Floor 4: knows errors and language. Reads no clock, file or database.
"""

from collections.abc import Collection
from decimal import Decimal

from kpiflow.errors import ConfigurationError, Level, suggest
from kpiflow.incentives.components.component import Component, Modifier
from kpiflow.incentives.components.exchange import Exchanged
from kpiflow.incentives.components.fold import Fold
from kpiflow.incentives.inputs import PERSON, Wanted, input_names, wanted
from kpiflow.incentives.kinds import Kind, UnitError
from kpiflow.incentives.percents import percent_doubts
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.problems import whole_problems
from kpiflow.incentives.resolved import PlanProblem, Typed
from kpiflow.language import Message, msg

#: Columns of a pay run that no component may be called.
RESERVED = frozenset({"person", "plan", "version", "amount", "period", "line", "component"})


def typed(plan: Plan, known: Collection[str] | None = None) -> Typed:
    """Resolve every name of a plan and infer the kind of every value; `known` are the looked-up inputs of the company."""
    made = Typed(per_segment=segment_steps(plan))
    running: str | None = None
    for index, written in enumerate(plan.components):
        component: Component = written
        if isinstance(written, Modifier) and written.of is None:
            if running is None:
                made.problems.append(
                    PlanProblem(index, msg("There is no amount before '{id}' that it could change.", id=component.id))
                )
                continue
            component = written.model_copy(update={"of": running})
        if isinstance(component, Exchanged):
            component = _with_rate(plan, component)
        found = [_read(plan, made, index, name, known) for name in component.reads()]
        taken = component.id in made.kinds and component.id not in made.inputs
        if taken or component.id in RESERVED or component.id in PERSON or component.id in plan.inputs:
            made.problems.append(
                PlanProblem(index, msg("'{id}' already means something else. Choose another id.", id=component.id))
            )
        if not all(found):
            continue
        try:
            made.kinds[component.id] = component.gives(made.kinds)
        except UnitError as error:
            made.problems.append(PlanProblem(index, error.message))
            continue
        made.kinds |= {f"{component.id}_{end}": kind for end, kind in component.beside(made.kinds).items()}
        made.steps.append(component)
        if made.kinds[component.id] is Kind.MONEY:
            running = component.id
    carried: dict[str, Decimal | str] = {name: Decimal(0) for name in made.inputs if name.startswith("carried:")}
    made.absent = carried | plan.absent
    return made


def segment_steps(plan: Plan) -> frozenset[str]:
    """Return the ids of the steps that are worked for each dated segment: those written before the first fold."""
    ids: list[str] = []
    for component in plan.components if plan.segments else ():
        if isinstance(component, Fold):
            break
        ids.append(component.id)
    return frozenset(ids)


def _with_rate(plan: Plan, step: Exchanged) -> Exchanged:
    """Fill in the rate that the plan states for the currency of what is converted."""
    currency = step.currency or plan.currencies.get(step.of)
    stated = plan.exchange.get(currency or "")
    if stated is None or step.rate is not None:
        return step.model_copy(update={"currency": currency, "into": plan.currency})
    return step.model_copy(update={"currency": currency, "into": plan.currency, "rate": stated.rate, "day": stated.day})


def sound(plan: Plan) -> Typed:
    """Return the typed plan; raises ConfigurationError when it has errors."""
    made = typed(plan)
    wrong = [problem for problem in whole_problems(plan, made) + made.problems if problem.level is Level.ERROR]
    if wrong:
        raise ConfigurationError(msg("Plan '{plan}' cannot be run: {reason}", plan=plan.plan, reason=wrong[0].message))
    return made


def plan_problems(plan: Plan, known_inputs: Collection[str] | None = None) -> list[PlanProblem]:
    """Return everything wrong with a plan: names, units, tables, and steps that change nothing.

    `known_inputs` are the names `inputs.company_inputs` gives; without them looked-up names are taken on trust.
    """
    made = typed(plan, known_inputs)
    doubts = [
        PlanProblem(index, doubt, Level.WARNING if component.kind == "weighted" else Level.ERROR)
        for index, component in enumerate(plan.components)
        for doubt in component.doubts()
    ]
    return [*made.problems, *doubts, *whole_problems(plan, made), *percent_doubts(plan, made)]


def inputs_needed(plan: Plan) -> tuple[Wanted, ...]:
    """Return the inputs a plan reads, in the order it reads them: the columns that `pay` expects."""
    return tuple(sound(plan).inputs.values())


def needs_everybody(plan: Plan) -> bool:
    """Say whether a plan shares something out among all payees, so that nobody can be paid by it alone."""
    return any(component.needs_everybody for component in plan.components)


def _too_early(plan: Plan, step: str, name: str) -> Message:
    """Say that a step reads one that is worked out later, or that it needs the step itself."""
    reads = {component.id: component.reads() for component in plan.components}
    needed, asked = set(), [name]
    while asked:
        one = asked.pop()
        if one not in needed:
            needed.add(one)
            asked += reads.get(one, ())
    if step == name:
        return msg("'{name}' cannot be worked out from itself.", name=name)
    if step in needed:
        return msg("'{step}' and '{name}' need each other, so neither can come first.", step=step, name=name)
    return msg("'{name}' is worked out later. Move it before this step.", name=name)


def _read(plan: Plan, made: Typed, index: int, name: str, known: Collection[str] | None) -> bool:
    """Note the kind of a name a component reads; False when it cannot be resolved."""
    if name in made.kinds:
        return True
    if name in [component.id for component in plan.components]:
        if name in [component.id for component in plan.components[index:]]:
            made.problems.append(PlanProblem(index, _too_early(plan, plan.components[index].id, name)))
        return False
    asked = wanted(name, plan.declared)
    if asked is not None and asked.word == "carried":
        missing = not any(component.keeps and component.id == asked.of for component in plan.components)
    else:
        missing = asked is None or (known is not None and asked.of is not None and name not in known)
    if asked is None or missing:
        near = suggest(name, [*input_names(plan.inputs, known or ()), *(component.id for component in plan.components)])
        text = (
            msg("There is no input or component '{name}'. Did you mean '{near}'?", name=name, near=near)
            if near
            else msg(
                "There is no input or component '{name}'. Declare it under inputs, or name one that exists.", name=name
            )
        )
        made.problems.append(PlanProblem(index, text))
        return False
    made.kinds[name], made.inputs[name] = asked.kind, asked
    return True
