"""A small organisation that can be checked by eye: top, left and right below it, leaf below left."""

import datetime
from collections.abc import Iterable

import polars as pl

from kpiflow.access.standing import Standing, standing_of
from kpiflow.core.company import Role, Scope
from kpiflow.scoring.gathering import ancestors

DAY = datetime.date(2026, 5, 1)
START = datetime.date(2026, 1, 1)
UNITS = ancestors(pl.DataFrame({"unit": ["top", "left", "right", "leaf"], "parent": [None, "top", "top", "left"]}))
#: One role per scope, reading everything that far and allowed everything in this list.
ACTIONS = ("set_target", "split_target", "agree_goal", "check_in", "comment", "run_pay")
ROLES = {
    scope.value: Role(role=scope.value, label=scope.value, reads=scope, appraisals=scope, pay=scope, actions=ACTIONS)
    for scope in Scope
} | {"shy": Role(role="shy", label="shy", reads=Scope.ENTERPRISE)}


def assignments(*rows: tuple[str, str, str | None, str, datetime.date, datetime.date | None]) -> pl.DataFrame:
    columns = {
        "person": pl.String,
        "unit": pl.String,
        "manager": pl.String,
        "role": pl.String,
        "starts": pl.Date,
        "ends": pl.Date,
    }
    return pl.DataFrame(list(rows), schema=columns, orient="row")


PEOPLE = assignments(
    ("chief", "top", None, "enterprise", START, None),
    ("head", "left", "chief", "subtree", START, None),
    ("lead", "leaf", "head", "reports", START, None),
    ("ann", "leaf", "lead", "self", START, None),
    ("ben", "right", "chief", "self", START, None),
    ("spy", "right", "chief", "shy", START, None),
    ("gone", "leaf", "lead", "self", START, datetime.date(2026, 3, 31)),
)


def standing(
    person: str | None, people: pl.DataFrame = PEOPLE, day: datetime.date = DAY, beside: Iterable[str] = ()
) -> Standing:
    return standing_of(person, day, (people, UNITS, ROLES), beside)
