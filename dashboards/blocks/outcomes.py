"""What the ways a period may end would mean for a person: score, grade and pay, for the whole and for each goal alone."""

from collections.abc import Sequence
from typing import Any

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, Name, Outcomes, Quantity, msg


def ways(found: Outcomes, language: str) -> Markup:
    """Return the ways the whole may end as a table; columns that may not be read are left out."""
    scored = any(one.score is not None for one in found.ways)
    plans = found.ways[0].pays if any(paid.then is not None for one in found.ways for paid in one.pays) else ()
    pay: Sequence[Message | Name] = [msg("Pay")] if len(plans) == 1 else [one.label for one in plans]
    names = [msg("If it ends"), *([msg("Score"), msg("Grade")] if scored else []), *pay]
    rows = [
        [words.say(one.name, language)]
        + ([words.points(one.score, language), one.grade or "–"] if scored else [])
        + [words.money(paid.then, paid.currency, language) for paid in one.pays[: len(plans)]]
        for one in found.ways
    ]
    return _table(names, rows, language)


def alone(found: Outcomes, language: str) -> Markup:
    """Return what each goal alone would change by ending at its target or stretch, the heaviest first."""
    paid = any(one.pay is not None for one in found.ways)
    names = [msg("This goal alone"), msg("at target"), msg("at stretch")]
    rows = [
        [
            words.name(row, language, "metric_label"),
            _change(row, "target", found.currency, language, paid=paid),
            _change(row, "stretch", found.currency, language, paid=paid),
        ]
        for row in found.goals.sort("weight", descending=True, maintain_order=True).iter_rows(named=True)
    ]
    return _table(names, rows, language)


def _change(row: dict[str, Any], anchor: str, currency: str | None, language: str, *, paid: bool) -> str:
    """Return the change of score, and of pay where it changes, such as `+7.4 · +$310.00`; a dash without such an anchor."""
    if row[anchor] is None:
        return "–"
    parts = []
    score, pay = row[f"score_{anchor}"], row[f"pay_{anchor}"]
    if score is not None:
        parts.append(words.points(score, language, signed=True))
    if paid and pay:
        parts.append(words.say(msg("{value}", value=Quantity(pay, "currency", currency, signed=True)), language))
    return " · ".join(parts) or "–"


def _table(names: Sequence[Message | Name], rows: list[list[str]], language: str) -> Markup:
    head = el(
        "tr", *(el("th", words.say(name, language), class_="num" if at else None) for at, name in enumerate(names))
    )
    body = (el("tr", *(el("td", cell, class_="num" if at else None) for at, cell in enumerate(row))) for row in rows)
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")
