"""What is off track, on the Overview: filtered and paged by the server, with a question to whoever answers for it."""

from dataclasses import replace

import streamlit as st

from dashboards import address, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.off_track_groups import off_track_groups
from dashboards.blocks.off_track_rows import off_track_rows
from dashboards.blocks.pager import pager, place
from dashboards.pages import OVERVIEW, path
from kpiflow.workspace import Choice, Filter, KPIFlowError, Message, Portfolio, msg

#: Where the page keeps that a question was put, to say it once.
ASKED = "asked"


def section(asked: Question) -> None:
    """The list with its filters; what is chosen stands in the address."""
    language, view = asked.language, asked.view
    start = place(view.start)
    part = Filter(unit=view.unit, metric=view.metric, start=start)
    shown = asked.latest(f"portfolio {part}", lambda: asked.ws.portfolio(asked.asker, asked.period, part, asked.as_of))
    note = msg(
        "{count} {count:goal|goals} behind or at risk: what they measure, whose they are, and why.", count=shown.total
    )
    showing.block(text.heading(msg("Off track"), language, note))
    filters(shown, asked)
    if shown.rows.is_empty():
        showing.block(text.aside(msg("Nothing is behind or at risk here."), language))
        return
    groups(shown, asked)
    # Whoever has chosen a part of the list, or grouped what cannot be grouped, came for the list.
    chosen = any((view.unit, view.metric, view.start)) or not (shown.by_metric or shown.by_unit)
    label = msg("One by one, the furthest behind first: {count} {count:goal|goals}", count=shown.total)
    with st.expander(words.literal(label, language), expanded=chosen, icon=":material/list:"):
        showing.block(off_track_rows(shown, language, showing.goal_link(asked)))
        showing.block(
            pager(
                start, shown.rows.height, shown.total, size=part.size, language=language,
                href=lambda first: address.link(path(OVERVIEW), replace(view, start=str(first))),
            )
        )  # fmt: skip
    question(shown, asked)


def groups(shown: Portfolio, asked: Question) -> None:
    """The same goals by what is measured and by whose they are, those with most behind first."""
    link, view = showing.goal_link(asked), replace(asked.view, start=None)
    kinds = (
        (msg("What is off track"), shown.by_metric, lambda one: address.link(path(OVERVIEW), view, metric=one)),
        (msg("Whose it is"), shown.by_unit, lambda one: address.link(path(OVERVIEW), view, unit=one)),
    )
    present = [kind for kind in kinds if kind[1]]
    for column, (title, found, all_of) in zip(st.columns(len(present) or 1, gap="large"), present, strict=False):
        with column:
            showing.block(off_track_groups(title, found, asked.language, link, all_of, total=shown.total))


def filters(shown: Portfolio, asked: Question) -> None:
    """Two lists: a unit with all below it, and a metric."""
    with st.container(horizontal=True, gap="small"):
        pick("unit", msg("Unit"), msg("All units"), shown.units, asked)
        pick("metric", msg("Metric"), msg("All metrics"), shown.metrics, asked)


def pick(name: str, label: Message, every: Message, choices: tuple[Choice, ...], asked: Question) -> None:
    """A list whose choice is the address's; the first entry takes the filter away."""
    language, chosen = asked.language, getattr(asked.view, name)
    names = {choice.id: words.say(choice.name, language) for choice in choices}
    ids = ["", *names] if chosen is None or chosen in names else ["", chosen, *names]
    key = f"off_track_{name}"
    st.session_state[key] = chosen or ""
    st.selectbox(
        words.literal(label, language),
        ids,
        key=key,
        format_func=lambda one: names.get(one, one) if one else words.say(every, language),
        on_change=lambda: address.change(start=None, **{name: st.session_state[key] or None}),
        label_visibility="collapsed",
        width=280,
    )


@st.fragment
def question(shown: Portfolio, asked: Question) -> None:
    """A question about one of the goals shown, to whoever answers for it."""
    language = asked.language
    rows = {row["goal"]: row for row in shown.rows.iter_rows(named=True) if row["asks"] is not None}
    told = st.session_state.pop(ASKED, None)
    if told:
        st.success(words.literal(told, language), icon=":material/check:")
    if not rows or asked.as_of is not None:
        return
    with st.popover(words.literal(msg("Ask about a goal"), language), icon=":material/help:"):

        def named(goal: str) -> str:
            row = rows[goal]
            return f"{words.name(row, language)} → {words.name(row, language, 'asks_label')}"

        goal = st.selectbox(
            words.literal(msg("Goal, and who answers for it"), language), list(rows), format_func=named, key="ask_goal"
        )
        said = st.text_area(words.literal(msg("Your question"), language), key="ask_words", max_chars=1000, height=90)
        if st.button(words.literal(msg("Ask"), language), type="primary", disabled=not said.strip(), key="ask"):
            try:
                asked.ws.ask(asked.asker, goal, said)
            except KPIFlowError as problem:
                showing.block(text.aside(problem.message, language))
                return
            person = words.name(rows[goal], language, "asks_label")
            st.session_state[ASKED] = msg(
                "Your question was put to {person}. It stands in their list of what to do.", person=person
            )
            st.rerun()
