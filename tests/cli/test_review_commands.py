"""Reviews as typed at a terminal: each step in somebody's name and by their rights, listed, shown, and who is late."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.typed import typed as kpiflow


@pytest.fixture
def folder(demo_store: Path, tmp_path: Path) -> Path:
    shutil.copy(demo_store, tmp_path / "mine.duckdb")
    return tmp_path


def asked(folder: Path, *words: str, code: int = 0):
    return kpiflow("review", *words, "--store", "mine.duckdb", folder=folder, code=code)


def test_a_review_from_self_to_signed(folder: Path):
    of = ("p0013", "-p", "2013")
    asked(folder, "rate", *of, "inspecting/thoroughness=4", "inspecting/fairness=-", "--by", "p0013")
    assert "Self-review done" in asked(folder, "send", *of, "--by", "p0013").stderr
    refused = asked(folder, "send", *of, "--by", "p0005", code=1).stderr
    assert "waits for the manager" in refused
    given = ("inspecting/thoroughness=3", "inspecting/fairness=3", "reports/on_time=3")
    assert "3 items" in asked(folder, "rate", *of, *given, "--by", "p0001").stderr
    asked(folder, "send", *of, "--by", "p0001")
    back = asked(folder, "send", *of, "--by", "p0005", "--back", "self_done", "--words", "Say more.")
    assert "Self-review done" in back.stderr
    asked(folder, "send", *of, "--by", "p0001")
    asked(folder, "send", *of, "--by", "p0005")
    said = asked(folder, "show", *of).stdout
    mark = said.split("Fingerprint ")[1].strip(" .\n")
    assert "changed" in asked(folder, "sign", *of, "--by", "p0013", "--fingerprint", "other", code=1).stderr
    signed = asked(folder, "sign", *of, "--by", "p0013", "--disagree", "--words", "Too little.").stderr
    assert mark in signed.replace("\n", "")
    rows = json.loads(asked(folder, "list", "-p", "2013", "--state", "signed", "--format", "json").stdout)
    assert {row["person"] for row in rows} == {"p0013", "p0101"}
    assert "is no rating" in asked(folder, "rate", *of, "inspecting=much", "--by", "p0013", code=1).stderr


def test_adjusting_needs_a_second_person(folder: Path):
    of = ("p0101", "-p", "2013")
    (folder / "note.txt").write_text("Handover of 3 May", encoding="utf-8")
    made = asked(
        folder, "adjust", "p0101", "8", "-p", "2013", "--by", "p0005", "--reason", "Second shift", "--file", "note.txt"
    )
    assert "Adjustment 1" in made.stderr
    assert "Second shift" not in asked(folder, "show", *of).stdout
    assert "Somebody else" in asked(folder, "agree", "1", "--by", "p0005", code=1).stderr
    asked(folder, "agree", "1", "--by", "p0001")
    shown = asked(folder, "show", *of).stdout
    assert "Second shift" in shown
    assert "changed since it was signed" in shown


def test_who_is_late(folder: Path):
    rows = json.loads(asked(folder, "late", "-p", "2013", "--as-of", "2014-01-31", "--format", "json").stdout)
    assert {"p0011", "p0202"} <= {row["person"] for row in rows}
    assert all(row["late"] > 0 for row in rows)
    units = json.loads(
        asked(folder, "late", "-p", "2013", "--as-of", "2014-01-31", "--units", "--format", "json").stdout
    )
    assert sum(row["late"] for row in units) == len(rows)
