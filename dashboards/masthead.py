"""The line at the top of every page: the pages, the period, the as-of day, the language and who you are."""

import datetime
from collections.abc import Callable, Mapping

import streamlit as st

from dashboards import address, asking, reader, words
from dashboards.address import View
from dashboards.blocks.markup import el
from dashboards.blocks.sheet import sheet
from dashboards.pages import OVERVIEW, PAGES, PageEntry
from kpiflow.workspace import LOCALES, Choice, KPIFlowError, Workspace, current, msg


def show(view: View, pages: Mapping[str, object]) -> None:
    """Draw the masthead and the style of the page; choices go into the address and come back from there."""
    st.html(sheet(asking.ink(), view.language))
    with st.container(key="masthead", gap="small"):
        with st.container(key="top", horizontal=True, vertical_alignment="center", gap="small"):
            st.html(el("div", "KPI", el("i", "Flow"), class_="k k-brand"), width="content")
            with st.container(key="pages", horizontal=True, gap="xxsmall"):
                for entry in offered():
                    # The view goes along in the link, so that the next page is about the same period, day and person.
                    st.page_link(pages[entry.id], icon=entry.icon, query_params=view.parameters())  # type: ignore[arg-type]
            reader.show(view)
        with st.container(key="choices", horizontal=True, vertical_alignment="center", gap="small"):
            _choices(view)
            st.space("stretch")
            _language(view)


def offered() -> list[PageEntry]:
    """Return the pages that the reader may open, in order; the first one where it cannot be said."""
    try:
        ws = current()
        reader = asking.asker(ws)
        return [entry for entry in PAGES if entry.offered and ws.may(reader, entry.needs).allowed]
    except KPIFlowError:
        return [OVERVIEW]


def _choices(view: View) -> None:
    try:
        ws = current()
        if ws.is_empty():
            return
    except KPIFlowError:
        return  # the page itself says what is wrong; the masthead only stays short
    try:
        periods = ws.periods(view.as_of)
        chosen = view.period or ws.default_period(view.as_of)
        _pick("period", periods, chosen, view, label=words.say(msg("Period"), view.language), width=130)
    except KPIFlowError:
        pass  # before anything was known there is nothing to pick but a later day
    _day(ws, view)


def _pick(name: str, choices: list[Choice], chosen: str | None, view: View, *, label: str, width: int) -> None:
    """A list whose choice is the address's: the widget shows it and writes changes back."""
    names = {choice.id: choice for choice in choices}
    ids = list(names) if chosen in names or chosen is None else [chosen, *names]
    key = f"pick_{name}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        ids,
        key=key,
        format_func=lambda one: _said(names[one], view.language) if one in names else one,
        on_change=_write(name, key),
        label_visibility="collapsed",
        width=width,
    )


def _said(choice: Choice, language: str) -> str:
    name = words.say(choice.name, language)
    return f"{name} · {words.say(choice.note, language)}" if choice.note else name


def _write(name: str, key: str) -> Callable[[], None]:
    return lambda: address.change(**{name: st.session_state[key]})


def _day(ws: Workspace, view: View) -> None:
    said = words.say(msg("as of"), view.language)
    key = "pick_as_of"
    st.session_state[key] = view.as_of
    with st.container(key="as_of", horizontal=True, vertical_alignment="center", gap="small", width="content"):
        st.html(el("span", said, class_="k k-label", aria_hidden="true"), width="content")
        st.date_input(
            words.literal(msg("As of (empty: the latest)"), view.language),
            value=None,
            key=key,
            min_value=datetime.date(1990, 1, 1),
            max_value=ws.today(),
            format="YYYY-MM-DD",
            on_change=_write("as_of", key),
            label_visibility="collapsed",
            width=180,
        )


def _language(view: View) -> None:
    key = "pick_language"
    st.session_state[key] = view.language
    st.segmented_control(
        words.literal(msg("Language"), view.language),
        LOCALES,
        key=key,
        format_func=lambda one: words.say(words.LANGUAGES[one], one),
        on_change=_write("language", key),
        required=True,
        label_visibility="collapsed",
    )
