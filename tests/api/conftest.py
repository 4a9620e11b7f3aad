"""The API as programs meet it: the example company with a final pay run, and a token for one person of each role."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kpiflow.access.scopes import SCOPES
from kpiflow.web.api import mounted
from kpiflow.web.api.buckets import Rate
from kpiflow.web.api.limits import Allowed
from kpiflow.web.server import desk_of, middleware
from kpiflow.web.site import Site
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.sign_in import accounts

HR, EXECUTIVE = Asker("p0005"), Asker("p0001")

#: A token for reading has every scope that writes nothing.
READING = tuple(scope.name for scope in SCOPES if scope.name.endswith(":read"))


@dataclass
class Programs:
    """The API in this process, behind the guard as it is served, and the tokens of people by their id."""

    ws: Workspace
    app: Starlette
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, person: str) -> str:
        """A token of somebody's account, which is made when it is first asked for."""
        if person not in self.tokens:
            accounts.add(self.ws, ADMINISTRATOR, f"of-{person}", person=person)
            asker = Asker(person=person, account=f"of-{person}")
            self.tokens[person] = self.ws.make_api_token(asker, "reads", READING).secret
        return self.tokens[person]

    def get(self, person: str | None, path: str, **headers: str) -> httpx2.Response:
        """Ask as somebody, or with no token at all."""
        if person is not None:
            headers["authorization"] = f"Bearer {self.token(person)}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return TestClient(self.app, base_url="http://localhost").get(f"/api/v1{path}", headers=named)

    def every(self, person: str, path: str, limit: int = 200) -> list[dict]:
        """Walk through all pages of a list."""
        found, cursor = [], ""
        while True:
            page = self.get(person, f"{path}{'&' if '?' in path else '?'}limit={limit}{cursor}")
            assert page.status_code == 200, page.text
            found += page.json()["items"]
            if page.json()["next"] is None:
                return found
            cursor = f"&cursor={page.json()['next']}"


def opened(path: Path) -> Programs:
    """The API over a store, without limits on how often it is asked: those have tests of their own."""
    ws = Workspace.open(path, demo=True)
    site = Site(ws, desk_of(ws))
    often = Rate(10**6, 10**6)
    routes = [mounted(site, Allowed(reads=often, writes=often, address=often))]
    return Programs(ws, Starlette(routes=routes, middleware=middleware(site)))


@pytest.fixture(scope="session")
def paid_store(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example company with its year closed and paid by two people."""
    path = tmp_path_factory.mktemp("paid") / "paid.duckdb"
    shutil.copy(demo_store, path)
    ws = Workspace.open(path)
    for period in ("2013-Q4", "2013"):
        ws.close_period(HR, period, reason="All is in")
    run = ws.keep_pay_run(HR, "service_bonus_2013", "2013")
    ws.propose_pay(HR, run)
    ws.approve_pay(EXECUTIVE, run)
    ws.finalise_pay(HR, run)
    ws.close()
    return path


@pytest.fixture(scope="session")
def programs(paid_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """The API over that company: to read."""
    mine = tmp_path_factory.mktemp("api") / "api.duckdb"
    shutil.copy(paid_store, mine)
    made = opened(mine)
    yield made
    made.ws.close()


@pytest.fixture
def writable(demo_store: Path, tmp_path: Path) -> Iterator[Programs]:
    """The API over a copy of its own of the example company, whose year is open."""
    made = opened(Path(shutil.copy(demo_store, tmp_path / "mine.duckdb")))
    yield made
    made.ws.close()
