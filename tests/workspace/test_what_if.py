"""What would be is appraised by every rule that appraises what is: also by those that look at a unit's goals."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.commands import apply
from tests.workspace.shop import PLANNED, config, measured, opened

ANN = Asker("ann")
JUNE = datetime.date(2026, 6, 30)

#: What a rule says of every seller whose unit sold less than its points ask for.
OF_THE_UNIT = {"metrics": ["sales"], "whose": "unit", "below": 60}


def ruled(tmp_path: Path, **rules: Any) -> Workspace:
    """The shop with a goal of NORTH on sales, its sellers under these rules, and half of everything sold."""
    ws = opened(tmp_path)
    folder = config(tmp_path / "config")
    goals = json.loads((folder / "goals.yaml").read_text(encoding="utf-8"))
    goals["goals"].append({"goal": "north-sales", "owner": "NORTH", "metric": "sales", "target": 200, "label": "Sales"})
    (folder / "goals.yaml").write_text(json.dumps(goals), encoding="utf-8")
    cards = json.loads((folder / "scorecards.yaml").read_text(encoding="utf-8"))
    cards["scorecards"][0] |= rules
    (folder / "scorecards.yaml").write_text(json.dumps(cards), encoding="utf-8")
    apply(ws, folder, who="planner", at=PLANNED + datetime.timedelta(1), reason="Rules")
    # NORTH sells 60 of 200 by June where half a year asks for about 100: 30 points of the year, far below the edge.
    measured(ws, "sold", "2026-06-30", ("sales", "ann", "2026-05-15", 50), ("returns", "ann", "2026-05-15", 1),
             ("sales", "ben", "2026-05-15", 10), ("returns", "ben", "2026-05-15", 1))  # fmt: skip
    return ws


@pytest.mark.parametrize(
    ("rules", "score", "grade"),
    [
        ({}, 100.0, "A"),
        ({"vetoes": [{"rule": "unit", "label": "The unit missed", "when": OF_THE_UNIT, "score": 40}]}, 40.0, "B"),
        ({"ceilings": [{"rule": "unit", "label": "The unit missed", "when": OF_THE_UNIT, "grade": "B"}]}, 100.0, "B"),
    ],
)
def test_a_rule_about_the_unit_holds_whatever_the_person_reaches(tmp_path, rules, score, grade):
    ws = ruled(tmp_path, **rules)
    met = ws.what_if(ANN, "ann", "2026", {"ann-sales": 100, "ann-returns": 4}, as_of=JUNE)
    assert (met.score, met.grade) == (pytest.approx(score), grade)
    alone = ws.what_if(ANN, "ann", "2026", {}, as_of=JUNE)
    now = ws.score_why(ADMINISTRATOR, "ann", "2026", JUNE).row
    assert (alone.score, alone.grade) == (pytest.approx(now["score"]), now["grade"])
    ws.close()
