"""How many questions a second the REST API answers: several clients at once, each asking anew as soon as it is answered.

The clients run on the same cores as the server, so what is told is what two cores hold together. Each address is asked twice
over: as a program that has nothing, and as one that keeps the ETag and hears 304 while nothing has changed.
"""

import http.client
import os
import secrets
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.browsers import percentile
from bench.desks import SERVE, serving
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.demo import build_demo
from kpiflow.workspace.sign_in.accounts import add

#: Clients at once, and for how many seconds each address is asked at scale 1.
CLIENTS, SECONDS = 8, 5.0

#: What is asked of the example company, by what it is called.
ASKED: dict[str, str] = {
    "one goal": "/goals/nyc-ontime?period=2013",
    "goals, 100 of them": "/goals?period=2013&limit=100",
    "attainment, 100 goals": "/attainment?period=2013-Q4&limit=100",
    "tree, 3 levels": "/tree?period=2013&levels=3",
    "scores, 100 people": "/scores?period=2013&limit=100",
    "measurements, 100 rows": "/measurements?metric=ontime_rate&limit=100",
}

#: What the token may ask for.
SCOPES = ("goals:read", "scores:read", "measurements:read")

#: No limit on how often one client asks: what is measured is the server and not its politeness.
UNLIMITED = {"KPIFLOW_API_READS": "100000/100000", "KPIFLOW_API_ADDRESS": "100000/100000"}


@dataclass
class Asked:
    """What became of the questions of all clients: how long each took, and how many were answered with another status."""

    took: list[float] = field(default_factory=list)
    lasted: float = 0.0
    size: int = 0
    failures: list[str] = field(default_factory=list)


def api(_: Path, scale: float) -> dict[str, Any]:
    """Measure every address, plain and with its ETag; return requests per second and what 95 of 100 stayed within."""
    lasting = max(0.3, SECONDS * scale)
    with tempfile.TemporaryDirectory(prefix="kpiflow-api-") as folder:
        store = Path(folder) / "demo.duckdb"
        build_demo(store, lambda *_: None)
        with closing(Workspace.open(store)) as ws:
            add(ws, ADMINISTRATOR, "hr-system", roles=["hr"], password=secrets.token_urlsafe(16))
            token = ws.make_api_token(ADMINISTRATOR, "bench", SCOPES, account="hr-system").secret
        os.environ.update(UNLIMITED)
        try:
            with serving("-c", SERVE, str(store), "own", told=False) as address:
                return {
                    "clients": CLIENTS,
                    "asked": {name: _both(address, token, path, lasting) for name, path in ASKED.items()},
                }
        finally:
            for name in UNLIMITED:
                del os.environ[name]


def _both(address: str, token: str, path: str, lasting: float) -> dict[str, Any]:
    """Ask one address without and with its ETag."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    tag = _tag(address, path, headers)
    plain = crowded(address, path, headers, 200, lasting)
    known = crowded(address, path, {**headers, "If-None-Match": tag}, 304, lasting)
    return {"plain": told(plain), "known": told(known)}


def _tag(address: str, path: str, headers: dict[str, str]) -> str:
    """Ask once, which warms the answer, and return its ETag."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", f"/api/v1{path}", headers=headers)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    tag = answer.headers["ETag"]
    if answer.status != 200 or not tag:
        sys.exit(f"GET {path}: {answer.status} {said[:300]!r}")
    return tag


def crowded(address: str, path: str, headers: dict[str, str], status: int, lasting: float) -> Asked:
    """Let all clients ask one address for a while, each on a connection that stays open."""
    found, lock = Asked(), threading.Lock()
    until = time.perf_counter() + lasting

    def client() -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        took, failures, size = [], [], 0
        while (began := time.perf_counter()) < until:
            connection.request("GET", f"/api/v1{path}", headers=headers)
            answer = connection.getresponse()
            size = len(answer.read())
            took.append(time.perf_counter() - began)
            if answer.status != status:
                failures.append(f"{path}: {answer.status}")
        connection.close()
        with lock:
            found.took += took
            found.failures += failures
            found.size = size

    began = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found.lasted = time.perf_counter() - began
    return found


def told(found: Asked) -> dict[str, Any]:
    """Return how many were answered in a second, what 95 of 100 stayed within, and how large an answer is."""
    if found.failures:
        sys.exit(f"{len(found.failures)} of {len(found.took)} were answered otherwise, such as {found.failures[0]}")
    return {"per_second": len(found.took) / found.lasted, "p95": percentile(found.took, 0.95), "bytes": found.size}
