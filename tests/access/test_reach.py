"""Whose rows a role opens, on small organisations that can be checked by eye."""

import datetime

import polars as pl
import pytest

from kpiflow.access.decision import Decision
from kpiflow.access.reach import EVERYTHING, reach_of, visible
from kpiflow.core.company import Role, Scope
from kpiflow.errors import Refused
from kpiflow.language import msg
from kpiflow.scoring.gathering import ancestors

DAY = datetime.date(2026, 5, 1)
ROLES = {scope.value: Role(role=scope.value, label=scope.value, reads=scope) for scope in Scope}
UNITS = ancestors(pl.DataFrame({"unit": ["top", "left", "right", "leaf"], "parent": [None, "top", "top", "left"]}))


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


START = datetime.date(2026, 1, 1)
PEOPLE = assignments(
    ("chief", "top", None, "enterprise", START, None),
    ("head", "left", "chief", "subtree", START, None),
    ("lead", "leaf", "head", "reports", START, None),
    ("ann", "leaf", "lead", "self", START, None),
    ("ben", "right", "chief", "self", START, None),
    ("gone", "leaf", "lead", "self", START, datetime.date(2026, 3, 31)),
)


@pytest.mark.parametrize(
    ("person", "people"),
    [
        ("chief", None),
        ("head", {"head", "lead", "ann"}),
        ("lead", {"lead", "ann"}),
        ("ann", {"ann"}),
        ("nobody", {"nobody"}),
    ],
)
def test_each_scope_opens_its_own_people(person: str, people: set[str] | None) -> None:
    assert reach_of(person, PEOPLE, UNITS, ROLES, DAY).people == people


def test_a_role_that_has_ended_opens_nothing() -> None:
    former = assignments(("head", "left", None, "subtree", START, datetime.date(2026, 4, 30)), *PEOPLE.rows()[2:])
    assert reach_of("head", former, UNITS, ROLES, DAY).people == {"head"}
    assert reach_of("head", former, UNITS, ROLES, datetime.date(2026, 4, 30)).people == {"head", "lead", "ann"}


def test_every_decision_says_why() -> None:
    reach = reach_of("ann", PEOPLE, UNITS, ROLES, DAY)
    assert reach.sees("ann").allowed
    refused = reach.sees("ben")
    assert not refused.allowed
    assert "ben" in str(refused.reason)
    with pytest.raises(Refused, match="ben"):
        refused.require()


def test_units_goals_are_open_and_peoples_are_not() -> None:
    rows = pl.DataFrame(
        {"goal": ["a", "b", "c"], "owner": ["leaf", "ann", "ben"], "owner_kind": ["unit", "person", "person"]}
    ).with_columns(scope="owner", scope_kind="owner_kind")
    assert visible(rows, reach_of("ann", PEOPLE, UNITS, ROLES, DAY))["goal"].to_list() == ["a", "b"]
    assert visible(rows, EVERYTHING).equals(rows)


def test_a_unit_called_like_a_person_does_not_open_the_persons_rows() -> None:
    rows = pl.DataFrame({"goal": ["a", "b"], "owner": ["ben", "ben"], "owner_kind": ["unit", "person"]})
    rows = rows.with_columns(scope="owner", scope_kind="owner_kind")
    assert visible(rows, reach_of("ann", PEOPLE, UNITS, ROLES, DAY))["goal"].to_list() == ["a"]


def test_allowed_decisions_do_not_raise() -> None:
    Decision(True, msg("These are your own rows.")).require()


def test_a_units_goal_measured_by_one_person_is_that_persons_row() -> None:
    rows = pl.DataFrame(
        {"goal": ["a"], "owner": ["leaf"], "owner_kind": ["unit"], "scope": ["ben"], "scope_kind": ["person"]}
    )
    assert visible(rows, reach_of("ann", PEOPLE, UNITS, ROLES, DAY)).is_empty()
    assert visible(rows, reach_of("ben", PEOPLE, UNITS, ROLES, DAY)).height == 1
