"""Takes the README's picture from the running product: `python -m docs.picture`, after `make setup-dev`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

#: Where the picture goes; the README shows it.
PICTURE = Path(__file__).parent / "images" / "overview.png"

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
    PICTURE.parent.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.goto(f"{address}/?period=2013")
        page.locator(".js-plotly-plot").nth(1).wait_for()
        page.wait_for_timeout(1500)  # for the charts' last easing
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    take()
