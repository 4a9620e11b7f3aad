"""One line of the log and two figures for each request: what kind of address, how it ended, how long it took, who asked.

Never what was asked: addresses are told by their template, without the values in them, and without query, cookies or body.
"""

import logging
import re
import time
import uuid

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.pages import PAGES, path
from kpiflow.web.asking import ASKER
from kpiflow.web.metrics import Metrics

#: Where a request's id travels, and what one from outside may look like.
HEADER, GIVEN = "X-Request-Id", re.compile(r"[\w.-]{8,64}")

#: Addresses of ours that hold no value, and the beginnings of those that do.
PLAIN = frozenset(
    {
        "/", "/health", "/health/ready", "/metrics", "/sign-in", "/sign-in/demo", "/sign-in/oidc", "/sign-in/oidc/callback",
        "/sign-out", "/sign-out-everywhere", "/welcome", "/password", "/revoke-tokens",
        "/favicon.png", "/_stcore/stream", "/_stcore/health",
        "/_stcore/host-config", *(f"/{path(page)}" for page in PAGES),
    }
)  # fmt: skip
BEGINNINGS = ("/api/v1/", "/static/", "/media/", "/_stcore/upload_file/", "/_stcore/", "/component/")

#: Asked every few seconds by machines, or for every picture of a page: worth no line unless something went wrong.
OFTEN = ("/health", "/health/ready", "/metrics", "/favicon.png", "/static/…", "/_stcore/health", "/_stcore/host-config")

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

log = logging.getLogger("kpiflow.requests")


class Watched:
    """The outermost middleware: it sees every request come in and every answer leave."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note how it ended."""
        if scope["type"] == "websocket":
            with self.metrics.sockets.track_inprogress():
                await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, asked, status = time.perf_counter(), request_id(scope), 500
        path_ = str(scope["path"])

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = asked
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            self._note(scope, template(scope, path_), status, time.perf_counter() - began, asked)

    def _note(self, scope: Scope, where: str, status: int, seconds: float, asked: str) -> None:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        self.metrics.answered(method, where, status, seconds)
        told = {
            "method": method, "path": where, "status": status, "ms": round(seconds * 1000, 1),
            "asker": scope.get(ASKER), "request": asked,
        }  # fmt: skip
        level = logging.DEBUG if where in OFTEN and status < 400 else logging.INFO
        log.log(level, "request", extra={"told": told})


def request_id(scope: Scope) -> str:
    """Return the id that a proxy gave a request, or a new one."""
    given = HTTPConnection(scope).headers.get(HEADER, "")
    return given if GIVEN.fullmatch(given) else uuid.uuid4().hex


def template(scope: Scope, asked: str) -> str:
    """Return the kind of address that was asked for, without the values in it."""
    route = getattr(scope.get("route"), "path", None)
    if route:
        return f"{scope.get('root_path', '')}{route}"
    if asked in PLAIN:
        return asked
    return next((f"{start}…" for start in BEGINNINGS if asked.startswith(start)), "other")
