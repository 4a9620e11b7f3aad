"""Pay runs as typed at a terminal: kept, proposed, approved by another, refused what is missing, compared, printed, exported."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.typed import typed as kpiflow


@pytest.fixture
def folder(demo_store: Path, tmp_path: Path) -> Path:
    """A folder with a copy of the example company's store that a test may change."""
    shutil.copy(demo_store, tmp_path / "mine.duckdb")
    return tmp_path


def asked(folder: Path, *words: str, code: int = 0):
    return kpiflow("payroll", *words, "--store", "mine.duckdb", folder=folder, code=code)


def test_a_run_goes_through_two_hands(folder: Path):
    made = asked(folder, "run", "--plan", "service_bonus_2013", "-p", "2013", "--by", "p0005", "--budget", "250000")
    assert "Run 2 (dry run): 47 people" in made.stdout
    assert "Run 2 is now proposed" in asked(folder, "propose", "2", "--by", "p0005").stderr
    assert "a second person has to approve it" in asked(folder, "approve", "2", "--by", "p0005", code=1).stderr
    asked(folder, "approve", "2", "--by", "p0001")
    said = asked(folder, "final", "2", "--by", "p0005", code=1).stderr
    assert "2013 is not closed" in said
    assert "too much" in said
    rows = json.loads(asked(folder, "list", "-p", "2013", "--format", "json").stdout)
    assert [(row["run"], row["state"], row["total"]) for row in rows] == [
        (2, "approved", "267727.58"),
        (1, "proposed", "267727.58"),
    ]
    assert "Run 2 pays everybody what run 1 did." in asked(folder, "diff", "2").stderr
    assert "same to the last digit" in asked(folder, "verify", "1").stdout
    refused = asked(folder, "refuse", "2", "--by", "p0001", "--reason", "Not yet")
    assert "Run 2 is now refused" in refused.stderr


def test_statements_and_payroll_files_are_written(folder: Path):
    asked(folder, "statement", "p0101", "-p", "2013", "--run", "1", "--edition", "both", "--out", "one.pdf")
    assert (folder / "one.pdf").read_bytes().startswith(b"%PDF")
    asked(folder, "statement", "p0101", "-p", "2013", "--form", "xlsx")
    assert (folder / "statement-p0101-service_bonus_2013-2013-preview-en.xlsx").read_bytes().startswith(b"PK")
    assert "not final" in asked(folder, "export", "1", code=1).stderr
    asked(folder, "export", "1", "--draft", "--form", "parquet")
    assert (folder / "draft-payroll-service_bonus_2013-2013-run-1.parquet").is_file()
    assert "There is no pay run 9" in asked(folder, "show", "9", code=1).stderr
