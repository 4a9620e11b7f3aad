"""Tokens with which other programs ask and write for somebody: made, shown once and revoked; administrators see all."""

import polars as pl
import streamlit as st

from dashboards import address, asking, showing, token_forms, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.pager import pager, place
from dashboards.blocks.token_list import token_list
from dashboards.pages import TOKENS, path
from kpiflow.workspace import Message, msg

#: How many tokens a page of the list has.
PAGE = 25


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language, view = asked.language, asked.view
    everybody = asked.ws.may(asked.asker, "manage_accounts").allowed and view.choice("whose") == "all"
    rows = asked.ws.api_tokens(asked.asker, everybody=everybody)
    showing.block(text.sentence(opening(rows, everybody=everybody), language))
    token_forms.told(language)
    token_forms.making(asked)
    _whose(asked)
    if rows.is_empty():
        return
    first = place(view.start)
    shown = rows.slice(first, PAGE)
    showing.block(token_list(shown, language, owners=everybody))
    showing.block(pager(first, shown.height, rows.height, size=PAGE, language=language,
                        href=lambda start: address.here(path(TOKENS), view, start=str(start))))  # fmt: skip
    token_forms.revoking(asked, rows.filter(pl.col("revoked").is_null(), pl.col("state") != "expired"))


def opening(rows: pl.DataFrame, *, everybody: bool) -> tuple[Message, ...]:
    """Say how many tokens count, and what a token is."""
    count = rows.filter(pl.col("state") == "counts").height
    if not count:
        first = msg("Nobody has a token in use.") if everybody else msg("You have no token in use.")
    elif everybody:
        first = msg("{count} {count:token is|tokens are} in use, everybody's together.", count=count)
    else:
        first = msg("You have {count} {count:token|tokens} in use.", count=count)
    return (first, msg("With a token another program asks and writes for you, and never more than you may."))


def _whose(asked: Question) -> None:
    """The choice between one's own tokens and everybody's, for whoever looks after accounts."""
    if not asked.ws.may(asked.asker, "manage_accounts").allowed:
        return
    names = {"own": msg("Mine"), "all": msg("Everybody's")}
    st.session_state["tokens whose"] = "all" if asked.view.choice("whose") == "all" else "own"
    st.segmented_control(
        words.literal(msg("Whose tokens"), asked.language), list(names), key="tokens whose", on_change=_turn,
        format_func=lambda one: words.literal(names[one], asked.language), required=True, label_visibility="collapsed",
    )  # fmt: skip


def _turn() -> None:
    address.change(whose="all" if st.session_state["tokens whose"] == "all" else None, start=None)


view = address.current()
if showing.ready(view.language, without_company=True):
    with showing.politely(view):
        page(asking.question(view))
