"""Signing in with eyes and hands: the pages before the pages, in both languages, on a phone, with the keyboard."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.commands import create_store
from kpiflow.workspace.sign_in import accounts
from tests.dashboards.conftest import PASSWORD, PATIENCE, ROOT, serving

pytestmark = pytest.mark.browser

NEW = "nine green boats"
WORDS = {
    "en": {"button": "Sign in", "wrong": "not right", "menu": "My account", "out": "Sign out", "ended": "signed out"},
    "zh": {"button": "登录", "wrong": "不正确", "menu": "我的账号", "out": "退出登录", "ended": "已退出登录"},
}


@pytest.fixture(scope="session")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A store of its own without a company, an administrator, and for every try an account and an invitation for one more."""
    path = tmp_path_factory.mktemp("own") / "own.duckdb"
    create_store(path)
    with closing(Workspace.open(path)) as ws:
        accounts.add(ws, ADMINISTRATOR, ROOT, roles=["administrator"], password=PASSWORD)
        for number in range(TRIES):
            accounts.add(ws, ADMINISTRATOR, f"second{number}", roles=["administrator"], password=PASSWORD)
            accounts.add(ws, ADMINISTRATOR, f"new{number}", roles=["administrator"])
            SECONDS.append(f"second{number}")
            LINKS.append(accounts.invite(ws, ADMINISTRATOR, f"new{number}").path)
    with serving(path, demo=False) as (address, _):
        yield address


#: How often a test may be tried. What works once alone lies here as often: accounts and the paths of invitations.
TRIES = 3
SECONDS: list[str] = []
LINKS: list[str] = []


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1440), ("zh", "dark", 390)])
def test_in_with_a_password_and_out_by_the_menu(visit, language, scheme, width):
    said, one = WORDS[language], visit(site="own_site", as_=None, scheme=scheme, width=width)
    page = one.page
    page.goto(f"{one.address}/overview?language={language}")
    assert "/sign-in?next=" in page.url
    one.fits()
    # With the keyboard alone: the cursor stands in the first field.
    one.counts("input:focus", 1)
    page.keyboard.type("root")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong wrong wrong")
    page.keyboard.press("Enter")
    page.locator(".said.wrong").filter(has_text=said["wrong"]).wait_for()
    one.errors.clear()  # the browser's own line about the answer 403
    page.get_by_label("Password" if language == "en" else "密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/overview\?language={language}$"))
    one.settled()
    page.locator(".st-key-reader button").first.click()
    page.get_by_text(said["menu"]).wait_for()
    one.unmoved()
    page.get_by_role("button", name=said["out"], exact=True).click()
    one.reads(said["ended"], ".k-notice")
    page.goto(f"{one.address}/overview")
    assert "/sign-in" in page.url


def test_a_page_that_was_left_open_says_that_its_session_has_ended(visit):
    one, other = visit(site="own_site", as_="root"), visit(site="own_site", as_="root")
    one.go("overview", language="en")
    other.page.goto(f"{other.address}/password?language=en")
    other.page.get_by_role("button", name="Sign out everywhere").click()
    other.page.wait_for_url(re.compile("/sign-in"))
    one.page.get_by_role("radio", name="中文").click()
    one.reads("已退出登录", ".k-notice")
    one.page.get_by_role("link", name="登录").click()
    one.page.wait_for_url(re.compile("/sign-in"))


def test_an_invitation_sets_a_password_and_leads_in(visit):
    one = visit(site="own_site", as_=None)
    one.page.goto(f"{one.address}{LINKS.pop()}&language=en")
    one.page.get_by_label("Password").fill(NEW)
    one.page.get_by_label("The same once more").fill(NEW)
    one.page.get_by_role("button").click()
    one.settled()
    one.shows("new", ".st-key-reader")


def test_a_password_is_changed_on_its_page(visit):
    one = visit(site="own_site", as_=None)
    one.page.goto(f"{one.address}/sign-in?language=en")
    one.page.get_by_label("Account").fill(SECONDS.pop())
    one.page.get_by_label("Password").fill(PASSWORD)
    one.page.keyboard.press("Enter")
    one.settled()
    one.page.goto(f"{one.address}/password?language=en")
    for label, words in (("Old password", PASSWORD), ("New password", NEW), ("The same once more", NEW)):
        one.page.get_by_label(label).fill(words)
    one.page.get_by_role("button", name="Change the password").click()
    one.page.get_by_text("The password is changed").wait_for()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("This is the demo", "Four desks", "Ada Skylark")), ("zh", ("这是演示", "四种工作台", "艾达"))],
)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_the_demo_offers_everybody_and_says_so(visit, language, words, scheme, width):
    one = visit(as_=None, scheme=scheme, width=width)
    one.page.goto(f"{one.address}/sign-in?language={language}")
    shown = one.page.locator("main").inner_text()
    assert all(word in shown for word in words)
    one.fits()
    if language == "zh":
        # Names are as the company wrote them; codes of airports are the same in every language.
        assert set(re.findall(r"[A-Za-z]{4,}", shown)) == set()


def test_one_press_makes_one_somebody_and_another_somebody_else(visit):
    one = visit(as_=None)
    one.page.goto(f"{one.address}/goal?goal=nyc-ontime&period=2013&language=en")
    one.page.get_by_role("button", name="Bruno Kestrel").click()
    one.page.wait_for_url(re.compile("/goal.*goal=nyc-ontime"))
    one.settled().shows("Bruno Kestrel · Department head", ".st-key-reader")
    one.page.locator(".st-key-reader button").first.click()
    one.page.get_by_role("link", name="Look as somebody else").click()
    one.page.get_by_label("Name, role or unit").fill("Imani")
    one.page.keyboard.press("Enter")
    one.page.get_by_role("button", name="Imani Plover").last.click()
    one.page.locator(".st-key-reader").filter(has_text="Imani Plover").wait_for(timeout=PATIENCE)
    one.settled()


def test_an_address_says_what_is_looked_at_and_never_who_looks(visit):
    """A link to somebody's progress, opened by a duty manager who may not see it."""
    one = visit(as_="p0101").go("progress", person="p0002", language="en", period="2013")
    one.reads("cannot be shown", ".k-notice")
    one.shows("Imani Plover", ".st-key-reader")
    theirs = visit(as_="p0002").go("progress", language="en", period="2013")
    theirs.shows("Bruno Kestrel")


@pytest.mark.parametrize("path", ["/sign-in", "/welcome?token=x"])
def test_the_pages_before_the_pages_can_be_read_aloud(visit, path):
    one = visit(site="own_site", as_=None)
    one.page.goto(f"{one.address}{path}", wait_until="load")
    one.errors.clear()
    one.counts("h1", 1)
    assert one.page.locator("main, [lang]").count() >= 2
    unnamed = "all => all.filter(one => one.type !== 'hidden' && !one.labels.length).length"
    assert one.page.locator("input").evaluate_all(unnamed) == 0
