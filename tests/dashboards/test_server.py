"""The one server: where it listens, what it says of itself, and how it ends."""

import json
import signal
import socket
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from dashboards.pages import PAGES
from kpiflow.errors import InvalidInput, StoreError
from kpiflow.web.server import entry, listening, only_here, serve
from kpiflow.workspace import Workspace
from kpiflow.workspace.commands import create_store
from tests.dashboards.conftest import serving


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "localhost", "::1"])
@pytest.mark.parametrize("demo", [True, False])
def test_this_machine_may_listen(host, demo):
    only_here(host, demo=demo)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org", ""])
def test_the_demo_is_refused_beyond_this_machine_before_anything_opens(host, tmp_path):
    with pytest.raises(InvalidInput, match=r"127\.0\.0\.1"):
        serve(tmp_path / "none.duckdb", host, 0, demo=True)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_every_address_of_the_machine_without_a_name_is_refused_before_anything_opens(host, tmp_path):
    with pytest.raises(InvalidInput, match="--allow-host"):
        serve(tmp_path / "none.duckdb", host, 0)


def test_a_store_in_which_nobody_can_sign_in_is_not_shown_to_others_and_left_in_order(tmp_path):
    path = tmp_path / "store.duckdb"
    create_store(path)
    with pytest.raises(InvalidInput, match="user add NAME --admin"):
        serve(path, "0.0.0.0", 0, hosts=("goals.example.com",))
    Workspace.open(path).close()


def test_a_name_that_is_no_machine_says_so():
    with pytest.raises(InvalidInput, match=r"goals\.invalid, port 0: (?!Unknown)"):
        listening("goals.invalid", 0)


def test_a_taken_port_says_so():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InvalidInput, match=rf"port {port}.*--port"):
            listening("127.0.0.1", port)


def test_a_missing_store_says_so(tmp_path):
    with pytest.raises(StoreError):
        serve(tmp_path / "none.duckdb", "127.0.0.1", 0)


def test_the_pages_lie_beside_the_entry():
    assert entry().exists()
    assert all((entry().parent / page.file).exists() for page in PAGES)
    assert (entry().parent / ".streamlit/config.toml").exists()


@pytest.mark.slow
def test_it_answers_and_leaves_the_store_in_order(tmp_path):
    path = tmp_path / "store.duckdb"
    create_store(path)
    with serving(path, demo=False) as (address, process):
        with urlopen(f"{address}/health") as answer:
            assert json.load(answer)["status"] == "ok"
        with pytest.raises(HTTPError, match="400"):  # a page elsewhere that points its own name at this machine
            urlopen(Request(f"{address}/health", headers={"Host": "evil.example"}))
        with pytest.raises(StoreError):
            Workspace.open(path)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) in (0, -signal.SIGINT, 130)
    Workspace.open(path).close()
