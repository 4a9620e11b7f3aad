"""The one decision, for each person of a small organisation and each kind of action, against what the words of the table say."""

import pytest

from kpiflow.access.actions import ACTIONS, On
from kpiflow.access.deciding import decide
from kpiflow.access.standing import BUILT_IN, nobody
from kpiflow.errors import NotFound
from tests.access.organisation import standing

PERSONS = ("chief", "head", "lead", "ann", "ben", "spy")
UNITS = ("top", "left", "right", "leaf")

#: Who is below whom, written down by hand. A scope of `self` leads nobody.
BELOW = {
    "chief": {"chief", "head", "lead", "ann", "ben", "spy", "top", "left", "right", "leaf"},
    "head": {"lead", "ann", "leaf"},
    "lead": {"ann"},
    "ann": set(),
    "ben": set(),
    "spy": set(),
}
READS = {"head": {"head", "lead", "ann"}, "lead": {"lead", "ann"}, "ann": {"ann"}, "ben": {"ben"}}
LED = {"chief": {"top"}, "head": {"left"}}


@pytest.mark.parametrize("person", PERSONS)
@pytest.mark.parametrize("owner", [*PERSONS, *UNITS])
def test_targets_are_set_below(person: str, owner: str) -> None:
    kind = "unit" if owner in UNITS else "person"
    assert decide(standing(person), "set_target", (kind, owner)).allowed == (owner in BELOW[person])


@pytest.mark.parametrize("person", PERSONS)
@pytest.mark.parametrize("owner", [*PERSONS, *UNITS])
def test_people_agree_to_what_they_answer_for(person: str, owner: str) -> None:
    kind = "unit" if owner in UNITS else "person"
    answers = owner in LED.get(person, set()) or owner == person
    assert decide(standing(person), "agree_goal", (kind, owner)).allowed == (answers and person != "spy")


@pytest.mark.parametrize("person", PERSONS)
@pytest.mark.parametrize("owner", PERSONS)
@pytest.mark.parametrize("action", ["read_goals", "read_appraisal", "read_pay"])
def test_rows_are_read_as_far_as_the_role_says(person: str, owner: str, action: str) -> None:
    reads = person == "chief" or owner in READS.get(person, {person})
    if person == "spy":
        reads = action == "read_goals" or owner == "spy"
    decision = decide(standing(person), action, ("person", owner))
    assert decision.allowed == reads
    assert str(decision.reason)


def test_everybody_reads_the_goals_of_units() -> None:
    assert all(decide(standing(person), "read_goals", ("unit", unit)).allowed for person in PERSONS for unit in UNITS)


def test_nobody_sees_their_own_calibration_before_it_is_final() -> None:
    assert decide(standing("head"), "read_calibration", ("person", "ann")).allowed
    assert not decide(standing("head"), "read_calibration", ("person", "head")).allowed
    assert not decide(standing("chief"), "read_calibration", ("person", "chief")).allowed


@pytest.mark.parametrize(("person", "offered"), [("chief", True), ("lead", True), ("ann", False), ("spy", False)])
def test_a_list_of_scores_is_offered_to_those_who_may_read_more_than_their_own(person: str, offered: bool) -> None:
    assert decide(standing(person), "read_scores").allowed == offered


def test_a_role_without_actions_changes_nothing() -> None:
    for name, action in ACTIONS.items():
        if action.listed:
            assert not decide(standing("spy"), name).allowed


def test_nobody_may_nothing() -> None:
    for name in ACTIONS:
        assert not decide(standing(None), name).allowed


def test_before_there_is_a_company_an_administrator_can_set_it_up_and_reads_nobody() -> None:
    first = nobody(None, BUILT_IN)
    assert decide(first, "manage_accounts").allowed
    assert decide(first, "apply_config").allowed
    assert not decide(first, "read_pay", ("person", "ann")).allowed
    assert not decide(first, "run_pay").allowed


def test_an_unknown_action_names_the_nearest_one() -> None:
    with pytest.raises(NotFound, match="set_target"):
        decide(standing("ann"), "set_targt")


def test_every_kind_of_reach_is_used() -> None:
    assert {action.on for action in ACTIONS.values()} == set(On)
