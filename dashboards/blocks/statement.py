"""A pay statement: numbered lines with their formula and amount, and the total they add up to."""

from collections.abc import Mapping
from typing import Any

from dashboards import words
from dashboards.blocks.markup import Markup, el, join
from kpiflow.workspace import Message, Name, PlanPay, msg
from kpiflow.workspace.pay_runs.answers import Adjusting, Line, Paid


def statement(shown: PlanPay, language: str) -> Markup:
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
        el("td", words.money(shown.total, shown.currency, language), class_="num"),
    )
    body = (_line(line, shown.currency, language) for line in shown.lines)
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


def paid_statement(shown: Paid, language: str) -> Markup:
    """Return a statement as it was or would be paid: lines with rule and row, the total, and what puts earlier runs right."""
    said = shown.statement
    head = el(
        "tr",
        el("th", "#"),
        el("th", words.say(msg("Line"), language)),
        el("th", words.say(msg("How"), language)),
        el("th", words.say(msg("Amount"), language), class_="num"),
    )
    body = [_paid_line(line, said.currency, language) for line in said.lines]
    body += [_adjustment(one, said.currency, language) for one in shown.adjustments]
    name = msg("To be paid") if shown.adjustments else msg("Total")
    amount = words.money(shown.payable, said.currency, language)
    total = el("tr", el("td", ""), el("td", words.say(name, language)), el("td", ""), el("td", amount, class_="num"))
    table = el("table", el("thead", head), el("tbody", *body), el("tfoot", total), class_="k-table")
    notes = [el("p", words.say(one, language), class_="k quiet") for one in (*said.notes, *filter(None, [said.reason]))]
    return el("div", el("div", table, class_="k k-scroll", tabindex="0"), *notes)


def _paid_line(line: Line, currency: str, language: str) -> Markup:
    """Return one line: its name with its rule and the case of it that applied, its formula with what was not met, its amount."""
    plan, slash, step = line.rule.rpartition("/")
    case = "" if line.matched is None else f" · {words.say(line.matched, language)}"
    rule = join(plan + slash, Markup("<wbr>"), step + case)  # a phone breaks it there, and the amount stays in sight
    figures = {"value": line.value, "amount": line.amount, "unit": line.unit.value, "formula": line.formula}
    unmet = None if line.unmet is None else el("span", words.say(line.unmet, language), class_="owner")
    return el(
        "tr",
        el("td", str(line.line), class_="quiet"),
        el("td", words.say(line.label, language), el("span", rule, class_="owner")),
        el("td", words.say(line.formula, language), _result(figures, currency, language), unmet, class_="quiet"),
        el("td", words.money(line.amount, currency, language) if line.amount is not None else "", class_="num"),
    )


def _adjustment(one: Adjusting, currency: str, language: str) -> Markup:
    """Return a line that puts an earlier run right."""
    due, paid = (words.money(value, currency, language) for value in (one.due, one.paid))
    how = words.say(msg("{due} due by now − {paid} paid so far", due=due, paid=paid), language)
    name = words.say(msg("Adjustment of run {run} for {period}", run=one.of_run, period=one.period), language)
    amount = words.money(one.amount, currency, language)
    return el("tr", el("td", ""), el("td", name), el("td", how, class_="quiet"), el("td", amount, class_="num"))
