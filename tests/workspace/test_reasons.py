"""The reasons of a goal say what happened, also where there is nothing to divide by or two goals are above each other."""

from pathlib import Path

import pytest

from kpiflow.workspace import ADMINISTRATOR, Workspace, render
from tests.cases.small_store import scored

CASE = {
    "case": "Reasons",
    "metrics": [{"metric": "cost", "direction": "lower"}, {"metric": "sales", "direction": "higher"}],
    "goals": [
        {"goal": "nothing spent", "metric": "cost", "target": 5, "attainment": "inverse"},
        {"goal": "nothing asked", "metric": "sales", "target": 0},
        {
            "goal": "whole",
            "kind": "objective",
            "children": [
                {"goal": "part", "metric": "sales", "target": 40, "weight": 30},
                {"goal": "hope", "metric": "sales", "target": 80, "weight": 9, "commitment": "aspirational"},
                {"goal": "rest", "metric": "sales", "target": 80, "weight": 70},
            ],
        },
    ],
    "measurements": [{"metric": "cost", "value": 0}, {"metric": "sales", "value": 40}],
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return all the reasons of every goal of the case, as one text each."""
    folder: Path = tmp_path_factory.mktemp("reasons")
    rows = scored(CASE, folder)
    ws = Workspace.open(folder / "case.duckdb")
    try:
        pages = {goal: ws.goal(ADMINISTRATOR, goal, "2026") for goal in rows}
    finally:
        ws.close()
    return {goal: "\n".join(render(line) for why in page.why for line in why.lines) for goal, page in pages.items()}


def test_a_perfect_zero_is_not_called_a_wrong_choice(said: dict[str, str]) -> None:
    assert "the attainment is without end and the curve gives its most" in said["nothing spent"]
    assert "That earns 100.0 points." in said["nothing spent"]
    assert "choose another convention" not in said["nothing spent"]


def test_what_was_measured_is_not_called_missing(said: dict[str, str]) -> None:
    assert "It would divide by 0 here" in said["nothing asked"]
    assert "Something was measured" in said["nothing asked"]
    assert "without data" not in said["nothing asked"]


def test_a_goal_below_another_of_its_owner_adds_to_that_goal(said: dict[str, str]) -> None:
    assert "is 30.0 % of the owner's goals under 'whole', so it adds 30.0 to the points there" in said["part"]
    assert "owner's score" not in said["part"]
    assert "adds 32.5 to the owner's score" in said["whole"]


def test_an_aspiration_adds_to_no_score(said: dict[str, str]) -> None:
    assert "never counts" in said["hope"]
    assert "it adds" not in said["hope"]
