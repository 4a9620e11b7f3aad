"""What the reference reads: facts, goals and units as plain Python values with exact numbers.

Floor 4, part of scoring. Reads no clock, file or database.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import polars as pl

from kpiflow.frames.goals import ANCHORS
from kpiflow.scoring.moment import Moment
from kpiflow.scoring.rules import Rules


@dataclass(frozen=True)
class Fact:
    """One measurement: an amount (value or numerator), and a base (denominator) where it is part of a ratio."""

    metric: str
    unit: str
    person: str | None
    day: datetime.date
    amount: Fraction
    base: Fraction | None = None
    entry: str = ""


@dataclass(frozen=True)
class Goal:
    """A row of the goals table; `settings` are its columns as written, None where left to the metric."""

    goal: str
    parent: str | None
    settings: Mapping[str, str | None]
    anchors: Mapping[str, Fraction | None]
    weight: Fraction
    rollup_weight: Fraction | None = None

    def setting(self, name: str) -> str | None:
        """Return a column as written."""
        return self.settings.get(name)

    @property
    def owner(self) -> tuple[str | None, str | None]:
        """Who answers for it."""
        return self.setting("owner_kind"), self.setting("owner")


@dataclass(frozen=True)
class World:
    """A small company and the moment it is looked at. `written` are targets per goal and period, by anchor."""

    rules: Rules
    moment: Moment
    above: Mapping[str, str | None]  # unit → unit above it
    goals: Mapping[str, Goal]
    facts: Sequence[Fact]
    written: Mapping[tuple[str, str], Mapping[str, Fraction | None]]

    def children(self, goal: str) -> list[Goal]:
        """Return the goals directly below one."""
        return [other for other in self.goals.values() if other.parent == goal]

    def line_above(self, unit: str) -> Iterator[str]:
        """Yield a unit and every unit above it; nothing for a unit nobody knows."""
        here: str | None = unit if unit in self.above else None
        while here is not None:
            yield here
            here = self.above[here]


def number(value: object) -> Fraction | None:
    """Return a cell as the number a person wrote: 0.1 is a tenth, not the binary fraction nearest to it."""
    return (
        None if value is None else Fraction(Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value)))
    )


def goals_from(frame: pl.DataFrame) -> dict[str, Goal]:
    """Return the rows of frames.Goals as goals."""
    numeric = {*ANCHORS, "weight", "rollup_weight"}
    found = {}
    for row in frame.iter_rows(named=True):
        settings = {name: None if value is None else str(value) for name, value in row.items() if name not in numeric}
        anchors = {name: number(row[name]) for name in ANCHORS}
        weight = number(row["weight"]) or Fraction(0)
        found[row["goal"]] = Goal(row["goal"], row["parent"], settings, anchors, weight, number(row["rollup_weight"]))
    return found


def world_of(
    goals: pl.DataFrame,
    units: pl.DataFrame,
    targets: pl.DataFrame,
    facts: Sequence[Fact],
    *,
    rules: Rules,
    moment: Moment,
) -> World:
    """Return the world of frames.Goals, Units and Targets with these facts; only goals in play are in it.

    A goal whose parent is not in play is a root.
    """
    chosen = {
        name: goal
        for name, goal in goals_from(goals).items()
        if goal.setting("cycle") == moment.cycle.period and goal.setting("stage") in ("agreed", "active", "closed")
    }
    written = {
        (row["goal"], row["period"]): {name: number(row[name]) for name in ("target", "threshold", "stretch")}
        for row in targets.iter_rows(named=True)
    }
    return World(rules, moment, dict(units.select("unit", "parent").iter_rows()), chosen, facts, written)
