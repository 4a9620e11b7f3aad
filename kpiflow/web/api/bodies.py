"""Bodies kept in a file while they come in, and how a request that was sent before is known."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Header, Request

from kpiflow.errors import StoreError
from kpiflow.language import msg
from kpiflow.web.api.refusal import ApiRefusal
from kpiflow.workspace.api_tokens.once import Repeat, repeat_of

#: The header with which a request may be sent again without anything being written twice.
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description=(
            "A word of the client's own for this request, such as a UUID: 1 to 200 visible ASCII characters. The same key and "
            "request are given the same answer again for 7 days, also when both arrive at once, and nothing is written "
            "twice. The same key with another request is refused (422)."
        ),
        examples=["1f0e6c1a-8a5e-4d54-9d1c-0b6b6f1d2c3e"],
    ),
]


def refusals(model: str = "Problem", **when: str) -> dict[int | str, dict[str, Any]]:
    """Return what the OpenAPI document says of further statuses: `s409="…"` is when 409 is answered, with which model."""
    content = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{model}"}}}
    return {int(status[1:]): {"description": said, "content": content} for status, said in when.items()}


#: Statuses that any body may be answered with.
OF_BODIES = refusals(
    s413="The body, or what it unpacks to, is too large: send it in parts.",
    s415="The body is of a type that is not taken, or packed.",
)


@dataclass(frozen=True)
class Kept:
    """A body in a file, with its SHA-256."""

    path: Path
    sha256: str


@asynccontextmanager
async def kept(request: Request, ending: str) -> AsyncIterator[Kept]:
    """Keep a body in a file of its own while it is read; it is deleted afterwards, whatever happens."""
    with tempfile.TemporaryDirectory(prefix="kpiflow-") as folder:
        path, whole = Path(folder) / f"body{ending}", hashlib.sha256()
        try:
            with path.open("wb") as file:
                async for part in request.stream():
                    whole.update(part)
                    file.write(part)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise StoreError(msg("There is no room to keep the body while it is read: {why}.", why=why)) from error
        yield Kept(path, whole.hexdigest())


def media_of(request: Request) -> str:
    """Return the media type of a body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def not_taken(media: str, known: tuple[str, ...]) -> ApiRefusal:
    """Return the refusal of a media type that is none of those taken."""
    said = msg("{media} is not taken here. Say with Content-Type what the body is: {known}.",
               media=media or msg("A body of no type"), known=", ".join(known))  # fmt: skip
    return ApiRefusal(415, "unsupported_media_type", said, {"Accept-Post": ", ".join(known)})


def repeat(request: Request, key: str | None, body: str) -> Repeat | None:
    """Return how a request is known when it carries a key; `body` is the SHA-256 of its body.

    The address, what it asks for and the type of the body belong to it: any of them changed, it is another request.
    """
    asked = [request.method, request.scope["path"], *map(repr, sorted(request.query_params.multi_items()))]
    whole = "\n".join([*asked, media_of(request), body])
    return repeat_of(key, hashlib.sha256(whole.encode()).hexdigest())
