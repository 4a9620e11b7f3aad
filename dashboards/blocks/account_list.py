"""The list of accounts: who may sign in, as whom, with which roles, and since when."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, Name, msg


def account_list(rows: pl.DataFrame, roles: Mapping[str, Name], language: str) -> Markup:
    """Return the table of a page of accounts; `roles` are the names of the roles by id."""
    heads = ((msg("Account"), None), (msg("Person"), None), (msg("Roles beside"), "wide-only"), (msg("State"), None))
    head = el("tr", *(el("th", words.say(name, language), class_=kind) for name, kind in heads))
    body = (_row(row, roles, language) for row in rows.iter_rows(named=True))
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _row(row: Mapping[str, Any], roles: Mapping[str, Name], language: str) -> Markup:
    held = [words.say(roles.get(role, Name(role)), language) for role in row["roles"]]
    changed = msg("changed {day} by {who}", day=row["recorded_at"].date(), who=row["who"])
    return el(
        "tr",
        el("td", row["account"], el("span", words.say(changed, language), class_="owner")),
        el("td", words.name(row, language) if row["label"] else row["person"] or "–"),
        el("td", "、".join(held) if language == "zh" else ", ".join(held) or "–", class_="wide-only"),
        el("td", words.say(state(row), language), class_="k-status"),
    )


def state(row: Mapping[str, Any]) -> Message:
    """Return whether an account can be used, as a shape and a word."""
    if row["disabled"]:
        return msg("■ Disabled")
    return msg("● May sign in") if row["has_password"] else msg("○ No password yet")
