"""How much one client may ask and send: so many requests a second, so many bytes; checked before anything is worked out."""

import hashlib
import math
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.web.api.buckets import Buckets, Rate, Taken
from kpiflow.web.api.problems import problem
from kpiflow.web.settings.model import RATE
from kpiflow.workspace.api_tokens.measuring import Bounds
from kpiflow.workspace.sign_in.throttle import network

#: What changes nothing; all other methods write.
READING = ("GET", "HEAD", "OPTIONS")

#: The most bytes of a body that carries no table and no files.
SMALL = 1 << 20

#: The most bytes of a check-in with its files, which travel as text.
WITH_FILES = 16 << 20


@dataclass(frozen=True)
class Allowed:
    """What one client may do. An address may ask more than a token: a whole office can sit behind it.

    `body` is in bytes and counts for measurements.
    """

    reads: Rate = field(default_factory=lambda: Rate(20, 60))
    writes: Rate = field(default_factory=lambda: Rate(5, 20))
    address: Rate = field(default_factory=lambda: Rate(100, 300))
    body: int = 64 << 20
    bounds: Bounds = field(default_factory=Bounds)


def allowed_of(environment: Mapping[str, str] = os.environ) -> Allowed:
    """Return the limits set in the environment; raises InvalidInput for one that cannot be read.

    >>> allowed_of({"KPIFLOW_API_READS": "50/100", "KPIFLOW_API_BODY_MB": "8"}).reads
    Rate(per_second=50.0, burst=100)
    """
    usual = Allowed()
    return Allowed(
        _rate(environment, "KPIFLOW_API_READS", usual.reads),
        _rate(environment, "KPIFLOW_API_WRITES", usual.writes),
        _rate(environment, "KPIFLOW_API_ADDRESS", usual.address),
        _count(environment, "KPIFLOW_API_BODY_MB", usual.body >> 20) << 20,
        Bounds(rows=_count(environment, "KPIFLOW_API_ROWS", usual.bounds.rows)),
    )


def bounds_of(request: Request) -> Bounds:
    """Return how much of one body is unpacked."""
    found: Bounds = request.state.bounds
    return found


class Limits:
    """Middleware, pure ASGI, so that a body is counted while it comes in and never held whole."""

    def __init__(self, app: ASGIApp, allowed: Allowed | None = None) -> None:
        self.app = app
        self.allowed = allowed or allowed_of()
        self.buckets = Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 429, 415 or 413, or let through what is within the limits."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Request(scope)
        asked.state.bounds = self.allowed.bounds
        taken, policy = self._taken(asked)
        counted = _Counted(asked, receive, _telling(send, taken, policy), self._most(asked))
        refusal = _too_often(asked, taken) if taken.wait else _refused(asked, counted.most)
        if refusal is not None:
            await refusal(scope, receive, counted.outward)
            return
        try:
            await self.app(scope, counted.receive, counted.send)
        except _TooLarge:
            if not counted.refused:
                await counted.refuse()

    def _taken(self, asked: Request) -> tuple[Taken, str]:
        """Count a request of its address, then of its token; return what is left, and the policy it fell under."""
        now = time.monotonic()
        address = network(asked.client.host if asked.client else "unknown")
        by_address = self.buckets.take(("address", address), self.allowed.address, now)
        kind = "reads" if asked.method in READING else "writes"
        given = asked.headers.get("authorization", "")
        if by_address.wait or not given:
            return by_address, _policy("address", self.allowed.address)
        rate: Rate = getattr(self.allowed, kind)
        token = hashlib.sha256(given.encode()).digest()
        return self.buckets.take((kind, token), rate, now), _policy(kind, rate)

    def _most(self, asked: Request) -> int:
        path = asked.scope["path"]
        if path.endswith("/measurements"):
            return self.allowed.body
        return WITH_FILES if path.endswith("/check-ins") else SMALL


class _TooLarge(HTTPException):
    """The body went on beyond what is taken; raised where it is read, and passed on by FastAPI as it is."""

    def __init__(self) -> None:
        super().__init__(413)


class _Counted:
    """A request whose body is counted as it comes in. Beyond the limit the answer is 413, whatever the application says."""

    def __init__(self, asked: Request, receive: Receive, outward: Send, most: int) -> None:
        self.asked, self.most, self.outward = asked, most, outward
        self.refused = self._over = self._begun = False
        self._receive, self._bytes = receive, 0

    async def receive(self) -> Message:
        """Return what comes in next; raises when it is too much."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._bytes += len(message.get("body", b""))
            if self._bytes > self.most:
                self._over = True
                raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        """Send on what the application answers; once the body was too large, 413 in its place."""
        if self._over and not self._begun:
            if not self.refused:
                await self.refuse()
            return
        self._begun = True
        await self.outward(message)

    async def refuse(self) -> None:
        """Answer 413."""
        self.refused = True
        await _too_large(self.asked, self.most)(self.asked.scope, self._receive, self.outward)


def _telling(send: Send, taken: Taken, policy: str) -> Send:
    """Return a send that says in every answer how much is left."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and policy:
            headers = MutableHeaders(scope=message)
            headers["RateLimit-Policy"] = policy
            headers["RateLimit"] = f"{policy.partition(';')[0]};r={taken.left};t={taken.full_in}"
        await send(message)

    return sending


def _policy(name: str, rate: Rate) -> str:
    return f'"{name}";q={rate.burst};w={rate.window}' if rate.per_second else ""


def _too_often(asked: Request, taken: Taken) -> Response:
    seconds = max(1, math.ceil(taken.wait))
    said = msg("Too many requests came at once. Send the next one in {count} seconds.", count=seconds)
    return problem(asked, 429, said, {"Retry-After": str(seconds)}, kind="too_many_requests")


def _refused(asked: Request, most: int) -> Response | None:
    """Return the refusal of a body that is packed, or that says itself that it is too large; None for any other."""
    packed = asked.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("", "identity"):
        said = msg("Bodies packed as {encoding} are not taken. Send it as it is; Parquet is small by itself.",
                   encoding=packed[:40])  # fmt: skip
        return problem(asked, 415, said, {"Accept-Encoding": "identity"}, kind="unsupported_media_type")
    length = asked.headers.get("content-length", "0")
    return _too_large(asked, most) if not length.isdecimal() or int(length[:20]) > most else None


def _too_large(asked: Request, most: int) -> Response:
    said = msg("The body has more than {most} MB, which is the most taken here. Send it in parts.", most=most >> 20)
    return problem(asked, 413, said, {"Connection": "close"}, kind="content_too_large")


def _rate(environment: Mapping[str, str], name: str, usual: Rate) -> Rate:
    """Return a rate written as `20/60`: requests a second, and at once (without it, what comes in three seconds); `0`: no limit."""
    text = environment.get(name, "").strip()
    if not text:
        return usual
    found = RATE.fullmatch(text)
    if found is None:
        raise InvalidInput(
            msg("{variable} is '{text}'. Write requests a second and at once, such as 20/60, or 0 for no limit.",
                variable=name, text=text)
        )  # fmt: skip
    per_second = float(found[1])
    return Rate(per_second, int(found[2] or max(1, round(per_second * 3))))


def _count(environment: Mapping[str, str], name: str, usual: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return usual
    if not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise InvalidInput(msg("{variable} is '{text}', which is no whole number above 0.", variable=name, text=text))
    return int(text)
