"""What was said about a goal: its check-ins as a chart and in words, the files, the questions, and room to ask and answer."""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import check_in_dialog, text
from dashboards.blocks.check_in_list import history, thread
from dashboards.charts import check_ins as chart
from kpiflow.workspace import Asker, CheckIns, KPIFlowError, Workspace, msg

#: How many files are offered at once, the newest first.
FILES = 8


def said(asked: Question, goal: str) -> None:
    """Show the section of the Goal page: check-ins and questions."""
    with showing.politely(asked.view):
        shown = asked.check_ins(goal)
        language = asked.language
        note = msg("Nothing here is overwritten: a correction stands beside what it corrects.")
        showing.block(text.heading(msg("Check-ins and questions"), language, note))
        check_in_dialog.said(language)
        if asked.as_of is None and shown.form.may.allowed:
            check_in_dialog.button(asked, goal)
        check_ins(shown, asked)
        questions(asked, goal)


def check_ins(shown: CheckIns, asked: Question, *, beside: str = "") -> None:
    """Show the check-ins of a goal as a chart and a table, with their files."""
    language = asked.language
    if shown.rows.is_empty():
        showing.block(text.aside(msg("Nobody has checked in on this goal yet."), language))
        return
    if shown.example:
        showing.block(text.example_mark(language))
    row = dict(shown.form.row)
    figure = chart.draw(shown.rows, row, asked.ink, language)
    showing.plot(figure, chart.alt(shown.rows, row, language), language, key=f"check_ins{beside}")
    label = words.say(msg("All {count} in words", count=shown.rows.height), language)
    with st.expander(label, icon=":material/forum:"):
        showing.block(history(shown, language))
        _files(shown, asked, beside)


def _files(shown: CheckIns, asked: Question, beside: str) -> None:
    """Offer the files to be saved; their content is fetched, and the right to it asked again, when one is pressed."""
    newest = shown.files.sort("evidence", descending=True).head(FILES)
    if newest.is_empty():
        return
    with st.container(horizontal=True, gap="small"):
        for file in newest.iter_rows(named=True):
            st.download_button(
                words.literal(file["name"], asked.language),
                data=asking.pressed(asked.ws, partial(_content, asked.ws, file["evidence"])),
                file_name=file["name"],
                mime=file["media"],
                key=f"file_{file['evidence']}{beside}",
                icon=":material/attach_file:",
                on_click="ignore",
            )


def _content(ws: Workspace, number: int, who: Asker) -> bytes:
    """Return a file's bytes for whoever presses."""
    return ws.evidence(who, number).content


@st.fragment
def questions(asked: Question, goal: str) -> None:
    """Show the questions about a goal with their answers, and room to ask and to answer."""
    language = asked.language
    with showing.politely(asked.view):
        shown = asked.check_ins(goal)
        if shown.thread.height:
            showing.block(thread(shown.thread, language))
        if asked.as_of is not None:
            return
        open_ones = shown.thread.filter(pl.col("remark").is_in(list(shown.mine)))
        for one in open_ones.iter_rows(named=True):
            label = words.literal(msg("Your answer to: {words}", words=one["words"]), language)
            _box(
                f"answer {one['remark']}",
                label,
                msg("Answer"),
                partial(asked.ws.answer, asked.asker, one["remark"]),
                language,
            )
        own = shown.asked is not None and shown.asked[0] == asked.asker.person
        if shown.may_ask.allowed and shown.asked is not None and not own:
            label = words.literal(msg("Ask {name}", name=shown.asked[1]), language)
            _box(f"ask {goal}", label, msg("Ask"), partial(asked.ws.ask, asked.asker, goal), language)


def _box(key: str, label: str, send: object, write: object, language: str) -> None:
    """One line to write and a button to send it; Enter sends it as well."""
    with st.form(key, clear_on_submit=True, border=False):
        written = st.text_input(label, max_chars=2000, key=f"{key} words")
        sent = st.form_submit_button(words.literal(send, language))  # type: ignore[arg-type]
    if not sent:
        return
    try:
        write(written)  # type: ignore[operator]
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, language), icon=":material/error:")
        return
    st.rerun(scope="fragment")
