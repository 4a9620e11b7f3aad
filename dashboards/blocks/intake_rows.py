"""Lists of a workbook on its way in: what was found out and why, what was left out, and the mappings that were kept."""

from collections.abc import Sequence

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg
from kpiflow.workspace.intake.answers import LeftOut, Remark, SavedMapping

#: How many things of one list are shown.
LISTED = 60


def remarks(listed: Sequence[Remark], language: str) -> Markup:
    """Return what was found out or should be known, each with the cells it is about."""
    if not listed:
        return Markup()
    items = [_item(words.say(one.said, language), ", ".join(one.cells[:3])) for one in listed[:LISTED]]
    return el("ul", *items, class_="k k-intake-list")


def left_out(listed: Sequence[LeftOut], language: str) -> Markup:
    """Return the rows and columns that were not read, what stands in them, and why."""
    if not listed:
        return Markup()
    items = [_item(f"{one.text}: {words.say(one.said, language)}", one.where) for one in listed[:LISTED]]
    return el("ul", *items, class_="k k-intake-list")


def sentences(listed: Sequence[Message], language: str) -> Markup:
    """Return sentences as a list."""
    return el("ul", *(el("li", words.say(one, language)) for one in listed[:LISTED]), class_="k k-intake-list")


def problems(listed: Sequence[tuple[str, Message]], language: str) -> Markup:
    """Return what is wrong, each at its place."""
    items = [_item(words.say(said, language), place) for place, said in listed[:LISTED]]
    return el("ul", *items, class_="k k-intake-list")


def _item(said: str, where: str) -> Markup:
    return el("li", said, " ", el("code", where) if where else None)


def mappings(listed: Sequence[SavedMapping], language: str) -> Markup:
    """Return the mappings that were kept, the newest first."""
    titles = (msg("Mapping"), msg("Version"), msg("Made for"), msg("Saved"), msg("By"), msg("Loads"))
    head = el("tr", *(el("th", words.say(title, language)) for title in titles))
    body = [
        el("tr", el("td", one.name), el("td", str(one.version)), el("td", one.file),
           el("td", words.say(msg("{day}", day=one.at.date()), language)), el("td", one.who), el("td", str(one.loads)))
        for one in listed
    ]  # fmt: skip
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")
