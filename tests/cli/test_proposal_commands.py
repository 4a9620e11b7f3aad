"""Proposals on the command line: on behalf of a person, within that person's rights, and the journal names both."""

import getpass
import json
import shutil
from pathlib import Path

import pytest

from kpiflow.cli.main import run


@pytest.fixture
def store(demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example company, named as the store of every command."""
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


def lines(capsys: pytest.CaptureFixture[str], person: str, *more: str) -> dict[str, dict]:
    code, out, _ = typed(capsys, "proposals", "--person", person, "-p", "2013", "--format", "json", *more)
    assert code == 0
    return {row["goal"]: row for row in json.loads(out)}


def test_a_proposal_is_shown_first_and_written_only_with_make(store, capsys) -> None:
    split = (
        "propose",
        "ewr-flights",
        "-m",
        "by_last_year",
        "--person",
        "p0002",
        "-p",
        "2013",
        "--set",
        "EWR-UA=46000",
        "--lock",
        "EWR-EV",
    )
    before = lines(capsys, "p0002", "--all")
    code, out, err = typed(capsys, *split)
    assert code == 0
    assert "46,000" in out
    assert "Nothing was written" in err
    assert lines(capsys, "p0002", "--all") == before
    code, _, err = typed(capsys, *split, "--make")
    assert code == 1
    assert "Give a reason" in err
    code, _, err = typed(capsys, *split, "--make", "--words", "Winter")
    assert code == 0
    assert "Owners asked: 11" in err or "Owners asked: 12" in err
    now = lines(capsys, "p0002")
    assert now["ewr-ua-flights"]["target"] == 46_000
    # Locked at what it is, it is asked about only because something else was proposed to it before.
    assert now["ewr-ev-flights"]["target"] == now["ewr-ev-flights"]["before"] == 43_280


def test_an_answer_is_given_with_the_rights_of_the_person_and_says_who_typed_it(store, capsys) -> None:
    line = str(lines(capsys, "p0206")["ewr-ev-flights"]["line"])
    code, _, err = typed(capsys, "answer", line, "agree", "--person", "p0002")
    assert code == 1
    assert "only they may" in err
    code, _, err = typed(capsys, "answer", line, "agree", "--person", "p0206")
    assert code == 0
    assert "agreed" in err
    _, out, _ = typed(capsys, "journal", "--format", "json", "--limit", "3")
    assert f"p0206 (by {getpass.getuser()})" in {row["who"] for row in json.loads(out)}


def test_a_counter_proposal_goes_there_and_back(store, capsys) -> None:
    line = str(lines(capsys, "p0209")["ewr-ua-flights"]["line"])
    assert typed(capsys, "answer", line, "decline", "--person", "p0002")[0] == 1
    assert typed(capsys, "answer", line, "decline", "--person", "p0002", "--words", "It flies again")[0] == 0
    said = typed(capsys, "answer", line, "counter", "--value", "45500", "--words", "Half", "--person", "p0209")
    assert said[0] == 0
    assert typed(capsys, "answer", line, "accept", "--person", "p0002")[0] == 0
    assert lines(capsys, "p0209", "--all")["ewr-ua-flights"]["state"] == "accepted"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("proposals", "--person", "p9999", "-p", "2013"), "no person 'p9999'"),
        (("answer", "1", "agre", "--person", "p0002"), "Did you mean 'agree'"),
        (
            ("propose", "ewr-flights", "-m", "equal", "--person", "p0101", "-p", "2013"),
            "None of your roles may split targets",
        ),
        (
            ("propose", "ewr-flights", "-m", "equal", "--person", "p0002", "-p", "2013", "--set", "EWR-UA"),
            "is not CHILD=TARGET",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(store, capsys, words, says) -> None:
    code, _, err = typed(capsys, *words)
    assert code == 1
    assert says in err
