"""Ratios of a plan that look like percents whose sign was forgotten: 80 where 80% is meant.

Floor 4: knows errors and language. Reads no clock, file or database.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kpiflow.errors import Level
from kpiflow.incentives.components.basis import Basis
from kpiflow.incentives.components.component import Component
from kpiflow.incentives.components.factor import Factor
from kpiflow.incentives.components.funding import Funding
from kpiflow.incentives.components.matrix import Matrix
from kpiflow.incentives.components.rates import Rates
from kpiflow.incentives.components.table import Table
from kpiflow.incentives.condition import Condition
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.resolved import PlanProblem, Typed
from kpiflow.language import msg

#: A ratio from here on (1,000 %) is hardly ever meant. Of money that is paid out, more than all of it is hardly ever a rate.
MANY, ALL = Decimal(10), Decimal(1)


def percent_doubts(plan: Plan, made: Typed) -> Iterator[PlanProblem]:
    """Yield one warning for each step with ratios that are rather percents, and for rates below 0."""
    position = {step.id: index for index, step in enumerate(plan.components)}
    for step in made.steps:
        large = next((one for one in _ratios(step, made.kinds) if one >= MANY), None)
        if isinstance(step, Rates) and made.kinds[step.of] is Kind.MONEY:
            large = next((tier.rate for tier in step.tiers if tier.rate > ALL), large)
        if large is not None:
            text = msg(
                "{value} is {percent} % here. Write {value}% if that is meant.", value=large, percent=large * 100
            )
            yield PlanProblem(position[step.id], text, Level.WARNING)
        if isinstance(step, Rates) and any(tier.rate < 0 for tier in step.tiers):
            text = msg("A rate below 0 takes away from what was earned. Is that meant?")
            yield PlanProblem(position[step.id], text, Level.WARNING)


def _ratios(step: Component, kinds: Mapping[str, Kind]) -> Iterator[Decimal]:
    """Yield every number of a step that is a ratio, or that a ratio is compared with."""
    for held in (getattr(step, "needs", None), getattr(step, "when", None)):
        for one in held if isinstance(held, tuple) else (held,):
            if isinstance(one, Condition) and one.edge is not None and kinds[one.of] is Kind.RATIO:
                yield one.edge
    match step:
        case Factor():
            yield from (x for x, _ in step.curve.points if kinds[step.of] is Kind.RATIO)
            yield from (y for _, y in step.curve.points)
        case Table():
            edges = [edge for row in step.rows for edge in (row.low, row.high) if edge is not None]
            yield from edges if kinds[step.of] is Kind.RATIO else ()
            yield from (row.gives for row in step.rows if step.unit == "ratio")
        case Matrix():
            yield from step.down_from if kinds[step.down] is Kind.RATIO else ()
            yield from step.across_from if kinds[step.across] is Kind.RATIO else ()
            yield from (cell for line in step.cells for cell in line)
        case Basis() | Funding() if isinstance(step.share, Decimal):
            yield step.share
