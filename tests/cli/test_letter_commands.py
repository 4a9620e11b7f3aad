"""Letters as typed at a terminal: listed, shown, drawn up and printed; never signed."""

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
    return kpiflow("letter", *words, "--store", "mine.duckdb", folder=folder, code=code)


def test_the_list_says_who_has_signed(folder: Path):
    rows = json.loads(asked(folder, "list", "-p", "2013", "--format", "json").stdout)
    assert len(rows) == 86
    states = {row["owner"]: row["state"] for row in rows}
    assert (states["EWR"], states["p0209"], states["p0228"]) == ("signed_by_manager", "signed_by_owner", "none")
    early = asked(folder, "list", "-p", "2013", "--as-of", "2012-12-20", "--state", "drawn_up", "--format", "json")
    assert len(json.loads(early.stdout)) == 84


def test_a_letter_is_shown_drawn_up_and_printed(folder: Path):
    said = asked(folder, "show", "EWR", "-p", "2013").stdout
    assert "Manager: Ada Skylark. Signed on Dec 27, 2012" in said
    assert "On-time arrivals · EWR: weight 30.0 %; Threshold 66.68 %, Target 76.68 %" in said
    content = json.loads(asked(folder, "show", "EWR", "-p", "2013", "--json").stdout)
    assert content["fingerprint"] in said
    drawn = asked(folder, "draw-up", "p0228", "-p", "2013", "--reason", "Takes the station over in July")
    assert "Version 1 of the letter of p0228" in drawn.stderr
    asked(folder, "pdf", "p0228", "-p", "2013", "--edition", "zh", "--out", "p0228.pdf")
    assert (folder / "p0228.pdf").read_bytes().startswith(b"%PDF")
    asked(folder, "pdf", "EWR", "-p", "2013")
    assert (folder / "letter-EWR-2013-v1-en.pdf").is_file()
    assert "Nothing has changed" in asked(folder, "draw-up", "EWR", "-p", "2013", code=1).stderr


def test_there_is_no_command_that_signs(folder: Path):
    """A signature is a person's: whoever holds the machine cannot give it for them."""
    commands = kpiflow("letter", "--help", folder=folder)
    assert "sign " not in commands.stdout.replace("signed", "")
    assert kpiflow("letter", "sign", "EWR", folder=folder, code=2).stderr
