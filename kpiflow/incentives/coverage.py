"""Which branches of a plan its examples hit, so that nothing is published that nobody has tried.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kpiflow.incentives.branches import Branch, branches
from kpiflow.incentives.examples import Tried
from kpiflow.incentives.plan import Plan
from kpiflow.language import Name


@dataclass(frozen=True)
class Covered:
    """A branch of a step, and the examples that hit it, by their number from 1."""

    index: int
    component: str
    label: Name
    branch: Branch
    examples: tuple[int, ...]

    @property
    def loc(self) -> tuple[object, ...]:
        """Where the branch is written in the plan."""
        return ("components", self.index, *self.branch.loc)


@dataclass(frozen=True)
class Coverage:
    """Every branch of a plan, in the order it is written."""

    branches: tuple[Covered, ...] = field(default=())

    @property
    def missed(self) -> tuple[Covered, ...]:
        """The branches that no example hits."""
        return tuple(one for one in self.branches if not one.examples)

    @property
    def complete(self) -> bool:
        """Whether each branch is hit by some example."""
        return not self.missed


def coverage(plan: Plan, tried: Iterable[Tried]) -> Coverage:
    """Return which branches of a plan's steps its examples hit."""
    hits: dict[str, dict[int, list[int]]] = {}
    for number, one in enumerate(tried, start=1):
        for name, row in (hit for person in one.rows for hit in rows_hit(person)):
            hits.setdefault(name, {}).setdefault(row, []).append(number)
    found = []
    for index, step in enumerate(plan.components):
        hit = hits.get(step.id, {})
        for branch in branches(step):
            examples = sorted({number for row in branch.rows for number in hit.get(row, ())})
            found.append(Covered(index, step.id, step.named, branch, tuple(examples)))
    return Coverage(tuple(found))


def rows_hit(row: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """Yield each step and the number of the row it hit, from the columns `<id>_row` of one payee and of its segments."""
    for name, value in row.items():
        if name.endswith("_row") and isinstance(value, int):
            yield name.removesuffix("_row"), value
        elif name == "segments" and isinstance(value, list):
            for segment in value:
                yield from rows_hit(segment)
