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
from pathlib import Path
from time import monotonic
from urllib.parse import urlencode

import pytest

from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.commands import create_store
from kpiflow.workspace.sign_in import accounts

#: Slow machines build the page slowly; nothing here is a test of speed.
PATIENCE = 60_000

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


@dataclass
class Visit:
    """A browser page on the dashboards, with all that went wrong in it."""

    page: object
    address: str
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def go(self, path: str = "", **view: str) -> "Visit":
        """Open a page of the site and wait until it stands."""
        self.page.goto(f"{self.address}/{path}?{urlencode(view)}")
        return self.settled()

    def settled(self) -> "Visit":
        """Wait until the script behind the page has come to its end."""
        self.page.locator(".k-sentence, .k-notice").first.wait_for(timeout=PATIENCE)
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=PATIENCE)
        return self

    def text(self, selector: str = '[data-testid="stMain"]') -> str:
        """The words in a part of the page, with plain spaces."""
        return self.page.locator(selector).first.inner_text().replace("\u00a0", " ")

    def reads(self, words: str | re.Pattern[str], selector: str = '[data-testid="stMain"]') -> None:
        """Wait until a part of the page says these words."""
        self.page.locator(selector).filter(has_text=words).first.wait_for(timeout=PATIENCE)

    def unfolds(self, folded: object) -> None:
        """Open what is folded, and wait until nothing moves: a press on a button still on its way goes nowhere."""
        folded.click()
        until = monotonic() + PATIENCE / 1000
        while self.page.evaluate(MOVING) and monotonic() < until:
            self.page.wait_for_timeout(50)

    def stands(self, selector: str) -> None:
        """Wait until a part of the page can be seen; big parts come after the words above them."""
        self.page.locator(selector).first.wait_for(state="visible", timeout=PATIENCE)


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
    """Ask a browser that did not get there in time up to twice more: the report then says RERUN. Whatever else fails, fails."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2, only_rerun=["TimeoutError"]))


@pytest.fixture(scope="session")
def example_store(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example company in a file of its own: a server keeps the store it serves to itself."""
    return Path(shutil.copy(demo_store, tmp_path_factory.mktemp("example") / "example.duckdb"))


@pytest.fixture(scope="session")
def site(example_store: Path) -> Iterator[str]:
    """The address of the example company's dashboards."""
    with serving(example_store, demo=True) as (address, _):
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
def visit(windows: Windows, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visit]]:
    """Open a visit; at the end of the test nothing may have failed in it and nothing may have been asked elsewhere."""
    opened: list[tuple[tuple[int, str, str], object, Visit]] = []

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
        opened.append(((width, scheme, locale), context, one))
        return one

    yield opening
    passed = request.node.stash.get(PASSED, False)
    for _, _, one in opened if passed else ():
        one.page.evaluate("0")  # an answer comes after all that the page has said before
    ended = [(tuple(one.errors), tuple(one.strangers)) for _, _, one in opened]
    for kind, window, one in opened:
        # What went wrong in a window is not taken along into the next test.
        if passed and not one.errors:
            windows.give_back(kind, window, one.address)
        else:
            window.close()
    for errors, strangers in ended:
        assert not errors
        assert not strangers, "a page about people's work asks nobody else"


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
