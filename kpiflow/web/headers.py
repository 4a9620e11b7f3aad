"""The headers on every answer, refusals and failures too: what browsers may do with a page, keep of it and put it into."""

import base64
import hashlib
import logging
import re
from collections.abc import Mapping
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kpiflow.web.site import Site

LOG = logging.getLogger("kpiflow.web")

#: Streamlit's own files, which hold no data and are the same for everybody: a browser may keep them.
KEPT = ("/static/", "/favicon.png")

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class Headers:
    """The outermost middleware: whatever is answered further in, by whom and why ever, leaves through here."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app = app
        self.site = site
        self.policy = pages_policy()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with headers; a failure nobody foresaw becomes one sentence, and the log gets the trace."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._add(scope, MutableHeaders(scope=message))
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:
            LOG.exception("A request failed: %s %r", scope["method"], scope["path"])
            if begun:
                raise  # half an answer is under way: only cutting it off says that it is no whole one
            await PlainTextResponse("Something went wrong. The server's log says what.", 500)(scope, receive, sending)

    def _add(self, scope: Scope, headers: MutableHeaders) -> None:
        for name in [name for name in headers if name.lower().startswith("access-control-")]:
            del headers[name]  # Streamlit offers uploads to its own development pages
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", self.policy)
        if self.site.is_https(HTTPConnection(scope)):
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if not scope["path"].startswith(KEPT) and "no-cache" not in headers.get("Cache-Control", ""):
            headers["Cache-Control"] = "private, no-store"


def pages_policy() -> str:
    """Return what Streamlit's pages may load: everything from here, the one script in its page by its hash.

    Styles are written into the page by Streamlit itself, and its charts are drawn as data.
    """
    page = Path(streamlit.__file__).with_name("static").joinpath("index.html").read_text(encoding="utf-8")
    scripts = " ".join(f"'{_hash(script)}'" for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL))
    return (
        f"default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
