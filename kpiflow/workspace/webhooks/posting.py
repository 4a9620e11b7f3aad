"""One request to a receiver: to an address that was looked at, without redirects, with an end in time."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from kpiflow.errors import InvalidInput
from kpiflow.workspace.webhooks.addresses import Address, allowed_addresses
from kpiflow.workspace.webhooks.terms import Terms


@dataclass(frozen=True)
class Answer:
    """What a receiver answered: its status, or in `said` why there was none; and in how many seconds it asked to wait."""

    status: int | None
    said: str | None
    took_ms: int
    wait: float | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver took the event."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], terms: Terms) -> Answer:
    """Send one message; whatever goes wrong is an answer, never an error."""
    began = time.monotonic()
    try:
        address = allowed_addresses(url, terms.networks)[0]
        status, wait = _asked(url, address, body, headers, terms.timeout)
    except InvalidInput as refusal:
        return Answer(None, str(refusal), _ms(began))
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as problem:
        return Answer(None, f"{type(problem).__name__}: {str(problem)[:200]}", _ms(began))
    return Answer(status, None, _ms(began), wait)


def _asked(
    url: str, address: Address, body: bytes, headers: Mapping[str, str], timeout: float
) -> tuple[int, float | None]:
    """Return the status and the seconds to wait; the body of the answer is nobody's concern and stays unread."""
    host = urlsplit(url).hostname or ""
    target = httpx2.URL(url).copy_with(host=str(address))
    named = {**headers, "host": urlsplit(url).netloc, "content-type": "application/json", "user-agent": "KPIFlow"}
    # The name that was looked up is the one whose certificate is checked, although the connection goes to its address.
    extensions = {"sni_hostname": host} if target.scheme == "https" else {}
    with (
        httpx2.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", target, content=body, headers=named, extensions=extensions) as answer,
    ):
        return answer.status_code, _seconds(answer.headers.get("retry-after"))


def _seconds(text: str | None) -> float | None:
    """Return the seconds a receiver asks to wait; a day written out is taken as nothing said."""
    return float(text) if text and text.isdigit() else None


def _ms(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
