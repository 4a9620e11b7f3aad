"""The form that adds a goal to a unit, and the one that closes a goal: both say what they do before they write."""

import streamlit as st

from dashboards import showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.targets_below import changes_table
from dashboards.setting.changing import remember
from kpiflow.workspace import Choice, GoalPreview, KPIFlowError, Message, NewGoal, TargetDesk, TargetForm, msg


def add(shown: TargetDesk, asked: Question) -> None:
    """The form, folded away below the list."""
    label = words.say(msg("Add a goal"), asked.language)
    with st.expander(label, icon=":material/add:"):
        new_goal(shown, asked)


@st.fragment
def new_goal(shown: TargetDesk, asked: Question) -> None:
    """What the goal is to be; as soon as it has a metric and a target, what it does and what the checks say."""
    language = asked.language
    with showing.politely(asked.view):
        left, right = st.columns(2)
        with left:
            metric = pick(msg("Metric"), shown.metrics, "new metric", language)
            parent = pick(msg("Below which goal"), shown.parents, "new parent", language)
            curve = pick(msg("Curve (empty: points follow attainment)"), shown.curves, "new curve", language)
        with right:
            target = st.number_input(words.literal(msg("Target"), language), value=None, key="new target")
            names = ("threshold", "baseline", "stretch", "low", "high")
            titles = (msg("Threshold"), msg("Baseline"), msg("Stretch"), msg("Lower end"), msg("Upper end"))
            with st.popover(words.literal(msg("More amounts"), language)):
                amounts = {
                    name: st.number_input(words.literal(title, language), value=None, key=f"new {name}")
                    for name, title in zip(names, titles, strict=True)
                }
            weight = st.number_input(
                words.literal(msg("Weight"), language), value=10.0, min_value=0.0, key="new weight"
            )
        if metric is None or (target is None and amounts["low"] is None):
            showing.block(
                text.aside(msg("Choose a metric and write a target to see what the goal would do."), language)
            )
            return
        wanted = NewGoal(
            owner=str(shown.unit), owner_kind="unit", metric=metric, parent=parent, curve=curve, target=target, weight=weight,
            threshold=amounts["threshold"], baseline=amounts["baseline"], stretch=amounts["stretch"], low=amounts["low"],
            high=amounts["high"],
        )  # fmt: skip
        found = asked.answer(
            f"new {wanted}", lambda: asked.ws.preview_goal(asked.asker, wanted, asked.period, asked.as_of)
        )
        told(found, asked)
        blocked = bool(found.obstacles) or found.as_of is not None
        if st.button(words.literal(msg("Add it"), language), type="primary", disabled=blocked, key="add goal"):
            write(found, None, asked)


def close(shown: TargetForm, asked: Question) -> None:
    """The way to close a goal, folded away below the form."""
    label = words.say(msg("Close this goal"), asked.language)
    with st.expander(label, icon=":material/lock:"):
        closing(shown, asked)


@st.fragment
def closing(shown: TargetForm, asked: Question) -> None:
    """What closing means, the reason, and the button."""
    language = asked.language
    with showing.politely(asked.view):
        found = asked.answer(
            f"close {shown.goal}", lambda: asked.ws.preview_close(asked.asker, shown.goal, asked.period, asked.as_of)
        )
        told(found, asked)
        reason = st.text_input(words.literal(msg("Why it is closed"), language), key=f"close reason {shown.goal}")
        blocked = bool(found.obstacles) or found.as_of is not None or not reason.strip()
        if st.button(words.literal(msg("Close it"), language), disabled=blocked, key="close goal"):
            write(found, reason, asked)


def told(found: GoalPreview, asked: Question) -> None:
    """What the preview says, and the goals it changes."""
    showing.block(text.paragraph(found.sentence, asked.language))
    if found.goals.height:
        showing.block(changes_table(found, asked.language, most=12))


def write(found: GoalPreview, reason: str | None, asked: Question) -> None:
    """Ask once more, and write what was shown."""
    language = asked.language

    @st.dialog(words.literal(msg("Write this change?"), language))
    def ask() -> None:
        showing.block(text.paragraph(found.sentence, language))
        if st.button(words.literal(msg("Write it"), language), type="primary", key="write goal"):
            try:
                made = asked.ws.make_goal(asked.asker, found, reason=reason)
            except KPIFlowError as problem:
                showing.block(text.aside(problem.message, language))
                return
            remember(made)

    ask()


def pick(label: Message, choices: tuple[Choice, ...], key: str, language: str) -> str | None:
    """Return what is chosen from a list that may stay empty."""
    names = {choice.id: words.say(choice.name, language) for choice in choices}
    found: str | None = st.selectbox(
        words.literal(label, language),
        list(names),
        index=None,
        format_func=lambda one: names[one],
        key=key,
    )
    return found
