"""One answer for a goal that there is not and for one that the person asking may not read: nobody learns which it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from kpiflow.access.reach import Reach
from kpiflow.core.goal import OwnerKind
from kpiflow.errors import NotFound, Refused, suggest
from kpiflow.language import msg


class Unseen(NotFound, Refused):
    """A goal that is not there for the person asking: there is none, or it is of somebody whose goals they may not read."""


def unseen(goal: str, readable: Iterable[str]) -> Unseen:
    """Return the error for it, with the nearest of the goals that may be read."""
    near = suggest(goal, list(readable))
    if near:
        return Unseen(
            msg("There is no goal '{goal}', or you may not see it. Did you mean '{near}'?", goal=goal, near=near)
        )
    return Unseen(msg("There is no goal '{goal}', or you may not see it.", goal=goal))


def sees_goal(reach: Reach, row: Mapping[str, Any], whose: Iterable[str] = ("owner", "scope")) -> bool:
    """Return whether a goal may be read: the people that it is of, as its owner or as those it is measured for, are in reach."""
    return all(row[f"{who}_kind"] != OwnerKind.PERSON.value or reach.sees(row[who]).allowed for who in whose)
