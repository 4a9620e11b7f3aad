"""Asking an address for JSON: page after page, each held to limits, its rows taken apart without losing a digit."""

import datetime
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
import polars as pl

from kpiflow.core.live_source import length
from kpiflow.errors import KPIFlowError
from kpiflow.sources.headings import COLUMNS
from kpiflow.sources.live.asked import Failure, Fetched, Look, Part, Since, SourceFailed
from kpiflow.sources.live.failing import failure_of
from kpiflow.sources.live.http_json import HttpJsonSource
from kpiflow.sources.live.secrets import filled, filled_address, scrubbed
from kpiflow.sources.live.tidying import tidied

#: An endless list of pages, or an endless page, is somebody's mistake.
MOST_PAGES, MOST_BYTES = 10_000, 64 * 1024 * 1024

#: Answers after which another attempt may do better.
_PASSING = (408, 425, 429, 500, 502, 503, 504)


def fetched(source: HttpJsonSource, since: Since) -> Fetched:
    """Return the rows of all pages, or nothing when the address says that nothing changed; raises SourceFailed."""
    tag: str | None = None
    rows: list[Any] = []
    with _asking(source) as client:
        for number, (answer, content) in enumerate(_pages(source, client, since)):
            if answer.status_code == httpx2.codes.NOT_MODIFIED:
                return Fetched((), since.state)
            rows += _rows(source, content)
            tag = answer.headers.get("ETag") if number == 0 else None
    state = {"etag": tag} if tag else {}
    if source.watermark:
        known = [str(since.state["watermark"])] if "watermark" in since.state else []
        marks = [text for row in rows if (text := _text(_down(row, source.watermark))) is not None]
        state |= {"watermark": max([*known, *marks], key=_order)} if known or marks else {}
    return Fetched((Part("page", _table(source, rows)),), state)


def looked_at(source: HttpJsonSource, since: Since) -> Look:
    """Return the first rows of the first page, and how it is asked, without its secrets; raises SourceFailed."""
    with _asking(source) as client:
        _, content = next(_pages(source, client, Since(since.home)))
    return Look(_table(source, _rows(source, content)[:10]), f"GET {source.url} {source.parameters or ''}".strip())


def _asking(source: HttpJsonSource) -> httpx2.Client:
    """Return a client for one pull. It follows no one elsewhere: the token in its headers is for this address."""
    try:
        headers = {name: filled(text) for name, text in source.headers.items()}
    except KPIFlowError as error:
        raise failure_of(error, source) from error
    return httpx2.Client(headers=headers, timeout=length(source.timeout).total_seconds(), follow_redirects=False)


def _pages(source: HttpJsonSource, client: httpx2.Client, since: Since) -> Iterator[tuple[httpx2.Response, Any]]:
    """Yield each page, asked as the one before says."""
    url, given = _first(source, since)
    for number in range(1, MOST_PAGES + 1):
        if source.page_parameter and not source.next:
            given[source.page_parameter] = str(number)
        tag = since.state.get("etag") if number == 1 else None
        answer, content = _page(source, client, url, given, str(tag) if tag else None)
        yield answer, content
        if answer.status_code == httpx2.codes.NOT_MODIFIED:
            return
        if since.ending.is_set():
            raise SourceFailed(Failure.STOPPED, "")
        following = _text(_down(content, source.next)) if source.next else None
        counted = source.page_parameter is not None and source.next is None and bool(_rows(source, content))
        if following and source.page_parameter:
            given[source.page_parameter] = following
        elif following:
            url, given = _elsewhere(url, following), {}
        elif not counted:
            return
    raise SourceFailed(Failure.NOT_UNDERSTOOD, f"more than {MOST_PAGES} pages")


def _first(source: HttpJsonSource, since: Since) -> tuple[str, dict[str, str]]:
    try:
        given = {name: filled(text) for name, text in source.parameters.items()}
        url = filled_address(source.url)
    except KPIFlowError as error:
        raise failure_of(error, source) from error
    if source.since_parameter and "watermark" in since.state:
        given[source.since_parameter] = _floor(str(since.state["watermark"]), source.reread)
    return url, given


def _page(
    source: HttpJsonSource, client: httpx2.Client, url: str, given: Mapping[str, str], tag: str | None
) -> tuple[httpx2.Response, Any]:
    """Ask for one page; raises SourceFailed."""
    asked = client.build_request("GET", url, headers={"If-None-Match": tag} if tag else None)
    asked.url = asked.url.copy_merge_params(dict(given)) if given else asked.url
    try:
        answer = client.send(asked, stream=True)
        content = bytearray()
        for piece in answer.iter_bytes():
            content += piece
            if len(content) > MOST_BYTES:
                raise SourceFailed(Failure.NOT_UNDERSTOOD, f"a page of more than {MOST_BYTES >> 20} MB")
        answer.close()
    except httpx2.HTTPError as error:
        raise SourceFailed(Failure.UNREACHABLE, scrubbed(str(error), source), again=True) from error
    code = answer.status_code
    if code in (401, 403):
        raise SourceFailed(Failure.NOT_ALLOWED, str(code))
    if code != httpx2.codes.NOT_MODIFIED and not answer.is_success:
        kind = Failure.UNREACHABLE if code in _PASSING else Failure.NOT_THERE
        raise SourceFailed(kind, str(code), again=code in _PASSING)
    return answer, _parsed(bytes(content)) if answer.is_success else None


def _elsewhere(url: str, following: str) -> str:
    """Return the address of the next page; raises SourceFailed when it is not of the same site."""
    there, here = urlsplit(urljoin(url, following)), urlsplit(url)
    if (there.scheme, there.netloc) != (here.scheme, here.netloc):
        raise SourceFailed(Failure.NOT_ALLOWED, "the next page is at another site")
    return there.geturl()


def _rows(source: HttpJsonSource, content: Any) -> list[Any]:
    """Return the rows of a page; raises SourceFailed when there is no list where they should be."""
    found = _down(content, source.rows) if source.rows else content
    if not isinstance(found, list):
        raise SourceFailed(Failure.NOT_UNDERSTOOD, f"no list at '{source.rows}'")
    return found


def _table(source: HttpJsonSource, rows: list[Any]) -> pl.DataFrame:
    """Return rows in the tidy form as text; a field that a row does not have is empty."""
    fixed = {ours for ours, constant in source.fixed if constant}
    ways = {ours: getattr(source.columns, ours) or ours for ours in COLUMNS if ours not in fixed}
    cells = {ours: [_text(_down(row, way)) for row in rows] for ours, way in ways.items()}
    return tidied(source, pl.DataFrame(cells, schema=dict.fromkeys(ways, pl.String)))


def _down(value: Any, way: str) -> Any:
    """Return what lies at the end of a way such as amount.net, None where it ends before."""
    for step in way.split("."):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _text(value: Any) -> str | None:
    """Return a cell as text; a list or an object is none."""
    return value if isinstance(value, str) else str(value) if isinstance(value, int | bool) else None


def _parsed(content: bytes) -> Any:
    """Return JSON with its numbers as they were written, not as binary fractions; raises SourceFailed."""
    try:
        return json.loads(content, parse_float=lambda text: format(Decimal(text), "f"))
    except (ValueError, RecursionError) as error:
        raise SourceFailed(Failure.NOT_UNDERSTOOD, "the answer is not JSON") from error


def _order(mark: str) -> tuple[int, Any]:
    """Return what watermarks are ordered by: numbers and moments by size, other texts by letters."""
    if mark.lstrip("-").isdigit():
        return (0, int(mark))
    try:
        moment = datetime.datetime.fromisoformat(mark)
    except ValueError:
        return (2, mark)
    return (1, moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC))


def _floor(mark: str, reread: str) -> str:
    """Return from where on rows are asked for again: a moment less the time rows may be late by, else the mark itself."""
    try:
        return (datetime.datetime.fromisoformat(mark) - length(reread)).isoformat()
    except ValueError:
        return mark
