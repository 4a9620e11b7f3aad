"""How long the desks take: one reader, one reader of a large company, and fifty who act every ten seconds.

A rerun is timed from the reader's choice until the page's script has come to its end, as the browser hears of it. Beside
the fifty stands the same load on a bare Streamlit page, which is what the machine and Streamlit alone can do.
"""

import asyncio
import http.client
import random
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import polars as pl

from bench.browsers import Act, crowd, opened, percentile
from bench.policy import CYCLE
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.demo import build_demo
from kpiflow.workspace.sign_in.accounts import add

#: Serves a store as the demo does, on a free port, and prints the address.
SERVE = """
import sys
from pathlib import Path
from kpiflow.web.server import serve
serve(Path(sys.argv[1]), port=0, demo=sys.argv[2] == "demo", ready=lambda address: print(address, flush=True))
"""

#: The readers, how often each acts (seconds), and how many times, in the crowd.
READERS, EVERY, ROUNDS = 50, 10.0, 6

#: The periods of the large company that are looked at.
LARGE_PERIODS = (CYCLE, f"{CYCLE}-Q2")

#: Who sits at which desk of the example company, and what they look at there; the first page is where they land.
PERIODS = ("2013", "2013-Q4", "2013-12", "2013-11")
DESKS: dict[str, tuple[str, ...]] = {
    "p0001": ("overview", "strategy", "targets", "goal?goal=nyc-ontime", "goal?goal=ewr-ontime"),
    "p0002": ("workbench", "team", "todo", "overview", "goal?goal=ewr-ontime"),
    "p0005": ("scores", "overview", "letters", "scores?unit=EWR"),
    "p0101": ("progress", "todo", "goal?goal=ewr-ontime", "letters"),
    "p0201": ("progress", "overview", "goal?goal=ewr-9e-ontime"),
}


@contextmanager
def serving(*command: str, told: bool = True) -> Iterator[str]:
    """Run a server that prints its address first; yield the address. Unless `told`, its log is written to nowhere."""
    log = None if told else subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        _prepared(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _prepared(address: str) -> None:
    """Wait until a server has prepared first pages, as it does before anybody comes; a bare page's says nothing of it."""
    while True:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        connection.request("GET", "/health")
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200 or b'"prepared":false' not in said.replace(b" ", b""):
            return
        time.sleep(0.2)


def signed_in(address: str, person: str, password: str | None = None) -> str:
    """Sign a person of the demo in, or an account with its password; return the cookie."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    page, cookies = answer.read().decode(), _cookies(answer)
    found = re.search(r'name="proof" value="([^"]+)"', page)
    assert found, "the sign-in page has no form"
    who = {"person": person} if password is None else {"name": person, "password": password}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "; ".join(cookies), "Origin": address}
    path = "/sign-in/demo" if password is None else "/sign-in"
    connection.request("POST", path, urlencode({"proof": found[1], **who}), headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303, f"{person} could not sign in: {answer.status}"
    return "; ".join([*cookies, *_cookies(answer)])


def _cookies(answer: http.client.HTTPResponse) -> list[str]:
    return [line.split(";")[0] for line in answer.headers.get_all("Set-Cookie", [])]


def acts(person: str, seed: int) -> list[Act]:
    """Return what a person does in turn: their pages, each for several periods, in an order of their own."""
    found = [_act(page, period) for page in DESKS[person] for period in PERIODS]
    random.Random(seed).shuffle(found)
    return found


async def _alone(address: str, todo: dict[str, list[Act]], password: str | None = None) -> dict[str, Any]:
    """Let one reader at a time act; return the times of first pages and of reruns."""
    first, took, failures = [], [], []
    for person, wanted in todo.items():
        cookie = signed_in(address, person, password)
        began = time.perf_counter()
        tab = await opened(address, cookie)
        await tab.act(wanted[0], counted=False)
        first.append(time.perf_counter() - began)
        for act in (*wanted, *wanted):
            await tab.act(act)
        await tab.socket.close()
        took += tab.took
        failures += tab.failures
    return {"first": first, "took": took, "failures": failures}


async def _together(address: str, people: list[str | None]) -> dict[str, Any]:
    """Let many readers act at once; return the times of their reruns."""
    tabs = [await opened(address, signed_in(address, person) if person else None) for person in people]
    todo = [acts(person, place) if person else [Act("")] for place, person in enumerate(people)]
    for tab, wanted in zip(tabs, todo, strict=True):
        await tab.act(wanted[-1], counted=False)
    lasted = await crowd(tabs, todo, EVERY, ROUNDS)
    for tab in tabs:
        await tab.socket.close()
    return {
        "took": [one for tab in tabs for one in tab.took],
        "lasted": lasted,
        "failures": [one for tab in tabs for one in tab.failures],
    }


def desks(_: Path, scale: float) -> dict[str, Any]:
    """Measure the example company's desks: one reader, then the crowd, then the same crowd on a bare page."""
    with tempfile.TemporaryDirectory(prefix="kpiflow-desks-") as folder:
        store = Path(folder) / "demo.duckdb"
        build_demo(store, lambda *_: None)
        with serving("-c", SERVE, str(store), "demo") as address:
            one = asyncio.run(_alone(address, {person: acts(person, 7) for person in DESKS}))
            several = [list(DESKS)[place % len(DESKS)] for place in range(max(5, round(READERS * scale)))]
            many = asyncio.run(_together(address, several))
        with serving("-m", "bench.bare_server") as address:
            bare = asyncio.run(_together(address, [None] * len(several)))
    return {"one": told(one), "many": told(many), "bare": told(bare), "readers": len(several)}


def large(store: Path, _: float) -> dict[str, Any]:
    """Measure one reader at a time on the large company: an executive, HR, and a member of staff, each with an account."""
    password = secrets.token_urlsafe(16)
    with closing(Workspace.open(store)) as ws:
        staff = ws.company().people["person"][0]
        goal = ws.company().goals.filter(pl.col("owner") == staff)["goal"][0]
        roots = ws.company().goals.filter(pl.col("parent").is_null())["goal"].head(1).to_list()
        for name, person, roles in (("executive", None, ["executive"]), ("hr", None, ["hr"]), ("staff", staff, [])):
            add(ws, ADMINISTRATOR, name, person=person, roles=roles, password=password)
    pages = {
        "executive": ["overview", "strategy", "targets", "workbench", *(f"goal?goal={root}" for root in roots)],
        "hr": ["scores", "team", "letters", "overview"],
        "staff": ["progress", "todo", f"goal?goal={goal}"],
    }
    wanted = {
        name: [_act(page, period) for page in listed for period in LARGE_PERIODS] for name, listed in pages.items()
    }
    with serving("-c", SERVE, str(store), "own") as address:
        # What no server prepares, such as a person's own goals, is asked for once before it is timed.
        asyncio.run(_alone(address, wanted, password))
        return told(asyncio.run(_alone(address, wanted, password)))


def _act(page: str, period: str) -> Act:
    """Return the opening of a page, written as `goal?goal=nyc-ontime`, for a period."""
    name, _, choice = page.partition("?")
    chosen = tuple((key, value) for key, _, value in [choice.partition("=")] if key)
    return Act(name, (("period", period), ("language", "en"), *chosen))


def told(found: dict[str, Any]) -> dict[str, Any]:
    """Return the times as they are told: how many, the middle, and what 95 of 100 stayed within."""
    if found["failures"]:
        sys.exit(f"A page failed: {found['failures'][0]}")
    more = {"first": max(found["first"])} if "first" in found else {}
    return {
        "count": len(found["took"]),
        "p50": percentile(found["took"], 0.5),
        "p95": percentile(found["took"], 0.95),
        **more,
    }
