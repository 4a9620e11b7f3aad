"""Scenarios on the command line: saved and looked at without touching the plan, compared, applied and written as files."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from kpiflow.cli.main import run
from kpiflow.workspace import ADMINISTRATOR, Workspace


@pytest.fixture
def store(demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "own.duckdb"
    shutil.copy(demo_store, path)
    monkeypatch.setenv("KPIFLOW_STORE", str(path))
    return path


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        run(words)
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


EVERY_KIND = (
    "--target", "nyc-ontime=80", "--target", "ewr-ontime=×1.01", "--weight", "ewr-cancelled=20",
    "--metric", "cancelled_rate@LGA=×1.1", "--section", "station_manager.punctuality=40", "--grade", "a_to_e.B=85",
    "--plan", "service_bonus_2013.complaints.each=40", "--end", "inspection_score=×1.02",
    "--edit", '{"edit": "plan", "plan": "service_bonus_2013", "path": "ceiling.at", "value": 1.5}',
)  # fmt: skip


def test_a_scenario_from_its_first_word_to_the_files(store, capsys, tmp_path):
    code, out, err = typed(capsys, "scenario", "new", "Everything", "-p", "2013", *EVERY_KIND, "--share")
    assert code == 0, err
    assert out.startswith("On-time arrivals · NYC: target 77.62 % becomes 80.00 %.")
    assert out.splitlines()[9].startswith("Cost "), "what it does stands after its nine edits"
    listed = json.loads(typed(capsys, "scenario", "list", "--format", "json")[1])
    mine = next(one for one in listed if one["name"] == "Everything")
    number = str(mine["scenario"])
    assert (mine["edits"], mine["shared"], mine["version"]) == (9, True, 2)
    code, out, _ = typed(capsys, "scenario", "edit", number, "--without", "8", "--without", "9", "--name", "Fewer")
    assert code == 0
    rows = json.loads(
        typed(capsys, "scenario", "show", number, "--people", "all", "--limit", "500", "--format", "json")[1]
    )
    with closing(Workspace.open(store)) as ws:
        effect = ws.scenario_effect(ADMINISTRATOR, int(number))
        assert len(rows) == effect.people
        assert len(ws.scenario(ADMINISTRATOR, int(number)).edits) == 7
        before = ws.known(None)
    code, out, _ = typed(capsys, "scenario", "show", number, "--lang", "zh")
    assert code == 0
    assert "成本" in out
    both = json.loads(typed(capsys, "scenario", "compare", "1", number, "--format", "json")[1])
    assert [one["scenario"] for one in both] == [1, int(number)]
    code, out, err = typed(capsys, "scenario", "apply", number, "--format", "json")
    assert code == 0
    assert {row["field"] for row in json.loads(out)} == {"target", "weight"}
    assert "Nothing was written" in err
    folder = tmp_path / "config"
    code, _, err = typed(capsys, "scenario", "export", number, str(folder))
    assert code == 0
    assert "kpiflow" not in err or "files were written" in err
    assert "at_least: 85" in (folder / "grades.yaml").read_text(encoding="utf-8")
    with closing(Workspace.open(store)) as ws:
        assert ws.known(None) == before
    code, _, err = typed(capsys, "scenario", "apply", number, "--reason", "agreed", "--make")
    assert code == 0, err
    with closing(Workspace.open(store)) as ws:
        assert ws.known(None).definitions == before.definitions + 1
        assert ws.scenario(ADMINISTRATOR, int(number)).applied is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--target", "nyc-ontim=3"), "nyc-ontime"),
        (("--target", "nyc-ontime"), "NAME=VALUE"),
        (("--grade", "B=3"), "two names"),
        (("--edit", "{}"), "cannot be read"),
        (("--metric", "ontime_rate=much"), "cannot be read"),
    ],
)
def test_what_cannot_be_ends_in_one_sentence(store, capsys, words, said):
    code, _, err = typed(capsys, "scenario", "new", "Wrong", "-p", "2013", *words)
    assert code == 1
    assert said in err
    assert len(err.strip().splitlines()) == 1
