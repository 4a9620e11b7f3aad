"""Splitting, changing and reconciling as typed at a terminal; and `apply`, which shows before it makes."""

import json
import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

from kpiflow.definitions.reading import read_company
from tests.cli.typed import CALL
from tests.cli.typed import typed as kpiflow


@pytest.fixture
def folder(demo_store: Path, tmp_path: Path) -> Path:
    """A folder with a copy of the example company's store that a test may change."""
    shutil.copy(demo_store, tmp_path / "mine.duckdb")
    return tmp_path


def asked(folder: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    return kpiflow(*words, "--store", "mine.duckdb", folder=folder, code=code)


def journal(folder: Path) -> list[dict]:
    return json.loads(asked(folder, "journal", "--format", "json").stdout)


def test_a_split_is_shown_and_only_written_with_make(folder: Path) -> None:
    words = ("split", "nyc-flights", "--method", "by_last_year", "--period", "2013", "--lock", "JFK", "--buffer", "5%")
    before = journal(folder)
    shown = asked(folder, *words)
    assert "Nothing was written" in shown.stderr
    assert "109,609" in shown.stdout
    assert "338," not in shown.stderr
    assert journal(folder) == before
    made = asked(folder, *words, "--make", "--reason", "Stretch", "--format", "json")
    answer = json.loads(made.stdout)
    assert answer["assigned"] == sum(line["target"] for line in answer["lines"]) == round(331_726 * 1.05)
    assert all(line["reason"] for line in answer["lines"])
    assert "2 goals of 2 owners" in made.stderr
    newest = journal(folder)[0]
    assert (newest["action"], newest["subject"], newest["reason"]) == ("split_target", "nyc-flights", "Stretch")
    assert json.loads(newest["detail"])["change"] == answer["made"]
    row = json.loads(asked(folder, "reconcile", "nyc-flights", "-p", "2013", "--format", "json").stdout)
    assert (row["state"], row["unassigned"], row["over_assigned"], row["buffer"]) == ("buffered", 0, 0, 0.05)
    assert {child["owner"]: child["target"] for child in row["below"]}["JFK"] == 109_609


def test_a_change_says_what_it_does_and_how_many_owners_it_touches(folder: Path) -> None:
    words = ("change", "nyc-ontime", "--target", "79.3%", "--period", "2013")
    shown = asked(folder, *words)
    for said in ("77.62 % becomes 79.30 %", "nyc-service", "Offered below", "ewr-ontime"):
        assert said in shown.stdout
    assert "Nothing was written" in shown.stderr
    made = asked(folder, *words, "--resplit", "--make", "--format", "json")
    answer = json.loads(made.stdout)
    goals = {change["goal"] for change in answer["changes"]}
    assert len(goals) == 74 == len(answer["changes"])
    assert f"{len(goals)} goals of {answer['touched']} owners" in made.stderr
    scores = json.loads(asked(folder, "score", "-p", "2013", "--format", "json").stdout)
    targets = {row["goal"]: row["target"] for row in scores}
    assert all(targets[change["goal"]] == change["after"] for change in answer["changes"])
    # Before today the plan was the old one, and still is for whoever looks back.
    past = json.loads(asked(folder, "score", "-p", "2013", "--as-of", "2014-01-31", "--format", "json").stdout)
    assert {row["goal"]: row["target"] for row in past}["nyc-ontime"] == 77.62


def test_easing_needs_a_reason_and_writes_nothing_without_it(folder: Path) -> None:
    words = ("change", "nyc-ontime", "--target", "75", "-p", "2013", "--make")
    before = journal(folder)
    refused = asked(folder, *words, code=1)
    assert "Give a reason" in refused.stderr
    assert "becomes 75.00 %" in refused.stdout
    assert journal(folder) == before
    asked(folder, *words, "--reason", "Runway works")
    assert journal(folder)[0]["reason"] == "Runway works"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("split", "nyc-flights", "-m", "by_lastyear"), "by_last_year"),
        (("split", "nyc-flight", "-m", "equal"), "nyc-flights"),
        (("split", "nyc-flights", "-m", "equal", "--lock", "jfk-flight"), "jfk-flights"),
        (("split", "nyc-flights", "-m", "equal", "--set", "EWR:1"), "CHILD=AMOUNT"),
        (("split", "nyc-flights", "-m", "equal", "--set", "EWR=1", "--set", "EWR=2"), "twice"),
        (("split", "nyc-ontime", "-m", "equal"), "is a rate"),
        (("change", "nyc-ontime"), "Nothing is to be changed"),
        (("change", "nyc-ontime", "--target", "high"), "not a number"),
        (("change", "nyc-ontime", "--weight", "none"), "needs a weight"),
        (("reconcile", "nyc-ontim"), "nyc-ontime"),
    ],
)
def test_a_mistake_is_answered_with_one_clear_sentence(folder: Path, words: tuple[str, ...], said: str) -> None:
    assert said in asked(folder, *words, "-p", "2013", code=1).stderr


def test_reconcile_names_every_split_goal_once(folder: Path) -> None:
    rows = json.loads(asked(folder, "reconcile", "-p", "2013", "--format", "json").stdout)
    assert len({row["goal"] for row in rows}) == len(rows)
    assert {"nyc-ontime", "ewr-ontime", "nyc-flights"} <= {row["goal"] for row in rows}
    assert "按业务量" in asked(folder, "reconcile", "nyc-ontime", "-p", "2013", "--lang", "zh").stdout


# apply and export


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A folder with the starter company in a store, and the same exported with one label changed."""
    asked(tmp_path, "init", "--starter", "--config", "config")
    asked(tmp_path, "export", "config", "next")
    path = tmp_path / "next" / "company.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = ["label: Renamed" if line.startswith("label:") else line for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def answered(folder: Path, answer: str, *more: str) -> tuple[int, str]:
    """Run `apply` at a terminal, type an answer, and return the exit code and everything that was shown."""
    ours, theirs = pty.openpty()
    call = [*CALL, "apply", "next", "--store", "mine.duckdb", *more]
    process = subprocess.Popen(
        call, cwd=folder, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    os.write(ours, f"{answer}\n".encode())
    shown, _ = process.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)
    return process.returncode, shown


def test_apply_shows_the_difference_and_asks_before_it_makes_it(company: Path) -> None:
    code, shown = answered(company, "n")
    assert code == 1
    assert shown.index("Renamed") < shown.index("Make this change?") < shown.index("Nothing was changed")
    code, shown = answered(company, "y")
    assert code == 0
    assert shown.index("Renamed") < shown.index("Make this change?") < shown.index("Applied as change 2")
    code, shown = answered(company, "")
    assert (code, shown.strip()) == (0, "Nothing changes.")


def test_apply_does_not_ask_where_nobody_can_answer_or_was_told_yes(company: Path) -> None:
    _, shown = answered(company, "", "--dry-run")
    assert "Make this change?" not in shown
    code, shown = answered(company, "n", "--yes")
    assert code == 0
    assert "Applied as change 2" in shown
    asked(company, "export", "config", "third")
    path = company / "third" / "company.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Renamed", "Once more"), encoding="utf-8")
    done = asked(company, "apply", "third")
    assert "Once more" in done.stdout
    assert "Applied as change 3" in done.stderr


def test_an_exported_folder_holds_the_schemas_its_files_name(company: Path) -> None:
    exported = company / "next"
    named = set()
    for path in [*exported.glob("*.yaml"), *exported.glob("plans/*.yaml")]:
        line = next(line for line in path.read_text(encoding="utf-8").splitlines() if "$schema=" in line)
        named.add((path.parent / line.split("$schema=")[1]).resolve())
    assert named
    for schema in named:
        assert json.loads(schema.read_text(encoding="utf-8"))["$schema"].startswith("https://json-schema.org/")
    assert not read_company(exported).problems
