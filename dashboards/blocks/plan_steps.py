"""A plan in words: whom it pays, and its steps in the order they are worked out, each as a sentence."""

from collections.abc import Sequence

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message
from kpiflow.workspace.plans.pictures import Grid
from kpiflow.workspace.plans.wording import StepSaid


def about(said: Sequence[Message], language: str) -> Markup:
    """Return whom a plan pays, when and how."""
    return el("ul", *(el("li", words.say(one, language)) for one in said), class_="k k-plan-about")


def step(one: StepSaid, language: str) -> Markup:
    """Return one step: its number and name, its rule, and its table when it has one."""
    table = grid(one.picture, language) if isinstance(one.picture, Grid) else None
    return el(
        "section",
        el("h3", el("span", str(one.number), class_="number"), words.say(one.label, language),
           el("code", one.component, class_="print")),
        el("p", words.say(one.rule, language)),
        table,
        class_="k k-plan-step",
    )  # fmt: skip


def grid(shown: Grid, language: str) -> Markup:
    """Return the rows of a table or matrix."""
    head = el("tr", *(_cell("th", said, place, language) for place, said in enumerate(shown.heads)))
    body = (el("tr", *(_cell("td", said, place, language) for place, said in enumerate(row))) for row in shown.rows)
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table k-plan-grid")
    return el("div", table, class_="k-scroll", tabindex="0")


def _cell(tag: str, said: Message, place: int, language: str) -> Markup:
    return el(tag, words.say(said, language), class_="num" if place else None)
