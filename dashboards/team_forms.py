"""Who gets a part of a goal: teams and people added to a split, and taken away again as long as nothing was agreed."""

import polars as pl
import streamlit as st

from dashboards import showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from kpiflow.workspace import Drafted, KPIFlowError, msg


def owners(found: Drafted, asked: Question) -> None:
    """Add teams and people to a goal, or take away those who have not agreed yet."""
    language, goal = asked.language, found.goal
    if asked.as_of is not None:
        return  # the banner says why: owners are added today
    with st.popover(words.literal(msg("Teams and people"), language), icon=":material/group_add:"):
        try:
            _add(goal, asked)
            _take_away(found, asked)
        except KPIFlowError as problem:
            showing.block(text.paragraph((problem.message,), language))


def _add(goal: str, asked: Question) -> None:
    language = asked.language
    choices = {choice.id: choice for choice in asked.ws.assignable(asked.asker, goal, asked.period)}
    if not choices:
        showing.block(text.aside(msg("Everybody right below has a part of this goal already."), language))
        return

    def named(one: str) -> str:
        name = words.say(choices[one].name, language)
        note = choices[one].note
        return f"{name} — {words.say(note, language)}" if note else name

    chosen = st.multiselect(words.literal(msg("Add"), language), list(choices), format_func=named, key=f"add {goal}",
                            placeholder=words.say(msg("Choose"), language))  # fmt: skip
    if chosen and st.button(words.literal(msg("Add {count}", count=len(chosen)), language), key=f"really add {goal}"):
        asked.ws.assign(asked.asker, goal, chosen, asked.period)
        st.rerun()


def _take_away(found: Drafted, asked: Question) -> None:
    language = asked.language
    new = found.lines.filter(pl.col("is_new"))
    if new.is_empty():
        return
    names = {row["goal"]: words.name(row, language, "owner_label") for row in new.iter_rows(named=True)}
    chosen = st.multiselect(
        words.literal(msg("Take away"), language),
        list(names),
        format_func=lambda one: names[one],
        key=f"away {found.goal}",
        placeholder=words.say(msg("Choose"), language),
    )
    said = words.say(msg("Take away {count}", count=len(chosen)), language)
    if chosen and st.button(said, key=f"really away {found.goal}"):
        for goal in chosen:
            asked.ws.unassign(asked.asker, goal)
        st.rerun()
