"""The one decision: may a person do something, on somebody's goals or rows, and why."""

from kpiflow.access.acting import called, hand_of
from kpiflow.access.actions import ACTIONS, On
from kpiflow.access.decision import Decision
from kpiflow.access.reach import Topic, reach_of
from kpiflow.access.standing import Standing
from kpiflow.core.company import Scope
from kpiflow.core.goal import OwnerKind
from kpiflow.errors import not_found
from kpiflow.language import msg

#: Which rows an action reads, by on whom it works.
_TOPICS = {On.READS: Topic.GOALS, On.APPRAISALS: Topic.APPRAISALS, On.PAY: Topic.PAY}

#: Actions that need a scope wider than oneself to be offered at all.
_OF_OTHERS = {"read_team": "reads", "read_scores": "appraisals", "read_calibration": "appraisals"}


def decide(standing: Standing, action: str, owner: tuple[str, str] | None = None) -> Decision:
    """Decide whether a person may do something, in general or on an owner (kind and id); raises NotFound for the action.

    In general means: on anybody at all, which is what a page asks before it is offered.
    """
    if action not in ACTIONS:
        raise not_found(msg("action"), action, ACTIONS)
    known, said = ACTIONS[action], called(action)
    if known.listed and not any(action in held.role.actions for held in standing.held):
        return Decision(False, msg("None of your roles may {action}.", action=said))
    if action in _OF_OTHERS and not _reads_others(standing, _OF_OTHERS[action]):
        return Decision(False, msg("None of your roles may {action}.", action=said))
    if not known.listed and not standing.held and standing.person is None:
        return Decision(False, msg("You are not signed in, or hold no role."))
    if owner is None or known.on is On.COMPANY:
        return Decision(True, msg("Your role may {action}.", action=said))
    return _on(standing, action, owner)


def _reads_others(standing: Standing, scope: str) -> bool:
    """Return whether one of the roles opens more than the person's own rows."""
    return any(getattr(held.role, scope) is not Scope.SELF for held in standing.held)


def _on(standing: Standing, action: str, owner: tuple[str, str]) -> Decision:
    """Decide about one owner, for an action the person has."""
    kind, who = owner
    known = ACTIONS[action]
    if known.on is On.BELOW:
        return hand_of(action, standing).on(kind, who)
    if known.on is On.OWN:
        return _own(standing, action, owner)
    if action == "read_calibration" and who == standing.person:
        return Decision(False, msg("Nobody sees their own calibration before it is final."))
    reach = reach_of(standing, _TOPICS[known.on])
    if kind == OwnerKind.UNIT.value and known.on is On.READS:
        return Decision(True, msg("Everybody may read the goals of units."))
    if kind == OwnerKind.UNIT.value and reach.people is not None:
        return Decision(False, msg("Scores and pay are those of persons, and {owner} is a unit.", owner=who))
    return reach.sees(who)


def _own(standing: Standing, action: str, owner: tuple[str, str]) -> Decision:
    """Decide about what the person answers for: their own goals, and those of a unit they lead in a role that may."""
    kind, who = owner
    said = called(action)
    if kind == OwnerKind.PERSON.value and who == standing.person:
        return Decision(True, msg("These goals are your own."))
    if kind == OwnerKind.UNIT.value and who in standing.leads(action):
        return Decision(True, msg("You lead {owner}.", owner=who))
    return Decision(False, msg("Others answer for {owner}: only they may {action} there.", owner=who, action=said))
