"""What people do about their own account: set a first password by a link, change it, sign out everywhere, revoke tokens."""

from collections.abc import Callable, Mapping
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboards.blocks.markup import Markup, el
from kpiflow.errors import InvalidInput, KPIFlowError, Refused
from kpiflow.language import Message, msg
from kpiflow.web.forms import fields, required_ours, signed_in, signed_out
from kpiflow.web.paper import Sheet, void
from kpiflow.web.signing import address_of, refused
from kpiflow.web.site import Site
from kpiflow.workspace.api_tokens.ending import tokens_counting
from kpiflow.workspace.sign_in.passwords import SHORTEST
from kpiflow.workspace.sign_in.signed_in import SESSION_COOKIE
from kpiflow.workspace.sign_in.signing_in import account_of, change_password, session, welcome, welcomed


def routes(site: Site) -> list[Route]:
    """Return the routes of one's own account."""
    return [
        Route("/welcome", partial(_welcomed, site), methods=["GET"]),
        Route("/welcome", partial(_first_password, site), methods=["POST"]),
        Route("/password", partial(_own, site), methods=["GET"]),
        Route("/password", partial(_new_password, site), methods=["POST"]),
        Route("/revoke-tokens", partial(_no_tokens, site), methods=["POST"]),
    ]


async def _welcomed(site: Site, asked: Request) -> Response:
    token = asked.query_params.get("token", "")
    return await run_in_threadpool(_welcome_page, Sheet(site, asked), token)


def _welcome_page(sheet: Sheet, token: str, *, said: Message | None = None, status: int = 200) -> Response:
    try:
        name = welcomed(sheet.site.ws, token)
    except KPIFlowError as problem:
        return sheet.answer(msg("Welcome"), [sheet.said(problem.message)], status=403)
    form = sheet.form(
        "/welcome",
        # Browsers keep a password under the name they find beside it.
        void("input", type="hidden", name="username", value=name, autocomplete="username"),
        sheet.field("new", msg("Password"), kind="password", filled="new-password"),
        sheet.field("again", msg("The same once more"), kind="password", filled="new-password"),
        el("p", sheet.say(_advice()), class_="quiet"),
        el("button", sheet.say(msg("Set the password and sign in")), type="submit", class_="main"),
        hidden={"token": token},
    )
    line = msg("Choose a password for the account {name}. This link works once.", name=name)
    return sheet.answer(msg("Welcome"), [el("p", sheet.say(line)), sheet.said(said), form], status=status)


async def _first_password(site: Site, asked: Request) -> Response:
    given: Mapping[str, str] = {}
    try:
        given = await fields(asked)
        required_ours(site, asked, given)
        _typed_twice(given)
        given_token, password = given.get("token", ""), given["new"]
        token = await run_in_threadpool(welcome, site.ws, given_token, password, address_of(asked))
    except KPIFlowError as problem:
        again = partial(_welcome_page, token=given.get("token", ""))
        return await run_in_threadpool(refused, Sheet(site, asked, given), problem, again)
    return signed_in(site, asked, token, "/")


async def _own(site: Site, asked: Request) -> Response:
    return await run_in_threadpool(_own_page, Sheet(site, asked))


def _own_page(
    sheet: Sheet, *, said: Message | None = None, status: int = 200, done: bool = False, good: bool = False
) -> Response:
    ws = sheet.site.ws
    asker = session(ws, sheet.asked.cookies.get(SESSION_COOKIE))
    account = account_of(ws, asker.account) if asker and asker.account else None
    parts = [sheet.said(said, wrong=not (done or good))]
    if account is None:
        parts.append(el("p", sheet.say(msg("In the demo nobody has an account, and so nobody a password."))))
    else:
        line = msg("You are signed in as {name}.", name=account.name)
        parts.append(el("p", sheet.say(line), class_="quiet"))
    if account is not None and account.password is None:
        parts.append(
            el("p", sheet.say(msg("You sign in at your company's identity provider; the password is kept there.")))
        )
    elif account is not None and not done:
        parts.append(_password_form(sheet, account.name))
    parts += [
        _out(sheet, everywhere=account is not None),
        _tokens(sheet, tokens_counting(ws, account.name)) if account is not None else Markup(),
        el("p", el("a", sheet.say(msg("Back to my desk")), href="/")),
    ]
    return sheet.answer(msg("My account"), parts, status=status)


def _password_form(sheet: Sheet, name: str) -> Markup:
    return sheet.form(
        "/password",
        void("input", type="hidden", name="username", value=name, autocomplete="username"),
        sheet.field("old", msg("Old password"), kind="password", filled="current-password"),
        sheet.field("new", msg("New password"), kind="password", filled="new-password"),
        sheet.field("again", msg("The same once more"), kind="password", filled="new-password"),
        el("p", sheet.say(_advice()), class_="quiet"),
        el("button", sheet.say(msg("Change the password")), type="submit", class_="main"),
    )


def _out(sheet: Sheet, *, everywhere: bool) -> Markup:
    forms = [sheet.form("/sign-out", el("button", sheet.say(msg("Sign out")), type="submit"))]
    if everywhere:
        words = msg("Sign out everywhere")
        forms.append(sheet.form("/sign-out-everywhere", el("button", sheet.say(words), type="submit")))
    return el("div", el("h2", sheet.say(msg("Leave"))), el("div", *forms, class_="row"))


def _tokens(sheet: Sheet, count: int) -> Markup:
    """Say that tokens go on, whatever becomes of the password and the sessions, and end them with one click."""
    if not count:
        return Markup()
    said = msg(
        "API tokens of yours that count: {count}. Neither a new password nor signing out ends them. If one may be in other "
        "hands, revoke all: the programs that use them are refused at once, until you make new ones.",
        count=count,
    )
    button = el("button", sheet.say(msg("Revoke all my tokens")), type="submit")
    return el("div", el("h2", sheet.say(msg("Tokens"))), el("p", sheet.say(said)), sheet.form("/revoke-tokens", button))


async def _no_tokens(site: Site, asked: Request) -> Response:
    return await _tried(site, asked, _revoked, good=True)


def _revoked(sheet: Sheet, _: Mapping[str, str]) -> Message:
    asker = session(sheet.site.ws, _token(sheet.asked))
    if asker is None:
        raise Refused(msg("Your session has ended. Sign in again."))
    reason = sheet.say(msg("all of them, by their owner"))
    count = sheet.site.ws.revoke_api_tokens(asker, reason=reason)
    return msg("Tokens revoked: {count}. From now on they open nothing.", count=count)


async def _new_password(site: Site, asked: Request) -> Response:
    return await _tried(site, asked, _changed, done=True)


def _changed(sheet: Sheet, given: Mapping[str, str]) -> Message:
    _typed_twice(given)
    old, new = given.get("old", ""), given["new"]
    change_password(sheet.site.ws, _token(sheet.asked), old, new, address_of(sheet.asked))
    return msg("The password is changed. Wherever else you were signed in, you are no more.")


def _token(asked: Request) -> str:
    return asked.cookies.get(SESSION_COOKIE, "")


async def _tried(
    site: Site, asked: Request, act: Callable[[Sheet, Mapping[str, str]], Message], **shown: bool
) -> Response:
    """Do what the form of a session asks for and show one's own page again, with what was done or why it was not."""
    given: Mapping[str, str] = {}
    try:
        given = await fields(asked)
        required_ours(site, asked, given)
        said = await run_in_threadpool(act, Sheet(site, asked, given), given)
    except KPIFlowError as problem:
        if await run_in_threadpool(session, site.ws, _token(asked)) is None:
            return signed_out(site, asked)
        return await run_in_threadpool(refused, Sheet(site, asked, given), problem, _own_page)
    return await run_in_threadpool(partial(_own_page, Sheet(site, asked, given), said=said, **shown))


def _typed_twice(given: Mapping[str, str]) -> None:
    if given.get("new", "") != given.get("again", ""):
        raise InvalidInput(msg("The two passwords are not the same. Type it once more."))


def _advice() -> Message:
    return msg("At least {count} characters. A few words in a row are easy to keep and hard to guess.", count=SHORTEST)
