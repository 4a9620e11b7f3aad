"""The server itself, Streamlit behind the guard: what a stranger gets, and what an ended session gets."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.sign_in import accounts
from tests.dashboards.conftest import serving
from tests.web.apart import run_apart
from tests.web.conftest import HTML, PASSWORD

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on a copy of the store with two accounts."""
    path = Path(shutil.copy(made, tmp_path_factory.mktemp("served") / "store.duckdb"))
    with closing(Workspace.open(path)) as ws:
        accounts.add(ws, ADMINISTRATOR, "bob", person="p0002", password=PASSWORD)
    with serving(path, demo=False) as (address, _):
        yield address


def signed_in(address: str, name: str = "ann") -> httpx2.Client:
    """A browser without a screen that has a session."""
    client = httpx2.Client(base_url=address)
    proof = re.search(r'name="proof" value="(\w+)"', client.get("/sign-in").text)[1]
    answer = client.post("/sign-in", data={"proof": proof, "name": name, "password": PASSWORD})
    assert answer.status_code == 303
    return client


def socket_answers(address: str, **headers: str) -> int:
    """Open Streamlit's socket; return the status of the answer."""

    async def opening() -> int:
        try:
            async with connect(address.replace("http", "ws") + "/_stcore/stream", additional_headers=headers):
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    return run_apart(opening())


def test_a_stranger_gets_the_way_in_and_streamlits_own_files_and_nothing_else(served):
    with httpx2.Client(base_url=served) as client:
        page = Path(__import__("streamlit").__file__).with_name("static").joinpath("index.html").read_text("utf-8")
        asset = re.search(r"\./(static/js/index\.[\w-]+\.js)", page)[1]
        for path in (f"/{asset}", "/health", "/_stcore/health", "/_stcore/host-config", "/favicon.png", "/sign-in"):
            assert client.get(path).status_code == 200, path
        for path in ("/", "/overview", "/goal", "/password", "/index.html"):
            answer = client.get(path, headers=HTML)
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in"), path
        for method, path in (
            ("GET", "/media/x"),
            ("PUT", "/_stcore/upload_file/a/b"),
            ("GET", "/component/x/y"),
            ("GET", "/manifest.json"),
        ):
            assert client.request(method, path).status_code == 401, path
    assert socket_answers(served) == 403


def test_the_socket_wants_a_session_and_our_own_page(served):
    with closing(signed_in(served)) as client:
        cookie = f"kpiflow_session={client.cookies['kpiflow_session']}"
        assert socket_answers(served, Cookie=cookie) == 101
        assert socket_answers(served, Cookie=cookie, Origin=served) == 101
        assert socket_answers(served, Cookie=cookie, Origin="https://evil.example") == 403
        assert socket_answers(served, Cookie="kpiflow_session=forged", Origin=served) == 403


def test_pages_are_served_to_whoever_is_signed_in_and_no_more_after_signing_out(served):
    with closing(signed_in(served)) as client:
        assert '<div id="root">' in client.get("/overview", headers=HTML).text
        assert client.get("/", headers=HTML).status_code == 303
        assert client.get("/_stcore/metrics").status_code == 404
        cookie = f"kpiflow_session={client.cookies['kpiflow_session']}"
        proof = re.search(r'name="proof" value="(\w+)"', client.get("/password").text)[1]
        client.post("/sign-out", data={"proof": proof})
        assert client.get("/overview", headers={**HTML, "cookie": cookie}).status_code == 303
    assert socket_answers(served, Cookie=cookie, Origin=served) == 403


def test_an_open_socket_is_closed_when_its_session_ends(served):
    async def closed_with() -> int | None:
        client = signed_in(served, "bob")
        cookie = f"kpiflow_session={client.cookies['kpiflow_session']}"
        proof = re.search(r'name="proof" value="(\w+)"', client.get("/password").text)[1]
        async with connect(
            served.replace("http", "ws") + "/_stcore/stream", additional_headers={"Cookie": cookie}
        ) as open_:
            client.post("/sign-out-everywhere", data={"proof": proof})
            for _ in range(3):
                await open_.send(b"")
            await asyncio.wait_for(open_.wait_closed(), 30)
            return open_.close_code

    assert run_apart(closed_with()) == 4401


def test_neither_tokens_nor_passwords_are_in_what_the_server_writes(made, tmp_path):
    path = Path(shutil.copy(made, tmp_path / "store.duckdb"))
    with serving(path, demo=False, says=tmp_path / "said.txt") as (address, _):
        with closing(signed_in(address)) as client:
            token = client.cookies["kpiflow_session"]
            client.get("/goal?goal=nyc-ontime", headers=HTML)
            client.get(f"/welcome?token={token}")
        socket_answers(address, Cookie=f"kpiflow_session={token}")
    said = (tmp_path / "said.txt").read_text()
    left = path.read_bytes() + b"".join(one.read_bytes() for one in path.parent.glob("store.duckdb.*"))
    assert token not in said
    assert PASSWORD not in said
    assert token.encode() not in left
    assert PASSWORD.encode() not in left
