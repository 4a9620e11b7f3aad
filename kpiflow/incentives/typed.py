"""A plan with its names resolved and its units checked, and everything that is wrong with it.

Floor 4: knows errors and language. Reads no clock, file or database.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from kpiflow.errors import ConfigurationError, Level, suggest
from kpiflow.incentives.components.component import Component, Modifier
from kpiflow.incentives.inputs import PERSON, Wanted, input_names, wanted
from kpiflow.incentives.kinds import Kind, UnitError
from kpiflow.incentives.plan import Plan
from kpiflow.language import Message, msg

#: Columns of a pay run that no component may be called.
RESERVED = frozenset({"person", "plan", "version", "amount", "period", "line", "component"})


@dataclass(frozen=True)
class PlanProblem:
    """One thing wrong in a plan; `index` is the position of the component, None for the plan itself."""

    index: int | None
    message: Message
    level: Level = Level.ERROR


@dataclass
class Typed:
    """The steps of a plan in order with `of` filled in, the kind of every name, its inputs, and its problems."""

    steps: list[Component] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)
    inputs: dict[str, Wanted] = field(default_factory=dict)
    problems: list[PlanProblem] = field(default_factory=list)

    @property
    def last(self) -> Component:
        """The component that is paid."""
        return self.steps[-1]


def typed(plan: Plan, known: Collection[str] | None = None) -> Typed:
    """Resolve every name of a plan and infer the kind of every value; `known` are the looked-up inputs of the company."""
    made = Typed()
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
        found = [_read(plan, made, index, name, known) for name in component.reads()]
        if component.id in RESERVED or component.id in PERSON or component.id in plan.inputs:
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
        made.steps.append(component)
        if made.kinds[component.id] is Kind.MONEY:
            running = component.id
    return made


def sound(plan: Plan) -> Typed:
    """Return the typed plan; raises ConfigurationError when it has errors."""
    made = typed(plan)
    wrong = [problem for problem in _whole(plan, made) + made.problems if problem.level is Level.ERROR]
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
    return [*made.problems, *doubts, *_whole(plan, made)]


def inputs_needed(plan: Plan) -> tuple[Wanted, ...]:
    """Return the inputs a plan reads, in the order it reads them: the columns that `pay` expects."""
    return tuple(sound(plan).inputs.values())


def _read(plan: Plan, made: Typed, index: int, name: str, known: Collection[str] | None) -> bool:
    """Note the kind of a name a component reads; False when it cannot be resolved."""
    if name in made.kinds:
        return True
    if name in [component.id for component in plan.components]:
        if name in [component.id for component in plan.components[index:]]:
            made.problems.append(
                PlanProblem(index, msg("'{name}' is worked out later. Move it before this step.", name=name))
            )
        return False
    asked = wanted(name, plan.declared)
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


def _whole(plan: Plan, made: Typed) -> list[PlanProblem]:
    """Check the plan as a whole: it ends in money, every step counts, and `absent` names its inputs."""
    found = []
    if made.steps and len(made.steps) == len(plan.components) and made.kinds[made.last.id] is not Kind.MONEY:
        found.append(
            PlanProblem(len(plan.components) - 1, msg("The last component is what is paid, so it must be money."))
        )
    used = {name for step in made.steps for name in step.reads()}
    for index, component in enumerate(plan.components[:-1]):
        if component.id in made.kinds and component.id not in used and len(made.steps) == len(plan.components):
            text = msg("'{id}' is worked out but nothing uses it, so it changes no amount.", id=component.id)
            found.append(PlanProblem(index, text, Level.WARNING))
    for name in plan.absent:
        if name not in made.inputs and len(made.steps) == len(plan.components):
            near = suggest(name, made.inputs)
            found.append(
                PlanProblem(
                    None, msg("absent: '{name}' is not an input of the plan. Nearest: '{near}'.", name=name, near=near)
                )
            )
    return found
