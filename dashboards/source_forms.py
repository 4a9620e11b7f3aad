"""What is done with a live source on its page: asking it now, and fetching the rows it set aside."""

import streamlit as st

from dashboards import asking, telling, words
from dashboards.asking import Question
from kpiflow.workspace import KPIFlowError, msg
from kpiflow.workspace.live.answers import Live


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
        telling.tell_failure(problem.message)
        return
    if done.failure is not None:
        telling.tell_failure(done.failure)
        return
    said = msg(
        "{source}: rows read {read}, new {added}, changed {superseded}, the same {unchanged}, set aside {rejected}.",
        source=source, read=done.read, added=done.added, superseded=done.superseded, unchanged=done.unchanged,
        rejected=done.rejected,
    )  # fmt: skip
    telling.tell(said)
