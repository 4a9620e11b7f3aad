"""How far a person's sight reaches: the people whose rows their roles open, by what is looked at."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.access.standing import Standing
from kpiflow.core.company import Role, Scope
from kpiflow.core.goal import OwnerKind
from kpiflow.language import msg


class Topic(StrEnum):
    """What is looked at: a role opens goals, appraisals and pay of different people."""

    GOALS = "goals"
    APPRAISALS = "appraisals"
    PAY = "pay"


@dataclass(frozen=True)
class Reach:
    """The people whose own rows a person may read. Everybody may read the goals of units: the plan is shared.

    `people` is None when nobody is left out (the whole enterprise).
    """

    person: str | None
    people: frozenset[str] | None

    def sees(self, person: str) -> Decision:
        """Decide whether another person's rows may be read."""
        if self.people is None:
            return Decision(True, msg("Your role reads the whole company."))
        if person == self.person:
            return Decision(True, msg("These are your own rows."))
        if person in self.people:
            return Decision(True, msg("{person} is within what your role reads.", person=person))
        return Decision(False, msg("The rows of {person} are outside what your role reads.", person=person))


#: Sight without limits: the command line on the machine that holds the store.
EVERYTHING = Reach(person=None, people=None)


def scope_of(role: Role, topic: Topic) -> Scope:
    """Return whose rows of a topic a role opens."""
    return {Topic.GOALS: role.reads, Topic.APPRAISALS: role.appraisals, Topic.PAY: role.pay}[topic]


def reach_of(standing: Standing, topic: Topic = Topic.GOALS) -> Reach:
    """Return whose rows of a topic a person may read: all that the scopes of the roles held open, and their own."""
    found = standing.people((scope_of(held.role, topic), held) for held in standing.held)
    if found is None:
        return Reach(standing.person, None)
    own = frozenset() if standing.person is None else frozenset({standing.person})
    return Reach(standing.person, found | own)


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


def shared(reach: Reach) -> Reach | None:
    """Return what tells one reach from another in an answer that is kept: everybody who sees the whole company sees the same.

    >>> shared(Reach("p1", None)) == shared(Reach("p2", None))
    True
    """
    return None if reach.people is None else reach
