"""What can be done with a period: remember a look, close it after a question that says what is frozen, open it with two people."""

import streamlit as st

from dashboards import showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.closing_rows import record
from kpiflow.workspace import KPIFlowError, Message, msg
from kpiflow.workspace.closing.answers import Readiness


def actions(shown: Readiness, asked: Question) -> None:
    """The buttons: what is allowed; and where nothing is, the reason why."""
    language = asked.language
    if asked.as_of is not None:
        showing.block(text.aside(msg("Periods are closed and opened as of today."), language))
        return
    with st.container(horizontal=True, gap="small", key="closing_actions"):
        if shown.may_close.allowed:
            label = words.say(msg("Close {period} …", period=shown.period), language)
            if st.button(label, type="primary", icon=":material/lock:", key="closing close"):
                title = words.say(msg("Close {period}?", period=shown.period), language)
                st.dialog(title, width="large")(question)(shown, asked)
        if shown.closed is None and shown.may_look.allowed:
            label = words.say(msg("Remember this look"), language)
            hint = words.say(msg("What comes in later is told as a change since now."), language)
            st.button(
                label, icon=":material/visibility:", key="closing look", help=hint, on_click=look, args=(shown, asked)
            )
        if shown.may_reopen.allowed:
            label = words.say(msg("Ask to open it again …"), language)
            if st.button(label, icon=":material/lock_open:", key="closing ask"):
                st.dialog(words.literal(msg("Open {period} again?", period=shown.period), language))(asking_why)(
                    shown, asked
                )
        if shown.may_confirm.allowed:
            label = words.say(msg("Confirm: open {period} again", period=shown.period), language)
            st.button(
                label,
                icon=":material/lock_open:",
                key="closing confirm",
                type="primary",
                on_click=confirm,
                args=(shown, asked),
            )
        if shown.closed is not None and shown.closed.asked_by and asked.ws.may(asked.asker, "reopen_period").allowed:
            label = words.say(msg("Leave it closed"), language)
            st.button(label, icon=":material/lock:", key="closing withdraw", on_click=withdraw, args=(shown, asked))
    if shown.closed is None and not shown.may_close.allowed:
        showing.block(text.aside(shown.may_close.reason, language))
    elif shown.closed is not None and shown.closed.asked_by and not shown.may_confirm.allowed:
        showing.block(text.aside(shown.may_confirm.reason, language))


def question(shown: Readiness, asked: Question) -> None:
    """Ask before closing: what is frozen, on what, and why now."""
    language = asked.language
    showing.block(text.paragraph((
        msg("These numbers are kept as they are known now. What comes in later changes none of them; it is shown beside them."),
        msg("Opening the period again takes a second person and a reason."),
    ), language))  # fmt: skip
    found = [check for check in shown.checks if check.count]
    rows: tuple[tuple[Message, object], ...] = (
        (msg("Goals in play"), shown.goals),
        (msg("People with a score"), msg("{scored} of {people}", scored=shown.scored, people=shown.people)),
        *((check.label, check.count) for check in found),
    )
    showing.block(record(rows, language))
    label = words.say(msg("Why it is closed now"), language)
    reason = st.text_area(label, key="closing reason", max_chars=500)
    if st.button(words.literal(msg("Close it"), language), type="primary", icon=":material/lock:", key="closing yes"):
        try:
            done = asked.ws.close_period(asked.asker, shown.period, reason=reason)
        except KPIFlowError as problem:
            st.error(words.literal(problem.message, language), icon=":material/error:")
            return
        facts = {"period": done.period, "number": done.number, "mark": done.fingerprint[:12]}
        telling.tell(msg("{period} is closed: closing {number}, fingerprint {mark}.", **facts))
        st.rerun()


def asking_why(shown: Readiness, asked: Question) -> None:
    """Ask why the period has to be opened again."""
    language = asked.language
    lines = (msg("Nothing is open until somebody else confirms it. The closing stays readable with all its numbers."),)
    showing.block(text.paragraph(lines, language))
    reason = st.text_area(
        words.literal(msg("Why it has to be opened again"), language), key="closing why", max_chars=500
    )
    if st.button(words.literal(msg("Ask"), language), type="primary", key="closing ask yes"):
        try:
            asked.ws.ask_reopening(asked.asker, shown.period, reason=reason)
        except KPIFlowError as problem:
            st.error(words.literal(problem.message, language), icon=":material/error:")
            return
        telling.tell(msg("Asked. {period} is open once somebody else confirms it.", period=shown.period))
        st.rerun()


def look(shown: Readiness, asked: Question) -> None:
    """Remember that the reader looked through the period."""
    try:
        asked.ws.look_through(asked.asker, shown.period)
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    telling.tell(msg("Remembered. Changes are told since now."))


def confirm(shown: Readiness, asked: Question) -> None:
    """Open the period again that somebody else asked for."""
    try:
        asked.ws.confirm_reopening(asked.asker, shown.period)
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    telling.tell(msg("{period} is open again.", period=shown.period))


def withdraw(shown: Readiness, asked: Question) -> None:
    """Leave the period closed after all."""
    try:
        asked.ws.withdraw_reopening(asked.asker, shown.period)
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    telling.tell(msg("{period} stays closed.", period=shown.period))


def verifying(shown: Readiness, asked: Question) -> None:
    """A button that works the closed numbers out again, and what came of it."""
    language = asked.language
    label = words.say(msg("Work it out again and compare"), language)
    hint = words.say(
        msg("Every number is computed again from the store as it was known then, and compared to the last digit."),
        language,
    )
    if not st.button(label, icon=":material/fact_check:", key="closing verify", help=hint):
        return
    try:
        found = asked.ws.verify_closing(asked.asker, shown.period)
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, language), icon=":material/error:")
        return
    said = " ".join(words.literal(one, language) for one in found.sentence)
    if found.holds:
        st.success(said, icon=":material/verified:")
    else:
        st.error(said, icon=":material/error:")
