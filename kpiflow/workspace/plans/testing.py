"""A plan's examples run through the fast path and the reference, what they gave, and which rows none of them hits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from kpiflow.errors import KPIFlowError, Level
from kpiflow.incentives.coverage import Coverage, coverage
from kpiflow.incentives.examples import Tried, try_examples
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import Statement
from kpiflow.incentives.typed import PlanProblem, plan_problems, sound
from kpiflow.language import Message, Name, msg

#: A value of an example: a number, a word such as a grade, or nothing that could be said.
Of = Decimal | str | None


@dataclass(frozen=True)
class Value:
    """One value an example expects: what was found by the fast path, and what the exact reference makes of it.

    `person` is the number of the one it is about, from 1, in an example of several people.
    """

    component: str
    label: Name | Message
    unit: Kind
    expected: Of
    found: Of
    exact: Of | Fraction
    holds: bool
    person: int | None = None


@dataclass(frozen=True)
class Ran:
    """One example: its number from 1, what it shows, its values and the statement it gives."""

    number: int
    name: str
    why: str
    values: tuple[Value, ...]
    statement: Statement

    @property
    def holds(self) -> bool:
        """Whether everything came out as written."""
        return all(value.holds for value in self.values)


@dataclass(frozen=True)
class Tested:
    """What testing a plan found. With `problems` nothing could be run; `failed` says why the examples could not be."""

    plan: Plan
    problems: tuple[PlanProblem, ...] = ()
    failed: Message | None = None
    examples: tuple[Ran, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def green(self) -> bool:
        """Whether the plan can be run and every example comes out as written."""
        return not self.problems and self.failed is None and all(one.holds for one in self.examples)

    @property
    def wrong(self) -> tuple[Ran, ...]:
        """The examples that do not come out as written."""
        return tuple(one for one in self.examples if not one.holds)

    def obstacles(self) -> tuple[Message, ...]:
        """Return everything that stands against publishing the plan."""
        said = [problem.message for problem in self.problems]
        if self.failed is not None:
            said.append(self.failed)
        if not self.plan.examples:
            said.append(msg("The plan has no examples. Write some under examples, with what each must pay."))
        for one in self.wrong:
            value = next(value for value in one.values if not value.holds)
            said.append(msg("Example '{example}': {value} should be {expected}, but the plan gives {found}.",
                            example=one.name, value=value.component, expected=value.expected, found=value.found))  # fmt: skip
        if self.green and self.plan.examples and not self.coverage.complete:
            missed = self.coverage.missed
            named = [msg("{step} ({branch})", step=one.label, branch=one.branch.said) for one in missed[:SHOWN]]
            said.append(msg("No example hits {count} of its rows and sides: {some}.", count=len(missed), some=named))
        return tuple(said)


#: How many rows that no example hits a refusal names.
SHOWN = 5


def tested(plan: Plan) -> Tested:
    """Run all examples of a plan both ways; never raises for what the plan says."""
    errors = tuple(problem for problem in plan_problems(plan) if problem.level is Level.ERROR)
    if errors:
        return Tested(plan, errors)
    try:
        tried = try_examples(plan)
    except (KPIFlowError, ArithmeticError, ValueError, TypeError, AssertionError) as error:
        reason = getattr(error, "message", str(error))
        return Tested(plan, failed=msg("The examples cannot be worked out: {reason}", reason=reason))
    ran = tuple(_ran(plan, one, number) for number, one in enumerate(tried, start=1))
    return Tested(plan, examples=ran, coverage=coverage(plan, tried))


def _ran(plan: Plan, tried: Tried, number: int) -> Ran:
    example, values = tried.example, []
    for place, (one, row) in enumerate(zip(example.each, tried.rows, strict=True), start=1):
        person = place if example.people else None
        values += [
            _value(plan, tried, row, (name, of), person) for name, of in {**one.expect, "amount": one.pays}.items()
        ]
    if example.people:
        paid = [row["amount"] for row in tried.rows]
        known = [amount for amount in paid if isinstance(amount, Decimal)]
        together = sum(known, Decimal(0)) if len(known) == len(paid) else None
        holds = "amount" not in tried.differences
        values.append(Value("amount", msg("Paid to all"), Kind.MONEY, example.pays, together, None, holds))
    return Ran(number, example.name or str(number), example.why, tuple(values), tried.statement)


def _value(plan: Plan, tried: Tried, row: Mapping[str, object], expected: tuple[str, Of], person: int | None) -> Value:
    """Return one expected value beside what was found; `<id>_left` and the like are named after their step."""
    made, (name, of) = sound(plan), expected
    step = next((one for one in made.steps if name == one.id or name.startswith(f"{one.id}_")), None)
    label = msg("Paid") if name == "amount" else Name(name) if step is None or name != step.id else step.named
    found = row.get(name)
    assert found is None or isinstance(found, Decimal | str)
    key = name if person is None else f"{person}: {name}"
    return Value(
        component=name,
        label=label,
        unit=Kind.MONEY if step is None else made.kinds[step.id],
        expected=of,
        found=found,
        exact=_ended(tried.exact[(person or 1) - 1].get(name)),
        holds=key not in tried.differences,
        person=person,
    )


def _ended(value: Fraction | str | None) -> Of | Fraction:
    """Return a fraction that ends as the decimal it is, as everything that was rounded does."""
    if not isinstance(value, Fraction):
        return value
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return decimal if Fraction(decimal) == value else value
