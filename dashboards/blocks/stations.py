"""The stations of a cycle: as one line to look at, and as a table that says what is missing and what to do."""

from collections.abc import Callable

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg
from kpiflow.workspace.cycle.answers import Progress, Station

#: Shape and word of each progress, and the status whose colour it borrows.
LOOKS: dict[Progress, tuple[str, Message, str]] = {
    Progress.DONE: ("✓", msg("finished"), "on_pace"),
    Progress.GOING: ("◐", msg("under way"), "at_risk"),
    Progress.WAITING: ("○", msg("not begun"), "no_data"),
    Progress.NONE: ("–", msg("nothing to do"), "no_data"),
}


def line(stations: tuple[Station, ...], language: str, href: Callable[[Station], str]) -> Markup:
    """Return the stations as bars in their order, each with its share, its count and a shape."""
    label = words.say(msg("The stations of the cycle"), language)
    return el(
        "div", *(_bar(one, language, href(one)) for one in stations), class_="k k-steps", role="list", aria_label=label
    )


def _bar(one: Station, language: str, href: str) -> Markup:
    shape, _, colour = LOOKS[one.progress]
    count = words.say(msg("{done} of {of}", done=one.done, of=one.of), language) if one.of else ""
    share = words.share(one.share, language) if one.share is not None else words.say(LOOKS[one.progress][1], language)
    return el(
        "div",
        el("div", el("a", words.say(one.name, language), href=href), class_="name"),
        el(
            "div",
            el("b", f"{shape} {share}", style=f"color:var(--k-ink-{colour})"),
            el("small", f" {count}"),
            class_="value",
        ),
        el("div", el("i", style=f"width:{(one.share or 0.0) * 100:.1f}%"), class_="k-bar", aria_hidden="true"),
        class_="k-step",
        role="listitem",
    )


def table(stations: tuple[Station, ...], language: str, href: Callable[[Station], str]) -> Markup:
    """Return what is missing at each station, and what the reader can do there."""
    heads = (msg("Station"), msg("State"), msg("What is missing"), msg("What to do"))
    head = el("tr", *(el("th", words.say(name, language), scope="col") for name in heads))
    return el(
        "div",
        el(
            "table",
            el("thead", head),
            el("tbody", *(_row(one, language, href(one)) for one in stations)),
            class_="k-table",
        ),
        class_="k k-scroll",
    )


def _row(one: Station, language: str, href: str) -> Markup:
    shape, word, colour = LOOKS[one.progress]
    state = el("span", f"{shape} {words.say(word, language)}", class_="k-status", style=f"color:var(--k-ink-{colour})")
    todo = el("a", words.say(one.next, language), href=href) if one.next else "–"
    return el(
        "tr",
        el("td", el("a", words.say(one.name, language), href=href)),
        el("td", state),
        el("td", words.say(one.said, language)),
        el("td", todo),
    )
