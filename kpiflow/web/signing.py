"""The way in and out: the sign-in page with its forms, the example people of the demo, and both ways of signing out."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboards.blocks.markup import Markup, el, join
from kpiflow.errors import KPIFlowError, Refused
from kpiflow.language import Message, msg, render
from kpiflow.web.forms import fields, local_path, required_ours, signed_in, signed_out
from kpiflow.web.paper import Sheet, void
from kpiflow.web.site import Site
from kpiflow.workspace import Choice
from kpiflow.workspace.sign_in.accounts import has_accounts
from kpiflow.workspace.sign_in.demo_desks import desks, people_like
from kpiflow.workspace.sign_in.signed_in import SESSION_COOKIE
from kpiflow.workspace.sign_in.signing_in import TryLater, session, sign_in, sign_in_as, sign_out, sign_out_everywhere


def routes(site: Site) -> list[Route]:
    """Return the routes of the way in and out."""
    return [
        Route("/sign-in", partial(_shown, site), methods=["GET"]),
        Route("/sign-in", partial(_signing_in, site), methods=["POST"]),
        Route("/sign-in/demo", partial(_looking_as, site), methods=["POST"]),
        Route("/sign-out", partial(_signing_out, site), methods=["POST"]),
        Route("/sign-out-everywhere", partial(_signing_out_everywhere, site), methods=["POST"]),
    ]


def address_of(asked: Request) -> str:
    """Return where a request comes from, for the throttle and the journal."""
    return asked.client.host if asked.client else "unknown"


def refused(sheet: Sheet, problem: KPIFlowError, again: Callable[..., Response]) -> Response:
    """Return a page once more with what was wrong; a browser that came too soon hears for how long to wait."""
    if isinstance(problem, TryLater):
        answer = again(sheet, said=problem.message, status=429)
        answer.headers["Retry-After"] = str(problem.seconds)
        return answer
    return again(sheet, said=problem.message, status=403 if isinstance(problem, Refused) else 400)


async def _shown(site: Site, asked: Request) -> Response:
    if await run_in_threadpool(session, site.ws, asked.cookies.get(SESSION_COOKIE)) and not site.ws.demo:
        return RedirectResponse(local_path(asked.query_params.get("next")), 303)
    return await run_in_threadpool(page, Sheet(site, asked), asked.query_params)


async def _signing_in(site: Site, asked: Request) -> Response:
    given: Mapping[str, str] = {}
    try:
        given = await fields(asked)
        required_ours(site, asked, given)
        name, password = given.get("name", ""), given.get("password", "")
        token = await run_in_threadpool(sign_in, site.ws, name, password, address_of(asked))
    except KPIFlowError as problem:
        return await run_in_threadpool(refused, Sheet(site, asked, given), problem, partial(page, given=given))
    return await _in(site, asked, token, given)


async def _looking_as(site: Site, asked: Request) -> Response:
    given: Mapping[str, str] = {}
    try:
        given = await fields(asked)
        if not site.offers_demo(asked):
            return Response("Not Found", 404)
        required_ours(site, asked, given)
        token = await run_in_threadpool(sign_in_as, site.ws, given.get("person", ""))
    except KPIFlowError as problem:
        return await run_in_threadpool(refused, Sheet(site, asked, given), problem, partial(page, given=given))
    return await _in(site, asked, token, given)


async def _in(site: Site, asked: Request, token: str, given: Mapping[str, str]) -> Response:
    # Whoever was signed in with this browser is so no more; and a token that was planted in it comes to nothing.
    await run_in_threadpool(sign_out, site.ws, asked.cookies.get(SESSION_COOKIE))
    return signed_in(site, asked, token, given.get("next", "/"), given.get("picked"))


async def _signing_out(site: Site, asked: Request) -> Response:
    try:
        required_ours(site, asked, await fields(asked))
    except KPIFlowError as problem:
        return await run_in_threadpool(refused, Sheet(site, asked), problem, page)
    await run_in_threadpool(sign_out, site.ws, asked.cookies.get(SESSION_COOKIE))
    return signed_out(site, asked)


async def _signing_out_everywhere(site: Site, asked: Request) -> Response:
    try:
        required_ours(site, asked, await fields(asked))
    except KPIFlowError as problem:
        return await run_in_threadpool(refused, Sheet(site, asked), problem, page)
    token = asked.cookies.get(SESSION_COOKIE)
    asker = await run_in_threadpool(session, site.ws, token)
    if asker is not None and asker.account is not None:
        await run_in_threadpool(partial(sign_out_everywhere, site.ws, asker.account, who=asker.name))
    await run_in_threadpool(sign_out, site.ws, token)
    return signed_out(site, asked)


def page(
    sheet: Sheet, given: Mapping[str, str] | None = None, *, said: Message | None = None, status: int = 200
) -> Response:
    """Return the sign-in page, with what was wrong the last time, if anything was."""
    to = local_path((given or {}).get("next"))
    # A language is carried into the pages only when somebody has picked it here.
    picked = (given or {}).get("picked") or sheet.asked.query_params.get("language", "")
    kept = {"next": to, "picked": picked}
    demo = sheet.site.offers_demo(sheet.asked)
    own = has_accounts(sheet.site.ws)
    parts = [
        sheet.said(said),
        _demo(sheet, kept) if demo else None,
        _password(sheet, kept, given or {}) if own else None,
        _provider(sheet, to) if own else None,
        None if own or demo else sheet.said(_nobody_yet(), wrong=False),
    ]
    title = msg("Who would you like to be?") if demo else msg("Sign in")
    return sheet.answer(title, [part for part in parts if part], status=status, wide=demo)


def _nobody_yet() -> Message:
    return msg(
        "Nobody can sign in yet. On the machine that holds the store, stop the server and make the first administrator: "
        "`kpiflow user add NAME --admin`"
    )


def _password(sheet: Sheet, kept: Mapping[str, str], given: Mapping[str, str]) -> Markup:
    name = given.get("name", "")[:120]
    return sheet.form(
        "/sign-in",
        sheet.field("name", msg("Account"), filled="username", value=name),
        sheet.field("password", msg("Password"), kind="password", filled="current-password"),
        el("button", sheet.say(msg("Sign in")), type="submit", class_="main"),
        hidden=kept,
    )


def _provider(sheet: Sheet, to: str) -> Markup | None:
    provider = sheet.site.provider
    if provider is None:
        return None
    words = msg("Sign in with {name}", name=provider.label or msg("your company account"))
    return el("a", sheet.say(words), href=f"/sign-in/oidc?next={quote(to, safe='')}", class_="button")


def _demo(sheet: Sheet, kept: Mapping[str, str]) -> Markup:
    ws, searched = sheet.site.ws, sheet.asked.query_params.get("search", "").strip()[:100]
    plain = msg(
        "This is the demo with invented people. Whoever sits at this machine may look as anyone; nobody else can reach it."
    )
    found = people_like(ws, searched, sheet.language) if searched else []
    nobody = msg("Nobody's name, role or unit has “{words}” in it.", words=searched)
    return join(
        el("p", sheet.say(plain), class_="quiet"),
        el("h2", sheet.say(msg("Four desks"))),
        _choices(sheet, desks(ws)[:4], kept),
        el("h2", sheet.say(msg("And three more"))),
        _choices(sheet, desks(ws)[4:], kept),
        el("h2", sheet.say(msg("Anybody else")), id="anybody"),
        _search(sheet, kept, searched),
        _choices(sheet, found, kept) if found else el("p", sheet.say(nobody), class_="quiet") if searched else None,
    )


def _choices(sheet: Sheet, people: list[Choice], kept: Mapping[str, str]) -> Markup:
    rows = [
        sheet.form(
            "/sign-in/demo",
            el(
                "button",
                el("b", render(one.name, sheet.language)),
                el("small", render(one.note, sheet.language) if one.note else ""),
                type="submit", name="person", value=one.id,
            ),
            hidden=kept,
        )
        for one in people
    ]  # fmt: skip
    return el("ul", *(el("li", row) for row in rows), class_="desks")


def _search(sheet: Sheet, kept: Mapping[str, str], searched: str) -> Markup:
    hidden = {"language": sheet.language, "next": kept["next"]}
    label = sheet.say(msg("Name, role or unit"))
    return el(
        "form",
        *(void("input", type="hidden", name=name, value=value) for name, value in hidden.items()),
        el("div", el("label", label, for_="search"), void("input", id="search", name="search", type="search", value=searched)),
        el("button", sheet.say(msg("Search")), type="submit"),
        method="get", action="/sign-in#anybody", class_="search",
    )  # fmt: skip
