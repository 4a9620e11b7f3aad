"""Applying a scenario goes the way such a change always goes: owners agree, plans are published by two, and it says so."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpiflow.errors import InvalidInput, Refused
from kpiflow.language import render
from kpiflow.storage.journal import read_journal
from kpiflow.workspace import Asker, Workspace
from kpiflow.workspace.scenarios.answers import Supposition, Writes
from kpiflow.workspace.scenarios.edits import read_edits

EXECUTIVE, HEAD_OF_EWR = Asker("p0001"), Asker("p0002")
PERIOD = "2013"

HARDER = {"edit": "goals", "goal": "ewr-ontime", "to": 78.0}
HARDER_TOO = {"edit": "goals", "goal": "jfk-ontime", "to": 79.0}
WEIGHT = {"edit": "goals", "goal": "ewr-ontime", "field": "weight", "to": 35}
PLAN = {"edit": "plan", "plan": "service_bonus_2013", "path": "complaints.each", "value": "40"}
GRADE = {"edit": "grade", "scale": "a_to_e", "grade": "B", "at_least": 88}


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    opened_here = Workspace.open(path, demo=True)
    yield opened_here
    opened_here.close()


def saved(ws: Workspace, asker: Asker, *edits: dict[str, Any]) -> Writes:
    made = ws.save_scenario(asker, "Harder", Supposition(PERIOD, read_edits(list(edits))))
    return ws.preview_scenario(asker, made.number)


def targets(ws: Workspace) -> dict[str, float]:
    goals = ws.company().goals.filter(pl.col("target").is_not_null())
    return dict(goals.select("goal", "target").iter_rows())


def test_targets_of_a_scenario_change_when_their_owners_agree_and_not_before(mine):
    shown = saved(mine, EXECUTIVE, HARDER, HARDER_TOO, WEIGHT)
    assert shown.proposable == 2
    before = targets(mine)
    made = mine.propose_scenario(EXECUTIVE, shown, words="As we spoke")
    assert (len(made.proposals), made.owners, made.left) == (1, 2, 1), "one goal above, two owners, and a weight"
    assert targets(mine) == before, "nobody has agreed yet"
    entry = read_journal(mine.store, action="propose_scenario").row(0, named=True)
    assert entry["who"] == "p0001"
    assert json.loads(entry["detail"])["proposals"] == list(made.proposals)
    waiting = mine.proposals(HEAD_OF_EWR, PERIOD).lines
    line = waiting.filter(pl.col("goal") == "ewr-ontime").row(0, named=True)
    assert line["target"] == 78.0
    mine.answer_proposal(HEAD_OF_EWR, line["line"], "agree")
    assert targets(mine) == {**before, "ewr-ontime": 78.0}, "the other owner's stays until they agree too"


def test_proposing_needs_the_right_to_split_and_what_was_shown(mine):
    shown = saved(mine, HEAD_OF_EWR, HARDER)
    with pytest.raises(Refused):
        mine.propose_scenario(HEAD_OF_EWR, shown)
    only_weight = saved(mine, EXECUTIVE, WEIGHT)
    assert only_weight.proposable == 0
    with pytest.raises(InvalidInput, match="nothing to propose"):
        mine.propose_scenario(EXECUTIVE, only_weight)
    easier = saved(mine, EXECUTIVE, {**HARDER, "to": 70.0})
    with pytest.raises(InvalidInput, match="reason"):
        mine.propose_scenario(EXECUTIVE, easier)
    stale = saved(mine, EXECUTIVE, HARDER)
    mine.make_change(EXECUTIVE, mine.preview_change(EXECUTIVE, "lga-ontime", {"target": 80.0}, PERIOD), reason="now")
    with pytest.raises(InvalidInput, match="changed since"):
        mine.propose_scenario(EXECUTIVE, stale)
    assert read_journal(mine.store, action="propose_scenario").is_empty()


def test_what_comes_next_is_said_for_each_part_with_who_does_it(mine):
    said = [render(one, "en") for one in saved(mine, EXECUTIVE, HARDER, WEIGHT, PLAN, GRADE).next]
    assert said[0].startswith("Targets handed down: 1. They can be proposed to their owners (")
    assert "letters about these goals are then drawn up anew" in said[1]
    assert said[2].startswith("Rules are applied as configuration (")
    plan = next(one for one in said if one.startswith("Service bonus 2013, version 2: "))
    labels = {action: [role.label for role in mine.company().roles.values() if action in role.actions]
              for action in ("publish_plan", "approve_plan")}  # fmt: skip
    for roles in labels.values():
        assert roles
        assert all(label in plan for label in roles)
    assert said[-1].endswith("closed periods stay as signed.")
    assert saved(mine, EXECUTIVE, {"edit": "ends", "times": "1.01"}).next == (), "results cannot be applied"
    chinese = [render(one, "zh") for one in saved(mine, EXECUTIVE, HARDER, WEIGHT, PLAN, GRADE).next]
    assert len(chinese) == len(said)
    assert not set(chinese) & set(said)
