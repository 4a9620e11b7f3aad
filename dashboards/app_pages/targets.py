"""Targets: the goals whose targets the reader may set, with the years before beside them, and the form that sets one."""

import streamlit as st

from dashboards import address, asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import el, join
from dashboards.blocks.pager import pager, place
from dashboards.blocks.target_rows import target_rows
from dashboards.pages import TARGETS, path
from dashboards.scenario_link import scenario_link
from dashboards.setting import adding, changing
from kpiflow.workspace import Name, Part, TargetDesk, msg


def page(asked: Question) -> None:
    """Show the list, or the form of the goal in the address."""
    changing.written(asked.language)
    if asked.view.goal:
        shown = changing.form(asked)
        if shown.may.allowed:
            adding.close(shown, asked)
    else:
        listed(asked)


def listed(asked: Question) -> None:
    """The goals with their targets, where they lie in the company, and a goal to add."""
    language, view = asked.language, asked.view
    start = place(view.start)
    part = Part(view.unit, view.find or "", start)
    what = f"targets {view.unit} {part.text} {start}"
    shown = asked.answer(what, lambda: asked.ws.target_desk(asked.asker, asked.period, part, asked.as_of))
    ways(shown, asked)
    showing.block(text.sentence(shown.sentence, language))
    scenario_link(asked)
    find(asked)
    if shown.rows.is_empty():
        showing.block(
            text.aside(msg("No goal here whose targets you may set. Choose a unit above, or other words."), language)
        )
    else:
        showing.block(
            target_rows(shown, asked.ink, language, lambda goal: address.link(path(TARGETS), view, goal=goal))
        )
        more = pager(
            start, shown.rows.height, shown.total, size=part.size, language=language,
            href=lambda first: address.link(path(TARGETS), view, start=str(first)),
        )  # fmt: skip
        showing.block(more)
    if shown.unit is not None:
        adding.add(shown, asked)


def ways(shown: TargetDesk, asked: Question) -> None:
    """The way up to the top, and the units right below."""
    language, view = asked.language, asked.view

    def link(unit: str | None) -> str:
        return address.link(path(TARGETS), view, unit=unit, start=None, find=None)

    above: list[tuple[Name, str]] = [(choice.name, link(choice.id)) for choice in shown.path]
    if above:
        showing.block(text.crumbs(above, language))
    if shown.units:
        label = words.say(msg("Units below"), language)
        parts = [el("a", words.say(choice.name, language), href=link(choice.id)) for choice in shown.units]
        spaced = join(*(piece for part in parts for piece in (" ", part)))
        showing.block(el("nav", el("span", f"{label}:", class_="quiet"), spaced, class_="k k-units", aria_label=label))


def find(asked: Question) -> None:
    """A field that narrows the list to goals in whose names some words stand."""
    key = "find_target"
    st.session_state[key] = asked.view.find or ""
    st.text_input(
        words.literal(msg("Find a goal"), asked.language),
        key=key,
        placeholder=words.say(msg("Words of its name, owner or metric"), asked.language),
        on_change=lambda: address.change(find=st.session_state[key] or None, start=None),
        icon=":material/search:",
        label_visibility="collapsed",
        width=460,
    )


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
