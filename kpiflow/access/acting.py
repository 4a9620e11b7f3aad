"""How far a person's hand reaches: whose goals a role lets them change."""

from dataclasses import dataclass

from kpiflow.access.actions import ACTIONS
from kpiflow.access.decision import Decision
from kpiflow.access.standing import Standing
from kpiflow.core.company import Scope
from kpiflow.core.goal import OwnerKind
from kpiflow.language import Message, msg


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
        action = called(self.action)
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


def called(action: str) -> Message:
    """Return what an action is called in a sentence."""
    return ACTIONS[action].label if action in ACTIONS else Message(action)


def anywhere(action: str) -> Hand:
    """Return the hand without limits: the command line on the machine that holds the store."""
    return Hand(None, action, None, None, None)


def hand_of(action: str, standing: Standing) -> Hand:
    """Return whose goals a person may change by an action.

    The widest scope of the roles that have the action counts: the enterprise, the subtree of the unit the role is held
    in, or those who report to the person.
    """
    may = [held for held in standing.held if action in held.role.actions]
    people = standing.people((held.role.reads, held) for held in may)
    if people is None:
        return Hand(standing.person, action, None, None, None)
    led = frozenset(held.unit for held in may if held.unit is not None and held.role.reads is Scope.SUBTREE)
    return Hand(standing.person, action, led, standing.below(led), people)
