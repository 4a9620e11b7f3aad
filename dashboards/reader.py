"""Who is signed in: the name and role at the top of every page, with the ways to one's account and out of it."""

import streamlit as st

from dashboards import asking, words
from dashboards.address import View
from dashboards.blocks import text
from dashboards.blocks.markup import el
from dashboards.blocks.sheet import sheet
from kpiflow.workspace import KPIFlowError, Message, Workspace, current, msg
from kpiflow.workspace.sign_in.myself import myself
from kpiflow.workspace.sign_in.signing_in import sign_out, sign_out_everywhere


def show(view: View) -> None:
    """Draw the reader's name and role, which open to the menu of the account."""
    try:
        ws = current()
        asker = asking.asker(ws)
        who = myself(ws, asker)
    except KPIFlowError:
        return
    name, role = (words.literal(one, view.language) if one else "" for one in (who.name, who.note))
    with st.popover(f"{name} · {role}" if role else name, icon=":material/account_circle:", key="reader"):
        st.html(el("p", words.say(msg("You are {name}.", name=who.name), view.language), class_="k k-note"))
        if ws.demo:
            _link(msg("Look as somebody else"), f"/sign-in?language={view.language}", view)
        if asker.account:
            _link(msg("My account and password"), f"/password?language={view.language}", view)
        _link(msg("Tokens for other programs"), f"/tokens?language={view.language}", view)
        if asker.account:
            everywhere = words.say(msg("Sign out everywhere"), view.language)
            st.button(
                everywhere, key="out_everywhere", on_click=_out_everywhere, args=(ws, asker.account), width="stretch"
            )
        st.button(words.literal(msg("Sign out"), view.language), key="out", on_click=_out, args=(ws,), width="stretch")


def is_here(view: View) -> bool:
    """Return whether somebody is signed in; when nobody is any more, say so and where to sign in."""
    try:
        if asking.arrived(current()) is not None:
            return True
    except KPIFlowError:
        return True  # the page itself says what is wrong
    lines = (msg("You have signed out, or your session has ended. What you had not saved is not kept."),)
    links = ((msg("Sign in"), f"/sign-in?language={view.language}"),)
    st.html(sheet(asking.ink(), view.language))
    st.html(text.notice(msg("You are signed out"), lines, view.language, links))
    return False


def _link(name: Message, address: str, view: View) -> None:
    st.html(el("p", el("a", words.say(name, view.language), href=address, target="_self"), class_="k"))


def _out(ws: Workspace) -> None:
    sign_out(ws, asking.token())


def _out_everywhere(ws: Workspace, account: str) -> None:
    asker = asking.reader(ws)
    if asker is not None and asker.account == account:
        sign_out_everywhere(ws, account, who=asker.name)
