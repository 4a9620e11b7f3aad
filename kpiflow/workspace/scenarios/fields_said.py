"""What the fields of a plan are called on screen: `rows.2.gives` is how one is written, not how people speak."""

import re
from collections.abc import Callable

from kpiflow.language import Message, msg

#: The fields with a name of their own.
FIELDS: dict[str, Message] = {
    "amount": msg("amount"),
    "at": msg("at"),
    "budget": msg("budget"),
    "curve.points": msg("points of the curve"),
    "each": msg("for each"),
    "end_from_day": msg("worked to day"),
    "highest": msg("highest"),
    "least": msg("at least"),
    "least_days": msg("days at least"),
    "limit": msg("limit"),
    "lowest": msg("lowest"),
    "months": msg("months"),
    "most": msg("at most"),
    "needs.at_least": msg("asks for at least"),
    "needs.above": msg("asks for more than"),
    "otherwise": msg("otherwise"),
    "parts": msg("parts"),
    "rate": msg("rate"),
    "reserve": msg("reserve"),
    "share": msg("share"),
    "slope": msg("slope"),
    "start_by_day": msg("begun by day"),
    "weight": msg("weight"),
}

#: The fields that come in numbers: how they are written, and what is said of the one at a place.
PLACED: tuple[tuple[re.Pattern[str], Callable[[int], Message]], ...] = (
    (re.compile(r"curve\.points\.(\d+)\.0"), lambda number: msg("point {number}: at", number=number)),
    (re.compile(r"curve\.points\.(\d+)\.1"), lambda number: msg("point {number}: gives", number=number)),
    (re.compile(r"rows\.(\d+)\.gives"), lambda number: msg("row {number}: gives", number=number)),
)


def field_said(way: str) -> Message | str:
    """Return what a field of a plan's component is called; the way to it, with counted places, where it has no other name."""
    if way in FIELDS:
        return FIELDS[way]
    for pattern, said in PLACED:
        if found := pattern.fullmatch(way):
            return said(int(found[1]) + 1)
    return " ".join(str(int(step) + 1) if step.isdecimal() else step.replace("_", " ") for step in way.split("."))
