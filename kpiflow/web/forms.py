"""Forms without a script: their fields, the proof that we wrote them, the cookie of a session, and where to go afterwards."""

import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kpiflow.errors import InvalidInput, Refused
from kpiflow.language import LOCALES, msg
from kpiflow.web.site import Site
from kpiflow.workspace.sign_in.signed_in import SESSION_COOKIE

#: The cookie that a form's proof belongs to; without it a page elsewhere could sign a reader in as somebody else.
FORM_COOKIE = "kpiflow_form"

#: More than any form of ours holds, in bytes.
LARGEST = 16_384


async def fields(asked: Request) -> Mapping[str, str]:
    """Return the fields of a posted form; raises InvalidInput when it is larger than any of ours."""
    body = b""
    async for part in asked.stream():
        body += part
        if len(body) > LARGEST:
            raise InvalidInput(msg("This form is too large."))
    return dict(parse_qsl(body.decode("utf-8", errors="replace"), keep_blank_values=True))


def proof(site: Site, asked: Request) -> tuple[str, str]:
    """Return the value of the form cookie, a new one where there is none, and the proof that goes into the form."""
    kept = asked.cookies.get(FORM_COOKIE, "")
    kept = kept if re.fullmatch(r"[\w-]{43}", kept) else secrets.token_urlsafe(32)
    return kept, site.sign(kept)


def required_ours(site: Site, asked: Request, given: Mapping[str, str]) -> None:
    """Raise Refused unless a form that was posted is one that this process showed to this browser."""
    if site.is_cross_site(asked):
        raise Refused(msg("This form was sent from another site. Nothing was done."))
    expected = site.sign(asked.cookies.get(FORM_COOKIE, ""))
    if not secrets.compare_digest(given.get("proof", "").encode(), expected.encode()):
        raise Refused(msg("This form is no longer valid. Try once more."))


def language_of(asked: Request, given: Mapping[str, str] | None = None) -> str:
    """Return the language of the form, of the address, or the one the browser prefers."""
    for chosen in ((given or {}).get("language"), asked.query_params.get("language")):
        if chosen in LOCALES:
            return str(chosen)
    return "zh" if asked.headers.get("accept-language", "").strip().casefold().startswith("zh") else "en"


def local_path(text: str | None) -> str:
    """Return where to go after signing in: a path of this site, else the root.

    >>> local_path("/goal?goal=ontime"), local_path("//evil.example"), local_path("https://evil.example/")
    ('/goal?goal=ontime', '/', '/')
    """
    if not text or not text.startswith("/") or re.search(r"[\\\x00-\x20\x7f]", text) or text.startswith("//"):
        return "/"
    found = urlsplit(text)
    away = found.scheme or found.netloc or found.path.startswith(("/sign-in", "/sign-out", "/welcome", "/_stcore"))
    return "/" if away or len(text) > 2000 else text


def signed_in(site: Site, asked: Request, token: str, to: str, language: str | None = None) -> Response:
    """Return the way into the site with the cookie of a new session; a language that was picked goes along."""
    target = local_path(to)
    if language and "language=" not in target:
        target += ("&" if "?" in target else "?") + urlencode({"language": language})
    answer = RedirectResponse(target, 303)
    answer.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(site.ws.signed_in.terms.lasting.total_seconds()),
        path="/",
        secure=site.is_https(asked),
        httponly=True,
        samesite="lax",
    )
    return answer


def signed_out(site: Site, asked: Request) -> Response:
    """Return the way out, with the cookie of the session taken away and nothing of it left in the browser's cache."""
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SESSION_COOKIE, path="/", secure=site.is_https(asked), httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer
