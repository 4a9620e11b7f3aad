"""A plan's tests on the page: each example with what it expects and gives, and the rows that none of them hits."""

from decimal import Decimal
from fractions import Fraction

from dashboards import words
from dashboards.blocks.markup import Markup, el
from dashboards.plan_looks import held_mark
from kpiflow.workspace import msg
from kpiflow.workspace.plans.testing import Ran, Tested, Value


def examples(shown: Tested, language: str) -> Markup:
    """Return every example, those that fail opened."""
    return el("div", *(_example(one, shown.plan.currency, language) for one in shown.examples), class_="k k-plan-tests")


def _example(ran: Ran, currency: str, language: str) -> Markup:
    word = words.say(msg("holds") if ran.holds else msg("fails"), language)
    heads = (msg("Value"), msg("Expected"), msg("Found"))
    head = el("tr", *(el("th", words.say(name, language), class_="num" if n else None) for n, name in enumerate(heads)))
    body = (_value(value, currency, language) for value in ran.values)
    table = el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k-scroll")
    why = el("p", ran.why, class_="quiet") if ran.why else None
    summary = el("summary", held_mark(ran.holds, language, word), " ", ran.name)
    return el("details", summary, why, table, open=None if ran.holds else "open")


def _value(value: Value, currency: str, language: str) -> Markup:
    found = _shown(value.found, value, currency, language)
    if not value.holds and value.exact is not None:
        exact = words.say(
            msg("the exact reference: {value}", value=_shown(value.exact, value, currency, language)), language
        )
        found = el("span", found, el("span", exact, class_="owner"))
    return el(
        "tr",
        el("td", None if value.person is None else f"{value.person} · ", words.say(value.label, language)),
        el("td", _shown(value.expected, value, currency, language), class_="num"),
        el("td", found, class_="num"),
    )


def _shown(amount: Decimal | Fraction | str | None, value: Value, currency: str, language: str) -> Markup | str:
    """Return an amount in its unit, every digit of it."""
    if amount is None or isinstance(amount, str):
        return amount or words.say(msg("cannot be said"), language)
    if isinstance(amount, Fraction):
        return str(amount)
    if value.unit.value == "money":
        return words.money(amount, currency, language)
    return f"{amount.normalize():f}"


def coverage(shown: Tested, language: str) -> Markup:
    """Return how many rows and sides are hit, and each that is not."""
    branches, missed = shown.coverage.branches, shown.coverage.missed
    said = words.say(
        msg("{covered} of {rows} rows and sides are hit by an example.",
            covered=len(branches) - len(missed), rows=len(branches)), language)  # fmt: skip
    lines = (
        el("li", words.say(msg("{step}: {branch}", step=one.label, branch=one.branch.said), language)) for one in missed
    )
    listed = el("ul", *lines, class_="k-plan-about") if missed else None
    return el("div", el("p", held_mark(not missed, language, said)), listed, class_="k")
