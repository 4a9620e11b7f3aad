"""Ratings as a workbook on the page of reviews: the form of the reader, and taking it back."""

from functools import partial

import streamlit as st

from dashboards import asking, words
from dashboards.asking import Question
from dashboards.uploading import file_given
from kpiflow.workspace import Asker, KPIFlowError, msg

#: Where the page remembers what was just taken.
TOLD = "ratings told"


def by_workbook(asked: Question) -> None:
    """Offer what waits for the reader's rating as a workbook, and take it back."""
    language = asked.language
    done = st.session_state.pop(TOLD, None)
    if done is not None:
        st.success(words.literal(done, language), icon=":material/check:")
    with st.popover(words.literal(msg("Rate in a workbook"), language), icon=":material/table_view:"):
        make = asking.pressed(asked.ws, partial(_form, asked))
        st.download_button(words.literal(msg("What waits for my rating"), language), make, f"ratings-{asked.period}.xlsx",
                           "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", key="ratings out",
                           icon=":material/download:", on_click="ignore")  # fmt: skip
        file = file_given(msg("The workbook, filled in"), language, kinds=("xlsx",), most=5, key="ratings in")
        label = words.literal(msg("Take over the ratings"), language)
        if file is not None and st.button(label, type="primary", key="ratings take"):
            _take(asked, file.getvalue(), file.name)


def _form(asked: Question, asker: Asker) -> bytes:
    return asked.ws.ratings_template(asker, asked.period, language=asked.language)


def _take(asked: Question, content: bytes, name: str) -> None:
    try:
        done = asked.ws.load_ratings(asked.asker, asked.period, content, name)
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, asked.language), icon=":material/error:")
        return
    st.session_state[TOLD] = msg("Items rated: {items}, of people: {people}. They count once each review is sent.",
                                 items=sum(done.values()), people=len(done))  # fmt: skip
    st.rerun()
