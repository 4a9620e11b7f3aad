"""The tokens page in a real browser: somebody makes a token, which is shown once and lets a program in, and revokes it."""

import re

import httpx2
import pytest

from kpiflow.workspace.api_tokens.secret import PATTERN

pytestmark = pytest.mark.browser

ADMINISTRATOR, STAFF = "p0007", "p0101"


def asks(page, secret: str) -> int:
    """What a program that has the token is answered."""
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx2.get(f"{page.address}/api/v1/periods", headers=headers).status_code


def test_a_token_is_shown_once_lets_a_program_in_and_is_revoked(visit, own_site):
    page = visit(as_=STAFF, site="own_site").go("tokens", language="en")
    page.reads("You have no token in use.", ".k-sentence")
    page.unfolds(page.page.get_by_text("Make a token", exact=True))
    page.page.get_by_label("What will use it, such as payroll").fill("a test of tokens")
    scopes = page.page.get_by_label("What it may be used for")
    scopes.focus()
    page.page.keyboard.type("goals:read")
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Escape")
    page.page.get_by_text("Make it and show it once").click()
    page.reads("a test of tokens", ".k-table")
    secret = page.page.locator("code", has_text="kpf_").inner_text().strip()
    assert re.fullmatch(PATTERN, secret)
    assert asks(page, secret) == 200
    page.page.reload()
    page.settled().reads("a test of tokens", ".k-table")
    assert secret not in page.page.content(), "a token is shown once"
    page.page.get_by_label("Why it is revoked").fill("the test is over")
    page.page.get_by_text("Revoke it for good").click()
    page.reads("the test is over", ".k-table")
    assert asks(page, secret) == 401


def test_a_phone_shows_it_in_one_column_and_administrators_may_look_at_all(visit):
    page = visit(width=390, as_=ADMINISTRATOR).go("tokens", language="zh")
    page.reads("您没有在用的令牌", ".k-sentence")
    page.page.get_by_text("全部", exact=True).click()
    page.reads(re.compile("目前没有任何|所有人共有"), ".k-sentence")
    page.fits()
