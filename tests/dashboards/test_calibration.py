"""Calibration and appeals in a real browser: a grade moved with its reason beside the live target, an appeal filed and decided."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError  # noqa: A004 — Playwright's own

from tests.dashboards.conftest import serving

pytestmark = pytest.mark.browser

EXECUTIVE, HR, HEAD, STAFF = "p0001", "p0005", "p0002", "p0111"


@pytest.fixture(scope="module")
def desk(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a copy of the example company that may be changed."""
    store = shutil.copy(demo_store, tmp_path_factory.mktemp("calibration") / "desk.duckdb")
    with serving(Path(store), demo=True) as (address, _):
        yield address


def choose(page, label: str, option: str) -> None:
    # By the keyboard, and again: a list that opens while the page is still drawn or scrolls closes by itself.
    wanted = page.page.get_by_role("option", name=option, exact=True).first
    for _ in range(10):
        page.settled().page.get_by_role("combobox", name=re.compile(label)).first.press("ArrowDown")
        try:
            wanted.click(timeout=3000)
        except TimeoutError:
            page.page.keyboard.press("Escape")
        else:
            return
    raise AssertionError(f"no '{option}' to choose for '{label}'")


def write(page, label: str, words: str, *, until) -> None:
    """Write words into a line until what they make possible can be pressed: a line drawn anew meanwhile is empty again."""
    for _ in range(10):
        line = page.settled().page.get_by_label(label)
        line.fill(words)
        line.press("Enter")
        for _ in range(30):
            if until.is_enabled():
                return
            page.page.wait_for_timeout(100)
    raise AssertionError(f"'{words}' was not taken for '{label}'")


@pytest.mark.parametrize(
    ("language", "said", "target"), [("en", "people have a grade", "too few"), ("zh", "人有等级", "少")]
)
def test_hr_sees_how_grades_lie_beside_the_target(visit, language, said, target):
    page = visit(as_=HR).go("calibration", language=language, period="2013")
    assert said in page.text(".k-sentence")
    page.stands('[data-testid="stPlotlyChart"]')
    assert page.page.locator(".k-grade-table tbody tr").count() >= 4
    page.reads(target)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
@pytest.mark.parametrize("view", [{}, {"session": "1"}])
def test_a_phone_shows_one_column(visit, language, scheme, view):
    page = visit(as_=HR, width=390, scheme=scheme).go("calibration", language=language, period="2013", **view)
    page.stands(".k-table")
    assert page.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_phone_shows_an_appeal(visit, language):
    page = visit(as_=HR, width=390).go("appeals", language=language, period="2013", appeal="1")
    page.stands(".k-timeline")
    assert page.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


def test_staff_are_refused_politely(visit):
    page = visit(as_=STAFF).go("calibration", language="en", period="2013")
    assert "not for your role" in page.text(".k-notice")


def test_a_grade_is_moved_with_a_reason_and_the_target_follows(visit, desk):
    page = visit(as_=HR, site="desk").go("calibration", language="en", period="2013", session="1")
    page.reads("1 too few")
    choose(page, "Grade of Bruno Kestrel", "C")
    page.reads("Why D becomes C", '[data-testid="stTextInput"] label, [data-testid="stMain"]')
    page.page.locator('[data-testid="stMain"]').filter(has_text="1 too few").first.wait_for(state="hidden")
    moves = page.page.get_by_role("button", name=re.compile("Write the moves"))
    assert moves.is_disabled()
    write(page, "Why D becomes C", "He kept the station open in the storm", until=moves)
    page.settled()
    moves.click()
    page.reads("He kept the station open in the storm", ".k-timeline, .k-calibrated")
    assert "a second person makes it final" in page.text()


def test_a_second_person_makes_it_final_and_the_person_reads_why(visit, desk):
    page = visit(as_=EXECUTIVE, site="desk").go("calibration", language="en", period="2013", session="1")
    page.page.get_by_role("button", name="Make it final").click()
    page.reads("The session is final")
    mine = visit(as_="p0103", site="desk").go("progress", language="en", period="2013")
    mine.reads("was calibrated from E to D")
    mine.reads("night shift")
    mine.page.get_by_role("link", name="Appeal against score, grade or pay").click()
    mine.page.wait_for_url(re.compile("/appeals"))


def test_an_appeal_goes_from_filing_to_the_difference(visit, desk):
    page = visit(as_="p0112", site="desk").go("appeals", language="en", period="2013")
    choose(page, "What do you dispute", "a goal")
    choose(page, "Goal", "Valid complaints")
    page.page.get_by_label("What is wrong").fill("One of them was about the security check")
    page.page.keyboard.press("Control+Enter")
    page.page.get_by_role("button", name="File the appeal").click()
    page.reads("is filed")
    page.reads("One of them was about the security check", ".k-timeline")
    hr = visit(as_=HR, site="desk").go("appeals", language="en", period="2013", appeal="1")
    hr.page.locator('[data-testid="stButtonGroup"] button').filter(has_text="upheld").first.click()
    hr.page.get_by_label("Why: the person reads it").fill("The queue is the airport's")
    hr.page.get_by_label("The right value").fill("0")
    hr.page.get_by_role("button", name="Decide").click()
    hr.reads("The appeal is decided")
    hr.reads("103.8")
    author = visit(as_=STAFF, site="desk").go("appeals", language="zh", period="2013", appeal="1")
    author.reads("申诉成立")
    author.reads("103.8")
