"""The company as one frozen value: everything its people decided, before any measurement.

Floor 5: reads no clock, file or database.
"""

from dataclasses import dataclass, field, fields

import polars as pl

from kpiflow.core.appraising import GradeScale, Scorecard
from kpiflow.core.calendar import Calendar
from kpiflow.core.company import Profile, Role
from kpiflow.core.distributing import TargetDistribution
from kpiflow.core.metric import Metric
from kpiflow.core.phasing import Phasing
from kpiflow.core.status import StatusRule
from kpiflow.frames.goals import Goals, Targets
from kpiflow.frames.organisation import Assignments, Groups, Inputs, People, Salaries, Units
from kpiflow.incentives.plan import Plan
from kpiflow.scoring.curves import Curve
from kpiflow.sources.live import AnySource

#: The tables of a company and what each looks like.
TABLES = {
    "units": Units,
    "people": People,
    "assignments": Assignments,
    "goals": Goals,
    "targets": Targets,
    "salaries": Salaries,
    "inputs": Inputs,
    "groups": Groups,
}

#: What tells one row of a table from another.
KEYS: dict[str, tuple[str, ...]] = {
    "units": ("unit",),
    "people": ("person",),
    "assignments": ("person", "unit", "role", "starts"),
    "goals": ("goal",),
    "targets": ("goal", "period"),
    "salaries": ("person", "starts"),
    "inputs": ("person", "input", "period"),
    "groups": ("person", "kind"),
}


@dataclass(frozen=True, eq=False)
class Company:
    """Definitions by id, and tables sorted by their keys. `phasings` includes the built-in ones."""

    profile: Profile
    calendar: Calendar
    metrics: dict[str, Metric]
    curves: dict[str, Curve]
    phasings: dict[str, Phasing]
    statuses: tuple[StatusRule, ...]
    scorecards: dict[str, Scorecard]
    grades: dict[str, GradeScale]
    plans: dict[str, Plan]
    roles: dict[str, Role]
    units: pl.DataFrame
    people: pl.DataFrame
    assignments: pl.DataFrame
    goals: pl.DataFrame
    targets: pl.DataFrame
    salaries: pl.DataFrame = field(default_factory=Salaries.create_empty)
    inputs: pl.DataFrame = field(default_factory=Inputs.create_empty)
    groups: pl.DataFrame = field(default_factory=Groups.create_empty)
    distributions: dict[str, TargetDistribution] = field(default_factory=dict)
    sources: dict[str, AnySource] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        """Whether both say the same: equal definitions, and tables equal row by row."""
        if not isinstance(other, Company):
            return NotImplemented
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            if not (mine.equals(theirs) if isinstance(mine, pl.DataFrame) else mine == theirs):
                return False
        return True

    __hash__ = None  # type: ignore[assignment]  # frames cannot be hashed

    def table(self, name: str) -> pl.DataFrame:
        """Return one of the tables by name."""
        frame: pl.DataFrame = getattr(self, name)
        return frame
