"""Scenarios in a real browser: read by link within one's reach, tried, saved, compared; both languages, narrow and wide."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kpiflow.workspace import Asker, Workspace
from kpiflow.workspace.scenarios.answers import Supposition
from kpiflow.workspace.scenarios.edits import read_edits
from tests.dashboards.conftest import serving

pytestmark = pytest.mark.browser

HR, HEAD, STAFF, EXECUTIVE = "p0005", "p0002", "p0101", "p0001"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", r"Cost rises by \$[\d,.]+ \(10 %\): 39 people gain, 0 lose\."), ("zh", r"成本增加 .*39 人受益，0 人受损")],
)
def test_a_shared_link_says_what_it_does(visit, language, said):
    page = visit(as_=HR).go("scenarios", language=language, period="2013", scenario="1")
    page.shows(re.compile(said), ".k-sentence")
    page.counts(".k-edits li", 2)
    page.counts('.k-table a[href*="who="]', 20)  # a page of those who gain


def test_a_head_sees_their_own_part_and_staff_are_refused(visit):
    page = visit(as_=HEAD).go("scenarios", language="en", period="2013", scenario="1", show="all")
    page.shows("16", ".k-figures")  # sixteen people in Newark
    page.hides(re.compile(r"p0003|p0121|p0215"))
    refused = visit(as_=STAFF).go("scenarios", language="en", period="2013", scenario="1")
    refused.shows("This page is not for your role", ".k-notice")


def test_why_somebody_moves_adds_up(visit):
    page = visit(as_=HR).go("scenarios", language="en", period="2013", scenario="1", who="p0201")
    page.reads("Why this moves")
    region = page.page.get_by_role("region", name="What each edit does")
    expect(region).to_contain_text(re.compile(r"(\$[\d,]+\.\d\d[\s\S]*){3}"), use_inner_text=True)
    table = region.inner_text()
    amounts = [float(one.replace(",", "")) for one in re.findall(r"\$([\d,]+\.\d\d)", table)]
    assert len(amounts) == 3
    assert round(amounts[0] + amounts[1], 2) == amounts[2] > 0
    page.counts(page.page.get_by_role("region", name="The statement, line by line").locator("tbody tr"), 9)


def test_trying_and_saving_and_comparing(visit):
    page = visit(as_=HR).go("scenarios", language="en", period="2013")
    page.page.get_by_role("button", name="Try it").click()
    page.reads("What is supposed")
    page.page.wait_for_url(re.compile("edits="))
    page.writes(page.page.get_by_label("Name", exact=True), "Tried in a browser", by="Tab")
    page.settled()
    page.page.get_by_role("button", name="Save").first.click()
    page.reads("The plan stays as it is")
    page.page.wait_for_url(re.compile(r"scenario=\d+"))
    number = re.search(r"scenario=(\d+)", page.page.url)[1]
    again = visit(as_="p0001").go("scenarios", language="en", period="2013", scenario=number)
    again.shows("may not be shared")
    compared = visit(as_=HR).go("scenarios", language="en", period="2013", compare=f"1,{number}")
    table = compared.page.get_by_role("region", name="Scenarios side by side")
    compared.counts(table.locator("thead th"), 4)
    expect(table).to_contain_text("Tried in a browser")


def test_which_people_are_listed_is_a_choice_with_the_one_shown_marked(visit):
    page = visit(as_=HR).go("scenarios", language="en", period="2013", scenario="1")
    turns = page.page.get_by_role("navigation", name="Which people").get_by_role("link")
    expect(turns).to_have_text(["Who gains", "Who loses", "Another grade", "Everybody"])
    assert [one.get_attribute("aria-current") for one in turns.all()] == ["true", None, None, None]
    page.hides("curve.points")  # what is supposed is said in words


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_narrow_without_scrolling_sideways(visit, language, scheme):
    page = visit(width=390, scheme=scheme, as_="p0001").go(
        "scenarios", language=language, period="2013", scenario="2", who="p0201", compare="1,2", apply="yes"
    )
    page.stands('[data-testid="stPlotlyChart"]')
    page.fits()
    page.stands(".k-edits li >> nth=1")


@pytest.fixture
def harder_site(example_store: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a copy of the example in which the executive has tried a harder target for Newark, as the newest scenario."""
    path = Path(shutil.copy(example_store, tmp_path / "harder.duckdb"))
    with closing(Workspace.open(path)) as ws:
        edits = read_edits([{"edit": "goals", "goal": "ewr-ontime", "to": 78.0}])
        ws.save_scenario(Asker(EXECUTIVE), "Harder", Supposition("2013", edits))
    with serving(path, demo=True) as (address, _):
        yield address


@pytest.mark.parametrize(
    ("language", "button", "asked", "promise"),
    [
        ("en", "Propose the targets to their owners", "Owners asked to agree: 1", "On-time arrivals · EWR"),
        ("zh", "向责任人提出这些目标值", "已请 1 位责任人确认", "到港准点 · EWR"),
    ],
)
def test_targets_of_a_scenario_are_proposed_and_wait_for_their_owner(
    visit, harder_site, language, button, asked, promise
):
    page = visit(as_=EXECUTIVE, site="harder_site").go(
        "scenarios", language=language, period="2013", scenario="3", apply="yes"
    )
    reason = page.page.locator(".st-key-scenario-reason input")
    page.writes(reason, "As we spoke", by="Tab")
    page.page.get_by_role("button", name=button).click()
    page.reads(asked)
    head = visit(as_=HEAD, site="harder_site").go("todo", language=language, period="2013")
    head.reads(promise)
    head.reads("78.00")


def test_one_press_says_first_how_much_it_changes(visit, harder_site):
    page = visit(as_=EXECUTIVE, site="harder_site").go(
        "scenarios", language="en", period="2013", scenario="3", apply="yes"
    )
    page.writes(page.page.locator(".st-key-scenario-reason input"), "As the board decided", by="Tab")
    page.page.get_by_role("button", name="Make these changes …").click()
    page.page.get_by_text("This changes 1 goal of 1 owner at once, without asking them.").wait_for()
    page.page.get_by_role("button", name="Make these changes", exact=True).click()
    page.reads("Goals changed: 1.")
