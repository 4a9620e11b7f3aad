"""Signing in at an identity provider with OpenID Connect: Authlib keeps the protocol, this keeps the account."""

import logging
from functools import partial
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from httpx2 import HTTPError
from itsdangerous import BadSignature, URLSafeTimedSerializer
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kpiflow.errors import KPIFlowError, Refused
from kpiflow.language import msg
from kpiflow.web.forms import local_path, signed_in
from kpiflow.web.paper import Sheet
from kpiflow.web.settings import Provider
from kpiflow.web.signing import address_of, page, refused
from kpiflow.web.site import Site
from kpiflow.workspace.sign_in.signed_in import SESSION_COOKIE
from kpiflow.workspace.sign_in.signing_in import sign_in_elsewhere, sign_out

LOG = logging.getLogger("kpiflow.web")

#: The cookie that ties the answer of the provider to the browser that was sent there, and how many seconds it counts.
FLOW_COOKIE, FLOW_SECONDS = "kpiflow_oidc", 600

PATH = "/sign-in/oidc"

#: What can go wrong at the provider's side, or on the way from it.
FAILURES = (OAuthError, JoseError, HTTPError, KeyError, ValueError, RuntimeError)


def routes(site: Site) -> list[Route]:
    """Return the routes to the provider and back; none when there is no provider."""
    if site.provider is None:
        return []
    client = client_of(site.provider)
    return [
        Route(PATH, partial(_away, site, client), methods=["GET"]),
        Route(f"{PATH}/callback", partial(_back, site, client), methods=["GET"]),
    ]


def client_of(provider: Provider) -> Any:
    """Return Authlib's client of a provider: code flow with PKCE, state and nonce, and a verified ID token."""
    scopes = {"email": "openid email", "preferred_username": "openid profile"}
    return OAuth().register(
        "provider",
        client_id=provider.client,
        client_secret=provider.secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": scopes.get(provider.claim, "openid email profile"),
            "code_challenge_method": "S256",
            "timeout": 10,
        },
    )


async def _away(site: Site, client: Any, asked: Request) -> Response:
    flow: dict[str, Any] = {"next": local_path(asked.query_params.get("next"))}
    try:
        answer = await client.authorize_redirect(_with(asked, flow), _callback(site, asked))
    except FAILURES as problem:
        return await _failed(site, asked, problem)
    answer.set_cookie(
        FLOW_COOKIE,
        _serializer(site).dumps(flow),
        max_age=FLOW_SECONDS,
        path=PATH,
        secure=site.is_https(asked),
        httponly=True,
        samesite="lax",
    )
    return answer


async def _back(site: Site, client: Any, asked: Request) -> Response:
    try:
        flow = _serializer(site).loads(asked.cookies.get(FLOW_COOKIE, ""), max_age=FLOW_SECONDS)
        found = await client.authorize_access_token(_with(asked, flow))
        name = _named(site, found)
        token = await run_in_threadpool(sign_in_elsewhere, site.ws, name, address_of(asked))
    except KPIFlowError as problem:
        return _without_flow(await run_in_threadpool(refused, Sheet(site, asked), problem, page))
    except (*FAILURES, BadSignature) as problem:
        return _without_flow(await _failed(site, asked, problem))
    await run_in_threadpool(sign_out, site.ws, asked.cookies.get(SESSION_COOKIE))
    return _without_flow(signed_in(site, asked, token, flow.get("next", "/")))


def _named(site: Site, found: dict[str, Any]) -> str:
    """Return the account that the verified ID token names; raises Refused when it names none."""
    provider = site.provider
    assert provider is not None
    said = found.get("userinfo") or {}
    # Discovery is asked of the issuer's address; what it says of itself must be the same, or keys of another would count.
    if str(said.get("iss", "")).rstrip("/") != provider.issuer:
        raise Refused(msg("The identity provider's answer is not from {issuer}.", issuer=provider.issuer))
    name = said.get(provider.claim)
    if not isinstance(name, str) or not name.strip():
        raise Refused(
            msg("The identity provider did not say your '{claim}'. Ask an administrator.", claim=provider.claim)
        )
    if provider.claim == "email" and said.get("email_verified") is False:
        raise Refused(msg("The identity provider has not verified the address {name}.", name=name))
    return name


def _with(asked: Request, flow: dict[str, Any]) -> Request:
    """Return the request with the flow as its session: nothing else of ours is kept in a cookie that a browser can read."""
    return Request({**asked.scope, "session": flow})


def _callback(site: Site, asked: Request) -> str:
    base = site.base(asked)
    return f"{base.scheme}://{base.netloc}{PATH}/callback"


def _serializer(site: Site) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site.secret, salt="kpiflow.oidc")


def _without_flow(answer: Response) -> Response:
    answer.delete_cookie(FLOW_COOKIE, path=PATH)
    return answer


async def _failed(site: Site, asked: Request, problem: Exception) -> Response:
    # The log gets the kind of fault and its words; codes and tokens are in neither.
    LOG.warning("Signing in at the identity provider failed: %s: %s", type(problem).__name__, problem)
    said = Refused(msg("Signing in at the identity provider did not work. Try once more, or ask an administrator."))
    return await run_in_threadpool(refused, Sheet(site, asked), said, page)
