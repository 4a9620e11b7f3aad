"""The check-in form: a value or step, how sure one is in one press, words, and a file; Enter writes it."""

import datetime
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboards import showing, words
from dashboards.asking import Question
from dashboards.blocks.markup import Markup, el
from dashboards.uploading import EVIDENCE, EVIDENCE_MOST
from kpiflow.workspace import CheckedIn, Form, KPIFlowError, Message, NeedsReason, Said, Takes, Unusual, msg

#: Where a page remembers what was written, to say it once after it has been drawn again.
WRITTEN = "written"


def button(asked: Question, goal: str, *, due: bool = False) -> None:
    """Offer to check in on a goal; a press opens the form. `due` makes it the first thing to see."""
    pressed = st.button(
        words.literal(msg("Check in"), asked.language),
        key=f"check_in_{goal}",
        icon=":material/edit_note:",
        type="primary" if due else "secondary",
    )
    if pressed:
        for key in [key for key in st.session_state if str(key).startswith(_key(goal, ""))]:
            del st.session_state[key]
        st.dialog(words.literal(msg("Check in"), asked.language))(form)(asked, goal)


def said(language: str) -> None:
    """Say what was written, once."""
    written: CheckedIn | None = st.session_state.pop(WRITTEN, None)
    if written is not None:
        gap = "" if language == "zh" else " "
        st.success(gap.join(words.literal(one, language) for one in written.sentence), icon=":material/check_circle:")


def form(asked: Question, goal: str) -> None:
    """Show the form in its dialog."""
    with showing.politely(asked.view):
        given = asked.ws.check_in_form(asked.asker, goal)
        showing.block(_head(given, asked.language))
        problem: Message | None = st.session_state.get(_key(goal, "problem"))
        with st.form(_key(goal, "form"), border=False):
            typed = _number(given, asked.language)
            typed = replace(typed, confidence=_confidence(given, asked.language), words=_words(given, asked.language))
            typed = _beside(given, typed, asked.language)
            typed = _after_refusal(given, typed, asked.language)
            if problem is not None:
                st.error(words.literal(problem, asked.language), icon=":material/error:")
            label = words.say(msg("Write it"), asked.language)
            sent = st.form_submit_button(label, type="primary", width="stretch")
        if sent:
            _write(asked, given, typed)


def _key(goal: str, part: str) -> str:
    return f"said {goal} {part}"


def _head(given: Form, language: str) -> Markup:
    """What it is about, what was reported last, and why it takes no number or how a number counts."""
    lines = [el("p", el("b", words.say(given.label, language)))]
    before = given.before
    if before:
        facts = {"value": _last(given, language), "day": before["day"]}
        lines.append(el("p", words.say(msg("Last: {value}, {day}.", **facts), language), class_="quiet"))
    note = given.why or given.note
    if note is not None:
        lines.append(el("p", words.say(note, language), class_="quiet"))
    return el("div", *lines, class_="k k-said-head")


def _last(given: Form, language: str) -> str:
    """What was reported last, as the form asks for it."""
    amount, base = float(given.before["amount"]), given.before["base"]
    step = next((step for step in given.steps if step.value == amount), None)
    if step is not None:
        return words.say(step.name, language)
    if base is not None:
        parts = msg("{numerator} of {denominator}", numerator=amount, denominator=float(base))
        return words.say(parts, language)
    return words.quantity(amount, given.row, language)


def _number(given: Form, language: str) -> Said:
    """The number in the form that the goal takes; nothing is filled in, so that nobody writes what they did not mean."""
    goal = given.goal
    if given.takes is Takes.STEP:
        names = {step.value: words.literal(step.name, language) for step in given.steps}
        label = words.say(msg("Reached"), language)
        step = st.radio(label, list(names), index=None, format_func=names.__getitem__, key=_key(goal, "step"))
        return Said(step=step)
    if given.takes is Takes.PARTS:
        left, right = st.columns(2)
        with left:
            top = _amount(words.say(msg("Numerator"), language), _key(goal, "numerator"))
        with right:
            bottom = _amount(words.say(msg("Denominator: all cases"), language), _key(goal, "denominator"))
        return Said(numerator=top, denominator=bottom)
    if given.takes is Takes.VALUE:
        name = words.name(given.row, language, "metric_label")
        return Said(value=_amount(name, _key(goal, "value"), whole=given.row["measure"] == "count"))
    return Said()


def _amount(label: str, key: str, *, whole: bool = False) -> Any:
    """A number to type; whole ones are shown without a point."""
    if whole:
        return st.number_input(label, value=None, step=1, key=key)
    return st.number_input(label, value=None, step=0.01, format="%0.2f", key=key)


def _confidence(given: Form, language: str) -> int | None:
    label = words.say(msg("How sure are you of the target? 1 not at all, 10 certain"), language)
    return st.segmented_control(label, list(range(1, 11)), key=_key(given.goal, "confidence"), wrap=True)


def _words(given: Form, language: str) -> str:
    return st.text_input(words.literal(msg("In words"), language), max_chars=2000, key=_key(given.goal, "words"))


def _beside(given: Form, typed: Said, language: str) -> Said:
    """What is seldom needed: another day, and a file."""
    with st.expander(words.literal(msg("A file, or another day"), language)):
        day = st.date_input(
            words.literal(msg("The day it is about"), language),
            value=given.day,
            min_value=given.first,
            max_value=max(given.last, given.first),
            format="YYYY-MM-DD",
            key=_key(given.goal, "day"),
        )
        files = st.file_uploader(
            words.literal(msg("Evidence: PDF, picture, text, CSV, Excel or Word, up to 10 MB"), language),
            type=list(EVIDENCE),
            accept_multiple_files=True,
            max_upload_size=EVIDENCE_MOST,
            key=_key(given.goal, "files"),
        )
    chosen = day if isinstance(day, datetime.date) else None
    return replace(typed, day=chosen, files=tuple((file.name, file.getvalue()) for file in files or ()))


def _after_refusal(given: Form, typed: Said, language: str) -> Said:
    """What is asked only after a value was not taken: a reason for a correction, or that an unusual one is meant."""
    asks = st.session_state.get(_key(given.goal, "asks"), ())
    if "reason" in asks:
        reason = st.text_input(words.literal(msg("Why it is corrected"), language), key=_key(given.goal, "reason"))
        typed = replace(typed, reason=reason)
    if "sure" in asks:
        sure = st.checkbox(words.literal(msg("It is meant as I typed it"), language), key=_key(given.goal, "sure"))
        typed = replace(typed, sure=sure)
    return typed


def _write(asked: Question, given: Form, typed: Said) -> None:
    """Write it; what was refused stays in the form with the reason, and what was written is said on the page."""
    goal = given.goal
    asks = set(st.session_state.get(_key(goal, "asks"), ()))
    try:
        st.session_state[WRITTEN] = asked.ws.check_in(asked.asker, goal, typed)
    except KPIFlowError as problem:
        asks |= {"sure"} if isinstance(problem, Unusual) else set()
        asks |= {"reason"} if isinstance(problem, NeedsReason) else set()
        st.session_state[_key(goal, "asks")] = tuple(sorted(asks))
        st.session_state[_key(goal, "problem")] = problem.message
        st.rerun(scope="fragment")
    st.rerun()
