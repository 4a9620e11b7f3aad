"""JSON behind an address: a real server that fails, turns pages, knows ETags, and would send a token elsewhere."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kpiflow.sources.live import Failure, Since, SourceFailed
from kpiflow.sources.live.http_json import HttpJsonSource
from kpiflow.sources.live.trying import tried

HERE = Since(Path())
ROWS = [
    {"shop": {"code": "EWR"}, "on": f"2026-01-0{day}", "sum": 0.1 * day if day > 1 else 1e-3, "at": f"2026-01-0{day}T12:00:00Z"}
    for day in range(1, 6)
]  # fmt: skip


@dataclass
class Site:
    """What the server answers, and what it was asked."""

    address: str = ""
    failing: list[int] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    body: bytes | None = None


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    site = Site()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            parts = urlsplit(self.path)
            if site.failing:
                return self.answer(site.failing.pop(0), b"no")
            if self.headers.get("Authorization") != "Bearer geheim-wort":
                return self.answer(401, b"no")
            if self.headers.get("If-None-Match") == '"v1"':
                return self.answer(304, b"")
            if site.body is not None:
                return self.answer(200, site.body)
            page = int(parse_qs(parts.query).get("page", ["1"])[0])
            if parts.path == "/all":
                return self.answer(200, json.dumps({"data": {"items": ROWS}}).encode(), ETag='"v1"')
            found = {"items": ROWS[2 * page - 2 : 2 * page], "next": f"/links?page={page + 1}" if page < 3 else None}
            if parts.path == "/away":
                found["next"] = "http://127.0.0.1:1/steal"
            return self.answer(200, json.dumps(found).encode())

        def answer(self, code: int, body: bytes, **headers: str) -> None:
            self.send_response(code)
            for name, text in headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    site.address = f"http://127.0.0.1:{made.server_address[1]}"
    yield site
    made.shutdown()


@pytest.fixture(autouse=True)
def fresh(server, monkeypatch):
    server.asked.clear()
    server.failing.clear()
    server.body = None
    monkeypatch.setenv("SHOP_TOKEN", "geheim-wort")


def source(server, path="/all", **more):
    said = {
        "source": "shop", "label": "Shop", "url": server.address + path, "headers": {"Authorization": "Bearer ${SHOP_TOKEN}"},
        "rows": "data.items" if path == "/all" else "items", "fixed": {"metric": "sales"},
        "columns": {"unit": "shop.code", "day": "on", "value": "sum"}, "watermark": "at",
    }  # fmt: skip
    return HttpJsonSource(**said | more)


def values(fetched):
    return fetched.parts[0].rows.select("unit", "day", "value").rows()


#: Numbers as JSON writes them, never as binary fractions; 0.30000000000000004 is what the server wrote.
WRITTEN = [
    ("EWR", f"2026-01-0{day}", value)
    for day, value in ((1, "0.001"), (2, "0.2"), (3, "0.30000000000000004"), (4, "0.4"), (5, "0.5"))
]


def test_it_fails_twice_and_then_answers(server):
    server.failing += [503, 429]
    asked = source(server)
    found = tried(asked, HERE, lambda: asked.fetch(HERE), first=0.01)
    assert values(found) == WRITTEN
    assert len(server.asked) == 3
    assert found.state == {"etag": '"v1"', "watermark": "2026-01-05T12:00:00Z"}


def test_what_cannot_help_is_not_tried_again(server):
    server.failing += [404, 503]
    asked = source(server)
    with pytest.raises(SourceFailed) as failed:
        tried(asked, HERE, lambda: asked.fetch(HERE), first=0.01)
    assert failed.value.kind is Failure.NOT_THERE
    assert len(server.asked) == 1


def test_it_gives_up_after_so_many_and_at_once_when_the_server_stops(server):
    server.failing += [503] * 20
    asked = source(server, retries=2)
    with pytest.raises(SourceFailed) as failed:
        tried(asked, HERE, lambda: asked.fetch(HERE), first=0.01)
    assert failed.value.kind is Failure.UNREACHABLE
    assert len(server.asked) == 3
    stopping = Since(HERE.home)
    stopping.ending.set()
    with pytest.raises(SourceFailed):
        tried(asked, stopping, lambda: asked.fetch(stopping), first=60)
    assert len(server.asked) == 4


def test_nothing_new_is_nothing_to_read(server):
    state = source(server).fetch(HERE).state
    again = source(server).fetch(Since(HERE.home, state))
    assert again.parts == ()
    assert again.state == state


@pytest.mark.parametrize("ways", [{"next": "next"}, {"page_parameter": "page"}])
def test_all_pages_are_read(server, ways):
    found = source(server, "/links", **ways).fetch(HERE)
    assert values(found) == WRITTEN
    assert "etag" not in found.state


def test_only_what_is_new_is_asked_for_with_time_for_late_rows(server):
    asked = source(server, since_parameter="since", reread="2d")
    asked.fetch(Since(HERE.home, {"watermark": "2026-01-05T12:00:00Z"}))
    (path, _) = server.asked[0]
    assert parse_qs(urlsplit(path).query)["since"] == ["2026-01-03T12:00:00+00:00"]


def test_a_token_goes_nowhere_else(server):
    with pytest.raises(SourceFailed) as failed:
        source(server, "/away", next="next").fetch(HERE)
    assert failed.value.kind is Failure.NOT_ALLOWED
    server.failing.append(302)
    with pytest.raises(SourceFailed):
        source(server).fetch(HERE)
    with pytest.raises(ValueError, match="never written here"):
        source(server, headers={"Authorization": "Bearer geheim-wort"})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "not JSON"),
        (b"{}", "data.items"),
        (b'{"data": {"items": 3}}', "data.items"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_strange_answers_are_told(server, body, said):
    server.body = body
    with pytest.raises(SourceFailed) as failed:
        source(server).fetch(HERE)
    assert failed.value.kind is Failure.NOT_UNDERSTOOD
    assert said in failed.value.said


def test_a_token_that_is_not_taken(server, monkeypatch):
    monkeypatch.setenv("SHOP_TOKEN", "old")
    with pytest.raises(SourceFailed) as failed:
        source(server).fetch(HERE)
    assert failed.value.kind is Failure.NOT_ALLOWED
