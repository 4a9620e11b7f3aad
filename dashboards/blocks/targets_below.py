"""Targets on their way down: what the goals below ask for, and what a new target would change."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import ChangePreview, GoalPreview, Message, Reconciled, msg


def targets_table(shown: Reconciled, language: str) -> Markup:
    """Return the children's targets with the volume each carries."""
    heads = (msg("Goal"), msg("Owner"), msg("Target"), msg("Volume"))
    rows = [
        (
            words.name(row, language),
            words.name(row, language, "owner_label"),
            words.quantity(row["target"], row, language),
            "–" if row["volume"] is None else f"{row['volume']:,.0f}",
        )
        for row in shown.children.iter_rows(named=True)
    ]
    return _table(heads, rows, language, numbers_from=2)


def changes_table(shown: ChangePreview | GoalPreview, language: str, *, most: int | None = None) -> Markup:
    """Return each goal that would change, before and after; at most the first of them."""
    heads = (msg("Goal"), msg("Target"), msg("Points"), msg("Status"))
    rows = [
        (
            words.name(row, language),
            _both(row, "target", language),
            f"{words.points(row['before_points'], language)} → {words.points(row['after_points'], language)}",
            el("span", text.status(row["before_status"], language), " → ", text.status(row["after_status"], language)),
        )
        for row in shown.goals.head(most or shown.goals.height).iter_rows(named=True)
    ]
    return _table(heads, rows, language, numbers_from=1)


def offers_table(shown: ChangePreview, most: int, language: str) -> Markup:
    """Return the first of the new targets that would be offered below."""
    heads = (msg("Goal"), msg("Owner"), msg("Target now"), msg("Target offered"))
    rows = [
        (
            words.name(row, language),
            words.name(row, language, "owner_label"),
            words.quantity(row["target_before"], row, language),
            words.quantity(row["target"], row, language),
        )
        for row in shown.resplit.head(most).iter_rows(named=True)
    ]
    return _table(heads, rows, language, numbers_from=2)


def _both(row: Mapping[str, Any], column: str, language: str) -> str:
    before, after = f"before_{column}", f"after_{column}"
    if row[before] is None and row[after] is None:
        return "–"
    return f"{words.quantity(row[before], row, language)} → {words.quantity(row[after], row, language)}"


def _table(heads: tuple[Message, ...], rows: Sequence[tuple[str, ...]], language: str, *, numbers_from: int) -> Markup:
    """Return a table whose columns from `numbers_from` on are set as numbers."""
    classes = [None if place < numbers_from else "num" for place in range(len(heads))]
    head = el(
        "tr", *(el("th", words.say(one, language), class_=kind) for one, kind in zip(heads, classes, strict=True))
    )
    body = [el("tr", *(el("td", cell, class_=kind) for cell, kind in zip(row, classes, strict=True))) for row in rows]
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    return el("div", table, class_="k k-scroll")
