"""What is done with a live source on its page: asking it now, and fetching the rows it set aside."""

import streamlit as st

from dashboards import asking, words
from dashboards.asking import Question
from kpiflow.workspace import KPIFlowError, Message, msg
from kpiflow.workspace.live.answers import Live

#: Where a page remembers what was just done.
TOLD = "sources told"


def told(language: str) -> None:
    """Say what was just done."""
    said: tuple[Message, bool] | None = st.session_state.pop(TOLD, None)
    if said is not None:
        (st.success if said[1] else st.error)(words.say(said[0], language))


def buttons(one: Live, asked: Question) -> None:
    """The buttons of one source."""
    language = asked.language
    with st.container(horizontal=True, gap="small"):
        label = words.literal(msg("Ask now"), language)
        st.button(label, key=f"ask {one.source}", icon=":material/sync:", on_click=_ask, args=(asked, one.source))
        if one.rejects_run is not None:
            run = one.rejects_run
            made = asking.pressed(asked.ws, lambda asker: asked.ws.source_rejects(asker, run).content)
            label, name = words.literal(msg("Rows set aside, as a file"), language), f"source-run-{run}.rejects.csv"
            st.download_button(label, made, name, "text/csv", key=f"rejects {one.source}", icon=":material/download:")


def _ask(asked: Question, source: str) -> None:
    try:
        done = asked.ws.pull_source(asked.asker, source)
    except KPIFlowError as problem:
        st.session_state[TOLD] = (problem.message, False)
        return
    if done.failure is not None:
        st.session_state[TOLD] = (done.failure, False)
        return
    said = msg(
        "{source}: rows read {read}, new {added}, changed {superseded}, the same {unchanged}, set aside {rejected}.",
        source=source, read=done.read, added=done.added, superseded=done.superseded, unchanged=done.unchanged,
        rejected=done.rejected,
    )  # fmt: skip
    st.session_state[TOLD] = (said, True)
