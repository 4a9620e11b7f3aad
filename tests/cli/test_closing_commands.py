"""The commands that close periods, as typed at the machine."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from kpiflow.cli.main import run


@pytest.fixture
def store(demo_store: Path, tmp_path: Path) -> str:
    return str(shutil.copy(demo_store, tmp_path / "mine.duckdb"))


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """What a command ends with, and what it writes to stdout and stderr."""
    capsys.readouterr()
    code = 0
    try:
        run(arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    written = capsys.readouterr()
    return code, written.out, written.err


def test_from_the_checklist_to_a_closing_that_holds(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = typed(capsys, "close", "2013-Q4", "--check", "--store", store, "--format", "json")
    found = {row["check"]: row for row in json.loads(out)}
    assert code == 0
    assert not any(row["stops"] for row in found.values())
    _, out, _ = typed(capsys, "close", "2013-Q4", "--store", store)
    assert "Since 20" in out, "the look was remembered"
    code, _, err = typed(capsys, "close", "2013-Q4", "--make", "--store", store)
    assert code == 1
    assert "--reason" in err
    code, _, err = typed(capsys, "close", "2013-Q4", "--make", "--reason", "All in", "--by", "hr", "--store", store)
    assert code == 0
    assert "Closing 4" in err
    code, out, _ = typed(capsys, "close", "2013-Q4", "--verify", "--store", store, "--format", "json")
    assert (code, json.loads(out)["holds"], json.loads(out)["differ"]) == (0, True, 0)
    _, out, _ = typed(capsys, "closings", "--store", store, "--format", "json")
    assert [row["period"] for row in json.loads(out)] == ["2013-Q4", "2013-Q3", "2013-Q2", "2013-Q1"]
    _, out, _ = typed(capsys, "closings", "--as-of", "2013-07-18", "--store", store, "--format", "json")
    assert [row["period"] for row in json.loads(out)] == ["2013-Q1"]


def test_opening_again_takes_another_name(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("reopen", "2013-Q3", "--store", store)
    assert typed(capsys, *given, "--reason", "Late figures", "--by", "hr")[0] == 0
    code, _, err = typed(capsys, *given, "--confirm", "--by", "hr")
    assert code == 1
    assert "somebody else" in err
    code, _, err = typed(capsys, *given, "--confirm", "--by", "boss")
    assert code == 0
    assert "stays readable" in err
    _, out, _ = typed(capsys, "close", "2013-Q3", "--verify", "--closing", "3", "--store", store)
    assert "to the last digit" in out


def test_findings_are_listed_in_words_of_both_languages(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("close", "2013-Q4", "--findings", "metrics_outdated", "--store", store)
    _, out, _ = typed(capsys, *asked)
    assert "last measured for" in out
    _, out, _ = typed(capsys, *asked, "--lang", "zh")
    assert "最近测量日期" in out


def test_a_store_that_was_changed_by_hand_fails_the_check(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect(store) as found:
        found.execute("UPDATE closed_person SET score = 99 WHERE closing = 1 AND person = 'p0101'")
    code, out, _ = typed(capsys, "close", "2013-Q1", "--verify", "--store", store)
    assert code == 1
    assert "score of p0101" in out
