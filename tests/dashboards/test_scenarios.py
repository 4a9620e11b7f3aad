"""Scenarios in a real browser: read by link within one's reach, tried, saved, compared; both languages, narrow and wide."""

import re

import pytest

pytestmark = pytest.mark.browser

HR, HEAD, STAFF = "p0005", "p0002", "p0101"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", r"Cost rises by \$[\d,.]+ \(10 %\): 39 people gain, 0 lose\."), ("zh", r"成本增加 .*39 人受益，0 人受损")],
)
def test_a_shared_link_says_what_it_does(visit, language, said):
    page = visit(as_=HR).go("scenarios", language=language, period="2013", scenario="1")
    assert re.search(said, page.text(".k-sentence"))
    assert page.page.locator(".k-edits li").count() == 2
    assert page.page.locator('.k-table a[href*="who="]').count() == 20, "a page of those who gain"


def test_a_head_sees_their_own_part_and_staff_are_refused(visit):
    page = visit(as_=HEAD).go("scenarios", language="en", period="2013", scenario="1", show="all")
    assert "16" in page.text(".k-figures"), "sixteen people in Newark"
    assert not re.search(r"p0003|p0121|p0215", page.text())
    refused = visit(as_=STAFF).go("scenarios", language="en", period="2013", scenario="1")
    assert "This page is not for your role" in refused.text(".k-notice")


def test_why_somebody_moves_adds_up(visit):
    page = visit(as_=HR).go("scenarios", language="en", period="2013", scenario="1", who="p0201")
    page.reads("Why this moves")
    table = page.page.get_by_role("region", name="What each edit does").inner_text()
    amounts = [float(one.replace(",", "")) for one in re.findall(r"\$([\d,]+\.\d\d)", table)]
    assert len(amounts) == 3
    assert round(amounts[0] + amounts[1], 2) == amounts[2] > 0
    assert page.page.get_by_role("region", name="The statement, line by line").locator("tbody tr").count() == 9


def test_trying_and_saving_and_comparing(visit):
    page = visit(as_=HR).go("scenarios", language="en", period="2013")
    page.page.get_by_role("button", name="Try it").click()
    page.reads("What is supposed")
    page.settled()
    assert "edits=" in page.page.url
    page.page.get_by_label("Name", exact=True).fill("Tried in a browser")
    page.page.get_by_label("Name", exact=True).press("Tab")
    page.settled()
    page.page.get_by_role("button", name="Save").first.click()
    page.reads("The plan stays as it is")
    page.settled()
    number = re.search(r"scenario=(\d+)", page.page.url)[1]
    again = visit(as_="p0001").go("scenarios", language="en", period="2013", scenario=number)
    assert "may not be shared" in again.text()
    compared = visit(as_=HR).go("scenarios", language="en", period="2013", compare=f"1,{number}")
    table = compared.page.get_by_role("region", name="Scenarios side by side")
    assert table.locator("thead th").count() == 4
    assert "Tried in a browser" in table.inner_text()


def test_which_people_are_listed_is_a_choice_with_the_one_shown_marked(visit):
    page = visit(as_=HR).go("scenarios", language="en", period="2013", scenario="1")
    turns = page.page.get_by_role("navigation", name="Which people").get_by_role("link")
    assert turns.all_inner_texts() == ["Who gains", "Who loses", "Another grade", "Everybody"]
    assert [one.get_attribute("aria-current") for one in turns.all()] == ["true", None, None, None]
    assert "curve.points" not in page.text(), "what is supposed is said in words"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_narrow_without_scrolling_sideways(visit, language, scheme):
    page = visit(width=390, scheme=scheme, as_="p0001").go(
        "scenarios", language=language, period="2013", scenario="2", who="p0201", compare="1,2", apply="yes"
    )
    page.stands('[data-testid="stPlotlyChart"]')
    assert page.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.page.locator(".k-edits li").count() >= 2
