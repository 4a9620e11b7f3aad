"""Strategy: the objectives of a unit, the goals they come from and who carries them, as one picture."""

import streamlit as st

from dashboards import address, asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import el, join
from dashboards.blocks.strategy_rows import strategy_rows
from dashboards.charts import layers
from dashboards.pages import GOAL, STRATEGY, path
from kpiflow.workspace import Message, Strategy, msg


def page(asked: Question) -> None:
    """Show the way to the unit, the picture, and the same as a table."""
    language, view = asked.language, asked.view
    shown = asked.answer(
        f"strategy {view.unit}", lambda: asked.ws.strategy(asked.asker, asked.period, view.unit, asked.as_of)
    )
    ways(shown, asked)
    showing.block(text.sentence(shown.sentence, language))
    if shown.nodes.is_empty():
        showing.block(text.aside(msg("Choose another unit, or another period above."), language))
        return
    showing.block(text.heading(msg("From objectives to owners"), language, _reading(shown)))
    picture(shown, asked)
    label = words.say(msg("The same as a table"), language)
    with st.expander(label, icon=":material/table_rows:"):
        showing.block(strategy_rows(shown, language, showing.goal_link(asked), lambda unit: link(asked, unit)))


def _reading(shown: Strategy) -> Message:
    """Return how the picture is read."""
    if shown.hidden:
        return msg(
            "Size and width are weight; a dashed line helps without being counted. Press a goal to open it, a unit to go down "
            "to it. {count} more owners are not drawn.",
            count=shown.hidden,
        )
    return msg(
        "Size and width are weight; a dashed line helps without being counted. Press a goal to open it, a unit to go down to it."
    )


def picture(shown: Strategy, asked: Question) -> None:
    """The picture; a press opens the goal, or goes down to the unit."""
    with st.container(key="strategy_picture"):
        pressed = showing.plot_presses(
            layers.draw(shown, asked.ink, asked.language), layers.alt(shown), asked, key=f"strategy {shown.unit}"
        )
    if pressed is None:
        return
    kind, _, owner = pressed.partition(":")
    if kind == "unit":
        showing.open_page(STRATEGY, asked, unit=owner)
    elif kind != "person":
        showing.open_page(GOAL, asked, goal=pressed)


def ways(shown: Strategy, asked: Question) -> None:
    """The way up to the enterprise, and the units right below."""
    language = asked.language
    showing.block(text.crumbs([(choice.name, link(asked, choice.id)) for choice in shown.path], language))
    if shown.units:
        label = words.say(msg("Units below"), language)
        parts = [el("a", words.say(choice.name, language), href=link(asked, choice.id)) for choice in shown.units]
        spaced = join(*(piece for part in parts for piece in (" ", part)))
        showing.block(el("nav", el("span", f"{label}:", class_="quiet"), spaced, class_="k k-units", aria_label=label))


def link(asked: Question, unit: str) -> str:
    """Return the address of this page for a unit."""
    return address.link(path(STRATEGY), asked.view, unit=unit, goal=None)


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
