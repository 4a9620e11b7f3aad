"""An enterprise under one objective: goals of its units and people count in its score, and so in what is told beside it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpiflow.workspace import Asker, Workspace
from kpiflow.workspace.commands import apply
from tests.workspace.shop import PLANNED, config, measured, opened

BOSS = Asker("boss")

#: One objective over a goal of the shop, one of a unit and one of a person that is never measured.
GOALS = [
    {"goal": "top", "owner": "SHOP", "label": "A good shop"},
    {"goal": "all", "parent": "top", "owner": "SHOP", "metric": "sales", "target": 400, "weight": 50, "label": "Sales"},
    {"goal": "north", "parent": "top", "owner": "NORTH", "metric": "sales", "target": 200, "weight": 30, "label": "North"},
    {"goal": "cyd", "parent": "top", "owner": "cyd", "metric": "returns", "target": 4, "weight": 20, "label": "Returns"},
]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    ws = opened(tmp_path)
    folder = config(tmp_path / "config")
    (folder / "goals.yaml").write_text(json.dumps({"goals": GOALS}), encoding="utf-8")
    apply(ws, folder, who="planner", at=PLANNED, reason="One objective")
    measured(ws, "q1", "2026-04-02", ("sales", "ann", "2026-03-31", 10.0), ("sales", "cyd", "2026-03-31", 30.0))
    measured(ws, "q2", "2026-07-02", ("sales", "ann", "2026-06-30", 40.0), ("sales", "cyd", "2026-06-30", 20.0))
    yield ws
    ws.close()


def test_coverage_is_of_everything_the_score_is_made_of(shop):
    headline = shop.overview(BOSS, "2026-Q2").headline
    assert headline.coverage == pytest.approx(0.8), "50 and 30 of 100 have data; Cyd's 20 have none"


def test_what_moved_names_goals_of_others_and_adds_up_to_the_change(shop):
    answer = shop.overview(BOSS, "2026-Q2")
    assert set(answer.moved["goal"]) >= {"all", "north"}
    change = answer.headline.score - answer.headline.score_before
    assert abs(change) > 1
    assert answer.moved["change"].sum() == pytest.approx(change, abs=1e-6)
