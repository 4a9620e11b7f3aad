"""Live sources as rows, the silent ones first, and what is to be done about each."""

import datetime
from collections.abc import Sequence

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg
from kpiflow.workspace.live.answers import Health, Live

#: How a source is, as a shape and a word.
STATES: dict[Health, Message] = {
    Health.SILENT: msg("■ Silent"),
    Health.NEVER: msg("○ Not asked yet"),
    Health.BY_HAND: msg("● Asked by hand"),
    Health.WELL: msg("● Answers"),
}


def in_order(sources: Sequence[Live]) -> list[Live]:
    """Return the sources with what needs somebody first."""
    return sorted(
        sources, key=lambda one: (list(STATES).index(one.health), not one.drift, not one.rejected, one.source)
    )


def live_list(sources: Sequence[Live], language: str) -> Markup:
    """Return the table of all sources."""
    heads = (
        (msg("Source"), None), (msg("State"), None), (msg("Answered last"), None), (msg("Newest day"), None),
        (msg("Set aside"), "num wide-only"), (msg("Questions"), "num wide-only"), (msg("Asked"), "wide-only"),
    )  # fmt: skip
    head = el("tr", *(el("th", words.say(name, language), class_=kind) for name, kind in heads))
    body = (_row(one, language) for one in in_order(sources))
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _row(one: Live, language: str) -> Markup:
    metrics = ("、" if language == "zh" else ", ").join(words.say(name, language) for name in one.metrics)
    return el(
        "tr",
        el("td", words.say(one.name, language), el("span", metrics, class_="owner")),
        el("td", words.say(STATES[one.health], language), class_="k-status"),
        el("td", moment(one.last_good, language)),
        el("td", words.say(msg("{day}", day=one.newest), language) if one.newest else "–"),
        el("td", f"{one.rejected:,}", class_="num wide-only"),
        el("td", str(len(one.drift)), class_="num wide-only"),
        el("td", words.say(one.schedule, language), class_="wide-only"),
    )


def one_live(one: Live, language: str) -> Markup:
    """Return what is known of one source in sentences: its kind, what is wrong, and the questions it raises."""
    kind = words.say(msg("{kind}; asked {schedule}.", kind=one.kind, schedule=one.schedule), language)
    lines = [el("p", words.say(said, language)) for said in (*one.said, *one.drift)]
    return el(
        "div",
        el("h2", words.say(one.name, language), class_="k-head"),
        el("p", kind, class_="k-note"),
        *lines,
        class_="k",
    )


def moment(at: datetime.datetime | None, language: str) -> str:
    """Return a time by the server's clock as a day and an hour."""
    return "–" if at is None else words.say(msg("{day} at {hour}", day=at.date(), hour=f"{at:%H:%M}"), language)
