"""The list of tokens: what each is for, until when it counts and when it was last used; never its secret."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg

#: How a token stands, as a shape and a word.
STATES: Mapping[str, Message] = {
    "counts": msg("● Counts"), "expired": msg("■ Expired"), "revoked": msg("■ Revoked"), "closed": msg("■ Account closed"),
}  # fmt: skip


def token_list(rows: pl.DataFrame, language: str, *, owners: bool = False) -> Markup:
    """Return the table of a page of tokens; `owners`: whose each is stands beside its name."""
    heads = (
        (msg("Token"), None), (msg("May be used for"), "wide-only"), (msg("Last used"), "wide-only"), (msg("State"), None),
    )  # fmt: skip
    head = el("tr", *(el("th", words.say(name, language), class_=kind) for name, kind in heads))
    body = (_row(row, language, owners=owners) for row in rows.iter_rows(named=True))
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _row(row: Mapping[str, Any], language: str, *, owners: bool) -> Markup:
    made = msg("number {number}, made {day}", number=str(row["token"]), day=row["issued"].date())
    name = f"{row['name']} · {row['account']}" if owners else row["name"]
    used = words.say(msg("{day}", day=row["used"]), language) if row["used"] else "–"
    return el(
        "tr",
        el("td", name, el("span", words.say(made, language), class_="owner")),
        el("td", ", ".join(row["scopes"]), class_="wide-only"),
        el("td", used, class_="wide-only"),
        el("td", words.say(STATES[row["state"]], language), el("span", words.say(_until(row), language), class_="owner"),
           class_="k-status"),
    )  # fmt: skip


def _until(row: Mapping[str, Any]) -> Message:
    """Return until when a token counts or counted, or why it was revoked."""
    if row["revoked"] is not None:
        return msg("{day} by {who}: {reason}", day=row["revoked"].date(), who=row["revoked_by"], reason=row["reason"])
    return msg("until {day}", day=row["expires"].date())
