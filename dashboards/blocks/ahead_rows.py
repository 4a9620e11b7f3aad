"""The enterprise at the end of the period, as forecast: score and pay in figures, and each goal in a line."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboards import words
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el
from dashboards.blocks.outlook import forecast_line
from kpiflow.workspace import Ahead, msg


def ahead_figures(shown: Ahead, language: str) -> Markup:
    """Return score and pay as they are and as forecast."""
    score = f"{words.points(shown.score_now, language)} → {words.points(shown.score, language)}"
    pay = (
        None
        if shown.pay is None
        else figure(
            msg("Cost of pay: as measured → as forecast"),
            f"{words.money(shown.pay_now, shown.currency, language)} → {words.money(shown.pay, shown.currency, language)}",
            language,
        )
    )
    return el("div", figure(msg("Score: now → as forecast"), score, language), pay, class_="k k-figures")


def ahead_rows(shown: Ahead, language: str, href: Callable[[str], str]) -> Markup:
    """Return the goals of the enterprise: where each stands, and where it will end."""
    names = (
        (msg("Goal"), None),
        (msg("Actual"), "num"),
        (msg("By the end of the period"), None),
        (msg("Points"), "num wide-only"),
    )
    head = el("tr", *(el("th", words.say(name, language), class_=kind) for name, kind in names))
    body = [_row(row, language, href) for row in shown.goals.iter_rows(named=True)]
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _row(row: Mapping[str, Any], language: str, href: Callable[[str], str]) -> Markup:
    said = forecast_line(row, language) or words.say(msg("no forecast"), language)
    moved = f"{words.points(row['points'], language)} → {words.points(row['points_then'], language)}"
    return el(
        "tr",
        el("td", el("a", words.name(row, language), href=href(row["goal"]))),
        el("td", words.quantity(row["actual"], row, language), class_="num"),
        el("td", said),
        el("td", moved, class_="num wide-only"),
    )
