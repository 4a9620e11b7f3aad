"""Goals and organisation brought as a workbook: what differs is shown first, and made when somebody says so."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboards import asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import intake_rows, text
from dashboards.uploading import file_given
from kpiflow.workspace import Asker, KPIFlowError, msg
from kpiflow.workspace.intake.answers import Tables
from kpiflow.workspace.intake.files import MOST_BYTES

#: Where a page remembers what was just made.
TOLD = "tables told"


def tables(asked: Question) -> None:
    """The workbook of goals, targets, units, people and assignments: out, and in again."""
    language = asked.language
    lines = (
        msg("Take the tables as a workbook, change or add rows, and bring it back. What differs is shown first."),
        msg("Sheets and columns may have their English or their Chinese names."),
    )
    showing.block(text.paragraph(lines, language))
    st.download_button(
        words.literal(msg("Goals and organisation as a workbook"), language),
        asking.pressed(asked.ws, partial(_written, asked)), "company.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", key="tables out", icon=":material/download:",
        on_click="ignore",
    )  # fmt: skip
    complete = st.checkbox(words.literal(msg("Its sheets are complete: rows they do not list are taken away"), language),
                           key="tables complete")  # fmt: skip
    _brought(
        asked, "tables in", lambda content, name: asked.ws.look_at_tables(asked.asker, content, name, complete=complete)
    )


def inputs(asked: Question) -> None:
    """Values of plan inputs, such as a revenue per person that no system measures."""
    said = msg(
        "A workbook with a sheet named inputs, whose columns are person, input, period and value. Plans pay by them."
    )
    showing.block(text.paragraph((said,), asked.language))
    _brought(asked, "inputs in", lambda content, name: asked.ws.look_at_inputs(asked.asker, content, name))


def _written(asked: Question, asker: Asker) -> bytes:
    return asked.ws.tables_workbook(asker, language=asked.language)


def _brought(asked: Question, key: str, look: Callable[[bytes, str], Tables]) -> None:
    """The upload, the difference, and the button that makes it."""
    language = asked.language
    made = st.session_state.pop(TOLD, None)
    if made is not None:
        st.success(words.literal(made, language), icon=":material/check:")
    file = file_given(msg("A workbook of tables"), language, kinds=("xlsx", "xlsm"), most=MOST_BYTES // 2**20, key=key)
    if file is None:
        return
    shown = look(file.getvalue(), file.name)
    if shown.problems:
        showing.block(text.heading(msg("To look at: {count}", count=len(shown.problems)), language))
        showing.block(intake_rows.problems([(one.place, one.message) for one in shown.problems], language))
    if shown.planned is None:
        said = (
            msg("The workbook says what is here already.")
            if not shown.problems
            else msg("Nothing can be made of it so.")
        )
        showing.block(text.aside(said, language))
        return
    showing.block(text.heading(msg("What differs"), language))
    showing.block(intake_rows.sentences(shown.said, language))
    with st.form(f"{key} form", border=False):
        label = (
            msg("Why (targets that become easier: {count})", count=shown.eased)
            if shown.eased
            else msg("Why (if you like)")
        )
        reason = st.text_input(words.literal(label, language))
        if st.form_submit_button(words.literal(msg("Make these changes"), language), type="primary"):
            _make(asked, shown, reason or None)


def _make(asked: Question, shown: Tables, reason: str | None) -> None:
    try:
        done = asked.ws.make_tables(asked.asker, shown, reason=reason)
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, asked.language))
        return
    st.session_state[TOLD] = msg("Applied as change {change}.", change=done.change)
    st.rerun()
