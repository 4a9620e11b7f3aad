"""What is done with tokens on their page: making one, whose secret is shown once, and revoking one with a reason."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from dashboards import telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from kpiflow.workspace import KPIFlowError, Message, msg
from kpiflow.workspace.api_tokens.making import LONGEST_NAME, LONGEST_REASON, MadeToken

#: Where the token waits that is shown once.
MADE = "tokens made"


def told(language: str) -> None:
    """Say what was just done, and show a fresh token this once."""
    telling.told(language)
    made: MadeToken | None = st.session_state.pop(MADE, None)
    if made is None:
        return
    note = msg("Copy the token into the program that will use it. It is shown this once and kept nowhere.")
    st.html(text.paragraph((note,), language))
    st.code(made.secret, language=None, wrap_lines=True)
    for remark in made.remarks:
        st.warning(words.literal(remark, language))


def making(asked: Question) -> None:
    """The form for a new token."""
    language, lasting = asked.language, asked.ws.token_days()
    scopes = asked.ws.token_scopes()
    box = st.expander(words.literal(msg("Make a token"), language), key="token maker", icon=":material/add:")
    with box, st.form("new token", border=False):
        st.text_input(words.literal(msg("What will use it, such as payroll"), language), key="token name",
                      max_chars=LONGEST_NAME)  # fmt: skip
        st.multiselect(words.literal(msg("What it may be used for"), language), list(scopes), key="token scopes",
                       format_func=lambda one: f"{words.say(scopes[one], language)} · {one}",
                       placeholder=words.say(msg("Choose"), language))  # fmt: skip
        st.number_input(words.literal(msg("Days until it counts no more"), language), 1, lasting.most, lasting.usual,
                        key="token days", width=240)  # fmt: skip
        st.form_submit_button(words.literal(msg("Make it and show it once"), language), on_click=_make, args=(asked,))


def revoking(asked: Question, rows: pl.DataFrame) -> None:
    """Ending one token: which, and why; whatever uses it stops at once, so that is said before."""
    if rows.is_empty():
        return
    language = asked.language
    names = {row["token"]: f"{row['token']} · {row['name']} · {row['account']}" for row in rows.iter_rows(named=True)}
    st.html(text.heading(msg("Revoke a token"), language, msg("Whatever uses it is refused from that moment on.")))
    number = st.selectbox(words.literal(msg("Token"), language), list(names), key="token chosen", width=420,
                          format_func=lambda one: names[one])  # fmt: skip
    with st.form("revoke token", border=False, clear_on_submit=True):
        st.text_input(words.literal(msg("Why it is revoked"), language), key="token reason", max_chars=LONGEST_REASON)
        st.form_submit_button(words.literal(msg("Revoke it for good"), language), icon=":material/block:",
                              on_click=_revoke, args=(asked, number, names[number]))  # fmt: skip


def _make(asked: Question) -> None:
    given = st.session_state

    def do() -> Message:
        made = asked.ws.make_api_token(
            asked.asker, given["token name"], given["token scopes"], days=int(given["token days"])
        )
        given[MADE] = made
        telling.emptied("token name", "token scopes")
        return msg("The token {name} counts until {day}.", name=made.name, day=made.expires.date())

    _done(do)


def _revoke(asked: Question, number: int, name: str) -> None:
    def do() -> Message:
        asked.ws.revoke_api_token(asked.asker, number, reason=st.session_state["token reason"])
        return msg("Revoked: {name}.", name=name)

    _done(do)


def _done(do: Callable[[], Message]) -> None:
    """Do something, and remember what to say about it on the page that is drawn next."""
    try:
        telling.tell(do())
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
