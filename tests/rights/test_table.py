"""Every right of the table against the same worked out by hand, and nothing that can be asked is left out of it."""

import inspect
from contextlib import closing

import pytest

from dashboards.pages import PAGES, page_named
from kpiflow.access.actions import ACTIONS
from kpiflow.workspace import Asker, Workspace
from kpiflow.workspace.commands import create_store
from kpiflow.workspace.rights import DESKS, ENTRIES
from tests.rights import by_hand


def asked_by_somebody() -> set[str]:
    """The methods of the door that hear who is asking."""
    methods = inspect.getmembers(Workspace, inspect.isfunction)
    return {name for name, one in methods if not name.startswith("_") and "asker" in inspect.signature(one).parameters}


#: Methods that answer about rights themselves.
ABOUT_RIGHTS = {"may", "reach", "standing", "desk"}


def test_every_question_and_change_of_the_door_is_in_the_table():
    listed = [entry.name for entry in ENTRIES]
    assert len(listed) == len(set(listed))
    assert set(listed) == asked_by_somebody() - ABOUT_RIGHTS, "Add it to ENTRIES in kpiflow/workspace/rights.py."


def test_the_table_names_actions_and_pages_that_there_are():
    assert {entry.action for entry in ENTRIES} <= set(ACTIONS)
    assert {page.needs for page in PAGES} <= set(ACTIONS)
    assert {action for action, _ in DESKS} <= set(ACTIONS)
    assert {page for _, page in DESKS} <= {page.id for page in PAGES}


@pytest.mark.parametrize("role", by_hand.PEOPLE)
@pytest.mark.parametrize("action", by_hand.ON)
def test_each_decision_equals_the_one_worked_out_by_hand(ws, role, action):
    person = by_hand.PEOPLE[role]
    general = ws.may(Asker(person), action)
    assert general.allowed == by_hand.may_at_all(person, action), str(general.reason)
    for subject in by_hand.SUBJECTS:
        found = ws.may(Asker(person), action, subject.kind, subject.owner)
        assert found.allowed == by_hand.may(person, action, subject), f"{subject}: {found.reason}"
        assert str(found.reason)


@pytest.mark.parametrize("role", by_hand.PEOPLE)
def test_pages_are_offered_by_right(ws, role):
    person = by_hand.PEOPLE[role]
    for page in PAGES:
        assert ws.may(Asker(person), page.needs).allowed == by_hand.may_at_all(person, page.needs), page.id


def test_each_role_has_its_desk(ws):
    desks = {role: ws.desk(Asker(person)) for role, person in by_hand.PEOPLE.items()}
    assert desks == {
        "executive": "overview",
        "department_head": "workbench",
        "hr": "cycle",
        "auditor": "overview",
        "administrator": "accounts",
        "inspector": "overview",
        "duty_manager": "progress",
        "station_manager": "progress",
    }
    for role, person in by_hand.PEOPLE.items():
        assert ws.may(Asker(person), page_named(desks[role]).needs).allowed


def test_without_a_company_everybody_begins_where_it_is_said_how_to_add_one(tmp_path):
    create_store(tmp_path / "empty.duckdb")
    with closing(Workspace.open(tmp_path / "empty.duckdb")) as empty:
        assert empty.may(Asker(account="root", roles=("administrator",)), "manage_accounts").allowed
        assert empty.desk(Asker(account="root", roles=("administrator",))) == "overview"
