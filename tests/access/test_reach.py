"""Whose rows a role opens, on small organisations that can be checked by eye."""

import datetime

import polars as pl
import pytest

from kpiflow.access.decision import Decision
from kpiflow.access.reach import EVERYTHING, Topic, reach_of, visible
from kpiflow.errors import Refused
from kpiflow.language import msg
from tests.access.organisation import PEOPLE, START, assignments, standing


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
    assert reach_of(standing(person)).people == people


def test_a_role_that_has_ended_opens_nothing() -> None:
    former = assignments(("head", "left", None, "subtree", START, datetime.date(2026, 4, 30)), *PEOPLE.rows()[2:])
    assert reach_of(standing("head", former)).people == {"head"}
    assert reach_of(standing("head", former, datetime.date(2026, 4, 30))).people == {"head", "lead", "ann"}


def test_every_decision_says_why() -> None:
    reach = reach_of(standing("ann"))
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
    assert visible(rows, reach_of(standing("ann")))["goal"].to_list() == ["a", "b"]
    assert visible(rows, EVERYTHING).equals(rows)


def test_a_unit_called_like_a_person_does_not_open_the_persons_rows() -> None:
    rows = pl.DataFrame({"goal": ["a", "b"], "owner": ["ben", "ben"], "owner_kind": ["unit", "person"]})
    rows = rows.with_columns(scope="owner", scope_kind="owner_kind")
    assert visible(rows, reach_of(standing("ann")))["goal"].to_list() == ["a"]


def test_allowed_decisions_do_not_raise() -> None:
    Decision(True, msg("These are your own rows.")).require()


def test_a_units_goal_measured_by_one_person_is_that_persons_row() -> None:
    rows = pl.DataFrame(
        {"goal": ["a"], "owner": ["leaf"], "owner_kind": ["unit"], "scope": ["ben"], "scope_kind": ["person"]}
    )
    assert visible(rows, reach_of(standing("ann"))).is_empty()
    assert visible(rows, reach_of(standing("ben"))).height == 1


def test_goals_appraisals_and_pay_each_have_their_own_reach() -> None:
    spy = standing("spy")
    assert reach_of(spy, Topic.GOALS).people is None
    assert reach_of(spy, Topic.APPRAISALS).people == {"spy"}
    assert reach_of(spy, Topic.PAY).people == {"spy"}


def test_an_account_from_outside_reads_as_far_as_its_role_and_has_no_rows_of_its_own() -> None:
    assert reach_of(standing(None)).people == frozenset()
    assert reach_of(standing(None, beside=["enterprise"])).people is None
    assert reach_of(standing(None, beside=["subtree"])).people is None
    assert reach_of(standing(None, beside=["self", "reports"])).people == frozenset()
