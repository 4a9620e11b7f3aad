"""The strategy as a table, for whoever reads rather than looks: what belongs to what, whose it is, how it stands."""

from collections.abc import Callable
from typing import Any

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Strategy, msg


def strategy_rows(
    shown: Strategy, language: str, href: Callable[[str], str], unit_href: Callable[[str], str]
) -> Markup:
    """Return the table: goals in the order of the picture, with those who carry them."""
    nodes = {row["id"]: row for row in shown.nodes.iter_rows(named=True)}
    above: dict[str, str] = {}
    carried: dict[str, list[str]] = {}
    for link in shown.links.iter_rows(named=True):
        if link["how"] == "supports":
            continue
        if nodes[link["target"]]["what"] == "goal":
            above[link["target"]] = link["source"]
        else:
            carried.setdefault(link["source"], []).append(link["target"])
    goals = sorted(
        (row for row in nodes.values() if row["what"] == "goal"), key=lambda row: (row["layer"], row["place"])
    )
    names = (msg("Goal"), msg("Belongs to"), msg("Weight"), msg("Status"), msg("Carried by"))
    kinds = (None, "wide-only", "num", None, None)
    head = el(
        "tr", *(el("th", words.say(name, language), class_=kind) for name, kind in zip(names, kinds, strict=True))
    )

    def row_of(row: dict[str, Any]) -> Markup:
        parent = above.get(row["id"])
        owners = sorted(carried.get(row["id"], []))
        links = [
            el("a", words.name(nodes[one], language), href=unit_href(one.partition(":")[2]))
            if one.startswith("unit:")
            else words.name(nodes[one], language)
            for one in owners
        ]
        spaced = [piece for one in links for piece in (one, " · ")][:-1]
        return el(
            "tr",
            el("td", el("a", words.name(row, language), href=href(row["goal"]))),
            el("td", words.name(nodes[parent], language) if parent else "", class_="wide-only quiet"),
            el("td", words.share(row["weight"], language), class_="num"),
            el("td", text.status(row["status"], language)),
            el("td", *spaced),
        )

    table = el("table", el("thead", head), el("tbody", *(row_of(row) for row in goals)), class_="k-table")
    return el("div", table, class_="k k-scroll")
