"""The reviews page as staff, their manager and HR meet it: rated, sent on, signed, and who is late."""

import re

import pytest

pytestmark = pytest.mark.browser


def reviews(visit, who: str, width: int = 1440, **view: str):
    opened = visit(site="own_site", as_=who, width=width)
    return opened.go("reviews", **{"language": "en", "period": "2013"} | view)


def test_hr_sees_who_is_late_and_opens_one(visit):
    page = reviews(visit, "p0005")
    page.shows("reviews for 2013 are signed", ".k-sentence")
    page.shows("wait for you", ".k-sentence")
    page.reads("days late", ".k-table")
    page.writes(page.page.get_by_label("Name", exact=True), "yunque")
    page.reads("Manager done", ".k-table")
    page.page.get_by_role("link", name="Bai Yunque").click()
    page.reads("The review of Bai Yunque", ".k-sentence")
    page.page.get_by_role("button", name="Checked: give it to sign").click()
    page.reads("HR has checked", ".k-figures")


def test_staff_rate_themselves_and_send_it_on(visit):
    page = reviews(visit, "p0013")
    page.page.get_by_role("button", name="Send to the manager").click()
    page.page.get_by_text("Not rated yet: Thoroughness and Fairness").wait_for()
    for item in ("Thoroughness", "Fairness"):
        page.page.get_by_role("radiogroup", name=item).get_by_text("4", exact=True).click()
    page.page.get_by_role("button", name="Send to the manager").click()
    page.reads("Self-review done", ".k-figures")
    manager = reviews(visit, "p0001", person="p0013")
    manager.shows("Send to HR")


def test_staff_sign_in_chinese_on_a_phone_without_agreeing(visit):
    page = reviews(visit, "p0012", width=390, language="zh")
    page.shows("的考核评审", ".k-sentence")
    page.fits()
    fingerprint = page.text("code.print")
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint)
    page.page.get_by_text("我同意该结果").click()
    page.page.get_by_label("意见").fill("同事评分人数不足。")
    page.page.locator(".stFormSubmitButton button").first.click()
    page.reads("已签署", ".k-figures")
    page.reads("同事评分人数不足。", ".k-table")


def test_a_stranger_is_refused(visit):
    page = visit(as_="p0201").go("reviews", language="en", period="2013", person="p0011")
    page.shows("outside what your role reads")


def test_progress_leads_to_the_review(visit):
    page = visit(as_="p0101").go("progress", language="en", period="2013")
    page.page.get_by_role("link", name="Open the review").click()
    page.reads("The review of Imani Plover", ".k-sentence")
