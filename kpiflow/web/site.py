"""What the sign-in pages and the guard know of the site they stand on: its workspace, its addresses, its provider."""

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from starlette.requests import HTTPConnection

from kpiflow.web.settings import Provider, is_loopback
from kpiflow.workspace import Asker, Workspace

#: The names this machine goes by. Any other name in a request is a web page elsewhere that has pointed its own name at
#: this machine to read what is served here.
HOSTS = ("localhost", "127.0.0.1", "::1", "[::1]", "[")

#: What a reverse proxy adds: with any of these, whoever asks sits elsewhere, whatever the socket says.
FORWARDED = (
    "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-forwarded-server",
    "x-real-ip", "x-client-ip", "cf-connecting-ip", "true-client-ip", "via",
)  # fmt: skip


class Beside(Protocol):
    """Work that runs beside the server, and whether it does."""

    @property
    def alive(self) -> bool:
        """Whether it works."""
        ...


@dataclass(frozen=True)
class Site:
    """Where people reach the pages, and who vouches for them.

    `address` is the public one when it is not the one listened on, such as that of a proxy that speaks HTTPS; `hosts`
    are further names that requests may carry; `local` says that only this machine can reach the socket. `prepared` is set
    once what first visitors would wait for is there; `beside` are the workers that run with the server.
    """

    ws: Workspace
    desk: Callable[[Asker], str]
    local: bool = True
    address: str | None = None
    hosts: tuple[str, ...] = ()
    provider: Provider | None = None
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    prepared: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)
    beside: list[Beside] = field(default_factory=list, repr=False, compare=False)

    def names(self) -> list[str]:
        """Return the host names that requests may be made to."""
        public = urlsplit(self.address).hostname if self.address else None
        return [*HOSTS, *self.hosts, *([public] if public else [])]

    def sign(self, text: str) -> str:
        """Return a proof that a text was written by this process."""
        return hmac.digest(self.secret, text.encode(), "sha256").hex()

    def base(self, asked: HTTPConnection) -> SplitResult:
        """Return the address that the reader's browser shows, down to the host."""
        return urlsplit(self.address or str(asked.base_url))

    def is_https(self, asked: HTTPConnection) -> bool:
        """Return whether cookies travel by HTTPS, and may therefore be held to it."""
        return self.base(asked).scheme in ("https", "wss")

    def is_ours(self, origin: str | None, asked: HTTPConnection) -> bool:
        """Return whether a request came from a page of ours; what sends no origin is no browser, and has no page."""
        if origin is None:
            return True
        found = urlsplit(origin).netloc
        return bool(found) and found in (asked.headers.get("host"), urlsplit(self.address or "").netloc)

    def is_cross_site(self, asked: HTTPConnection) -> bool:
        """Return whether a page elsewhere made the reader's browser ask this."""
        fetched = asked.headers.get("sec-fetch-site")
        return fetched not in (None, "same-origin", "none") or not self.is_ours(asked.headers.get("origin"), asked)

    def offers_demo(self, asked: HTTPConnection) -> bool:
        """Return whether the reader may look as anybody: in the demo, on this machine, and without a proxy between."""
        peer = asked.client.host if asked.client else ""
        direct = not any(name in asked.headers for name in FORWARDED)
        return self.ws.demo and self.local and direct and is_loopback(peer)
