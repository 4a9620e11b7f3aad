"""A plan with its names resolved: its steps, the kind of every name, its inputs, and its problems.

Floor 4: knows errors and language. Reads no clock, file or database.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from kpiflow.errors import Level
from kpiflow.incentives.components.component import Component
from kpiflow.incentives.inputs import Wanted
from kpiflow.incentives.kinds import Kind
from kpiflow.language import Message


@dataclass(frozen=True)
class PlanProblem:
    """One thing wrong in a plan; `index` is the position of the component, None for the plan itself."""

    index: int | None
    message: Message
    level: Level = Level.ERROR


@dataclass
class Typed:
    """The steps of a plan in order with `of` filled in, the kind of every name, its inputs, and its problems.

    `absent` is what inputs count as of which nothing is known; `per_segment` are the steps worked for each segment.
    """

    steps: list[Component] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)
    inputs: dict[str, Wanted] = field(default_factory=dict)
    absent: dict[str, Decimal | str] = field(default_factory=dict)
    per_segment: frozenset[str] = frozenset()
    problems: list[PlanProblem] = field(default_factory=list)

    @property
    def last(self) -> Component:
        """The component that is paid."""
        return self.steps[-1]
