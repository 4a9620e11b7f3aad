"""Every kind of answer, refusals and failures too, carries the headers that keep others out, and says nothing of the inside."""

import logging
import os
import re
import shutil
from contextlib import closing

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from kpiflow.web import server
from kpiflow.web.headers import HEADERS, Headers, pages_policy
from kpiflow.web.server import application, desk_of, middleware
from kpiflow.web.site import Site
from kpiflow.workspace import Workspace
from tests.web.apart import run_apart
from tests.web.conftest import HTML, PASSWORD

SECRET = "correct horse battery staple"


def ask(app, method: str, path: str, **given):
    """One request at an application, whatever it raises."""

    async def asking():
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **given)

    return run_apart(asking())


def required_headers(answer) -> None:
    """Fail unless an answer carries all of them."""
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"script-src[^;]*'unsafe-(inline|eval)'", policy)
    assert not re.search(r"https?:|\*", policy), "nothing is fetched from elsewhere"
    assert answer.headers.get("access-control-allow-origin") is None, "no page elsewhere reads an answer"


@pytest.fixture(scope="module")
def whole(made, tmp_path_factory):
    """The whole application, Streamlit inside, on a copy of the store."""
    path = shutil.copy(made, tmp_path_factory.mktemp("whole") / "store.duckdb")
    with closing(Workspace.open(path)) as ws:
        yield application(Site(ws, desk_of(ws)))


@pytest.fixture(scope="module")
def cookie(whole):
    """The cookie of somebody signed in."""
    shown = ask(whole, "GET", "/sign-in")
    proof = re.search(r'name="proof" value="(\w+)"', shown.text)[1]
    form = {"proof": proof, "name": "ann", "password": PASSWORD}
    answer = ask(whole, "POST", "/sign-in", data=form, headers={"cookie": shown.headers["set-cookie"].split(";")[0]})
    return answer.headers["set-cookie"].split(";")[0]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sign-in", 200), ("GET", "/overview", 401), ("GET", "/media/x", 401), ("GET", "/health", 200),
        ("PUT", "/sign-in", 405), ("TRACE", "/sign-in", 405), ("OPTIONS", "/sign-in", 405), ("TRACE", "/overview", 401),
        ("CONNECT", "/sign-in", 405), ("POST", "/sign-in", 403), ("GET", "/welcome?token=x", 403), ("GET", "/static/%00", 400),
        ("GET", "/static/nothing.js", 200), ("GET", "/_stcore/metrics", 404), ("GET", "/_stcore/agent/mcp", 404),
        ("GET", "/api/v1/nothing", 404), ("GET", "/api/v1/", 200), ("GET", "/api/v1/goals", 401), ("POST", "/api/v1/goals", 405),
    ],
)  # fmt: skip
def test_a_stranger_gets_the_headers_with_every_answer(whole, method, path, status):
    answer = ask(whole, method, path)
    assert answer.status_code == status, answer.text[:200]
    required_headers(answer)


@pytest.mark.parametrize("method", ["GET", "TRACE", "OPTIONS", "DELETE", "PATCH", "PUT"])
@pytest.mark.parametrize("path", ["/overview", "/media/x", "/_stcore/upload_file/a/b", "/password", "/api/v1/goals"])
def test_somebody_signed_in_gets_them_too_and_nothing_is_echoed(whole, cookie, method, path):
    answer = ask(whole, method, path, headers={"cookie": cookie, "x-probe": SECRET, "origin": "http://localhost"})
    required_headers(answer)
    assert SECRET not in answer.text
    assert answer.status_code < 500
    if method not in ("GET", "OPTIONS"):
        assert answer.status_code >= 400


def test_a_name_that_is_not_ours_is_refused_with_them(whole):
    answer = ask(whole, "GET", "/sign-in", headers={"host": "evil.example"})
    assert answer.status_code == 400
    required_headers(answer)


def test_a_page_elsewhere_may_ask_for_nothing(whole, cookie):
    preflight = {"origin": "https://evil.example", "access-control-request-method": "POST", "cookie": cookie}
    for path in ("/overview", "/api/v1/goals", "/_stcore/host-config", "/_stcore/health", "/_stcore/upload_file/a/b"):
        answer = ask(whole, "OPTIONS", path, headers=preflight)
        assert "access-control-allow-origin" not in answer.headers, path
        assert "access-control-allow-credentials" not in answer.headers, path


@pytest.mark.parametrize("path", ["/password", "/media/x", "/sign-in", "/health", "/api/v1/goals"])
def test_nothing_of_anybody_stays_in_a_cache(whole, cookie, path):
    kept = ask(whole, "GET", path, headers={"cookie": cookie}).headers["cache-control"]
    assert "no-store" in kept or ("private" in kept and "no-cache" in kept)


def test_a_failure_nobody_foresaw_says_one_sentence_with_the_headers(ws, caplog):
    async def fails(asked):
        raise RuntimeError(SECRET)

    site = Site(ws, desk_of(ws))
    app = Starlette(routes=[Route("/health", fails)], middleware=middleware(site))
    with caplog.at_level(logging.ERROR):
        answer = ask(app, "GET", "/health")
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert "A request failed" in caplog.text
    required_headers(answer)


def test_half_an_answer_is_cut_off_and_not_finished_as_something_else(ws):
    async def half(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError(SECRET)

    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/x",
        "headers": [],
        "scheme": "http",
        "server": ("localhost", 80),
    }
    with pytest.raises(RuntimeError):
        run_apart(Headers(half, Site(ws, desk_of(ws)))(scope, None, send))
    assert len(sent) == 1


def test_with_https_browsers_are_held_to_it(ws):
    site = Site(ws, desk_of(ws), address="https://goals.example.com")
    app = Starlette(middleware=middleware(site))
    answer = ask(app, "GET", "/sign-in", headers={"host": "goals.example.com"})
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_scripts_of_pages_run_by_hash_and_no_other():
    assert re.search(r"script-src 'self' 'wasm-unsafe-eval' 'sha256-[\w+/=]{44}'", pages_policy())
    assert "default-src 'self'" in pages_policy()
    assert "object-src 'none'" in pages_policy()


@pytest.mark.parametrize(
    "path",
    [
        "/media/../../etc/passwd", "/media/..%2f..%2fetc%2fpasswd", "/media/%2e%2e/%2e%2e/etc/passwd", "/media//etc/passwd",
        "/media/C:%5CWindows%5Cwin.ini", "/static/..%2f..%2f..%2fkpiflow%2fweb%2fserver.py",
        "/static/....//....//etc/passwd",
        "/static//etc/passwd", "/static/%5c..%5c..%5cetc%5cpasswd", "/component/x/..%2f..%2f..%2fetc%2fpasswd",
        "/app/static/..%2fmain.py", "/_stcore/bidi-components/..%2f..%2fetc/passwd", "/api/v1/..%2f..%2fetc%2fpasswd",
        "/sign_in.css", "/kpiflow/web/server.py", "/.streamlit/config.toml", "/media/%00",
        "/.git/config", "/data/demo.duckdb", "/main.py",
    ],
)  # fmt: skip
def test_no_address_leads_to_a_file_that_is_not_served(whole, cookie, path):
    for headers in ({}, {"cookie": cookie}):
        answer = ask(whole, "GET", path, headers={**HTML, **headers})
        assert answer.status_code in (200, 303, 400, 401, 404), answer.status_code
        if answer.status_code == 200:
            assert '<div id="root">' in answer.text, "the empty page of the dashboards, which says the rest"
        assert not re.search(r"root:.*:0:0|import |\[theme|DUCK", answer.text)


def test_another_ones_upload_place_is_not_written_to(whole, cookie):
    """Streamlit takes an upload only with its own proof against other sites, besides ours."""
    answer = ask(whole, "PUT", "/_stcore/upload_file/00000000/1", headers={"cookie": cookie}, content=b"x")
    assert answer.status_code in (400, 403)


def test_the_server_is_told_to_be_strict(monkeypatch):
    """Who asks is believed of named proxies only; one request's end is where it says; sockets take no endless messages."""
    told = {}
    monkeypatch.setattr(
        uvicorn, "Server", lambda config: type("S", (), {"run": lambda _, sockets: told.update(vars(config))})()
    )
    monkeypatch.delenv("KPIFLOW_PROXIES", raising=False)
    server._run(None, None)
    assert told["proxy_headers"] is False
    assert told["server_header"] is False
    assert told["access_log"] is False, "addresses hold what people look for"
    assert told["ws_max_size"] <= 16 * 2**20
    assert told["timeout_keep_alive"] <= 30
    assert told["limit_concurrency"] <= 10_000
    assert issubclass(told["http"], H11Protocol)
    assert told["http"].patience <= 30
    assert told["h11_max_incomplete_event_size"] <= 64 * 2**10
    assert os.environ.get("KPIFLOW_PROXIES") is None
