"""What is done with webhooks on their page: adding one, trying it out, ending it, and sending an event once more."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from dashboards import telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from kpiflow.workspace import KPIFlowError, Message, msg
from kpiflow.workspace.webhooks.keeping import Delivered
from kpiflow.workspace.webhooks.kinds import KINDS

#: Where the secret waits that is shown once.
SHOWN_ONCE = "webhooks secret"


def told(language: str) -> None:
    """Say what was just done, and show a fresh secret this once."""
    telling.told(language)
    secret: str | None = st.session_state.pop(SHOWN_ONCE, None)
    if secret is not None:
        note = msg("The receiver verifies signatures with this secret. It is shown this once.")
        st.html(text.paragraph((note,), language))
        st.code(secret, language=None)


def adding(asked: Question) -> None:
    """The form for a new webhook."""
    language = asked.language
    labels = {kind.name: f"{kind.name} · {words.say(kind.label, language)}" for kind in KINDS}
    box = st.expander(words.literal(msg("Add a webhook"), language), key="webhook maker", icon=":material/add_link:")
    with box, st.form("new webhook", border=False):
        st.text_input(words.literal(msg("Where events are sent, by HTTPS"), language), key="webhook url")
        st.multiselect(words.literal(msg("What it is told of"), language), list(labels), key="webhook events",
                       format_func=lambda one: labels[one], placeholder=words.say(msg("Choose"), language))  # fmt: skip
        st.form_submit_button(words.literal(msg("Add and show its secret"), language), on_click=_add, args=(asked,))


def one(asked: Question, rows: pl.DataFrame) -> None:
    """What can be done with one webhook that counts."""
    if rows.is_empty():
        return
    language = asked.language
    urls = dict(rows.select("webhook", "url").iter_rows())
    number = st.selectbox(words.literal(msg("Webhook"), language), list(urls), key="webhook", width=420,
                          format_func=lambda one: f"{one} · {urls[one]}")  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        _button(msg("Send a test"), "test", lambda: _tried(asked.ws.test_webhook(asked.asker, number)), language)
        _button(msg("New secret: both sign for a day"), "rotate", lambda: _rotated(asked, number), language)
        _button(msg("End: nothing more is sent"), "end", lambda: _ended(asked, number), language)


def again(asked: Question, rows: pl.DataFrame) -> None:
    """Sending one of the events shown once more."""
    if rows.is_empty():
        return
    language = asked.language
    names = {
        (row["event"], row["webhook"]): f"{row['event']} · {row['kind']} → {row['webhook']}"
        for row in rows.iter_rows(named=True)
    }
    chosen = st.selectbox(words.literal(msg("Event"), language), list(names), key="webhook event", width=420,
                          format_func=lambda one: names[one])  # fmt: skip
    _button(msg("Send once more"), "again",
            lambda: _tried(asked.ws.redeliver(asked.asker, chosen[1], chosen[0])), language)  # fmt: skip


def _button(label: Message, key: str, do: Callable[[], tuple[Message, bool]], language: str) -> None:
    st.button(words.literal(label, language), key=f"webhook {key}", on_click=_done, args=(do,))


def _done(do: Callable[[], tuple[Message, bool]]) -> None:
    """Do something, and remember what to say about it on the page that is drawn next."""
    try:
        said, done = do()
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
    else:
        (telling.tell if done else telling.tell_failure)(said)


def _add(asked: Question) -> None:
    given = st.session_state

    def do() -> tuple[Message, bool]:
        made = asked.ws.add_webhook(asked.asker, given["webhook url"], given["webhook events"])
        st.session_state[SHOWN_ONCE] = made.secret
        telling.emptied("webhook url", "webhook events")
        return msg("Webhook {webhook} sends to {url}.", webhook=made.webhook, url=made.url), True

    _done(do)


def _tried(done: Delivered) -> tuple[Message, bool]:
    facts = {"id": done.id, "answer": done.said if done.status is None else f"HTTP {done.status}"}
    if done.delivered:
        return msg("The receiver took {id}: {answer}.", **facts), True
    return msg("The receiver did not take {id}: {answer}. The server tries it again.", **facts), False


def _ended(asked: Question, number: int) -> tuple[Message, bool]:
    asked.ws.end_webhook(asked.asker, number)
    return msg("Webhook {webhook} has ended.", webhook=number), True


def _rotated(asked: Question, number: int) -> tuple[Message, bool]:
    st.session_state[SHOWN_ONCE] = asked.ws.rotate_webhook(asked.asker, number).secret
    said = msg("Webhook {webhook} has a new secret. For a day messages carry signatures of both.", webhook=number)
    return said, True
