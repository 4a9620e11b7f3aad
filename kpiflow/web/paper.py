"""The paper the sign-in pages are written on: one page of HTML with its style in it, no script, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dashboards.blocks.markup import Markup, el, join
from kpiflow.language import LOCALES, Message, msg, render
from kpiflow.web.forms import FORM_COOKIE, language_of, proof
from kpiflow.web.site import Site

#: What each language calls itself, and how browsers name it.
LANGUAGES = {"en": ("English", "en"), "zh": ("中文", "zh-Hans")}


class Sheet:
    """A page under way: the site, the request it answers and the language it is written in."""

    def __init__(self, site: Site, asked: Request, given: Mapping[str, str] | None = None) -> None:
        self.site = site
        self.asked = asked
        self.language = language_of(asked, given)
        self._cookie, self._proof = proof(site, asked)

    def say(self, said: Message) -> str:
        """Return a message in the reader's language."""
        return render(said, self.language)

    def form(self, action: str, *children: str | None, hidden: Mapping[str, str] | None = None) -> Markup:
        """Return a form that posts to a path, with the proof that it is ours and the language it was shown in."""
        kept = {"proof": self._proof, "language": self.language, **(hidden or {})}
        fields = [void("input", type="hidden", name=name, value=value) for name, value in kept.items()]
        return el("form", *fields, *children, method="post", action=action)

    def field(self, name: str, label: Message, *, kind: str = "text", filled: str, value: str = "") -> Markup:
        """Return a labelled field; `filled` tells the browser's password store what belongs into it."""
        focus = "" if name in ("name", "old", "new") and not value else None
        return join(
            el("label", self.say(label), for_=name),
            void(
                "input", id=name, name=name, type=kind, value=value or None, autocomplete=filled, required="",
                autocapitalize="none", spellcheck="false", maxlength="1024", autofocus=focus,
            ),
        )  # fmt: skip

    def said(self, message: Message | None, *, wrong: bool = True) -> Markup:
        """Return a notice, with what stands between backquotes set as something to type."""
        if message is None:
            return Markup()
        parts = [el("code", part) if place % 2 else part for place, part in enumerate(self.say(message).split("`"))]
        role = "alert" if wrong else "status"
        return el("div", el("p", *parts), class_="said wrong" if wrong else "said", role=role)

    def answer(self, title: Message, parts: Sequence[str], *, status: int = 200, wide: bool = False) -> Response:
        """Return the whole page, with a policy that lets nothing run and nothing be fetched."""
        head = join(
            void("meta", charset="utf-8"),
            void("meta", name="viewport", content="width=device-width, initial-scale=1"),
            void("meta", name="robots", content="noindex"),
            el("title", f"{self.say(title)} · KPIFlow"),
            void("link", rel="icon", href="/favicon.png"),
            el("style", Markup(_style())),
        )
        top = el("header", el("div", "KPI", el("i", "Flow"), class_="brand"), self._languages())
        body = join(top, el("main", el("h1", self.say(title)), *parts, class_="wide" if wide else None))
        page = el("html", el("head", head), el("body", body), lang=LANGUAGES[self.language][1])
        found = HTMLResponse(f"<!doctype html>\n{page}", status)
        found.headers["Content-Security-Policy"] = _policy()
        found.headers["Cache-Control"] = "no-store"
        found.set_cookie(
            FORM_COOKIE, self._cookie, path="/", secure=self.site.is_https(self.asked), httponly=True, samesite="lax"
        )
        return found

    def _languages(self) -> Markup:
        kept = {name: value for name, value in self.asked.query_params.items() if name != "language"}
        links = [
            el(
                "a", LANGUAGES[one][0], href=f"?{urlencode({**kept, 'language': one})}", lang=LANGUAGES[one][1],
                aria_current="true" if one == self.language else None,
            )
            for one in LOCALES
        ]  # fmt: skip
        return el("nav", *links, aria_label=self.say(msg("Language")))


def void(tag: str, **attributes: str | None) -> Markup:
    """Return an element that holds nothing and is not closed.

    >>> void("input", name="account")
    '<input name="account">'
    """
    return Markup(el(tag, **attributes).removesuffix(f"</{tag}>"))


@cache
def _style() -> str:
    return files(__package__).joinpath("sign_in.css").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    style = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
