"""The worked examples inside a plan come out as written.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator, Mapping

from kpiflow.definitions.checks.finding import unknown
from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import KPIFlowError, Level, Problem, suggest
from kpiflow.incentives.examples import try_examples
from kpiflow.incentives.inputs import wanted
from kpiflow.incentives.plan import Example, Expected, Plan
from kpiflow.incentives.typed import plan_problems, sound
from kpiflow.language import Message, msg


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
                yield places.problem("plan", name, ("examples", number, *_field(one.example, value)), Level.ERROR, said)


def _field(example: Example, value: str) -> tuple[object, ...]:
    """Return where an example says what a value should be; `2: bonus` is the bonus of the second of its people."""
    person, _, name = value.rpartition(": ")
    field = ("pays",) if name == "amount" else ("expect", name)
    if not person or (name != "amount" and name not in example.people[int(person) - 1].expect):
        return field
    return ("people", int(person) - 1, *field)


def _strange_names(places: Places, plan: Plan) -> Iterator[Problem]:
    """Yield an error for a value that an example expects and no component gives, and for an input that there cannot be."""
    made = sound(plan)
    inputs = list(made.inputs)
    values = [name for name in made.kinds if name not in made.inputs]
    for number, example in enumerate(plan.examples):
        for loc, one in _parts(example):
            for name in one.expect:
                if name not in values:
                    said = unknown(msg("component"), name, values)
                    yield places.problem(
                        "plan", plan.plan, ("examples", number, *loc, "expect", name), Level.ERROR, said
                    )
        for loc, given in _givens(example):
            for name in given:
                if name not in inputs:
                    level = Level.ERROR if wanted(name, plan.declared) is None else Level.WARNING
                    yield places.problem(
                        "plan", plan.plan, ("examples", number, *loc, name), level, _unread(name, inputs)
                    )


def _unread(name: str, inputs: list[str]) -> Message:
    """Say that a plan does not read an input, with the nearest one that it reads."""
    near = suggest(name, inputs)
    if near:
        return msg("The plan does not read '{name}'. Did you mean '{near}'?", name=name, near=near)
    return msg("The plan does not read '{name}'.", name=name)


def _parts(example: Example) -> Iterator[tuple[tuple[object, ...], Example | Expected]]:
    """Yield an example and each of its people, with the way to them."""
    yield (), example
    for number, person in enumerate(example.people):
        yield ("people", number), person


def _givens(example: Example) -> Iterator[tuple[tuple[object, ...], Mapping[str, object]]]:
    """Yield whatever an example gives: itself, to its people, and for each segment, with the way to it."""
    for loc, one in _parts(example):
        yield (*loc, "given"), one.given
        for number, segment in enumerate(one.segments):
            yield (*loc, "segments", number), segment
