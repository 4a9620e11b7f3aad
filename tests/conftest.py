"""What all tests share: the example company, and which Chromium the browser tests drive (or what happens without one)."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings
from hypothesis.internal.conjecture import providers

from kpiflow.workspace import Workspace
from kpiflow.workspace.demo import build_demo

#: How many times the usual number of examples laws are tried with, new ones each time (`make hunt`); 0: the usual ones.
HUNTED = int(os.environ.get("KPIFLOW_HUNT", "0"))

# A busy machine is not a wrong result: laws are about values, `bench` is about time. The examples of a run are those of
# the run before it, so that a change alone decides whether main is green; `make hunt` looks for new ones.
settings.register_profile(
    "house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow], derandomize=not HUNTED
)
settings.load_profile("house")
if not HUNTED:
    # Else the numbers and words in whatever modules happen to be loaded are tried too: other examples by each order of tests,
    # and by a number in a module that a law has nothing to do with.
    providers._get_local_constants = lambda: providers._local_constants


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every law more examples when hunting; put the long files first, so that no worker is left with one at the end."""
    for law in {item.obj for item in items if HUNTED and is_hypothesis_test(getattr(item, "obj", None))}:
        # What a decorator asked for lies here and nowhere public.
        usual = getattr(law, "_hypothesis_internal_use_settings", settings.default)
        law._hypothesis_internal_use_settings = settings(usual, max_examples=usual.max_examples * HUNTED)
    long = {mark: {item.path for item in items if item.get_closest_marker(mark)} for mark in ("browser", "slow")}
    items.sort(key=lambda item: (item.path not in long["browser"], item.path not in long["slow"]))


#: What Chromium is started without. It heeds only the last list it is given, so the names that Playwright gives are here again;
#: after them the box that its address bar opens below, whose pages cost a second for each window though nobody sees one.
WITHOUT = (
    "AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints",
    "PaintHolding,PreconnectToSearch,TcpPortRandomizationWin,ThirdPartyStoragePartitioning",
    "PreloadTopChromeWebUI,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,WebUIOmniboxPopup",
)

#: Nothing here may reach the internet, and a container has no sandbox of its own to nest one in.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(WITHOUT)}",
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_there(own: str) -> str | None:
    """The Chromium to use: the one named in KPIFLOW_CHROMIUM, the system's, or Playwright's own."""
    named = os.environ.get("KPIFLOW_CHROMIUM")
    for name in (named,) if named else CHROMIUM_NAMES:
        if found := shutil.which(name):
            return found
    return own if Path(own).exists() else None


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A running Chromium. Without one, browser tests are left out with the reason; on a build server they fail."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        path = chromium_there(driver.chromium.executable_path)
        if path is None:
            reason = "There is no Chromium here. On Debian: apt-get install chromium fonts-noto-cjk; or set KPIFLOW_CHROMIUM."
            if os.environ.get("CI", "").casefold() in ("1", "true"):
                pytest.fail(reason)
            pytest.skip(reason)
        browser = driver.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a freshly built example store: to read; a test that changes something changes a copy."""
    path = tmp_path_factory.mktemp("demo") / "demo.duckdb"
    steps: list[float] = []
    build_demo(path, lambda _, done: steps.append(done))
    assert steps == sorted(steps), "progress only goes forward"
    assert steps[-1] == 1.0
    return path


@pytest.fixture(scope="session")
def ws(demo_store: Path) -> Iterator[Workspace]:
    """A workspace on the example store, built once and asked many questions."""
    opened = Workspace.open(demo_store, demo=True)
    yield opened
    opened.close()
