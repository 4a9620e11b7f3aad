"""`kpiflow source`: look, pull, list, runs and rejects, as typed."""

import json

import pytest

from kpiflow.cli.main import run
from tests.workspace.live.fed import fed

NOTES = {
    "source": "notes",
    "label": "Notes",
    "kind": "folder",
    "path": "notes",
    "every": "15m",
    "fixed": {"metric": "sales"},
}


@pytest.fixture
def store(tmp_path):
    fed(tmp_path, NOTES).close()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.csv").write_text(
        "unit,day,value\nNORTH,2026-01-05,4\nNROTH,2026-01-05,1\n", encoding="utf-8"
    )
    return tmp_path / "shop.duckdb"


def typed(capsys, *words, ends=0):
    try:
        run([str(word) for word in words])
        ended = 0
    except SystemExit as end:
        ended = end.code or 0
    said = capsys.readouterr()
    assert ended == ends, said.err
    return said.out


def test_a_source_from_look_to_rejects(capsys, store, tmp_path):
    at = ("--store", store)
    shown = json.loads(typed(capsys, "source", "check", "notes", *at, "--format", "json"))
    assert [row["unit"] for row in shown] == ["NORTH", "NROTH"]
    (done,) = json.loads(typed(capsys, "source", "pull", *at, "--format", "json", ends=1))
    assert (done["source"], done["read"], done["added"], done["rejected"], done["failure"]) == ("notes", 2, 1, 1, None)
    assert "Did you mean 'NORTH'?" in typed(capsys, "source", "rejects", 1, *at)
    (one,) = json.loads(typed(capsys, "source", "list", *at, "--format", "json"))
    assert (one["health"], one["set_aside"], one["newest_day"]) == ("well", 1, "2026-01-05")
    (tmp_path / "notes").rename(tmp_path / "gone")
    typed(capsys, "source", "pull", "notes", *at, ends=1)
    assert "silent" in typed(capsys, "source", "list", *at, ends=1)
    runs = json.loads(typed(capsys, "source", "runs", "notes", *at, "--format", "json"))
    assert [run["failure"] for run in runs] == ["not_there", None]
