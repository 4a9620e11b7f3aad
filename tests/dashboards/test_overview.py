"""The Overview in a browser: who has gone quiet, what is off track in groups that unfold, days as the language writes them."""

import re

import pytest

from docs.picture import photograph

pytestmark = pytest.mark.browser

EXECUTIVE, STAFF = "p0001", "p0101"

SAID = {
    "en": {"quiet": "17 goals have gone quiet", "whose": "See whose", "group": "Cancellation rate", "behind": "■ 21 behind",
           "cause": "LaGuardia (LGA) explains 49 % of the miss.", "more": "All 21 in the list", "of": "1–20 of 21",
           "table": "The same as a table, with the goals too small to draw"},
    "zh": {"quiet": "17 个目标久无消息", "whose": "查看是谁", "group": "航班取消率", "behind": "■ 21 个落后",
           "cause": "其中拉瓜迪亚机场（LGA）占缺口的 49%。", "more": "在列表中查看全部 21 个", "of": "第 1–20 项，共 21 项",
           "table": "以表格显示，包括太小而未画出的目标"},
}  # fmt: skip


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh", 390)])
def test_causes_and_owners_come_before_the_list_and_unfold_in_place(visit, language, width):
    said = SAID[language]
    page = visit(as_=EXECUTIVE, width=width).go("overview", language=language, period="2013")
    group = page.page.locator(".k-groups details").filter(has_text=said["group"]).first
    page.reads(said["behind"], ".k-groups summary")
    page.reads(said["cause"], ".k-groups summary")
    page.counts(".k-pager:visible", 0)  # the long list is folded
    page.unfolds(group.locator("summary"))
    worst = group.locator("li a").first
    worst.wait_for()
    assert "goal=lga-yv-cancelled" in worst.get_attribute("href")
    group.get_by_text(said["more"]).click()
    page.page.wait_for_url(re.compile("metric=cancelled_rate"))
    page.settled().reads(said["of"], ".k-pager")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_has_gone_quiet_is_one_press_away(visit, language):
    said = SAID[language]
    page = visit(as_=EXECUTIVE).go("overview", language=language, period="2013")
    page.reads(said["quiet"])
    page.unfolds(page.page.get_by_text(said["table"]))
    page.reads("EWR", ".k-details .k-table")
    page.page.get_by_role("link", name=said["whose"]).click()
    page.page.wait_for_url(re.compile("show=quiet"))
    rows = page.settled().page.locator(".k-table tbody tr")
    assert page.comes(lambda: 0 < rows.filter(has_text="◌").count() == rows.count()), "nobody but the quiet"


def test_who_leads_nobody_is_offered_no_list_of_others(visit):
    page = visit(as_=STAFF).go("overview", language="en", period="2013")
    page.reads("have gone quiet")
    page.counts(page.page.get_by_role("link", name="See whose"), 0)


def test_a_day_to_choose_is_written_as_the_page_writes_days(visit):
    marks = """() => [...document.querySelectorAll('[data-testid="stDateInput"] [data-type]')].map(
        one => getComputedStyle(one, "::after").content).filter(said => said !== "none")"""
    page = visit(as_=EXECUTIVE).go("todo", language="zh", as_of="2013-08-15")
    page.reads("2013年8月15日")
    assert page.comes(lambda: page.page.evaluate(marks) == ['"年"', '"月"', '"日"'])
    assert visit(as_=EXECUTIVE).go("todo", language="en").page.evaluate(marks) == []


def test_the_readme_shows_what_the_product_looks_like(site, windows, tmp_path):
    """By the very steps that take its picture: they end where the tree and what moved are drawn."""
    window = windows.take(1440, "light", "en-US")
    page = window.new_page()
    photograph(page, site, tmp_path / "overview.png")
    assert page.locator("h1, .k-sentence").first.inner_text().startswith("On-time arrival rate")
    windows.give_back((1440, "light", "en-US"), window, site)
    assert (tmp_path / "overview.png").read_bytes()[16:20] == (1440).to_bytes(4), "as wide as a laptop shows it"
