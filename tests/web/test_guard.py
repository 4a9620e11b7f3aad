"""Nothing but the way in is answered without a session, whatever is asked for and however."""

import asyncio
import re

import pytest

from kpiflow.web.headers import pages_policy
from kpiflow.workspace import ADMINISTRATOR
from kpiflow.workspace.sign_in import accounts
from tests.web.apart import run_apart
from tests.web.conftest import HTML, behind

PAGES = [
    "/",
    "/overview",
    "/goal?goal=nyc-ontime&period=2013",
    "/accounts",
    "/password",
    "/nothing/here",
    "/_stcore/stream",
]
FILES = [
    ("GET", "/media/abc.xlsx"),
    ("GET", "/component/x/index.html"),
    ("GET", "/_stcore/bidi-components/x"),
    ("GET", "/app/static/x"),
    ("PUT", "/_stcore/upload_file/session/file"),
    ("DELETE", "/_stcore/upload_file/session/file"),
    ("POST", "/anything"),
    ("POST", "/password"),
    ("POST", "/sign-out-everywhere"),
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_leads_to_the_sign_in_with_the_way_back(reader, path):
    answer = reader().get(path)
    assert answer.status_code == 303
    back = answer.headers["location"]
    assert back.startswith("/sign-in?next=")
    assert reader().get(back).status_code == 200


def test_the_way_back_keeps_the_query_and_the_language(reader):
    one = reader()
    back = one.get("/goal?goal=nyc-ontime&language=zh").headers["location"]
    shown = one.get(back).text
    assert "密码" in shown
    hidden = dict(re.findall(r'name="(next|proof|language)" value="([^"]*)"', shown))
    answer = one.ask(
        "POST",
        "/sign-in",
        data={**hidden, "name": "ann", "password": "seven blue kites", "next": "/goal?goal=nyc-ontime&language=zh"},
    )
    assert hidden["next"] == "/goal?goal=nyc-ontime&amp;language=zh"
    assert answer.headers["location"] == "/goal?goal=nyc-ontime&language=zh"


@pytest.mark.parametrize(("method", "path"), FILES)
def test_files_and_uploads_are_refused(reader, method, path):
    answer = reader().ask(method, path)
    assert answer.status_code == 401
    assert "reached" not in answer.text


@pytest.mark.parametrize(
    "path", ["/health", "/_stcore/health", "/_stcore/host-config", "/favicon.png", "/static/js/index.js"]
)
def test_the_way_in_needs_no_session(reader, path):
    assert reader().get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static",
        "/static../media/x",
        "/health/",
        "/health%2F..%2Foverview",
        "/health%3Fx",
        "/sign-in/../overview",
        "//overview",
        "/_stcore/health/x",
        "/favicon.png/x",
    ],
)
def test_what_only_looks_like_the_way_in_is_not(reader, path):
    assert "reached" not in reader().get(path).text


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize(
    "path", ["/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json", "/_stcore/metrics"]
)
def test_other_doors_to_the_pages_are_closed_to_all(reader, path, signed_in):
    one = reader()
    if signed_in:
        one.sign_in()
    assert one.ask("POST", path).status_code == 404


@pytest.mark.parametrize("cookie", ["x", "x" * 43, "a" * 5000, "", '"', "../../etc", "%00"])
def test_a_forged_cookie_opens_nothing(reader, cookie):
    one = reader()
    one.sign_in()
    forged = reader()
    assert forged.ask("GET", "/overview", headers={**HTML, "cookie": f"kpiflow_session={cookie}"}).status_code == 303
    assert one.get("/overview").text == "reached GET /overview"


def test_with_a_session_everything_is_there_and_the_root_leads_to_the_desk(reader):
    one = reader()
    one.sign_in()
    assert one.get("/goal?goal=x").text == "reached GET /goal"
    assert one.get("/media/x").text == "reached GET /media/x"
    answer = one.get("/?period=2013&language=zh")
    assert answer.status_code == 303
    assert re.fullmatch(r"/[a-z]+\?period=2013&language=zh", answer.headers["location"])


def test_a_page_elsewhere_cannot_upload_with_our_cookie(reader):
    one = reader()
    one.sign_in()
    for headers in (
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
    ):
        assert one.ask("PUT", "/_stcore/upload_file/s/f", headers=headers).status_code == 403
    assert one.ask("PUT", "/_stcore/upload_file/s/f", headers={"origin": "http://localhost"}).status_code == 200


def test_a_host_that_is_not_ours_is_not_answered(reader):
    assert reader("http://evil.example").get("/sign-in").status_code == 400
    assert reader("http://goals.example.com").get("/sign-in").status_code == 400
    assert reader("http://goals.example.com", hosts=("goals.example.com",)).get("/sign-in").status_code == 200
    assert reader("http://goals.example.com", address="https://goals.example.com").get("/sign-in").status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/overview", "/media/x", "/health", "/static/x.js"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_answer_carries_the_headers_that_keep_others_out(reader, path, signed_in):
    one = reader()
    if signed_in:
        one.sign_in()
    headers = one.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "http" not in policy, "nothing is fetched from elsewhere"
    if path in ("/overview", "/media/x", "/sign-in"):
        assert "no-store" in headers["cache-control"]


def test_the_sign_in_page_may_run_nothing(reader):
    answer = reader().get("/sign-in")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text
    assert " on" not in re.sub(r">[^<]*<", "><", answer.text), "no handler in an attribute"


def test_the_script_in_streamlits_page_runs_by_its_hash():
    assert re.search(r"script-src 'self' 'wasm-unsafe-eval' 'sha256-[\w+/=]{44}'", pages_policy())
    assert "script-src 'self' 'unsafe-inline'" not in pages_policy()


# Sockets


def talk(site, headers, *, before=None, texts=("hello",)):
    """Open a socket and say something; return what came back, and the code it was closed with."""
    said, heard = [{"type": "websocket.connect"}], []

    async def receive():
        if said:
            return said.pop(0)
        if texts_left:
            if before is not None:
                await asyncio.to_thread(before, len(texts) - len(texts_left))
            return {"type": "websocket.receive", "text": texts_left.pop(0)}
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(message):
        heard.append(message)

    texts_left = list(texts)
    scope = {
        "type": "websocket", "asgi": {"version": "3.0"}, "scheme": "ws", "path": "/_stcore/stream", "raw_path": b"/_stcore/stream",
        "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1), "server": ("localhost", 80), "subprotocols": [],
        "headers": [(b"host", b"localhost"), *((name.encode(), value.encode()) for name, value in headers.items())],
    }  # fmt: skip
    run_apart(behind(site)(scope, receive, send))
    codes = [message["code"] for message in heard if message["type"] == "websocket.close"]
    return [message["text"] for message in heard if message["type"] == "websocket.send"], codes, heard[0]["type"]


def test_a_socket_without_a_session_is_never_accepted(reader):
    site = reader().site
    for cookie in ({}, {"cookie": "kpiflow_session=forged"}):
        assert talk(site, cookie) == ([], [4401], "websocket.close")


def test_a_socket_from_a_page_elsewhere_is_never_accepted(reader):
    one = reader()
    one.sign_in()
    for origin in ("https://evil.example", "http://localhost.evil.example", "null", "http://localhost:81"):
        answer = talk(one.site, {"cookie": f"kpiflow_session={one.token}", "origin": origin})
        assert answer == ([], [4403], "websocket.close")


def test_a_socket_with_a_session_talks(reader):
    one = reader()
    one.sign_in()
    heard, codes, _ = talk(
        one.site, {"cookie": f"kpiflow_session={one.token}", "origin": "http://localhost"}, texts=("a", "b")
    )
    assert heard == ["heard a", "heard b"]
    assert codes == []


def test_a_socket_whose_session_ends_gets_one_answer_more_and_is_closed(reader, ws):
    """The one answer is the page that says so: whoever asks is looked up anew in it, and is nobody."""
    one = reader()
    one.sign_in()

    def before(number: int) -> None:
        if number == 1:
            accounts.disable(ws, ADMINISTRATOR, "ann")

    cookie = {"cookie": f"kpiflow_session={one.token}", "origin": "http://localhost"}
    heard, codes, _ = talk(one.site, cookie, before=before, texts=("a", "b", "c", "d"))
    assert heard == ["heard a", "heard b"]
    assert codes == [4401]
