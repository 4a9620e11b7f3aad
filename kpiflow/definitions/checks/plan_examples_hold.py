"""The worked examples inside a plan come out as written.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import KPIFlowError, Level, Problem
from kpiflow.incentives.examples import try_examples
from kpiflow.incentives.typed import plan_problems
from kpiflow.language import msg


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for each value that an example expects and the plan does not give."""
    for name, plan in company.plans.items():
        if not plan.examples or any(found.level is Level.ERROR for found in plan_problems(plan)):
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
                yield places.problem("plan", name, ("examples", number), Level.ERROR, said)
