"""What can be wrong with a plan as a whole: it ends in money, every step counts, segments are folded, currencies converted.

Floor 4: knows errors and language. Reads no clock, file or database.
"""

from collections.abc import Iterable, Iterator

from kpiflow.errors import Level, suggest
from kpiflow.incentives.components.component import Component
from kpiflow.incentives.components.exchange import Exchanged
from kpiflow.incentives.components.fold import Fold
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.resolved import PlanProblem, Typed
from kpiflow.language import Message, msg


def whole_problems(plan: Plan, made: Typed) -> list[PlanProblem]:
    """Check the plan as a whole: it ends in money, every step counts, and what it declares is what it uses."""
    complete = len(made.steps) == len(plan.components)
    return [
        *(_of_steps(plan, made) if complete else ()),
        *_of_segments(plan, made),
        *_of_currencies(plan, made),
        *_of_called(plan),
    ]


def _of_steps(plan: Plan, made: Typed) -> Iterator[PlanProblem]:
    """Yield steps that lead nowhere, and words under `absent` that are no inputs."""
    if made.kinds[made.last.id] is not Kind.MONEY:
        yield PlanProblem(len(plan.components) - 1, msg("The last component is what is paid, so it must be money."))
    used = {name for step in made.steps for name in step.reads()}
    for index, step in enumerate(made.steps[:-1]):
        gives = {step.id, *(f"{step.id}_{end}" for end in step.beside(made.kinds))}
        if not gives & used:
            text = msg("'{id}' is worked out but nothing uses it, so it changes no amount.", id=step.id)
            yield PlanProblem(index, text, Level.WARNING)
    for name in plan.absent:
        if name not in made.inputs:
            yield _no_input("absent", name, [*made.inputs, *plan.inputs])


def _of_segments(plan: Plan, made: Typed) -> Iterator[PlanProblem]:
    """Yield steps that mix what belongs to a segment with what belongs to the person."""
    folds = [index for index, step in enumerate(plan.components) if isinstance(step, Fold)]
    if plan.segments and not folds:
        yield PlanProblem(None, msg("A plan paid by segments says where they are added up: write a step of kind fold."))
    if not plan.segments:
        for index in folds:
            yield PlanProblem(index, msg("Only a plan with segments: true has segments to fold."))
        return
    position = {step.id: index for index, step in enumerate(plan.components)}
    for step in made.steps:
        if text := _mixed(step, made):
            yield PlanProblem(position[step.id], text)


def _mixed(step: Component, made: Typed) -> Message | None:
    """Say why a step cannot be worked where it stands."""
    below = [name for name in step.reads() if name in made.per_segment]
    if step.id in made.per_segment:
        if step.needs_everybody or step.keeps:
            return msg("'{id}' is for whole people, not for segments. Write it after the fold.", id=step.id)
        return None
    if isinstance(step, Fold):
        if step.of not in made.per_segment:
            return msg("A fold adds up a step written before the first fold; '{name}' is none.", name=step.of)
        return None
    if below:
        return msg("'{name}' has a value for each segment. Fold it first.", name=below[0])
    return None


def _of_called(plan: Plan) -> Iterator[PlanProblem]:
    """Yield names for inputs that the plan does not declare."""
    for name in plan.called:
        if name not in plan.inputs:
            yield _no_input("called", name, plan.inputs)


def _of_currencies(plan: Plan, made: Typed) -> Iterator[PlanProblem]:
    """Yield amounts of another currency that are not converted, and conversions without a rate."""
    position = {step.id: index for index, step in enumerate(plan.components)}
    for name in plan.currencies:
        if name not in made.inputs and len(made.steps) == len(plan.components):
            yield _no_input("currencies", name, [*made.inputs, *plan.inputs])
    for step in made.steps:
        if isinstance(step, Exchanged):
            if step.currency is None:
                text = msg("'{name}' is in the plan's own currency. Say its own under currencies.", name=step.of)
                yield PlanProblem(position[step.id], text)
            elif step.rate is None:
                text = msg(
                    "There is no rate for {currency}. State it under exchange, with its day.", currency=step.currency
                )
                yield PlanProblem(position[step.id], text)
            continue
        for name in step.reads():
            if plan.currencies.get(name, plan.currency) != plan.currency and made.kinds[name] is Kind.MONEY:
                text = msg(
                    "'{name}' is in {currency}. Convert it with a step of kind exchange first.",
                    name=name,
                    currency=plan.currencies[name],
                )
                yield PlanProblem(position[step.id], text)


def _no_input(field: str, name: str, inputs: Iterable[str]) -> PlanProblem:
    """Say that a field names something that is no input, with the nearest that is."""
    near = suggest(name, inputs)
    if near and near != name:
        text = msg("{field}: the plan reads no '{name}'. Did you mean '{near}'?", field=field, name=name, near=near)
        return PlanProblem(None, text)
    return PlanProblem(None, msg("{field}: the plan reads no '{name}'.", field=field, name=name))
