"""The way in without a browser: our routes and our guard before a stand-in for Streamlit that says what reached it."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from kpiflow.web.server import desk_of, middleware, routes
from kpiflow.web.site import Site
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.commands import apply, create_store
from kpiflow.workspace.demo import config_folder
from kpiflow.workspace.sign_in import accounts
from tests.web.apart import run_apart

PASSWORD, OTHER = "seven blue kites", "nine green boats"
HTML = {"accept": "text/html,*/*"}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the example's organisation, a duty manager's account and an administrator's."""
    path = tmp_path_factory.mktemp("web") / "store.duckdb"
    create_store(path)
    with closing(Workspace.open(path)) as ws:
        apply(ws, config_folder(), who="test")
        accounts.add(ws, ADMINISTRATOR, "ann", person="p0101", password=PASSWORD)
        accounts.add(ws, ADMINISTRATOR, "root", roles=["administrator"], password=PASSWORD)
    return path


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """A copy of that store, to change."""
    return Path(shutil.copy(made, tmp_path / "store.duckdb"))


@pytest.fixture
def ws(store: Path) -> Iterator[Workspace]:
    """A workspace on it."""
    with closing(Workspace.open(store)) as opened:
        yield opened


def behind(site: Site) -> Starlette:
    """Our routes and our guard; behind them, whatever gets through says so."""

    async def through(asked: Request) -> PlainTextResponse:
        return PlainTextResponse(f"reached {asked.method} {asked.url.path}")

    async def socket(asked: WebSocket) -> None:
        await asked.accept()
        async for text in asked.iter_text():
            await asked.send_text(f"heard {text}")

    every = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]
    rest = [WebSocketRoute("/{rest:path}", socket), Route("/{rest:path}", through, methods=every)]
    return Starlette(routes=[*routes(site), *rest], middleware=middleware(site))


@dataclass
class Reader:
    """A browser without a screen: it keeps cookies and follows nothing by itself."""

    site: Site
    client: httpx2.AsyncClient

    def ask(self, method: str, path: str, **given: object) -> httpx2.Response:
        """Ask and return the answer as it is."""
        return run_apart(self.client.request(method, path, **given))

    def get(self, path: str, **given: object) -> httpx2.Response:
        """Ask for a page."""
        return self.ask("GET", path, **{"headers": HTML, **given})

    def post(
        self, path: str, shown: str | None = None, headers: dict[str, str] | None = None, **form: str
    ) -> httpx2.Response:
        """Fill in the form on a page, by default the page it is posted to, and send it."""
        page = self.get(shown or path).text
        found = re.search(r'name="proof" value="(\w+)"', page)
        return self.ask("POST", path, data={**({"proof": found[1]} if found else {}), **form}, headers=headers or {})

    def sign_in(self, name: str = "ann", password: str = PASSWORD, **form: str) -> httpx2.Response:
        """Sign in with a password."""
        return self.post("/sign-in", name=name, password=password, **form)

    @property
    def token(self) -> str | None:
        """The session's token that the browser holds."""
        return self.client.cookies.get("kpiflow_session")


Readers = Callable[..., Reader]


@pytest.fixture
def reader(ws: Workspace) -> Readers:
    """Open browsers at the site; `at` is the address they show, `peer` where they sit, the rest is of the site."""

    def opened(
        at: str = "http://localhost", peer: str = "127.0.0.1", *, demo: bool = False, **of_site: object
    ) -> Reader:
        ws.demo = demo
        site = Site(ws, desk_of(ws), **of_site)
        transport = httpx2.ASGITransport(app=behind(site), client=(peer, 51234))
        return Reader(site, httpx2.AsyncClient(transport=transport, base_url=at, follow_redirects=False))

    return opened
