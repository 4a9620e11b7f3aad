"""The goal tree as a table: what its picture shows, and the levels that are too small to be drawn."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import msg

#: Rows that are written out; whatever lies deeper is reached from the page of a goal.
MOST = 120


def tree_rows(tree: pl.DataFrame, language: str, href: Callable[[str], str]) -> Markup:
    """Return the tree folded, each goal set in below the one above it, with its part of the whole."""
    root = tree.filter(pl.col("parent").is_null())["goal"]
    rows = _in_order(tree.filter(~pl.col("goal").is_in(root.implode())), set(root))
    if not rows:
        return Markup()
    names = (msg("Goal"), msg("Part of the whole"), msg("Points"), msg("Status"))
    head = el(
        "tr",
        *(
            el("th", words.say(name, language), class_=kind)
            for name, kind in zip(names, (None, "num", "num", None), strict=True)
        ),
    )
    body = [_row(row, depth, language, href) for row, depth in rows[:MOST]]
    said = words.say(msg("The same as a table, with the goals too small to draw"), language)
    more = (
        el("p", words.say(msg("The first {shown} of {count}.", shown=MOST, count=len(rows)), language), class_="quiet")
        if len(rows) > MOST
        else None
    )
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    return el("details", el("summary", said), el("div", table, class_="k-scroll"), more, class_="k k-details")


def _in_order(tree: pl.DataFrame, top: set[str]) -> list[tuple[Mapping[str, Any], int]]:
    """Return the goals from the top down, each followed by those below it, with how deep they lie."""
    below: dict[str, list[Mapping[str, Any]]] = {}
    for row in tree.iter_rows(named=True):
        below.setdefault(row["parent"], []).append(row)
    found: list[tuple[Mapping[str, Any], int]] = []
    waiting = [(row, 0) for one in top for row in reversed(below.get(one, []))]
    while waiting:
        row, depth = waiting.pop()
        found.append((row, depth))
        waiting += [(one, depth + 1) for one in reversed(below.get(row["goal"], []))]
    return found


def _row(row: Mapping[str, Any], depth: int, language: str, href: Callable[[str], str]) -> Markup:
    return el(
        "tr",
        el(
            "td",
            el("a", words.name(row, language), href=href(row["goal"])),
            el("span", words.name(row, language, "owner_label"), class_="owner"),
            style=f"padding-left:{depth * 1.1:.1f}rem",
        ),
        el("td", words.share(row["weight"], language), class_="num"),
        el("td", words.points(row["points"], language), class_="num"),
        el("td", text.status(row["status"], language)),
    )
