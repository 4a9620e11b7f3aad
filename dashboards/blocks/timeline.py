"""What happened to a goal, newest first: who, when, what, through what and why, a page at a time."""

import streamlit as st

from dashboards import showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg
from kpiflow.workspace.timeline.event import Event, EventKind, FieldChange, Timeline

#: How many events a page of the timeline holds.
SHOWN = 12

#: What each kind of event is called, with its shape.
KINDS: dict[EventKind, tuple[str, Message]] = {
    EventKind.PLAN: ("◆", msg("Plan")),
    EventKind.PROPOSAL: ("⇄", msg("Proposals")),
    EventKind.LETTER: ("✎", msg("Letters")),
    EventKind.CHECK_IN: ("✓", msg("Check-ins")),
    EventKind.REMARK: ("❝", msg("Questions")),
    EventKind.MEASUREMENT: ("▤", msg("Measurements")),
}


@st.fragment
def timeline(goal: str, asked: Question) -> None:
    """Show the timeline of a goal with its choice of kinds; the part runs by itself."""
    language = asked.language
    with showing.politely(asked.view):
        shown = asked.timeline(goal)
        showing.block(text.heading(msg("Timeline"), language))
        showing.block(text.paragraph(shown.sentence, language))
        chosen = _kind(shown, goal, language)
        events = [event for event in shown.events if chosen is None or event.kind is chosen]
        pages = max(1, -(-len(events) // SHOWN))
        number = 1
        if pages > 1:
            # The kind is in the key: another choice begins at its first page.
            number = st.session_state.get(f"timeline_page_{goal}_{chosen}", 1)
        first = (min(number, pages) - 1) * SHOWN
        showing.block(event_list(events[first : first + SHOWN], language))
        if pages > 1:
            st.pagination(pages, key=f"timeline_page_{goal}_{chosen}")


def _kind(shown: Timeline, goal: str, language: str) -> EventKind | None:
    """Offer the kinds there are; nothing chosen shows all of them."""
    kinds = [kind for kind in KINDS if shown.counts.get(kind)]
    if len(kinds) < 2:
        return None

    def named(kind: EventKind) -> str:
        shape, word = KINDS[kind]
        return f"{shape} {words.say(word, language)} {shown.counts[kind]}"

    label = words.say(msg("What happened"), language)
    return st.pills(label, kinds, format_func=named, key=f"timeline_kind_{goal}", label_visibility="collapsed")


def event_list(events: list[Event], language: str) -> Markup:
    """Return the events as a list, each with its changes and its reason."""
    return el("ol", *(_event(event, language) for event in events), class_="k k-timeline")


def _event(event: Event, language: str) -> Markup:
    shape, word = KINDS[event.kind]
    at = words.say(msg("{day} at {time}", day=event.at.date(), time=f"{event.at:%H:%M}"), language)
    when = el("time", at, datetime=event.at.isoformat(timespec="minutes"))
    said = [words.say(part, language) for part in (event.said, event.through) if part is not None]
    return el(
        "li",
        el(
            "span",
            shape,
            class_="shape",
            title=words.say(word, language),
            role="img",
            aria_label=words.say(word, language),
        ),
        el("div", el("b", said[0]), *(el("span", f" {part}", class_="quiet") for part in said[1:])),
        el("div", *(_change(change, language) for change in event.changes), class_="changes")
        if event.changes
        else None,
        el("blockquote", event.reason) if event.reason else None,
        el("div", when, " · ", words.say(event.name or event.who, language), class_="quiet"),
    )


def _change(change: FieldChange, language: str) -> Markup:
    field, after = words.say(change.field, language), _value(change.after, language)
    arrow = (
        after if change.before is None and change.after is not None else f"{_value(change.before, language)} → {after}"
    )
    mark = el("span", words.say(msg("▼ easier to reach"), language), class_="k-example") if change.eased else None
    return el("div", el("span", f"{field}: ", class_="quiet"), arrow, " " if mark else None, mark)


def _value(value: object, language: str) -> str:
    return words.say(msg("{value}", value=value), language)
