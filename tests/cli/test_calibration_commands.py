"""Calibration and appeals from the command line: opened, moved, made final by another name, filed, answered."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kpiflow.cli.main import app
from kpiflow.errors import Refused
from kpiflow.workspace import Workspace


@pytest.fixture
def store(demo_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(demo_store, tmp_path / "mine.duckdb"))


def run(*words: object) -> str:
    ran = CliRunner().invoke(app, [str(word) for word in words])
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert ran.exit_code == 0, ran.output
    return ran.output


def listed_as_json(*words: object) -> list[dict]:
    ran = CliRunner().invoke(app, [*(str(word) for word in words), "--format", "json"])
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout)


def test_a_session_from_opening_to_the_end(store):
    said = run(
        "calibrate",
        "open",
        "--period",
        2013,
        "--unit",
        "JFK",
        "--target",
        "balanced",
        "--by",
        "p0005",
        "--store",
        store,
    )
    assert "JFK" in said
    assert "A+B" in said
    with pytest.raises(Refused):
        run("calibrate", "finalise", 2, "--by", "p0005", "--store", store)
    run(
        "calibrate",
        "move",
        2,
        "p0111",
        "B",
        "--reason",
        "The summer was short of staff",
        "--by",
        "p0003",
        "--store",
        store,
    )
    rows = json.loads(run("calibrate", "show", 2, "--store", store, "--format", "json"))
    moved = next(row for row in rows if row["person"] == "p0111")
    assert (moved["before"], moved["grade"], moved["who"]) == ("A", "B", "p0003")
    assert "Grades changed: 1" in run("calibrate", "finalise", 2, "--by", "p0001", "--store", store)
    listed = json.loads(run("calibrate", "list", "--period", 2013, "--store", store, "--format", "json"))
    assert [(row["session"], row["state"]) for row in listed] == [(2, "final"), (1, "open")]
    assert "dropped" in run("calibrate", "drop", 1, "--reason", "not this year", "--store", store)


def test_the_distribution_is_printed_with_every_grade(store):
    rows = json.loads(run("distribution", "--period", 2013, "--by", "role", "--store", store, "--format", "json"))
    duty = next(row for row in rows if row["group"] == "duty_manager")
    assert sum(duty[grade] for grade in "ABCDE") == 9


def test_an_appeal_is_filed_shown_and_answered(store):
    said = run(
        "appeal", "file", "p0103", "--period", 2013, "--about", "goal", "--goal", "p0103-ontime", "--words", "Storms",
        "--store", store,
    )  # fmt: skip
    assert "Appeal 3 is filed" in said
    rows = listed_as_json("appeal", "list", "--period", 2013, "--store", store)
    assert [row["number"] for row in rows] == [1, 3, 2], "open ones first, the longest waiting first"
    with pytest.raises(Refused):
        run("appeal", "answer", 1, "upheld", "--words", "Yes", "--by", "p0003", "--store", store)
    said = run("appeal", "answer", 1, "upheld", "--words", "Not ours", "--value", 0, "--by", "p0005", "--store", store)
    assert "upheld" in said
    assert "103.5 before, 103.8 after" in said
    assert "申诉" in run("appeal", "show", 1, "--lang", "zh", "--store", store)
    with Workspace.open(store).store as held, held.read() as cursor:
        assert cursor.sql("SELECT count(*) FROM appeal_step WHERE appeal = 1").fetchall()[0][0] == 3
