"""The company's own calendar: planning years (cycles) and the halves, quarters and months inside them."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from pydantic import Field, model_validator

from kpiflow.core.fact import Fact
from kpiflow.errors import BrokenRule, not_found
from kpiflow.language import msg


class PeriodKind(StrEnum):
    """The lengths of a period."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"


class Pattern(StrEnum):
    """How a cycle is cut into its twelve months: by the calendar, or in weeks per month of each quarter."""

    MONTHS = "months"  # twelve months, from the cycle's first day
    W445 = "4-4-5"  # each quarter: months of 4, 4 and 5 weeks
    W454 = "4-5-4"  # each quarter: months of 4, 5 and 4 weeks
    W544 = "5-4-4"  # each quarter: months of 5, 4 and 4 weeks


@dataclass(frozen=True)
class Period:
    """A stretch of days with a name; `ends` is its last day, inclusive. `order` numbers periods of one kind from 0."""

    period: str
    kind: PeriodKind
    cycle: str
    starts: datetime.date
    ends: datetime.date
    order: int

    @property
    def days(self) -> int:
        """How many days it has, both ends counted."""
        return (self.ends - self.starts).days + 1


@dataclass(frozen=True)
class Window:
    """A named stretch of days over which measurements are added up; both ends are inclusive."""

    window: str
    starts: datetime.date
    ends: datetime.date


class Cycle(Fact):
    """A planning year: its id, first day, and how it is cut into months."""

    cycle: str = Field(
        description="Its id, such as FY26. Its periods are FY26, FY26-H1, FY26-Q1 and FY26-01, its first month whichever it is."
    )
    starts: datetime.date = Field(description="Its first day.")
    pattern: Pattern = Field(default=Pattern.MONTHS, description="Calendar months, or weeks per month of a quarter.")
    weeks: int = Field(
        default=52, ge=52, le=53, description="For week patterns: 53 gives the last month one more week."
    )

    def months(self) -> list[tuple[datetime.date, datetime.date]]:
        """Return the first and last day of each of the twelve months."""
        if self.pattern is Pattern.MONTHS:
            firsts = [_add_months(self.starts, n) for n in range(13)]
        else:
            lengths = [int(weeks) for weeks in self.pattern.split("-")] * 4
            lengths[-1] += self.weeks - 52
            firsts = [self.starts]
            for weeks in lengths:
                firsts.append(firsts[-1] + datetime.timedelta(weeks=weeks))
        day = datetime.timedelta(days=1)
        return [(first, following - day) for first, following in pairwise(firsts)]


class Calendar(Fact):
    """The cycles a company plans in, in order and without overlap."""

    cycles: tuple[Cycle, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _cycles_follow_each_other(self) -> "Calendar":
        for before, after in pairwise(self.cycles):
            if before.months()[-1][1] >= after.starts:
                raise BrokenRule(
                    msg(
                        "Cycle '{after}' starts before cycle '{before}' has ended.",
                        after=after.cycle,
                        before=before.cycle,
                    )
                )
        return self

    @cached_property
    def periods(self) -> dict[str, Period]:
        """Every period by id: `2026`, `2026-H1`, `2026-Q1`, `2026-01` (the first month of the cycle)."""
        counted = dict.fromkeys(PeriodKind, 0)
        found: dict[str, Period] = {}
        for cycle in self.cycles:
            for kind, name, starts, ends in _cut(cycle):
                found[name] = Period(name, kind, cycle.cycle, starts, ends, counted[kind])
                counted[kind] += 1
        return found

    @property
    def last_day(self) -> datetime.date:
        """The last day of the last cycle."""
        return self.cycles[-1].months()[-1][1]

    def period(self, name: str) -> Period:
        """Return a period by id; raises NotFound with the nearest id."""
        if name not in self.periods:
            raise not_found(msg("period"), name, self.periods)
        return self.periods[name]

    def previous(self, period: Period) -> Period | None:
        """Return the period of the same kind just before, or None before the first."""
        return next(
            (other for other in self.periods.values() if other.kind == period.kind and other.order == period.order - 1),
            None,
        )

    def whole_cycle(self, period: Period) -> Period:
        """Return the year the period lies in."""
        return self.periods[period.cycle]

    def months(self, period: Period) -> tuple[Period, ...]:
        """Return the months inside a period, in order."""
        return tuple(
            other
            for other in self.periods.values()
            if other.kind is PeriodKind.MONTH and period.starts <= other.starts and other.ends <= period.ends
        )


def _cut(cycle: Cycle) -> Iterator[tuple[PeriodKind, str, datetime.date, datetime.date]]:
    """Yield kind, id, first and last day of every period of one cycle, the year first."""
    months = cycle.months()
    yield PeriodKind.YEAR, cycle.cycle, months[0][0], months[-1][1]
    for kind, letter, length in ((PeriodKind.HALF, "H", 6), (PeriodKind.QUARTER, "Q", 3)):
        for n in range(12 // length):
            part = months[n * length : (n + 1) * length]
            yield kind, f"{cycle.cycle}-{letter}{n + 1}", part[0][0], part[-1][1]
    for n, (starts, ends) in enumerate(months, start=1):
        yield PeriodKind.MONTH, f"{cycle.cycle}-{n:02d}", starts, ends


def _add_months(day: datetime.date, count: int) -> datetime.date:
    """Return the same day of the month `count` months later, or the month's last day when it has no such day."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    last = (following - datetime.timedelta(days=1)).day
    return datetime.date(year, month, min(day.day, last))
