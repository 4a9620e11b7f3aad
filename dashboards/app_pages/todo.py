"""To do: one list of what I must do, the longest waiting first; a proposal is answered right here, the rest one press away."""

from collections.abc import Iterable

import streamlit as st

from dashboards import address, asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from dashboards.pages import page_named, path
from dashboards.proposal_forms import to_agree, told
from kpiflow.workspace import Duty, DutyKind, Message, msg

#: What each kind of duty is called, with its shape.
KINDS: dict[DutyKind, tuple[str, Message]] = {
    DutyKind.AGREE: ("○", msg("Agree")),
    DutyKind.REVIEW: ("▲", msg("Review")),
    DutyKind.SIGN: ("✎", msg("Sign")),
    DutyKind.ANSWER: ("?", msg("Answer")),
    DutyKind.REPORT: ("◌", msg("Report")),
    DutyKind.RESPLIT: ("⇊", msg("Split")),
    DutyKind.DRAW_UP: ("§", msg("Draw up")),
}


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language = asked.language
    duties = asked.latest("todo", lambda: asked.ws.todo(asked.asker, asked.as_of))
    showing.block(text.sentence(opening(duties), language))
    told(language)
    if not duties:
        lines = (msg("What is proposed to you, asked of you or waits for your signature appears here by itself."),)
        showing.block(text.notice(msg("Nothing waits for you"), lines, language))
        return
    elsewhere = [duty for duty in duties if duty.kind is not DutyKind.AGREE]
    if elsewhere:
        showing.block(listed(elsewhere, asked))
    if len(elsewhere) < len(duties):
        proposed(asked)


def opening(duties: Iterable[Duty]) -> tuple[Message, ...]:
    """Say how much of what is to be done, in the order of the kinds."""
    counts: dict[DutyKind, int] = {}
    for duty in duties:
        counts[duty.kind] = counts.get(duty.kind, 0) + duty.count
    if not counts:
        return (msg("You are done."),)
    said = {
        DutyKind.AGREE: msg("{count} to agree.", count=counts.get(DutyKind.AGREE)),
        DutyKind.REVIEW: msg("{count} to review.", count=counts.get(DutyKind.REVIEW)),
        DutyKind.SIGN: msg("{count} to sign.", count=counts.get(DutyKind.SIGN)),
        DutyKind.ANSWER: msg("{count} to answer.", count=counts.get(DutyKind.ANSWER)),
        DutyKind.REPORT: msg("{count} to report.", count=counts.get(DutyKind.REPORT)),
        DutyKind.RESPLIT: msg("{count} to hand down.", count=counts.get(DutyKind.RESPLIT)),
        DutyKind.DRAW_UP: msg("{count} to draw up.", count=counts.get(DutyKind.DRAW_UP)),
    }
    return tuple(said[kind] for kind in KINDS if kind in counts)


def listed(duties: list[Duty], asked: Question) -> Markup:
    """Return the list; each line leads to the place where it is done."""
    return el(
        "div", el("table", el("tbody", *(_line(duty, asked) for duty in duties)), class_="k-table"), class_="k k-scroll"
    )


def _line(duty: Duty, asked: Question) -> Markup:
    language = asked.language
    shape, kind = KINDS[duty.kind]
    known = {name: value for name, value in duty.choices.items() if name in ("goal", "person", "unit", "period")}
    href = address.link(path(page_named(duty.page)), asked.view, **known)
    since = words.say(msg("since {day}", day=duty.since), language) if duty.since else None
    return el(
        "tr",
        el("td", el("b", f"{shape} {words.say(kind, language)}"), class_="nowrap"),
        el(
            "td",
            el("a", words.say(duty.said, language), href=href),
            el("span", since, class_="owner") if since else None,
        ),
    )


@st.fragment
def proposed(asked: Question) -> None:
    """The targets proposed to the reader, answered here."""
    with showing.politely(asked.view):
        showing.block(text.heading(msg("Proposed to you"), asked.language))
        to_agree(asked.ws.proposals(asked.asker, asked.period, asked.as_of, only_open=True), asked)


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
