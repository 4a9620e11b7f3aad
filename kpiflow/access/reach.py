"""How far a person's sight reaches: the units and people whose rows their role opens, on a day."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.core.company import Role, Scope
from kpiflow.core.goal import OwnerKind
from kpiflow.language import msg


@dataclass(frozen=True)
class Reach:
    """The people whose own rows a person may read. Everybody may read the goals of units: the plan is shared.

    `people` is None when nobody is left out (the whole enterprise).
    """

    person: str | None
    people: frozenset[str] | None

    def sees(self, person: str) -> Decision:
        """Decide whether another person's goals, scores and pay may be read."""
        if self.people is None:
            return Decision(True, msg("Your role reads the whole company."))
        if person == self.person:
            return Decision(True, msg("These are your own rows."))
        if person in self.people:
            return Decision(True, msg("{person} is within what your role reads.", person=person))
        return Decision(False, msg("The rows of {person} are outside what your role reads.", person=person))


#: Sight without limits: the command line on the machine that holds the store.
EVERYTHING = Reach(person=None, people=None)


def reach_of(
    person: str, assignments: pl.DataFrame, units: pl.DataFrame, roles: Mapping[str, Role], day: datetime.date
) -> Reach:
    """Return whose rows a person may read on a day: the widest of the scopes of the roles held then.

    `assignments` is frames.Assignments and `units` has unit and ancestor (every unit above each unit, itself included).
    """
    current = assignments.filter(pl.col("starts") <= day, pl.col("ends").is_null() | (pl.col("ends") >= day))
    held = current.filter(pl.col("person") == person)
    scopes = {roles[role].reads for role in held["role"] if role in roles}
    if Scope.ENTERPRISE in scopes:
        return Reach(person, None)
    people = {person}
    if Scope.REPORTS in scopes:
        people |= set(current.filter(pl.col("manager") == person)["person"])
    if Scope.SUBTREE in scopes:
        leading = held.filter(pl.col("role").is_in([r for r in roles if roles[r].reads is Scope.SUBTREE]))
        below = units.filter(pl.col("ancestor").is_in(leading["unit"].implode()))
        people |= set(current.join(below, on="unit", how="semi")["person"])
    return Reach(person, frozenset(people))


def visible(rows: pl.DataFrame, reach: Reach) -> pl.DataFrame:
    """Return the goal rows a person may read: those owned by and measured for units, or people within reach."""
    if reach.people is None:
        return rows
    within = list(reach.people)
    # A unit may answer for what one person does: then the person's own result is what would be shown.
    return rows.filter(
        pl.col(who).is_in(within) | (pl.col(f"{who}_kind").cast(pl.String) == OwnerKind.UNIT.value)
        for who in ("owner", "scope")
        if who in rows.columns  # tables about owners alone have no scope
    )
