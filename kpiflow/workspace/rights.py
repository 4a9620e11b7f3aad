"""Which right each question and each change of the door needs, and which page is a person's desk."""

from dataclasses import dataclass

import polars as pl

from kpiflow.access.actions import ACTIONS
from kpiflow.access.decision import Decision
from kpiflow.core.goal import OwnerKind
from kpiflow.errors import not_found
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books


@dataclass(frozen=True)
class Entry:
    """One method of the door: the action it needs, and whether it writes. `about`: what it is asked about."""

    name: str
    action: str
    about: str
    writes: bool = False


#: Every method of the door that hears who is asking. One that is not here fails the tests.
ENTRIES: tuple[Entry, ...] = (
    Entry("overview", "read_goals", "company"),
    Entry("goal", "read_goals", "goal"),
    Entry("progress", "read_goals", "person"),
    Entry("reconciliation", "read_goals", "goal"),
    Entry("preview_split", "read_goals", "goal"),
    Entry("preview_change", "read_goals", "goal"),
    Entry("make_split", "split_target", "goal", writes=True),
    Entry("make_change", "set_target", "goal", writes=True),
    Entry("goal_choices", "read_goals", "company"),
    Entry("todo", "read_goals", "company"),
)

#: The page a person lands on: that of the first of these actions that a role of theirs names.
DESKS: tuple[tuple[str, str], ...] = (
    ("approve_pay", "overview"),
    ("calibrate", "scores"),
    ("split_target", "workbench"),
    ("manage_accounts", "accounts"),
    ("check_in", "progress"),
)


def desk(ws: Books, asker: Asker) -> str:
    """Return the page that somebody's work begins on."""
    return next((page for action, page in DESKS if not asker.machine and ws.may(asker, action).allowed), "overview")


def may(ws: Books, asker: Asker, what: str, on: str | None = None) -> Decision:
    """Decide whether somebody may do something on a goal, unit or person named by its id.

    Raises NotFound for an action, or a goal, unit or person, that there is not, with the nearest word.
    """
    if what not in ACTIONS:
        raise not_found(msg("action"), what, ACTIONS)
    kind, owner = owner_named(ws, on) if on is not None else (None, None)
    return ws.may(asker, what, kind, owner)


def owner_named(ws: Books, word: str) -> tuple[str, str]:
    """Return kind and id of the owner that a word names: a unit, a person, or a goal's owner; raises NotFound."""
    company = ws.company()
    if word in company.people["person"]:
        return OwnerKind.PERSON.value, word
    if word in company.units["unit"]:
        return OwnerKind.UNIT.value, word
    goal = company.goals.filter(pl.col("goal") == word)
    if goal.height:
        kind, owner = goal.select(pl.col("owner_kind").cast(pl.String), "owner").row(0)
        return str(kind), str(owner)
    known = [*company.units["unit"], *company.people["person"], *company.goals["goal"]]
    raise not_found(msg("unit, person or goal"), word, known)
