"""One goal's figures in a row: status, points, pace, weight, coverage, owner, and the label of invented data."""

from collections.abc import Mapping
from typing import Any

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg


def facts(row: Mapping[str, Any], language: str) -> Markup:
    """Return the row of figures of a goal."""
    owner = el(
        "span",
        words.say(msg("Owner: {owner}", owner=words.name(row, language, "owner_label")), language),
        class_="quiet",
    )
    aspirational = (
        el("span", words.say(msg("aspirational: never counts for appraisal or pay"), language), class_="k-example")
        if row.get("commitment") == "aspirational"
        else None
    )
    title = el(
        "p",
        el("span", words.name(row, language)),
        text.status(row["status"], language),
        owner,
        aspirational,
        text.example_mark(language) if row.get("example") else None,
        class_="k k-title",
    )
    numbers = el(
        "div",
        figure(msg("Points"), words.points(row["points"], language), language),
        figure(msg("Pace"), words.share(row["pace"], language), language),
        figure(_part(row), words.share(row["share"], language), language),
        _heard(row, language),
        class_="k k-figures",
    )
    return el("div", title, numbers)


def _heard(row: Mapping[str, Any], language: str) -> Markup:
    """How much of it is measured; of what has one value in a period, how old that one is and how old it may be."""
    if row.get("age") is None:
        return figure(msg("Covered by data"), words.share(row["coverage"], language), language)
    old = msg("{days} {days:day|days} before {day}", days=row["age"], day=row["until"])
    limit = msg("fresh for {days} {days:day|days}", days=row["fresh_for"] or 0)
    said = [old] if row["fresh_for"] is None else [old, limit]
    beside = (", " if language == "en" else "，").join(words.say(part, language) for part in said)
    newest = words.say(msg("{day}", day=row["last_day"]), language)
    return figure(msg("Newest value"), newest, language, beside=beside)


def _part(row: Mapping[str, Any]) -> Message:
    """What the share is a share of: the goal above that collects it, or the owner's whole score."""
    return msg("Share of the goal above") if row.get("sheet") else msg("Share of the owner's score")
