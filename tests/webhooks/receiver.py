"""A receiver of webhooks: a real HTTP server in a thread that keeps what it is sent and answers as it is told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Heard:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Where it listens, what it heard, and what it answers next: a status with headers; 204 when nothing is left.

    `delay` is how many seconds it takes to answer.
    """

    address: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    delay: float = 0.0
    came: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int, seconds: float = 60) -> list[Heard]:
        """Wait until so many requests have come; return them."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.heard) >= count, seconds), f"only {len(self.heard)} came"
            return list(self.heard)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with receiver.came:
                named = {name.lower(): value for name, value in self.headers.items()}
                receiver.heard.append(Heard(self.path, named, body))
                status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
                receiver.came.notify_all()
            time.sleep(receiver.delay)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    receiver.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
