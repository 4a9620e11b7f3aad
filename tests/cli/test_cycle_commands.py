"""The commands that show where a cycle stands and what would be asked about it, as typed at the machine."""

import json
import shutil
from pathlib import Path

import pytest

from kpiflow.cli.main import run


@pytest.fixture
def store(demo_store: Path, tmp_path: Path) -> str:
    return str(shutil.copy(demo_store, tmp_path / "mine.duckdb"))


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """What a command ends with, and what it writes to stdout and stderr."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    return int(ended.value.code or 0), *capsys.readouterr()


def test_the_cycle_is_told_station_by_station(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = typed(capsys, "cycle", "2013", "--store", store, "--format", "json")
    rows = {row["station"]: row for row in json.loads(out)}
    assert code == 0
    # The example's first three quarters are closed; its last one and the year are not.
    assert (rows["Periods closed"]["done"], rows["Periods closed"]["of"]) == (3, 5)
    assert rows["Periods closed"]["next"] == "Close 2013-Q4"
    assert "期间已结账" in typed(capsys, "cycle", "2013", "--store", store, "--lang", "zh")[1]


def test_questions_of_fairness_name_whom_they_are_about(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(typed(capsys, "fairness", "2013", "--store", store, "--format", "json")[1])
    # SkyWest had six flights from Newark in 2013: a rate over six cases is thin.
    about = next(row for row in rows if row["name"] == "Jonas Osprey")
    assert about["check"] == "thin_data"
    assert "with 6 cases" in about["found"]


@pytest.mark.parametrize("command", ["cycle", "fairness"])
def test_an_unknown_period_is_said(store: str, capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, _, err = typed(capsys, command, "2013-Q9", "--store", store)
    assert code == 1
    assert "2013-Q4" in err
