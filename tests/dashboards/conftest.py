"""The dashboards as people meet them: a server of its own on this machine, and a browser that must stay on it.

A visit is somebody's: `visit(as_="p0002")` signs that person in before the first page, as the demo does. An address says
what is looked at, never who looks.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from urllib.parse import urlencode

import pytest
from playwright.sync_api import TimeoutError, expect  # noqa: A004 — Playwright's own

from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.commands import create_store
from kpiflow.workspace.sign_in import accounts

#: Slow machines build the page slowly; nothing here is a test of speed.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

SERVE = """
import sys
from pathlib import Path
from kpiflow.web.server import serve
serve(Path(sys.argv[1]), port=0, demo=sys.argv[2] == "demo", ready=lambda address: print(address, flush=True))
"""


#: How much of a page is on its way to somewhere. What turns for ever, as a sign of work does, arrives nowhere and is not counted:
#: waiting for its end once held a whole run of the tests.
MOVING = """() => document.getAnimations().filter(
    one => one.playState === "running" && Number.isFinite(one.effect.getComputedTiming().endTime)
).length"""

#: Whether the page is wider than the window, or its main part than the page.
TOO_WIDE = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')].some(
    one => one && one.scrollWidth > innerWidth
)"""

#: The main part of a page, and what is asked in front of it.
MAIN, DIALOG = '[data-testid="stMain"]', '[role="dialog"]'

#: A page whose script has come to its end: Streamlit takes away what the run before had left, then says that it does not
#: run. Some parts are drawn by scripts that are fetched when the first of them comes; a grey bar holds their place.
AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]:not(:has([data-testid="stSkeleton"]))'

#: Who looks when a test does not say: the executive, who sees the whole company.
EXECUTIVE = "p0001"

#: The administrator of a store that is not the demo's.
ROOT, PASSWORD = "root", "seven blue kites"


@contextmanager
def serving(
    store: Path, *, demo: bool, says: Path | None = None, **environment: str
) -> Iterator[tuple[str, subprocess.Popen]]:
    """Run a server on a free port, with these settings beside; yields its address and process, and stops it.

    What it says goes to the file `says`: a pipe that nobody reads fills up, and then the server waits for a reader.
    """
    command = [sys.executable, "-c", SERVE, str(store), "demo" if demo else "own"]
    given = {**os.environ, **environment}
    with says.open("w+") if says else tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True, env=given)
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        try:
            assert address.startswith("http://127.0.0.1:"), [process.poll(), said.seek(0), said.read()]
            yield address, process
        finally:
            process.terminate()
            process.communicate(timeout=60)


def sign_in(context: object, address: str, person: str) -> None:
    """Give a browser a session: as a person of the demo, or as the administrator of a store that is not the demo's."""
    page = context.request.get(f"{address}/sign-in?language=en").text()
    proof = re.search(r'name="proof" value="(\w+)"', page)[1]
    demo = 'action="/sign-in/demo"' in page
    who = {"person": person} if demo else {"name": ROOT, "password": PASSWORD}
    path = "/sign-in/demo" if demo else "/sign-in"
    answer = context.request.post(f"{address}{path}", form={"proof": proof, **who}, max_redirects=0)
    assert answer.status == 303, answer.text()


def spaced(words: str | re.Pattern[str]) -> str | re.Pattern[str]:
    """Words as they are looked for: a space in a pattern is any space; in a string it is already."""
    return words if isinstance(words, str) else re.compile(words.pattern.replace(" ", r"\s"), words.flags)


@dataclass
class Visit:
    """A browser page on the dashboards, with all that went wrong in it.

    After a press the old page stands until the new one has come, part by part: what a test expects it waits for, that
    something is gone as well.
    """

    page: object
    address: str
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def go(self, path: str = "", **view: str) -> "Visit":
        """Open a page of the site and wait until it stands."""
        self.page.goto(f"{self.address}/{path}?{urlencode(view)}")
        return self.settled()

    def settled(self) -> "Visit":
        """Wait until the script behind the page has come to its end.

        Right after a press it has not yet begun, and one that starts itself again rests in between: wait for what the press
        does, not for this.
        """
        self.page.locator(".k-sentence, .k-notice").first.wait_for(timeout=PATIENCE)
        self.page.locator(AT_REST).wait_for(timeout=PATIENCE)
        return self

    def text(self, selector: str = MAIN) -> str:
        """The words in a part of the page, with plain spaces."""
        return self.page.locator(selector).first.inner_text().replace("\u00a0", " ")

    def reads(self, words: str | re.Pattern[str], selector: str = MAIN) -> None:
        """Wait until a part of the page says these words."""
        self.page.locator(selector).filter(has_text=words).first.wait_for(timeout=PATIENCE)

    def shows(self, words: str | re.Pattern[str], selector: str = MAIN) -> None:
        """Wait until the first such part shows these very words, not folded away."""
        expect(self.page.locator(selector).first).to_contain_text(spaced(words), use_inner_text=True)

    def hides(self, words: str | re.Pattern[str], selector: str = MAIN) -> None:
        """Wait until the first such part shows these words no more, or see that it never did."""
        expect(self.page.locator(selector).first).not_to_contain_text(spaced(words), use_inner_text=True)

    def counts(self, what: object, number: int) -> None:
        """Wait until there are so many of what a selector or a locator names; none, when it has to be gone."""
        expect(self.page.locator(what) if isinstance(what, str) else what).to_have_count(number)

    def fits(self) -> None:
        """Wait until nothing lies beside the window."""
        assert self.comes(lambda: not self.page.evaluate(TOO_WIDE)), "something lies beside a narrow screen"

    def answers_first(self) -> None:
        """Wait until the page's sentence stands where a phone shows it without scrolling."""

        def above() -> bool:
            first = self.page.locator(".k-sentence").bounding_box()
            return first["y"] + first["height"] < 844

        assert self.comes(above), "the first question is answered without scrolling"

    def comes(self, about: Callable[[], bool], patience: float = PATIENCE) -> bool:
        """Ask again and again until something is so; whether it came in time."""
        until = monotonic() + patience / 1000
        while not (so := about()) and monotonic() < until:
            self.page.wait_for_timeout(50)
        return so

    def unfolds(self, folded: object) -> None:
        """Open what is folded, and wait until nothing moves: a press on a button still on its way goes nowhere."""
        folded.click()
        self.unmoved()

    def unmoved(self) -> None:
        """Wait until nothing moves."""
        self.comes(lambda: not self.page.evaluate(MOVING))

    def stands(self, selector: str) -> None:
        """Wait until a part of the page can be seen; big parts come after the words above them."""
        self.page.locator(selector).first.wait_for(state="visible", timeout=PATIENCE)

    def writes(self, line: object, words: str, by: str = "Enter", until: object = None) -> None:
        """Write into a line and send it off by a key: a line drawn anew meanwhile is empty again, and written once more.

        With a button in `until`, the words are written until that can be pressed.
        """
        for _ in range(20):
            self.settled()
            line.fill(words)
            if line.input_value() != words:
                continue
            line.press(by)
            if until is None or self.comes(until.is_enabled, 3000):
                return
        raise AssertionError(f"'{words}' was not taken")

    def chooses(self, listed: object, option: object) -> None:
        """Choose from a list by the keyboard, and again: one that opens while the page is drawn or scrolls closes by itself."""
        for _ in range(20):
            self.settled()
            listed.press("ArrowDown")
            try:
                option.click(timeout=3000)
            except TimeoutError:
                self.page.keyboard.press("Escape")
            else:
                return
        raise AssertionError("nothing was chosen")


#: Whether a test has passed, for its fixtures' ends.
PASSED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> object:
    """Keep whether a test has passed."""
    report = yield
    if call.when == "call":
        item.stash[PASSED] = report.passed
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask a browser up to twice more: the report then says RERUN.

    Whatever went wrong, a slow machine may have been the reason, and a page that was read a moment too soon fails with
    words of its own, not with those of a wait. What is really broken fails three times. So a test that changes something
    has a store of its own for each try, or takes what an earlier try has left.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(scope="session")
def example_store(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example company in a file of its own: a server keeps the store it serves to itself."""
    return Path(shutil.copy(demo_store, tmp_path_factory.mktemp("example") / "example.duckdb"))


@pytest.fixture(scope="session")
def site(example_store: Path) -> Iterator[str]:
    """The address of the example company's dashboards."""
    with serving(example_store, demo=True) as (address, _):
        yield address


@pytest.fixture
def own_site(example_store: Path, tmp_path: Path) -> Iterator[str]:
    """The example company's dashboards over a copy that one try of one test may change."""
    with serving(Path(shutil.copy(example_store, tmp_path / "own.duckdb")), demo=True) as (address, _):
        yield address


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboards over a store in which nobody has put a company."""
    path = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    create_store(path)
    with closing(Workspace.open(path)) as ws:
        accounts.add(ws, ADMINISTRATOR, ROOT, roles=[accounts.ADMINISTRATOR_ROLE], password=PASSWORD)
    with serving(path, demo=False) as (address, _):
        yield address


#: What a page leaves in a browser besides its cookies and what it fetched.
LEFT = "local_storage,indexeddb,cache_storage,service_workers,file_systems"


@dataclass
class Windows:
    """Browser windows by how they look at pages.

    One that is done with is used again: it has fetched and compiled the scripts of the pages, much of what a first page
    costs, and knows nothing more of who was in it.
    """

    chromium: object
    free: dict[tuple[int, str, str], list[object]] = field(default_factory=dict)

    def take(self, width: int, scheme: str, locale: str) -> object:
        """A window that nobody is in."""
        if free := self.free.get((width, scheme, locale)):
            return free.pop()
        return self.chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale, reduced_motion="reduce"
        )

    def give_back(self, kind: tuple[int, str, str], window: object, address: str) -> None:
        """Empty a window and keep it for the next visit."""
        for page in window.pages[1:]:
            page.close()
        # At another address no page of ours writes any more while its site is emptied.
        window.pages[0].goto("about:blank")
        window.new_cdp_session(window.pages[0]).send(
            "Storage.clearDataForOrigin", {"origin": address, "storageTypes": LEFT}
        )
        window.pages[0].close()
        window.clear_cookies()
        assert not window.cookies()
        self.free.setdefault(kind, []).append(window)


@pytest.fixture(scope="session")
def windows(chromium) -> Iterator[Windows]:
    """The browser windows of this run."""
    kept = Windows(chromium)
    yield kept
    for window in [one for free in kept.free.values() for one in free]:
        window.close()


@pytest.fixture
def visit(windows: Windows, request: pytest.FixtureRequest) -> Callable[..., Visit]:
    """Open a visit; at the end of the test nothing may have failed in it and nothing may have been asked elsewhere.

    A visit ends before the server it went to, whichever of the two a test names first: a page whose server has gone complains.
    """

    def opening(
        width: int = 1440,
        scheme: str = "light",
        locale: str = "en-US",
        site: str = "site",
        as_: str | None = EXECUTIVE,
    ) -> Visit:
        address = request.getfixturevalue(site)
        context = windows.take(width, scheme, locale)
        if as_ is not None:
            sign_in(context, address, as_)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        one = Visit(page, address)
        page.on("console", lambda said: one.errors.append(said.text) if matters(said) else None)
        page.on("pageerror", lambda problem: one.errors.append(str(problem)))
        page.on("request", lambda asked: one.strangers.append(asked.url) if not at_home(asked.url, address) else None)
        request.node.addfinalizer(partial(end, one, (width, scheme, locale), windows, request.node))
        return one

    return opening


def end(one: Visit, kind: tuple[int, str, str], windows: Windows, test: pytest.Item) -> None:
    """End a visit, and say what went wrong in it; its window is not taken along into the next test then."""
    window, passed, well = one.page.context, test.stash.get(PASSED, False), False
    try:
        if passed:
            one.page.wait_for_load_state()  # a page on its way to another answers nothing
            one.page.evaluate("0")  # an answer comes after all that the page has said before
        assert not one.errors
        assert not one.strangers, "a page about people's work asks nobody else"
        well = passed
    finally:
        if well:
            windows.give_back(kind, window, one.address)
        else:
            window.close()


#: How Streamlit's own words about a slow answer begin.
PROBED = ("Client Error in reaching server endpoint - No response received", "Streamlit server is not responding")


def matters(said) -> bool:
    """Whether a console line is ours to mend.

    Streamlit looks for its server below a page's path first, and asks a server that is busy whether it is still there:
    those lines are not. What a page did not show in time fails the test that waits for it.
    """
    probing = "/_stcore/" in said.location.get("url", "") or said.text.startswith(PROBED)
    return said.type == "error" and not probing


def at_home(url: str, address: str) -> bool:
    """Whether a request stays with our server, or is no request at all."""
    return url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
