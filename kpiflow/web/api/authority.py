"""Who asks the API: a bearer token in the Authorization header and nowhere else, with the scope that the route names."""

from collections.abc import Callable
from typing import Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from kpiflow.language import msg
from kpiflow.web.api.refusal import ApiRefusal
from kpiflow.web.asking import ASKER
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.api_tokens.knowing import NotKnown, WrongTooOften, bearer_of

#: How the OpenAPI document says that a token is needed. It reads nothing itself: `_given` does.
SCHEME = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    bearerFormat="kpf_…",
    description="An API token, made on the page Tokens or with `kpiflow token make`.",
)


def allowed(scope: str) -> Any:
    """Return a dependency that resolves to the Bearer of a request whose token has a scope.

    Raises ApiRefusal: 401 with WWW-Authenticate without a token that counts, 403 naming the scope it lacks, 429 after
    too many wrong tokens from one address. The application holds the site in `app.state.site`.
    """
    return Depends(_authority(scope))


def _authority(scope: str) -> Callable[..., Bearer]:
    def authority(asked: Request, shown: Any = Depends(SCHEME)) -> Bearer:  # noqa: ARG001, B008
        bearer = _known(asked)
        asked.scope[ASKER] = bearer.asker.name
        if scope not in bearer.scopes:
            raise ApiRefusal(
                403,
                "scope_missing",
                msg("This token may not be used for this: it lacks the scope {scope}.", scope=scope),
                {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
                {"scope": scope},
            )
        return bearer

    return authority


def _known(asked: Request) -> Bearer:
    address = asked.client.host if asked.client else "unknown"
    try:
        return bearer_of(asked.app.state.site.ws, _given(asked), address)
    except WrongTooOften as refused:
        raise ApiRefusal(429, "too_many_requests", refused.message, {"Retry-After": str(refused.seconds)}) from refused
    except NotKnown as refused:
        raise ApiRefusal(
            401, "unauthorized", refused.message, {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        ) from refused


def _given(asked: Request) -> str:
    """Return the token of a request; raises ApiRefusal 401 when there is none, or more than one."""
    headers = asked.headers.getlist("authorization")
    scheme, _, token = headers[0].strip().partition(" ") if len(headers) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise ApiRefusal(
            401,
            "unauthorized",
            msg("Send a token with every request, once: `Authorization: Bearer kpf_…`. Make one on the page Tokens."),
            {"WWW-Authenticate": "Bearer"},
        )
    return token.strip()
