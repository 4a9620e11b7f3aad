"""The accounts page in a real browser: an administrator adds somebody, who sets a password by the link; nobody else gets in."""

import re
from uuid import uuid4

import pytest

pytestmark = pytest.mark.browser

ADMINISTRATOR, STAFF = "p0007", "p0101"


@pytest.mark.parametrize(
    ("language", "add", "name", "make", "waiting"),
    [
        ("en", "Add an account", "Name to sign in with", "Add and make a link", "1 have no password yet."),
        ("zh", "添加账户", "登录名", "添加并生成链接", "尚未设置密码"),
    ],
)
def test_an_account_is_added_and_its_owner_gets_a_link(visit, language, add, name, make, waiting):
    page = visit(as_=ADMINISTRATOR).go("accounts", language=language)
    page.unfolds(page.page.get_by_text(add, exact=True))
    auditor = f"new.auditor.{language}.{uuid4().hex[:6]}"  # somebody else at every try
    page.page.get_by_label(name).fill(auditor)
    page.page.get_by_text(make).click()
    page.reads(auditor, ".k-table")
    link = page.page.locator("code", has_text="/welcome?token=").inner_text()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/welcome\?token=[\w-]+&language=" + language, link.strip())
    page.unfolds(page.page.get_by_text(add, exact=True))
    page.page.reload()
    page.settled()
    page.counts(page.page.locator("code", has_text="/welcome?token="), 0)  # a link is shown once


def test_what_cannot_be_is_said(visit):
    page = visit(as_=ADMINISTRATOR).go("accounts", language="en")
    page.unfolds(page.page.get_by_text("Add an account", exact=True))
    page.page.get_by_label("Name to sign in with").fill("not a name!")
    page.page.get_by_text("Add and make a link").click()
    page.reads("cannot name an account")


def test_it_is_offered_to_administrators_alone(visit):
    page = visit(as_=STAFF).go("accounts", language="en")
    page.reads("This page is not for your role", ".k-notice")
    page.counts('a[href*="accounts"]', 0)


def test_a_phone_shows_it_in_one_column(visit):
    page = visit(width=390, as_=ADMINISTRATOR).go("accounts", language="zh")
    page.fits()
