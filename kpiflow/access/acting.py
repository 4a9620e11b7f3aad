"""How far a person's hand reaches: whose goals a role lets them change, on a day.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.core.company import Role, Scope
from kpiflow.core.goal import OwnerKind
from kpiflow.language import Message, msg

#: What the actions are called in a sentence.
CALLED: dict[str, Message] = {"set_target": msg("set targets"), "split_target": msg("split targets")}


@dataclass(frozen=True)
class Hand:
    """The owners whose goals a person may change by one action of their roles.

    `led` are the units in which the role is held, `below` all units under those, `people` those in any of them, without
    the person: nobody sets the target they answer for themselves. All None when nobody is left out.
    """

    person: str | None
    action: str
    led: frozenset[str] | None
    below: frozenset[str] | None
    people: frozenset[str] | None

    def on(self, kind: str, owner: str, *, own_unit: bool = False) -> Decision:
        """Decide about the goals of an owner; `own_unit`: those of the units the person leads count as well."""
        action = CALLED.get(self.action, Message(self.action))
        if self.led is None or self.below is None or self.people is None:
            return Decision(True, msg("Your role may {action} everywhere.", action=action))
        if kind == OwnerKind.PERSON.value:
            if owner in self.people:
                return Decision(True, msg("Your role may {action} for {owner}.", action=action, owner=owner))
        elif owner in self.below or (own_unit and owner in self.led):
            return Decision(True, msg("Your role may {action} for {owner}.", action=action, owner=owner))
        if not self.led and not self.people:
            return Decision(False, msg("None of your roles may {action}.", action=action))
        if owner in self.led or owner == self.person:
            return Decision(
                False, msg("You answer for {owner} yourself: its targets are set one level above.", owner=owner)
            )
        return Decision(False, msg("{owner} is outside what your role may {action} for.", action=action, owner=owner))


def anywhere(action: str) -> Hand:
    """Return the hand without limits: the command line on the machine that holds the store."""
    return Hand(None, action, None, None, None)


def hand_of(
    action: str, reports: pl.DataFrame, units: pl.DataFrame, roles: Mapping[str, Role], held: tuple[str, datetime.date]
) -> Hand:
    """Return whose goals a person may change by an action on a day (`held` is the two of them).

    `reports` is frames.Assignments and `units` has unit, ancestor and up. The widest scope of the roles that have the
    action counts: the enterprise, the subtree of the unit the role is held in, or those who report to the person.
    """
    person, day = held
    current = reports.filter(pl.col("starts") <= day, pl.col("ends").is_null() | (pl.col("ends") >= day))
    may = {name: role.reads for name, role in roles.items() if action in role.actions}
    mine = current.filter(pl.col("person") == person, pl.col("role").is_in(list(may)))
    scopes = {may[role] for role in mine["role"]}
    if Scope.ENTERPRISE in scopes:
        return Hand(person, action, None, None, None)
    people: set[str] = set()
    if Scope.REPORTS in scopes:
        people |= set(current.filter(pl.col("manager") == person)["person"])
    leading = mine.filter(pl.col("role").is_in([role for role in may if may[role] is Scope.SUBTREE]))
    under = units.filter(pl.col("ancestor").is_in(leading["unit"].implode()))
    people |= set(current.join(under, on="unit", how="semi")["person"])
    below = frozenset(under.filter(pl.col("up") > 0)["unit"])
    return Hand(person, action, frozenset(leading["unit"]), below, frozenset(people - {person}))
