"""A pay statement: numbered lines with their formula and amount, and the total they add up to."""

from collections.abc import Mapping
from typing import Any

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, Name, Progress, msg


def statement(shown: Progress, language: str) -> Markup:
    """Return the lines of the statement and its total."""
    head = el(
        "tr",
        el("th", "#"),
        el("th", words.say(msg("Line"), language)),
        el("th", words.say(msg("How"), language)),
        el("th", words.say(msg("Amount"), language), class_="num"),
    )
    total = el(
        "tr",
        el("td", ""),
        el("td", words.say(msg("Total"), language)),
        el("td", ""),
        el("td", words.money(shown.pay_total, shown.currency, language), class_="num"),
    )
    body = (_line(line, shown.currency, language) for line in shown.statement_lines)
    table = el("table", el("thead", head), el("tbody", *body), el("tfoot", total), class_="k-table")
    return el("div", table, class_="k k-scroll")


def _line(line: Mapping[str, Any], currency: str | None, language: str) -> Markup:
    return el(
        "tr",
        el("td", str(line["line"]), class_="quiet"),
        el("td", _said(line["label"], language)),
        el("td", _said(line["formula"], language), _result(line, currency, language), class_="quiet"),
        el("td", words.money(line["amount"], currency, language) if line["amount"] is not None else "", class_="num"),
    )


def _result(line: Mapping[str, Any], currency: str | None, language: str) -> str | None:
    """What a line that only leads up to the payout comes to: otherwise nobody could follow the next one."""
    if line["value"] is None or line["amount"] is not None:
        return None
    if line["unit"] == "money":
        return f" = {words.money(line['value'], currency, language)}"
    value = format(round(line["value"], 10).normalize(), "f")  # as the lines below write it
    said = _said(line["formula"], language)
    return None if said.endswith((f": {value}", f"：{value}")) else f" = {value}"


def _said(value: object, language: str) -> str:
    return words.say(value, language) if isinstance(value, Message | Name | str) else ""
