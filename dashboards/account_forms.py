"""What is done with accounts on their page: adding one, inviting, disabling, giving roles, ending sessions."""

from collections.abc import Callable
from urllib.parse import urljoin

import polars as pl
import streamlit as st

from dashboards import telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from kpiflow.workspace import KPIFlowError, Message, msg
from kpiflow.workspace.api_tokens.ending import tokens_counting
from kpiflow.workspace.sign_in.accounts import Invitation

#: Where the link waits that is shown once.
LINK = "accounts link"


def told(language: str) -> None:
    """Say what was just done, and show a fresh link this once."""
    telling.told(language)
    link: str | None = st.session_state.pop(LINK, None)
    if link is not None:
        note = msg("Give this link to the owner of the account. It is shown this once and works once.")
        st.html(text.paragraph((note,), language))
        st.code(link, language=None)


def adding(asked: Question) -> None:
    """The form for a new account."""
    language = asked.language
    box = st.expander(words.literal(msg("Add an account"), language), key="account maker", icon=":material/person_add:")
    with box, st.form("new account", border=False):
        st.text_input(words.literal(msg("Name to sign in with, or e-mail address"), language), key="new name")
        st.text_input(
            words.literal(msg("Person of the company, by id (empty: nobody in it)"), language), key="new person"
        )
        st.multiselect(words.literal(msg("Roles for the whole company, beside the person's own"), language),
                       list(_roles(asked)), key="new roles", format_func=lambda one: _roles(asked)[one],
                       placeholder=words.say(msg("Choose"), language))  # fmt: skip
        st.form_submit_button(words.literal(msg("Add and make a link"), language), on_click=_add, args=(asked,))


def one(asked: Question, rows: pl.DataFrame) -> None:
    """What can be done with one account."""
    language = asked.language
    st.html(text.heading(msg("One account"), language))
    name = st.selectbox(words.literal(msg("Account"), language), rows["account"].to_list(), key="account", width=320)
    if name is None:
        return
    row = rows.filter(pl.col("account") == name).row(0, named=True)
    with st.container(horizontal=True, gap="small"):
        _button(
            msg("New link for a password"),
            "invite",
            lambda: _invited(asked, asked.ws.invite_account(asked.asker, name)),
            language,
        )
        if row["disabled"]:
            _button(msg("Enable"), "enable", lambda: _opened(asked, name), language)
        else:
            _button(msg("Disable: sessions end at once"), "disable", lambda: _closed(asked, name), language)
        _button(msg("End all sessions"), "end", lambda: _ended(asked, name), language)
        if tokens_counting(asked.ws, name):
            _button(msg("Revoke all tokens"), "revoke", lambda: _revoked(asked, name), language)
    with st.form("roles", border=False):
        st.multiselect(words.literal(msg("Roles for the whole company, beside the person's own"), language), list(_roles(asked)),
                       default=[role for role in row["roles"] if role in _roles(asked)], key=f"roles {name}",
                       format_func=lambda one: _roles(asked)[one], placeholder=words.say(msg("Choose"), language))  # fmt: skip
        st.text_input(words.literal(msg("Person of the company, by id (empty: nobody in it)"), language),
                      value=row["person"] or "", key=f"person {name}")  # fmt: skip
        st.form_submit_button(words.literal(msg("Save"), language), on_click=_save, args=(asked, name, row))


def _roles(asked: Question) -> dict[str, str]:
    return {choice.id: words.say(choice.name, asked.language) for choice in asked.ws.roles_to_give(asked.asker)}


def _button(label: Message, key: str, do: Callable[[], Message], language: str) -> None:
    st.button(words.literal(label, language), key=f"account {key}", on_click=_done, args=(do,))


def _done(do: Callable[[], Message]) -> None:
    """Do something, and remember what to say about it on the page that is drawn next."""
    try:
        telling.tell(do())
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)


def _add(asked: Question) -> None:
    given = st.session_state

    def do() -> Message:
        person = given["new person"].strip() or None
        made = asked.ws.add_account(asked.asker, given["new name"], person=person, roles=given["new roles"])
        telling.emptied("new name", "new person", "new roles")
        return _invited(asked, made)

    _done(do)


def _invited(asked: Question, made: Invitation) -> Message:
    here = st.context.url or ""
    st.session_state[LINK] = f"{urljoin(here, made.path)}&language={asked.language}"
    return msg("There is a link for {account}.", account=made.account)


def _opened(asked: Question, name: str) -> Message:
    asked.ws.open_account(asked.asker, name)
    return msg("{account} may sign in again.", account=name)


def _closed(asked: Question, name: str) -> Message:
    asked.ws.close_account(asked.asker, name)
    return msg("{account} is disabled and signed out everywhere; its tokens are refused.", account=name)


def _ended(asked: Question, name: str) -> Message:
    count = asked.ws.end_sessions(asked.asker, name)
    said = msg(
        "{account} is signed out everywhere: {count} {count:session or link|sessions and links} ended.",
        account=name,
        count=count,
    )
    tokens = tokens_counting(asked.ws, name)
    if not tokens:
        return said
    return msg(
        "{said} API tokens of theirs that go on counting: {count}; they can be revoked here.", said=said, count=tokens
    )


def _revoked(asked: Question, name: str) -> Message:
    reason = words.say(msg("all of them, by whoever looks after accounts"), asked.language)
    count = asked.ws.revoke_api_tokens(asked.asker, account=name, reason=reason)
    return msg("Tokens of {account} revoked: {count}. From now on they open nothing.", count=count, account=name)


def _save(asked: Question, name: str, row: dict[str, object]) -> None:
    def do() -> Message:
        roles, person = st.session_state[f"roles {name}"], st.session_state[f"person {name}"].strip() or None
        if roles != row["roles"]:
            asked.ws.give_roles(asked.asker, name, roles)
        if person != row["person"]:
            asked.ws.link_account(asked.asker, name, person)
        return msg("Saved for {account}.", account=name)

    _done(do)
