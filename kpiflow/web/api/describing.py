"""How a route is declared: its operation, scope, models and formats, said once for the handler and for the document."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from kpiflow.web.api.models import list_of
from kpiflow.web.api.negotiation import MEDIA, Format

#: The bytes of each format but JSON, as the document says them.
_OTHERS: dict[str, Any] = {
    MEDIA[Format.CSV]: {"schema": {"type": "string"}},
    MEDIA[Format.PARQUET]: {"schema": {"type": "string", "format": "binary"}},
    MEDIA[Format.ARROW]: {"schema": {"type": "string", "format": "binary"}},
}

Handler = Callable[..., Any]


def lists(
    router: APIRouter, path: str, model: type[BaseModel], *, scope: str, tag: str
) -> Callable[[Handler], Handler]:
    """Declare a route that answers with a page of rows; its operation is the handler's name, its summary the docstring."""
    ok = {
        "description": "A page of rows; in JSON with the cursor of the next page.",
        "content": _OTHERS,
        "headers": _HEADERS,
    }
    return _declared(router, path, list_of(model), scope=scope, tag=tag, ok=ok)


def gives(
    router: APIRouter, path: str, model: type[BaseModel], *, scope: str, tag: str
) -> Callable[[Handler], Handler]:
    """Declare a route that answers with one thing, as JSON."""
    ok = {"description": "The whole of it.", "headers": {"ETag": _HEADERS["ETag"]}}
    return _declared(router, path, model, scope=scope, tag=tag, ok=ok)


def _declared(
    router: APIRouter, path: str, model: type[BaseModel], *, scope: str, tag: str, ok: dict[str, Any]
) -> Callable[[Handler], Handler]:
    def declare(handler: Handler) -> Handler:
        router.add_api_route(
            path,
            handler,
            methods=["GET"],
            operation_id=handler.__name__,
            response_model=model,
            responses={200: ok},
            tags=[tag],
            summary=(handler.__doc__ or "").strip().splitlines()[0].rstrip("."),
            description=(handler.__doc__ or "").strip(),
            openapi_extra={"x-scope": scope},
        )
        return handler

    return declare


_HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "What this answer is; send it back in If-None-Match to be told 304 as long as it holds.",
        "schema": {"type": "string"},
    },
    "Link": {
        "description": 'The address of the next page, with rel="next"; absent on the last.',
        "schema": {"type": "string"},
    },
}
