"""The webhooks page in a real browser: an administrator adds one and sees its secret once; what may not be reached is said."""

import re
from uuid import uuid4

import pytest

pytestmark = pytest.mark.browser

ADMINISTRATOR, STAFF = "p0007", "p0101"


@pytest.mark.parametrize(
    ("language", "add", "url", "told", "send"),
    [
        ("en", "Add a webhook", "Where events are sent, by HTTPS", "What it is told of", "Add and show its secret"),
        ("zh", "添加通知地址", "事件发往的网址（HTTPS）", "通知哪些事件", "添加并显示密钥"),
    ],
)
def test_an_address_inside_is_refused_and_one_outside_is_added_with_its_secret_shown_once(
    visit, language, add, url, told, send
):
    page = visit(width=390 if language == "zh" else 1440, as_=ADMINISTRATOR).go("webhooks", language=language)

    def added(where: str) -> None:
        page.unfolds(page.page.get_by_text(add, exact=True))
        page.page.get_by_label(url).fill(where)
        events = page.page.get_by_role("combobox", name=re.compile(told)).first
        page.chooses(events, page.page.get_by_role("option").first)
        page.page.keyboard.press("Escape")
        page.page.get_by_text(send).click()

    added("https://169.254.169.254/latest")
    page.reads("KPIFLOW_WEBHOOK_NETWORKS")
    page.go("webhooks", language=language)
    outside = f"https://1.1.1.1/{language}/{uuid4().hex}"  # another one at every try
    added(outside)
    page.reads(outside, ".k-table")
    page.reads(re.compile(r"^\s*whsec_"), "code")
    page.go("webhooks", language=language)
    page.reads(outside, ".k-table")
    page.counts(page.page.locator("code", has_text="whsec_"), 0)
    page.fits()


def test_it_is_for_administrators_alone(visit):
    page = visit(as_=STAFF).go("webhooks", language="en")
    page.reads("This page is not for your role", ".k-notice")
