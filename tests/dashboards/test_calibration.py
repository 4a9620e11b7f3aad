"""Calibration and appeals in a real browser: a grade moved with its reason beside the live target, an appeal filed and decided."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kpiflow.workspace import Workspace
from kpiflow.workspace.commands import apply
from tests.dashboards.conftest import serving

pytestmark = pytest.mark.browser

EXECUTIVE, HR, HEAD, STAFF = "p0001", "p0005", "p0002", "p0111"


def listed(page, label: str):
    """A list to choose from, by its label."""
    return page.page.get_by_role("combobox", name=re.compile(label)).first


def option(page, name: str):
    """What can be chosen from a list that is open."""
    return page.page.get_by_role("option", name=name, exact=True).first


@pytest.mark.parametrize(
    ("language", "said", "target"), [("en", "people have a grade", "too few"), ("zh", "人有等级", "少")]
)
def test_hr_sees_how_grades_lie_beside_the_target(visit, language, said, target):
    page = visit(as_=HR).go("calibration", language=language, period="2013")
    page.shows(said, ".k-sentence")
    page.stands('[data-testid="stPlotlyChart"]')
    page.stands(".k-grade-table tbody tr >> nth=3")
    page.reads(target)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
@pytest.mark.parametrize("view", [{}, {"session": "1"}])
def test_a_phone_shows_one_column(visit, language, scheme, view):
    page = visit(as_=HR, width=390, scheme=scheme).go("calibration", language=language, period="2013", **view)
    page.stands(".k-table")
    page.fits()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_phone_shows_an_appeal(visit, language):
    page = visit(as_=HR, width=390).go("appeals", language=language, period="2013", appeal="1")
    page.stands(".k-timeline")
    page.fits()


def test_staff_are_refused_politely(visit):
    page = visit(as_=STAFF).go("calibration", language="en", period="2013")
    page.shows("not for your role", ".k-notice")


def test_a_grade_is_moved_with_a_reason_and_the_target_follows(visit, own_site):
    page = visit(as_=HR, site="own_site").go("calibration", language="en", period="2013", session="1")
    page.reads("1 too few")
    page.chooses(listed(page, "Grade of Bruno Kestrel"), option(page, "C"))
    page.reads("Why D becomes C", '[data-testid="stTextInput"] label, [data-testid="stMain"]')
    page.page.locator('[data-testid="stMain"]').filter(has_text="1 too few").first.wait_for(state="hidden")
    moves = page.page.get_by_role("button", name=re.compile("Write the moves"))
    expect(moves).to_be_disabled()
    why = page.page.get_by_label("Why D becomes C")
    page.writes(why, "He kept the station open in the storm", until=moves)
    page.settled()
    moves.click()
    page.reads("He kept the station open in the storm", ".k-timeline, .k-calibrated")
    page.shows("a second person makes it final")


def test_a_second_person_makes_it_final_and_the_person_reads_why(visit, own_site):
    page = visit(as_=EXECUTIVE, site="own_site").go("calibration", language="en", period="2013", session="1")
    page.page.get_by_role("button", name="Make it final").click()
    page.reads("The session is final")
    mine = visit(as_="p0103", site="own_site").go("progress", language="en", period="2013")
    mine.reads("was calibrated from E to D")
    mine.reads("night shift")
    mine.page.get_by_role("link", name="Appeal against score, grade or pay").click()
    mine.page.wait_for_url(re.compile("/appeals"))
    mine.settled()


def test_an_appeal_goes_from_filing_to_the_difference(visit, own_site):
    page = visit(as_="p0112", site="own_site").go("appeals", language="en", period="2013")
    page.chooses(listed(page, "What do you dispute"), option(page, "a goal"))
    page.chooses(listed(page, "Goal"), option(page, "Valid complaints"))
    wrong = page.page.get_by_label("What is wrong")
    page.writes(wrong, "One of them was about the security check", by="Control+Enter")
    page.page.get_by_role("button", name="File the appeal").click()
    page.reads("is filed")
    page.reads("One of them was about the security check", ".k-timeline")
    hr = visit(as_=HR, site="own_site").go("appeals", language="en", period="2013", appeal="1")
    hr.page.locator('[data-testid="stButtonGroup"] button').filter(has_text="upheld").first.click()
    hr.page.get_by_label("Why: the person reads it").fill("The queue is the airport's")
    hr.page.get_by_label("The right value").fill("0")
    hr.page.get_by_role("button", name="Decide").click()
    hr.reads("The appeal is decided")
    hr.reads("103.8")
    author = visit(as_=STAFF, site="own_site").go("appeals", language="zh", period="2013", appeal="1")
    author.reads("申诉成立")
    author.reads("103.8")


CONFIG = Path(__file__).parents[2] / "config"

#: A second plan for the duty managers, which pays so much for the score.
THANKS = """
plan: thanks
label: Thanks for a good year
label_zh: 年度感谢奖
who: {roles: [duty_manager]}
starts: 2013-01-01
currency: USD
components:
  - {id: basis, kind: basis, label: Thanks in full, label_zh: 感谢全额, of: 300}
"""


@pytest.fixture
def two_plans_site(example_store: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a copy of the example in which two plans pay the duty managers."""
    path = Path(shutil.copy(example_store, tmp_path / "two.duckdb"))
    folder = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    (folder / "plans" / "thanks.yaml").write_text(THANKS, encoding="utf-8")
    with closing(Workspace.open(path)) as ws:
        apply(ws, folder, who="planner", reason="Thanks as well")
    with serving(path, demo=True) as (address, _):
        yield address


def test_whoever_two_plans_pay_says_which_plans_line_is_disputed(visit, two_plans_site):
    page = visit(as_="p0112", site="two_plans_site").go("appeals", language="en", period="2013")
    page.chooses(listed(page, "What do you dispute"), option(page, "a line of pay"))
    page.chooses(listed(page, "Line of pay"), option(page, "Thanks for a good year · Thanks in full"))
    page.writes(page.page.get_by_label("What is wrong"), "It was said to be 400", by="Control+Enter")
    page.page.get_by_role("button", name="File the appeal").click()
    page.reads("is filed")
    page.reads("Thanks in full")
    page.reads("It was said to be 400", ".k-timeline")
    with_bonus = page.go("appeals", language="zh", period="2013")
    with_bonus.chooses(listed(with_bonus, "对什么有异议"), option(with_bonus, "某个计奖项目"))
    with_bonus.chooses(listed(with_bonus, "计奖项目"), option(with_bonus, "2013 年服务奖金 · 全年目标奖金"))
