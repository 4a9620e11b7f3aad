"""Connections that keep a server waiting: headers that come slowly or never, idle ones by the hundred, on a real socket."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from websockets.asyncio.client import connect

from kpiflow.web.patience import PATIENCE, Patient, allow_connections
from kpiflow.web.server import CONNECTIONS
from tests.web.apart import run_apart

#: Seconds that the servers of these tests wait; a page of theirs takes longer than that to answer.
SHORT, LONG = 0.6, 1.2
WHOLE = b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def slow_app(scope, receive, send) -> None:
    """Answer slowly; on a socket, after a while."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await asyncio.sleep(LONG)
        await send({"type": "websocket.send", "text": "still here"})
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(LONG)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server that speaks HTTP as ours does, but with little patience."""
    protocol = type("Short", (Patient,), {"patience": SHORT})
    server = uvicorn.Server(
        uvicorn.Config(slow_app, http=protocol, lifespan="off", log_config=None, timeout_keep_alive=5)
    )
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(30)


def ended_after(port: int, *said: bytes, every: float = 0.0) -> float:
    """Say this, bit by bit; return the seconds until the server hangs up, a long time when it does not."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        began = time.monotonic()
        line.settimeout(every or 30)
        for bit in (*said, *([b""] * 200 if every else [])):
            with contextlib.suppress(OSError):
                line.sendall(bit)
            try:
                if line.recv(1000) == b"":
                    return time.monotonic() - began
            except TimeoutError:
                continue
            except ConnectionError:
                return time.monotonic() - began
    return 1e9


@pytest.mark.parametrize(
    ("said", "every"),
    [
        ((b"",), 0.0), ((b"GET / HTTP/1.1\r\n",), 0.0), ((b"GET / HTTP/1.1\r\nHost: localhost\r\n",), 0.0),
        (tuple(bytes([letter]) for letter in b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * 200), 0.05),
    ],
    ids=["nothing", "one line", "no end", "drop by drop"],
)  # fmt: skip
def test_headers_that_never_end_are_hung_up_on(port, said, every):
    assert SHORT * 0.9 < ended_after(port, *said, every=every) < 8


def test_whoever_has_asked_is_waited_for_and_so_is_a_page_that_is_open(port):
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(30)
        line.sendall(WHOLE)
        assert line.recv(1000).startswith(b"HTTP/1.1 200"), "an answer may take longer than a question"
        line.sendall(b"GET / HTTP/1.1\r\nHost:")  # a second question on the same line, never finished
        rest = line.recv(1000)
        while rest == b"ok":
            rest = line.recv(1000)
        assert rest == b"", "is hung up on like a first one"

    async def opened() -> str:
        async with connect(f"ws://127.0.0.1:{port}/") as page:
            return await page.recv()

    assert run_apart(opened()) == "still here"


def test_hundreds_of_idle_connections_keep_nobody_out_and_are_gone_soon(port):
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(300)]
    try:
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.settimeout(10)
            line.sendall(WHOLE.replace(b"/slow", b"/"))
            assert line.recv(1000).startswith(b"HTTP/1.1 200")
        for one in idle:
            one.settimeout(10)
            assert one.recv(10) == b""
    finally:
        for one in idle:
            one.close()


def test_the_process_may_open_as_many_files_as_it_takes_connections():
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        allow_connections(CONNECTIONS)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert soft == hard or soft > CONNECTIONS
        allow_connections(1)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == soft, "it is never made less"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert PATIENCE <= 30
