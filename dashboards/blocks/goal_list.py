"""A list of goals: name and owner, actual, what is asked, gap or change, status; each name opens its goal."""

from collections.abc import Callable

import polars as pl

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import msg


def goal_list(goals: pl.DataFrame, language: str, href: Callable[[str], str], *, change: bool = False) -> Markup:
    """Return the table; with `change`, the change in points since the period before stands in place of the gap."""
    rows = words.named(words.named(goals, language), language, "owner_label").to_dicts()
    moved = msg("Change") if change else msg("Gap")
    asked = msg("Target") if change else msg("Expected by now")
    head = el(
        "tr",
        el("th", words.say(msg("Goal"), language)),
        el("th", words.say(msg("Actual"), language), class_="num"),
        el("th", words.say(asked, language), class_="num wide-only"),
        el("th", words.say(moved, language), class_="num"),
        el("th", words.say(msg("Status"), language)),
    )
    return el(
        "div",
        el(
            "table",
            el("thead", head),
            el("tbody", *(_row(row, language, href, change=change) for row in rows)),
            class_="k-table",
        ),
        class_="k k-scroll",
    )


def _row(row: dict[str, object], language: str, href: Callable[[str], str], *, change: bool) -> Markup:
    compared = ("actual", "target" if change else "expected")
    actual, target = (words.quantity(row[key], row, language) for key in compared)  # type: ignore[arg-type]
    moved = (
        words.points(row["change"], language, signed=True)  # type: ignore[arg-type]
        if change
        else words.quantity(row["gap"], row, language, difference=True, signed=True)  # type: ignore[arg-type]
    )
    name = el("a", str(row["label"]), href=href(str(row["goal"])))
    mark = text.example_mark(language) if row.get("example") else None
    return el(
        "tr",
        el("td", name, " " if mark else None, mark, el("span", str(row["owner_label"]), class_="owner")),
        el("td", actual, class_="num"),
        el("td", target, class_="num wide-only"),
        el("td", moved, class_="num"),
        el("td", text.status(str(row["status"]), language)),
    )
