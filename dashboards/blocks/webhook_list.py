"""The lists of webhooks and of what was sent to them."""

import datetime
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg


def webhook_list(rows: pl.DataFrame, language: str) -> Markup:
    """Return the table of webhooks: where they send, what they are told of, how it goes."""
    heads = ((msg("Webhook"), None), (msg("Told of"), "wide-only"), (msg("State"), None))
    body = (_webhook(row, language) for row in rows.iter_rows(named=True))
    return _table(heads, body, language)


def _webhook(row: dict[str, Any], language: str) -> Markup:
    added = msg("added {at} by {who}", at=moment(row["added"]), who=row["who"])
    return el(
        "tr",
        el("td", f"{row['webhook']} · {row['url']}", el("span", words.say(added, language), class_="owner")),
        el("td", ", ".join(row["events"]), class_="wide-only"),
        el("td", words.say(state(row), language), class_="k-status"),
    )


def state(row: dict[str, Any]) -> Message:
    """Return how a webhook stands, as a shape and words."""
    if row["ended"] is not None:
        return msg("■ Ended by {who}", who=row["ended_by"])
    if row["waiting"]:
        return msg("▲ Waiting: {count}", count=row["waiting"])
    return msg("● Everything delivered") if not row["given_up"] else msg("▲ Given up: {count}", count=row["given_up"])


def delivery_list(rows: pl.DataFrame, language: str) -> Markup:
    """Return the table of deliveries: what was sent where, and how it ended."""
    heads = ((msg("Event"), None), (msg("Webhook"), None), (msg("Answer"), "wide-only"), (msg("State"), None))
    body = (_delivery(row, language) for row in rows.iter_rows(named=True))
    return _table(heads, body, language)


def _delivery(row: dict[str, Any], language: str) -> Markup:
    answer = row["said"] if row["status"] is None else f"HTTP {row['status']}"
    return el(
        "tr",
        el(
            "td",
            f"{row['event']} · {row['kind']}",
            el("span", words.say(moment(row["written"]), language), class_="owner"),
        ),
        el("td", str(row["webhook"])),
        el("td", answer or "–", class_="wide-only"),
        el("td", words.say(outcome(row), language), class_="k-status"),
    )


def outcome(row: dict[str, Any]) -> Message:
    """Return how a delivery stands, as a shape and words."""
    said = {
        None: msg("○ Not tried yet"),
        "delivered": msg("● Delivered"),
        "given_up": msg("■ Given up after {count} {count:try|tries}", count=row["tries"]),
    }
    if row["outcome"] in said:
        return said[row["outcome"]]
    return msg("▲ Tried again {at}", at=moment(row["next_at"]))


def moment(at: datetime.datetime) -> Message:
    """Return a moment, kept as UTC, as this machine's clock shows it."""
    return words.moment(at.replace(tzinfo=datetime.UTC).astimezone())


def _table(heads: tuple[tuple[Message, str | None], ...], body: Any, language: str) -> Markup:
    head = el("tr", *(el("th", words.say(name, language), class_=kind) for name, kind in heads))
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")
