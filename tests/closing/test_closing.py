"""Closing and opening again: what stands against it, who may, two people, and all of it or nothing."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from kpiflow.core.closing import ClosingCheck
from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.language import render
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.closing.closing import close
from kpiflow.workspace.closing.frozen import closed
from kpiflow.workspace.history import journal_rows
from tests.closing.shop_closed import FEBRUARY, JANUARY, closed_on, later, shop, table
from tests.workspace.shop import moment

EXECUTIVE, HR, HEAD, DUTY, AUDITOR = (Asker(who) for who in ("p0001", "p0005", "p0002", "p0101", "p0006"))


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company that a test may change."""
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    opened = Workspace.open(path, demo=True)
    yield opened
    opened.close()


# What stands against it


def test_the_example_has_three_quarters_closed_and_its_year_open(ws: Workspace) -> None:
    found = ws.closings(HR)
    assert found.select("period", "state", "who").rows() == [(f"2013-Q{n}", "closed", "p0005") for n in (3, 2, 1)]
    assert ws.readiness(HR, "2013").closed is None
    for period in ("2013-Q1", "2013-Q2", "2013-Q3"):
        assert ws.readiness(HR, period).restated.is_empty(), "nothing came in late"
        assert ws.verify_closing(HR, period).holds


def test_the_checklist_of_the_shop_by_hand(tmp_path: Path) -> None:
    """January: ben's and ann's returns are measured, cyd's are not; boss, hr and the heads have no goals of their own."""
    ws = shop(tmp_path)
    found = {one.check: (one.count, one.of) for one in ws.readiness(ADMINISTRATOR, JANUARY).checks}
    assert found[ClosingCheck.GOALS_WITHOUT_DATA] == (1, 7), "cyd's returns, of six goals of people and one of the shop"
    assert found[ClosingCheck.PEOPLE_WITHOUT_SCORE] == (4, 7)
    assert found[ClosingCheck.METRICS_OUTDATED] == (0, 2)
    assert found[ClosingCheck.LETTERS_UNSIGNED] == (4, None), "of ann, ben, cyd and the shop: none is drawn up"
    assert found[ClosingCheck.PROPOSALS_OPEN] == (0, None)
    weight = next(one.weight for one in ws.readiness(ADMINISTRATOR, JANUARY).checks if one.weight is not None)
    assert weight == pytest.approx(40 / 301), "three times 60 and 40, and 1 for the shop's goal"
    listed = ws.closing_findings(ADMINISTRATOR, JANUARY, "goals_without_data")
    assert [(render(one.name), one.page, one.choices) for one in listed.rows] == [
        ("Returns", "goal", {"goal": "cyd-returns"})
    ]
    assert "counted as 0 points" in render(listed.rows[0].reason)


def test_long_lists_come_in_pages(ws: Workspace) -> None:
    first = ws.closing_findings(HR, "2013-Q1", "goals_without_data")
    last = ws.closing_findings(HR, "2013-Q1", "goals_without_data", start=first.found - 1)
    assert len(first.rows) == 20 < first.found
    assert len(last.rows) == 1


def test_an_unknown_check_is_refused_with_the_nearest(ws: Workspace) -> None:
    with pytest.raises(NotFound, match="goals_without_data"):
        ws.closing_findings(HR, "2013-Q1", "goals_without_dat")


def test_a_period_that_has_not_ended_cannot_be_closed(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    with pytest.raises(InvalidInput, match="2026-01 ends on"):
        close(ws, ADMINISTRATOR, JANUARY, reason="Too soon", at=moment("2026-01-31"))
    assert close(ws, ADMINISTRATOR, JANUARY, reason="The day after", at=moment("2026-02-01")).number == 1


def test_a_closing_needs_a_reason(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    with pytest.raises(InvalidInput, match="Say why"):
        ws.close_period(ADMINISTRATOR, JANUARY, reason="  ")


def test_what_the_setting_names_stops_a_closing_and_nothing_else_does(tmp_path: Path) -> None:
    strict = shop(tmp_path / "strict", {"blocking": ["goals_without_data"]})
    with pytest.raises(InvalidInput, match="goals without data of their own: 1"):
        closed_on(strict, JANUARY, "2026-02-10")
    assert not strict.readiness(ADMINISTRATOR, JANUARY).may_close.allowed
    lenient = shop(tmp_path / "lenient", {"blocking": ["metrics_outdated"]})
    assert closed_on(lenient, JANUARY, "2026-02-10").number == 1


def test_a_longer_period_is_closed_after_its_parts_and_opened_before_them(tmp_path: Path) -> None:
    ws = shop(tmp_path, {"parts": "month"})
    with pytest.raises(InvalidInput, match="still open: 3"):
        closed_on(ws, "2026-Q1", "2026-04-20")
    for number, period in enumerate((JANUARY, FEBRUARY, "2026-03")):
        close(ws, ADMINISTRATOR, period, reason="In turn", who="hr", at=later("2026-04-19", number))
    closed_on(ws, "2026-Q1", "2026-04-20")
    with pytest.raises(InvalidInput, match="Open 2026-Q1 again first"):
        ws.ask_reopening(ADMINISTRATOR, JANUARY, reason="A mistake", who="hr")
    ws.ask_reopening(ADMINISTRATOR, "2026-Q1", reason="A mistake", who="hr")
    ws.confirm_reopening(ADMINISTRATOR, "2026-Q1", who="boss")
    ws.ask_reopening(ADMINISTRATOR, JANUARY, reason="A mistake", who="hr")
    ws.confirm_reopening(ADMINISTRATOR, JANUARY, who="boss")
    assert closed(ws, JANUARY) is None


def test_the_year_of_the_example_waits_for_its_last_quarter(mine: Workspace) -> None:
    with pytest.raises(InvalidInput, match="still open: 1"):
        mine.close_period(HR, "2013", reason="The year")
    mine.close_period(HR, "2013-Q4", reason="The last quarter")
    shut = mine.close_period(HR, "2013", reason="The year")
    assert mine.verify_closing(HR, "2013").holds
    assert shut.who == "p0005"


# Opening again


def test_a_closed_period_is_not_closed_twice(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    closed_on(ws, JANUARY, "2026-02-10")
    with pytest.raises(InvalidInput, match="closed already"):
        closed_on(ws, JANUARY, "2026-02-11")
    assert table(ws, "closing").height == 1


def test_opening_takes_two_people_and_the_old_closing_stays(mine: Workspace) -> None:
    before = appraisals(mine, "2013-Q2").people
    mine.ask_reopening(HR, "2013-Q2", reason="A station sent its figures late")
    with pytest.raises(Refused, match="somebody else"):
        mine.confirm_reopening(HR, "2013-Q2")
    with pytest.raises(InvalidInput, match="already asked"):
        mine.ask_reopening(EXECUTIVE, "2013-Q2", reason="Once more")
    assert closed(mine, "2013-Q2") is not None, "asking opens nothing"
    assert mine.confirm_reopening(EXECUTIVE, "2013-Q2").number == 2
    assert closed(mine, "2013-Q2") is None
    again = mine.close_period(HR, "2013-Q2", reason="Now with all figures")
    assert again.number == 4
    assert mine.verify_closing(AUDITOR, "2013-Q2", 2).holds, "the old one can still be worked out"
    assert mine.verify_closing(AUDITOR, "2013-Q2").closing == 4
    assert appraisals(mine, "2013-Q2").people.equals(before)
    states = dict(mine.closings(HR).filter(pl.col("period") == "2013-Q2").select("closing", "state").iter_rows())
    assert states == {2: "reopened", 4: "closed"}
    lines = [row for row in journal_rows(mine, 10_000) if row["subject"] == "2013-Q2"]
    assert [(row["who"], row["action"]) for row in lines] == [
        ("p0005", "close_period"), ("p0001", "reopen_period"), ("p0005", "reopen_period"), ("p0005", "close_period"),
    ]  # fmt: skip


def test_a_wish_to_open_can_be_withdrawn_and_made_again(mine: Workspace) -> None:
    mine.ask_reopening(HR, "2013-Q3", reason="A mistake")
    mine.withdraw_reopening(EXECUTIVE, "2013-Q3", reason="It was none")
    with pytest.raises(InvalidInput, match="Nobody has asked"):
        mine.confirm_reopening(EXECUTIVE, "2013-Q3")
    mine.ask_reopening(EXECUTIVE, "2013-Q3", reason="It was one")
    assert mine.confirm_reopening(HR, "2013-Q3").asked_because == "It was one"


@pytest.mark.parametrize("asker", [HEAD, DUTY, AUDITOR, Asker("p0209"), Asker(account="stranger")])
def test_nobody_else_closes_or_opens(mine: Workspace, asker: Asker) -> None:
    for change in (
        lambda: mine.close_period(asker, "2013-Q4", reason="Why not"),
        lambda: mine.look_through(asker, "2013-Q4"),
        lambda: mine.ask_reopening(asker, "2013-Q1", reason="Why not"),
        lambda: mine.confirm_reopening(asker, "2013-Q1"),
        lambda: mine.withdraw_reopening(asker, "2013-Q1"),
    ):
        with pytest.raises(Refused):
            change()
    assert closed(mine, "2013-Q1") is not None
    assert closed(mine, "2013-Q4") is None


def test_the_executive_confirms_but_does_not_close(mine: Workspace) -> None:
    with pytest.raises(Refused):
        mine.close_period(EXECUTIVE, "2013-Q4", reason="The last quarter")


def test_a_head_reads_the_scores_of_the_own_people_alone(ws: Workspace) -> None:
    own = ws.reach(HEAD).people
    assert own is not None
    shown = ws.readiness(HEAD, "2013-Q1")
    assert 0 < shown.people <= len(own) < ws.readiness(HR, "2013-Q1").people
    listed = ws.closing_findings(HEAD, "2013-Q1", "people_without_score")
    assert {one.choices["person"] for one in listed.rows} <= own


# All or nothing

KILLED = """
import os, signal, sys
from pathlib import Path
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.closing import closing
closing.record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # every row is written by then
ws = Workspace.open(Path(sys.argv[1]))
ws.close_period(ADMINISTRATOR, "2026-01", reason="Never to be")
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_a_process_killed_while_closing_has_closed_nothing(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    before = table(ws, "journal").height
    ws.close()
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "shop.duckdb")], check=False)
    assert done.returncode == -signal.SIGKILL
    ws = Workspace.open(tmp_path / "shop.duckdb")
    assert closed(ws, JANUARY) is None
    assert table(ws, "closed_result").height == table(ws, "closed_person").height == table(ws, "closing").height == 0
    assert table(ws, "journal").height == before
    assert ws.close_period(ADMINISTRATOR, JANUARY, reason="Again").number == 1
    assert ws.verify_closing(ADMINISTRATOR, JANUARY).holds
    ws.close()
