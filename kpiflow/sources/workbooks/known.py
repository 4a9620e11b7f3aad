"""What the company has, as a sheet may call it: ids, labels in both languages and other names in use.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
from dataclasses import dataclass, field

from kpiflow.core.calendar import Calendar
from kpiflow.core.metric import Measure, MetricKind
from kpiflow.sources.rules import Known as Words


@dataclass(frozen=True)
class Called:
    """One unit, person or metric and what people call it. `above`: of a unit its parent, of a person the unit."""

    id: str
    label: str = ""
    label_zh: str | None = None
    aliases: tuple[str, ...] = ()
    above: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Everything it may be called, its id first."""
        return tuple(word for word in (self.id, self.label, self.label_zh, *self.aliases) if word)


@dataclass(frozen=True)
class CalledMetric(Called):
    """A metric with what its numbers are: kind, measure, and for money the ISO code of the currency."""

    kind: MetricKind = MetricKind.SIMPLE
    measure: Measure = Measure.COUNT
    currency: str | None = None
    sums: bool = True  # whether its values add up over time


@dataclass(frozen=True)
class Known:
    """What names and periods of a sheet are looked up in; `calendar` for fiscal years, absent: calendar years.

    `until` is the last day a measurement may be of.
    """

    metrics: tuple[CalledMetric, ...] = ()
    units: tuple[Called, ...] = ()
    people: tuple[Called, ...] = ()
    calendar: Calendar | None = field(default=None, compare=False)
    until: datetime.date | None = None

    def called(self, role: str) -> tuple[Called, ...]:
        """Return what there is of a role: `metric`, `unit` or `person`."""
        return {"metric": self.metrics, "unit": self.units, "person": self.people}[role]

    @property
    def words(self) -> Words:
        """The same as the rules of the tidy form know it."""
        return Words(
            metrics={metric.id: metric.kind for metric in self.metrics},
            units=frozenset(unit.id for unit in self.units),
            people=frozenset(person.id for person in self.people),
            until=self.until,
        )
