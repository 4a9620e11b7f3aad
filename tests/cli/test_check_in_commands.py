"""Checking in for somebody at a terminal, and reading what was said about a goal."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.typed import typed as kpiflow


@pytest.fixture
def folder(demo_store: Path, tmp_path: Path) -> Path:
    """A folder with a copy of the example company's store that a test may change."""
    shutil.copy(demo_store, tmp_path / "mine.duckdb")
    return tmp_path


def asked(folder: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    return kpiflow(*words, "--store", "mine.duckdb", folder=folder, code=code)


def test_a_check_in_for_a_person_is_written_and_read_back(folder):
    (folder / "proof.txt").write_text("audited", encoding="utf-8")
    words = ("check-in", "p0112-handover", "--person", "p0112", "--value", "3", "--confidence", "8")
    done = asked(folder, *words, "--words", "Both weeks done", "--evidence", "proof.txt")
    assert "Written: Two weeks without a gap" in done.stdout
    assert "proof.txt" in done.stdout
    rows = json.loads(asked(folder, "check-ins", "p0112-handover", "--format", "json").stdout)
    newest = rows[0]
    assert (newest["step"], newest["confidence"], newest["words"]) == ("3.000000", 8, "Both weeks done")
    assert (newest["person"], newest["outcome"], newest["files"]) == ("p0112", "measured", 1)
    line = json.loads(asked(folder, "journal", "--format", "json", "--limit", "1").stdout)[0]
    assert line["action"] == "check_in"
    assert json.loads(line["detail"])["for"] == "p0112"
    then = asked(folder, "check-ins", "p0112-handover", "--as-of", "2013-12-31", "--format", "json").stdout
    assert [row["step"] for row in json.loads(then)] == ["2.000000", "1.000000"]


def test_a_rate_is_typed_as_its_parts(folder):
    words = ("check-in", "p0002-overtime", "--person", "p0002", "--value", "2900/60000", "--day", "2013-12-15")
    assert "Written: 4.83 %" in asked(folder, *words).stdout
    assert "is not a rate" in asked(folder, *words[:4], "--value", "29/", code=1).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("p0112-handover", "--person", "p0101", "--value", "3"), "Others answer for p0112"),
        (("p0112-handover", "--person", "p0112", "--value", "1"), "A later step was reported before"),
        (("p0101-ontime", "--person", "p0101", "--value", "80"), "comes from a system"),
        (("p0112-handove", "--person", "p0112", "--value", "3"), "Did you mean 'p0112-handover'?"),
    ],
)
def test_what_is_refused_says_why(folder, words, said):
    assert said in " ".join(asked(folder, "check-in", *words, code=1).stderr.split())


def test_an_unusual_value_is_taken_when_it_is_meant(folder):
    done = asked(folder, "check-in", "p0112-handover", "--person", "p0112", "--value", "1", "--sure", "--lang", "zh")
    assert "已写入" in done.stdout
