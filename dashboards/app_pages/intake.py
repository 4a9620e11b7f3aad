"""Intake: measurements, goals and organisation brought in as the workbooks people have, and templates to fill in."""

from collections.abc import Callable

import streamlit as st

from dashboards import address, asking, intake_forms, showing, table_forms, words
from dashboards.asking import Question
from dashboards.blocks import text
from kpiflow.workspace import KPIFlowError, Message, msg

#: What the page offers: its name in the address, what it is called, the right it needs, and what draws it.
PARTS: tuple[tuple[str, Message, str, Callable[[Question], None]], ...] = (
    ("measurements", msg("Measurements"), "load_measurements", intake_forms.measurements),
    ("templates", msg("Templates"), "load_measurements", intake_forms.templates),
    ("kept", msg("Kept mappings"), "load_measurements", intake_forms.kept),
    ("tables", msg("Goals and organisation"), "apply_config", table_forms.tables),
    ("inputs", msg("Plan inputs"), "run_pay", table_forms.inputs),
)


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language = asked.language
    offered = {name: (title, draw) for name, title, needs, draw in PARTS if asked.ws.may(asked.asker, needs).allowed}
    said = (msg("Bring in the workbooks you have."), msg("You see what was understood before anything counts."))
    showing.block(text.sentence(said, language))
    first = next(iter(offered))
    part = asked.view.choice("part") or first
    if len(offered) > 1:
        st.session_state["intake part"] = part if part in offered else first
        st.segmented_control(words.literal(msg("What is brought"), language), list(offered), key="intake part", on_change=_part,
                             label_visibility="collapsed",
                             format_func=lambda name: words.say(offered[name][0], language))  # fmt: skip
    try:
        offered.get(part, offered[first])[1](asked)
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, language), icon=":material/error:")


def _part() -> None:
    address.change(part=st.session_state["intake part"])


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
