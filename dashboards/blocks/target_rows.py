"""Targets as a list: the years before, this cycle so far, and every anchor; each name leads to where it is set."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.drawings import sparkline
from dashboards.blocks.markup import Markup, el
from dashboards.charts.paper import Ink
from kpiflow.workspace import Message, TargetDesk, TargetForm, msg
from kpiflow.workspace.handing_down.cascading import FIELD_WORDS

#: What the fields of a goal's history are called.
FIELDS: dict[str, Message] = {**FIELD_WORDS, "phasing": msg("phasing"), "stage": msg("stage")}

#: What the stages of a goal are called.
STAGES: dict[str, Message] = {
    "draft": msg("draft"),
    "proposed": msg("proposed"),
    "agreed": msg("agreed"),
    "active": msg("active"),
    "closed": msg("closed"),
}


def target_rows(shown: TargetDesk, ink: Ink, language: str, href: Callable[[str], str]) -> Markup:
    """Return the table; on a narrow screen it keeps the goal, what was reached and the target."""
    names = [
        (msg("Goal"), None),
        *((msg("{period}", period=year), "num wide-only") for year in reversed(shown.earlier)),
        (msg("This cycle so far"), "num"),
        (msg("Months"), "wide-only"),
        (msg("Baseline"), "num wide-only"),
        (msg("Threshold"), "num wide-only"),
        (msg("Target"), "num"),
        (msg("Stretch"), "num wide-only"),
        (msg("Weight"), "num wide-only"),
        (msg("Phasing"), "wide-only"),
    ]
    head = el("tr", *(el("th", words.say(name, language), class_=kind) for name, kind in names))
    body = [_row(row, ink, language, href) for row in shown.rows.iter_rows(named=True)]
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    return el("div", table, class_="k k-scroll")


def _row(row: Mapping[str, Any], ink: Ink, language: str, href: Callable[[str], str]) -> Markup:
    name = words.name(row, language)
    mark = text.example_mark(language) if row.get("example") else None
    spark = sparkline(row["spark"] or [], ink, words.say(msg("Months of {name}", name=name), language), wide=96)
    so_far = words.quantity(row["actual"], row, language) if row["metric"] else words.points(row["points"], language)
    earlier = [words.quantity(value, row, language) for value in reversed(row["earlier"] or [])]
    return el(
        "tr",
        el(
            "td", el("a", name, href=href(row["goal"])), " ", mark,
            el("span", words.name(row, language, "owner_label"), class_="owner"),
        ),
        *(el("td", value, class_="num wide-only") for value in earlier),
        el("td", so_far, el("span", text.status(row["status"], language), class_="owner"), class_="num"),
        el("td", spark, class_="wide-only"),
        *(el("td", words.quantity(row[field], row, language), class_="num wide-only") for field in ("baseline", "threshold")),
        el("td", target_of(row, language), class_="num"),
        el("td", words.quantity(row["stretch"], row, language), class_="num wide-only"),
        el("td", f"{row['weight']:g}", class_="num wide-only"),
        el("td", words.name(row, language, "phasing_label"), class_="wide-only quiet"),
    )  # fmt: skip


def target_of(row: Mapping[str, Any], language: str) -> str:
    """Return the target, or the band where there is one instead."""
    if row.get("target") is None and row.get("low") is not None and row.get("high") is not None:
        low, high = (words.quantity(row[key], row, language) for key in ("low", "high"))
        return words.say(msg("{low} to {high}", low=low, high=high), language)
    return words.quantity(row.get("target"), row, language)


def history_rows(shown: TargetForm, language: str) -> Markup:
    """Return every change of a goal's targets: when, who, what, and why."""
    names = (msg("When"), msg("Who"), msg("What"), msg("Before"), msg("After"), msg("Reason"))
    kinds = (None, "wide-only", None, "num", "num", None)
    head = el(
        "tr", *(el("th", words.say(name, language), class_=kind) for name, kind in zip(names, kinds, strict=True))
    )
    body = [
        el(
            "tr",
            el("td", words.say(msg("{day}", day=one["at"].date()), language)),
            el("td", words.name(one, language, "who"), class_="wide-only"),
            el("td", field_name(one["field"], language)),
            el("td", _value(one["before"], one["field"], shown, language), class_="num"),
            el("td", _value(one["after"], one["field"], shown, language), class_="num"),
            el("td", one["reason"] or "", class_="quiet"),
        )
        for one in shown.history.iter_rows(named=True)
    ]
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    return el("div", table, class_="k k-scroll k-tall", tabindex="0")


def field_name(field: str, language: str) -> str:
    """Return what a field of a goal is called; `target 2013-03` is the target written for a month."""
    name, _, period = field.partition(" ")
    if period:
        return words.say(msg("target of {period}", period=period), language)
    return words.say(FIELDS[name], language)


def _value(value: str | None, field: str, shown: TargetForm, language: str) -> str:
    if value is None:
        return "–"
    if field == "phasing":
        return next((words.say(one.name, language) for one in shown.phasings if one.id == value), value)
    if field == "stage":
        return words.say(STAGES[value], language) if value in STAGES else value
    return f"{float(value):g}" if field == "weight" else words.quantity(float(value), shown.row, language)
