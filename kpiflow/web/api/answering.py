"""How every question of the API is answered: the moment it is about, its ETag, its page and the cursor to the next."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any
from urllib.parse import quote, urlencode

import polars as pl
from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from kpiflow.access.reach import Topic
from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.web.api.cursors import Cursor, digest, gone, sealed, unsealed
from kpiflow.web.api.negotiation import VARY, Format, answered, chosen
from kpiflow.web.api.parameters import AsOf, Paging
from kpiflow.web.api.problems import language
from kpiflow.workspace import Workspace
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.lists.part import Listed, Part
from kpiflow.workspace.lists.versions import Of

#: Parameters that say how much of a list is wanted and in which form, not which list.
_OF_THE_PAGE = ("cursor", "limit", "format")

#: How often a page is made again because somebody wrote meanwhile.
_TRIES = 3


@dataclass(frozen=True)
class Question:
    """A request, who sends it, its parameters, and what its answer is made of."""

    request: Request
    bearer: Bearer
    query: AsOf
    of: Of

    @property
    def ws(self) -> Workspace:
        """The workspace that is asked."""
        workspace: Workspace = self.request.app.state.site.ws
        return workspace

    def known(self, as_of: datetime.date | None) -> str:
        """Return the fingerprint of the versions the answer depends on at a moment."""
        return digest(self.ws.depends(self.of, as_of))


def listed(question: Question, model: type[BaseModel], ask: Callable[[datetime.date | None, Part], Listed]) -> Response:
    """Return a page of a list in the format asked for; `ask` gives the rows of a moment, of which the model's columns go out.

    A walk from page to page stays on the moment of its first page, whoever writes meanwhile; where that cannot be held,
    the cursor is refused (410), never silently another list given.
    """
    query = question.query
    assert isinstance(query, Paging)
    form = chosen(question.request)
    walk = _walk(question)
    tag = _tag(question, form.value, walk.seen)
    if _known_already(question.request, tag):
        return _unchanged(tag)
    found = ask(walk.as_of, Part(walk.at, query.limit))
    for _ in range(_TRIES):
        if question.known(walk.as_of) == walk.seen:
            break
        if walk.at:
            raise gone()
        walk = _walk(question)
        found = ask(walk.as_of, Part(walk.at, query.limit))
    else:
        raise gone()
    after = (
        None
        if found.after is None
        else sealed(Cursor(_of(question), found.after, walk.moment, walk.seen), _secret(question))
    )
    headers = {"ETag": _tag(question, form.value, walk.seen)}
    if after is not None:
        headers["Link"] = f'<{_address(question.request, after)}>; rel="next"'
    about = {"next": after, "as_of": question.ws.day(walk.as_of), "total": found.total}
    return answered(question.request, columns(found.rows, model), headers=headers, about=about)


def one(question: Question, make: Callable[[datetime.date | None], Mapping[str, Any] | BaseModel]) -> Response:
    """Return one thing as JSON."""
    chosen(question.request, (Format.JSON,))
    as_of = past(question.ws, question.query.as_of)
    tag = _tag(question, Format.JSON.value, question.known(as_of))
    if _known_already(question.request, tag):
        return _unchanged(tag)
    made = make(as_of)
    # Whoever wrote while it was made has made it newer than its tag says: then it has none.
    headers = {"ETag": tag} if tag == _tag(question, Format.JSON.value, question.known(as_of)) else {}
    return answered(question.request, made, headers=headers)


def columns(rows: pl.DataFrame, model: type[BaseModel]) -> pl.DataFrame:
    """Return the columns that a model names, in its order; words held as codes become words."""
    coded = [name for name, kind in rows.schema.items() if isinstance(kind, pl.Enum | pl.Categorical)]
    return rows.with_columns(pl.col(coded).cast(pl.String)).select(list(model.model_fields))


def past(ws: Workspace, as_of: datetime.date | None) -> datetime.date | None:
    """Return the as-of day; raises InvalidInput for a day that has not come."""
    if as_of is not None and as_of > ws.today():
        raise InvalidInput(msg("{day} has not come yet. Ask as of today or an earlier day.", day=as_of))
    return as_of


@dataclass(frozen=True)
class _Walk:
    """Where a walk through a list stands: the place, the moment and its versions; `as_of` is what the workspace is asked."""

    at: tuple[Any, ...]
    moment: str
    seen: str
    as_of: datetime.date | None


def _walk(question: Question) -> _Walk:
    """Return where a request continues a walk, or begins one."""
    query, ws = question.query, question.ws
    assert isinstance(query, Paging)
    as_of = past(ws, query.as_of)
    if query.cursor is None:
        moment = datetime.datetime.now(datetime.UTC).isoformat()
        return _Walk((), moment, question.known(as_of), as_of)
    cursor = unsealed(query.cursor, _of(question), _secret(question))
    began = datetime.datetime.fromisoformat(cursor.moment)
    live = ws.believed(as_of) is None
    if live and (began.astimezone().date() != ws.today() or question.known(as_of) != cursor.seen):
        # Somebody has written since: from here on the store is asked as of the moment that the walk began.
        as_of = began
    if question.known(as_of) != cursor.seen:
        raise gone()
    return _Walk(cursor.at, cursor.moment, cursor.seen, as_of)


def _of(question: Question) -> str:
    """Return which list of whom a cursor belongs to: the address, the filters, and what the person asking may read."""
    asker, ws = question.bearer.asker, question.ws
    filters = sorted(
        (name, word) for name, word in question.request.query_params.multi_items() if name not in _OF_THE_PAGE
    )
    reaches = hash(tuple(ws.reach(asker, topic) for topic in Topic))
    return digest([question.request.scope["path"], filters, _named(question), reaches])


def _named(question: Question) -> list[Any]:
    asker = question.bearer.asker
    return [asker.person, asker.account, list(asker.roles)]


def _secret(question: Question) -> bytes:
    secret: bytes = question.request.app.state.site.secret
    return secret


def _tag(question: Question, form: str, seen: str) -> str:
    """Return the ETag of an answer: of what it depends on, who asks for it, and how it is written."""
    ws, request = question.ws, question.request
    rights = [ws.known(None).definitions, ws.today()]
    asked = [request.scope["path"], sorted(request.query_params.multi_items()), form, language(request)]
    return f'"{digest([_release(), seen, rights, _named(question), asked])}"'


@cache
def _release() -> str:
    return version("kpiflow")


def _known_already(request: Request, tag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in given.split(","))


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache", "Vary": VARY})


def _address(request: Request, cursor: str) -> str:
    given = [(name, word) for name, word in request.query_params.multi_items() if name != "cursor"]
    return f"{quote(request.scope['path'])}?{urlencode([*given, ('cursor', cursor)])}"
