"""The executive's desk in a browser: set a target and read it back, press the strategy, ask about what is off track."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

EXECUTIVE, HEAD, STAFF = "p0001", "p0002", "p0101"


SAID = {
    "en": {
        "target": "Target", "save": "Save", "write": "Write it", "easier": "Easier to reach", "why": "Why it becomes easier",
        "written": "Written as change", "cost": "Cost of pay", "offered": "Offered to the goals below", "off": "Off track",
        "ask": "Ask about a goal", "question": "Your question", "put": "Your question was put to",
        "spread": "How the target is spread over the cycle", "even": "Evenly by days", "month": "months ask for less",
        "not_mine": "These targets are not yours to set", "not_role": "This page is not for your role",
    },
    "zh": {
        "target": "目标", "save": "保存", "write": "提交", "easier": "更容易达到", "why": "为何变得更容易",
        "written": "已写入为变更", "cost": "薪酬成本", "offered": "拟分给下级的目标值", "off": "偏离目标",
        "ask": "就某个目标提问", "question": "您的问题", "put": "已向", "spread": "目标值在周期内如何分配",
        "even": "按天均摊", "month": "个月的要求比以前低", "not_mine": "这些目标值不由您设定", "not_role": "您的角色不能打开此页面",
    },
}  # fmt: skip


def field(page, label: str):
    """A number field by its label, the whole of it."""
    return page.page.get_by_label(re.compile(rf"^{label}$"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_target_is_set_with_its_consequence_and_reason_and_read_back(visit, own_site, language):
    said = SAID[language]
    page = visit(site="own_site", as_=EXECUTIVE).go("targets", language=language, period="2013", unit="EWR")
    page.page.get_by_role("link", name=re.compile("EWR")).filter(
        has_text=re.compile("On-time arrivals|到港准点")
    ).first.click()
    page.page.wait_for_url(re.compile("goal=ewr-ontime"))
    page.settled()
    before, after = "76.68", "74.00"
    page.shows(before, ".k-sentence")
    page.writes(field(page, said["target"]), after)
    page.reads(said["easier"])
    page.reads(said["cost"])
    page.reads(said["offered"])
    page.reads(after, ".k-table")
    save = page.page.get_by_role("button", name=said["save"], exact=True)
    expect(save).to_be_disabled()  # what becomes easier needs a reason first
    reason = page.page.get_by_label(re.compile(said["why"]))
    page.writes(reason, f"Runway works {language}", by="Control+Enter", until=save)
    save.click()
    page.page.get_by_role("dialog").get_by_text(f"Runway works {language}").wait_for()
    page.page.get_by_role("dialog").get_by_role("button", name=said["write"], exact=True).click()
    page.reads(said["written"])
    again = visit(site="own_site", as_=EXECUTIVE).go("targets", language=language, period="2013", goal="ewr-ontime")
    again.shows(after, ".k-sentence")
    again.reads(f"Runway works {language}", ".k-table")
    goal = visit(site="own_site", as_=HEAD).go("goal", language=language, period="2013", goal="ewr-ontime")
    goal.reads(after, ".k-sentence")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_another_phasing_says_which_months_ask_for_less(visit, own_site, language):
    said = SAID[language]
    page = visit(site="own_site", as_=EXECUTIVE).go("targets", language=language, period="2013", goal="nyc-flights")
    page.chooses(page.page.get_by_label(said["spread"]), page.page.get_by_role("option", name=said["even"]))
    # By days the year asks for less than by the season from August to November: 220,848 against 221,705, and so on.
    page.reads(f"4 {said['month']}")
    expect(page.page.get_by_role("button", name=said["save"], exact=True)).to_be_disabled()


@pytest.mark.parametrize(("language", "name"), [("en", "On-time arrivals"), ("zh", "到港准点")])
def test_a_press_on_the_strategy_opens_the_goal(visit, language, name):
    page = visit(as_=EXECUTIVE).go("strategy", language=language, period="2013")
    page.stands('[data-testid="stPlotlyChart"] .scatterlayer .point')
    # The objectives come first in the picture, then the goals: the first goal is the heaviest one.
    page.page.locator(".scatterlayer .point").nth(6).click(force=True)
    page.page.wait_for_url(re.compile(r"/goal\?.*goal=nyc-ontime"))
    page.settled().reads("73.42", ".k-sentence")
    page.shows(name)


def test_the_strategy_can_be_read_as_a_table_and_goes_down_to_a_unit(visit):
    page = visit(as_=EXECUTIVE).go("strategy", language="en", period="2013")
    page.unfolds(page.page.get_by_text("The same as a table"))
    page.reads("Reliability", ".k-table")
    page.page.locator(".k-units a").filter(has_text="EWR").click()
    page.page.wait_for_url(re.compile("unit=EWR"))
    page.settled().reads("Newark Liberty (EWR) has 9 goals", ".k-sentence")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_off_track_is_filtered_paged_and_asked_about(visit, own_site, language):
    said = SAID[language]
    page = visit(site="own_site", as_=EXECUTIVE).go(
        "overview", language=language, period="2013", unit="EWR", metric="cancelled_rate"
    )
    page.reads(said["off"])
    # Of Newark's miss of its cancellations most is ExpressJet's, which flies most there.
    page.reads("86 %" if language == "en" else "86%", ".k-table")
    page.unfolds(page.page.get_by_text(said["ask"]))
    page.writes(page.page.get_by_label(said["question"]), f"What happened in winter? {language}", by="Control+Enter")
    page.page.locator(".st-key-ask button").click()
    page.reads(said["put"])
    again = visit(site="own_site", as_=EXECUTIVE).go(
        "overview", language=language, period="2013", unit="EWR", metric="cancelled_rate"
    )
    again.reads(f"What happened in winter? {language}", ".k-table")


def test_the_pages_of_what_is_off_track_follow_each_other(visit):
    page = visit(as_=EXECUTIVE).go("overview", language="en", period="2013")
    page.unfolds(page.page.get_by_text("One by one"))
    page.reads("1–20 of 159", ".k-pager")
    page.page.locator(".k-pager a").filter(has_text="Next").click()
    page.page.wait_for_url(re.compile("start=20"))
    page.settled().reads("21–40 of 159", ".k-pager")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_goal_is_found_by_words_of_its_name(visit, language):
    wanted = "ewr on-time" if language == "en" else "ewr 到港准点"
    page = visit(as_=EXECUTIVE).go("goal", language=language, period="2013", find=wanted)
    link = page.page.locator(".k-found a").first
    link.wait_for()
    link.click()
    page.page.wait_for_url(re.compile("goal=ewr-ontime"))
    page.settled().reads("71.40", ".k-sentence")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_may_not_set_targets_is_told_so(visit, language):
    said = SAID[language]
    staff = visit(as_=STAFF).go("targets", language=language, period="2013")
    staff.reads(said["not_role"], ".k-notice")
    head = visit(as_=HEAD).go("targets", language=language, period="2013", goal="ewr-ontime")
    head.reads(said["not_mine"], ".k-notice")
    head.counts(head.page.get_by_role("button", name=said["save"], exact=True), 0)


@pytest.mark.parametrize("path", ["targets", "strategy"])
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_the_executives_pages_fit_a_phone(visit, path, language, scheme):
    page = visit(width=390, scheme=scheme, as_=EXECUTIVE).go(path, language=language, period="2013")
    page.fits()
    page.answers_first()
