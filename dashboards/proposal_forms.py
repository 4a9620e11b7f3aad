"""Proposing and answering: the question before a draft is proposed, and the two sides of every line that waits."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboards import showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.assigned_bar import bar
from dashboards.blocks.markup import Markup, el
from dashboards.blocks.proposal_lines import asked_table, lines_table, two_sides
from kpiflow.workspace import Drafted, KPIFlowError, Message, Proposals, Sums, msg

#: So many counter-proposals stand above the grid; more of them are folded away.
FIRST = 2


def ask_owners(found: Drafted, asked: Question, *, done: Callable[[], None]) -> None:
    """The button that proposes a draft; it opens a question that says to whom, and what changes for each."""
    language = asked.language
    pressed = st.button(
        words.literal(msg("Propose…"), language),
        type="primary",
        icon=":material/send:",
        disabled=found.shown is None or asked.as_of is not None,
        help=None
        if asked.as_of is None
        else words.say(msg("Look at today to propose: a past day cannot be changed."), language),
        key=f"propose {found.goal}",
    )
    if pressed:
        st.dialog(words.literal(msg("Propose these targets?"), language), width="large")(_question)(found, asked, done)


def _question(found: Drafted, asked: Question, done: Callable[[], None]) -> None:
    """What a proposal will ask of whom; nothing is written before the last button."""
    language, goal = asked.language, found.goal
    try:
        everybody = found.lines.filter(pl.col("target") == pl.col("target_before"))["goal"].to_list()
        also: list[str] = []
        if everybody and st.checkbox(
            words.literal(msg("Also ask owners whose target stays ({count})", count=len(everybody)), language),
            key=f"also {goal}",
        ):
            also = everybody
        shown = asked.ws.preview_proposal(asked.asker, goal, asked.period, found.draft, also=also)
        showing.block(text.paragraph((*shown.sentence, *shown.obstacles), language))
        showing.block(asked_table(shown.lines, language))
        label = msg("Reason (needed: a target becomes easier)") if shown.needs_words else msg("Words to the owners")
        said = st.text_area(words.literal(label, language), key=f"why {goal}", max_chars=1000)
        ready = bool(shown.lines.height) and not shown.obstacles
        name = msg("Propose, owners asked: {count}", count=shown.lines.select("owner_kind", "owner").n_unique())
        if st.button(words.literal(name, language), type="primary", key=f"really {goal}", disabled=not ready):
            made = asked.ws.propose(asked.asker, shown, words=said)
            done()
            _told(msg("Proposed. Owners asked: {count}. Their answers appear here.", count=made.owners))
    except KPIFlowError as problem:
        showing.block(text.paragraph((problem.message,), language))


def answers_below(goal: str, asked: Question, *, take: Callable[[str, float], None]) -> None:
    """What was proposed below a goal: counter-proposals with both sides first, then everybody's answer."""
    language = asked.language
    found = asked.ws.proposals(asked.asker, asked.period, asked.as_of, parents=[goal])
    mine = found.lines.filter(pl.col("side") == "head")
    if mine.is_empty():
        return
    told(language)
    review = mine.filter(pl.col("waits") == "head").sort("line")
    for row in review.head(FIRST).iter_rows(named=True):
        _review(row, found.sums.get(goal), asked, take)
    if review.height > FIRST:
        more = msg("{count} more {count:counter-proposal|counter-proposals}", count=review.height - FIRST)
        with st.expander(words.literal(more, language), icon=":material/rate_review:"):
            for row in review.slice(FIRST).iter_rows(named=True):
                _review(row, found.sums.get(goal), asked, take)
    open_now = mine.filter(pl.col("waits").is_not_null())
    label = msg("Proposed: {open} of {count} not settled", open=open_now.height, count=mine.height)
    with st.expander(words.literal(label, language), icon=":material/forum:"):
        showing.block(lines_table(mine, language))
        _withdraw(open_now, asked)


def _review(row: Mapping[str, Any], sums: Sums | None, asked: Question, take: Callable[[str, float], None]) -> None:
    """One counter-proposal with both sides, what it makes of the whole, and what can be said to it."""
    language, line = asked.language, int(row["line"])
    with st.container(border=True, key=f"review_{line}"):
        showing.block(two_sides(row, language))
        if sums is not None:
            showing.block(bar(sums.countered, row, language, title=msg("If every counter-proposal is accepted")))
        if asked.as_of is not None:
            return  # the banner says why: answers are given today
        said = st.text_input(words.literal(msg("Your words"), language), key=f"said {line}", max_chars=500)
        with st.container(horizontal=True, gap="small"):
            for name, kind, icon in (
                (msg("Accept"), "accept", ":material/check:"),
                (msg("Decline"), "decline", ":material/close:"),
            ):
                if st.button(words.literal(name, language), icon=icon, key=f"{kind} {line}"):
                    _answer(asked, line, kind, said=said)
            st.button(
                words.literal(msg("Work on it"), language),
                icon=":material/edit:",
                key=f"change {line}",
                on_click=take,
                args=(str(row["goal"]), float(row["counter"])),
                help=words.say(msg("Puts the value asked for into the grid, to be worked on."), language),
            )


def _withdraw(lines: pl.DataFrame, asked: Question) -> None:
    """Take back what has not been answered."""
    language = asked.language
    if lines.is_empty() or asked.as_of is not None:
        return
    names = {int(row["line"]): words.name(row, language, "owner_label") for row in lines.iter_rows(named=True)}
    chosen = st.multiselect(
        words.literal(msg("Take back"), language),
        list(names),
        format_func=lambda one: names[one],
        key=f"back {min(names)}",
        placeholder=words.say(msg("Choose"), language),
    )
    if chosen and st.button(
        words.literal(msg("Take back {count}", count=len(chosen)), language), key=f"take back {min(names)}"
    ):
        for line in chosen:
            _answer(asked, line, "withdraw", again=False)
        st.rerun()


def to_agree(found: Proposals, asked: Question) -> None:
    """The targets proposed to the reader, each to be agreed to or answered with another."""
    language = asked.language
    told(language)
    for row in found.lines.filter(pl.col("side") == "owner", pl.col("waits") == "owner").iter_rows(named=True):
        line = int(row["line"])
        with st.container(border=True, key=f"agree_{line}"):
            showing.block(two_sides(row, language))
            if row["parent_now"] is not None and row["parent_now"] != row["parent_target"]:
                showing.block(text.aside(_moved(row, language), language))
            if row["parent"] in found.sums:
                title = msg("The whole, if everybody agrees")
                showing.block(bar(found.sums[row["parent"]].proposed, row, language, title=title))
            if asked.as_of is not None:
                continue  # the banner says why: answers are given today
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                if st.button(
                    words.literal(msg("Agree"), language), type="primary", icon=":material/check:", key=f"agree {line}"
                ):
                    _answer(asked, line, "agree")
                value = st.text_input(words.literal(msg("Or ask for"), language), key=f"ask {line}", width=140)
                said = st.text_input(
                    words.literal(msg("Because"), language), key=f"because {line}", max_chars=500, width=360
                )
                if st.button(words.literal(msg("Ask for another target"), language), key=f"counter {line}"):
                    _answer(asked, line, "counter", value=value, said=said)


def _moved(row: Mapping[str, Any], language: str) -> Message:
    then, now = (words.quantity(row[name], row, language) for name in ("parent_target", "parent_now"))
    return msg("The target above was {then} when this was proposed and is {now} now.", then=then, now=now)


def _answer(
    asked: Question, line: int, kind: str, *, value: str | None = None, said: str = "", again: bool = True
) -> None:
    """Give an answer and say what it did; a refusal is said where the button was."""
    try:
        asked.ws.answer_proposal(asked.asker, line, kind, value=value, words=said)
    except KPIFlowError as problem:
        showing.block(_trouble(problem.message, asked.language))
        return
    if again:
        done = {
            "agree": msg("Agreed. The target counts from now on."),
            "counter": msg("Your answer was sent. Until it is settled your target stays as it is."),
            "accept": msg("Accepted. The target counts from now on."),
            "decline": msg("Declined. The owner reads your words and has the word again."),
        }
        _told(done[kind])


def _trouble(said: Message, language: str) -> Markup:
    return el("p", f"■ {words.say(said, language)}", class_="k k-tone-over", role="alert")


#: Where a success is kept until the page that follows it has said it.
_TOLD = "proposal told"


def _told(said: Message) -> None:
    """Run the page again, which says what was written."""
    st.session_state[_TOLD] = said
    st.rerun()


def told(language: str) -> None:
    """Say what was written by the press before."""
    said = st.session_state.pop(_TOLD, None)
    if isinstance(said, Message):
        showing.block(el("p", f"✓ {words.say(said, language)}", class_="k k-tone-good", role="status"))
