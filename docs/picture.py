"""Takes the README's picture from the running product: `python -m docs.picture`, after `make setup-dev`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

#: Where the picture goes; the README shows it.
PICTURE = Path(__file__).parent / "images" / "overview.png"

#: Who looks: the one of the example's people who reads everything and sets the targets.
EXECUTIVE = "p0001"

#: As a laptop shows it.
SIZE = {"width": 1440, "height": 1010}


def take(chromium: str = "/usr/bin/chromium") -> None:
    """Build the example company, serve it, and photograph the Overview."""
    with tempfile.TemporaryDirectory() as folder:
        call = [sys.executable, "-m", "kpiflow", "demo", "--store", f"{folder}/demo.duckdb", "--port", "0"]
        with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  (our own command)
            assert server.stdout is not None
            address = next(word for word in server.stdout.readline().split() if word.startswith("http"))
            try:
                _photograph(chromium, address)
            finally:
                server.terminate()


def _photograph(chromium: str, address: str) -> None:
    with sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        photograph(page, address, PICTURE)
        browser.close()


def photograph(page: Page, address: str, into: Path) -> None:
    """Sign in as one of the example's people, wait until the Overview is drawn, and write what it looks like."""
    page.goto(f"{address}/?period=2013")
    page.locator(f'form[action="/sign-in/demo"]:has([value="{EXECUTIVE}"]) button').first.click()
    page.locator(".js-plotly-plot").nth(1).wait_for()
    page.wait_for_timeout(1500)  # for the charts' last easing
    page.screenshot(path=into)


if __name__ == "__main__":
    take()
