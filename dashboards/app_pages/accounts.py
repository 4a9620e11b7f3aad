"""Accounts: who may sign in, adding somebody, and what is done with one account."""

import polars as pl
import streamlit as st

from dashboards import account_forms, address, asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.account_list import account_list
from dashboards.blocks.backup_line import backup_said
from dashboards.blocks.pager import pager, place
from dashboards.pages import ACCOUNTS, path
from kpiflow.workspace import Message, msg

#: How many accounts a page of the list has.
PAGE = 25


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language, view = asked.language, asked.view
    rows = asked.ws.accounts(asked.asker)
    showing.block(text.sentence(opening(rows, demo=asked.ws.demo), language))
    if not asked.ws.demo:
        showing.block(text.paragraph(backup_said(asked.ws.backup_standing(asked.asker)), language))
    account_forms.told(language)
    account_forms.adding(asked)
    if rows.is_empty():
        return
    st.session_state["accounts find"] = view.find or ""
    st.text_input(words.literal(msg("Name"), language), key="accounts find", width=260, on_change=_find,
                  icon=":material/search:")  # fmt: skip
    fits = fitting(rows, view.find or "")
    first = place(view.start)
    shown = fits.slice(first, PAGE)
    roles = {choice.id: choice.name for choice in asked.ws.roles_to_give(asked.asker)}
    showing.block(account_list(shown, roles, language))
    showing.block(pager(first, shown.height, fits.height, size=PAGE, language=language,
                        href=lambda start: address.here(path(ACCOUNTS), view, start=str(start))))  # fmt: skip
    account_forms.one(asked, fits)


def opening(rows: pl.DataFrame, *, demo: bool) -> tuple[Message, ...]:
    """Say how many accounts there are and how many may sign in."""
    if rows.is_empty():
        said = msg("Nobody has an account yet.")
        return (said, msg("In the demo anybody at this machine looks as anybody.")) if demo else (said,)
    usable = rows.filter(~pl.col("disabled") & pl.col("has_password")).height
    waiting = rows.filter(~pl.col("disabled") & ~pl.col("has_password")).height
    found = [
        msg("{count} of {total} {total:account|accounts} may sign in with a password.", count=usable, total=rows.height)
    ]
    if waiting:
        found.append(msg("{count} {count:has|have} no password yet.", count=waiting))
    return tuple(found)


def fitting(rows: pl.DataFrame, words_: str) -> pl.DataFrame:
    """Return the accounts in whose name, person or label a text stands."""
    wanted = words_.strip().casefold()
    if not wanted:
        return rows
    parts = [pl.col(name).fill_null("") for name in ("account", "person", "label", "label_zh")]
    return rows.filter(pl.concat_str(parts, separator=" ").str.to_lowercase().str.contains(wanted, literal=True))


def _find() -> None:
    address.change(find=st.session_state["accounts find"] or None, start=None)


view = address.current()
if showing.ready(view.language, without_company=True):
    with showing.politely(view):
        page(asking.question(view))
