"""What was just done, or why it was not: kept by whatever was pressed, said once on the page that runs next."""

import streamlit as st

from dashboards import words
from kpiflow.workspace import Message

#: Where it waits in the session.
KEY = "told"


def tell(said: Message) -> None:
    """Keep a sentence about what was done."""
    st.session_state[KEY] = (said, True)


def tell_failure(said: Message) -> None:
    """Keep a sentence about why nothing was done."""
    st.session_state[KEY] = (said, False)


def emptied(*fields: str) -> None:
    """Empty the fields of a form once what it asked for is done; after a refusal they keep what somebody wrote."""
    for name in fields:
        kept = st.session_state[name]
        st.session_state[name] = [] if isinstance(kept, list) else ""


def told(language: str) -> None:
    """Say what was kept, once; why nothing was done never looks like something done."""
    kept: tuple[Message, bool] | None = st.session_state.pop(KEY, None)
    if kept is not None:
        said, done = kept
        show, icon = (st.success, "check_circle") if done else (st.error, "error")
        show(words.literal(said, language), icon=f":material/{icon}:")
