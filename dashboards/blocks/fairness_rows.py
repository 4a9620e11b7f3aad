"""A question of fairness as rows: whether it is raised, by whom or what, and how it is worked out."""

from collections.abc import Callable

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import msg
from kpiflow.workspace.fairness.answers import FairQuestion, Raised


def question(one: FairQuestion, language: str, href: Callable[[Raised], str]) -> Markup:
    """Return what raises a question, each row with a link to look closer, and the rule below."""
    return el("div", _state(one, language), _rows(one, language, href), _rule(one, language), class_="k")


def _state(one: FairQuestion, language: str) -> Markup:
    if one.found:
        said, colour = msg("▲ to be asked: {count}", count=one.found), "at_risk"
    elif one.looked_at:
        said, colour = msg("✓ nothing to ask"), "on_pace"
    else:
        said, colour = one.nothing or msg("– nothing to look at"), "no_data"
    return el("p", el("span", words.say(said, language), class_="k-status", style=f"color:var(--k-ink-{colour})"))


def _rows(one: FairQuestion, language: str, href: Callable[[Raised], str]) -> Markup | None:
    if not one.rows:
        return None
    body = [
        el(
            "tr",
            el("td", el("a", words.say(row.name, language), href=href(row))),
            el("td", words.say(row.said, language)),
        )
        for row in one.rows
    ]
    heads = (msg("About"), msg("What raises the question"))
    head = el("tr", *(el("th", words.say(name, language), scope="col") for name in heads))
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k-scroll")


def _rule(one: FairQuestion, language: str) -> Markup:
    more = one.found - len(one.rows)
    left = (
        [el("p", words.say(msg("{count} more {count:is|are} not listed.", count=more), language), class_="k-aside")]
        if more > 0
        else []
    )
    return el("div", *left, el("p", words.say(one.rule, language), class_="k-aside"))
