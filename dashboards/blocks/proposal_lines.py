"""Lines of proposals as blocks: both sides of one beside each other, and tables of many."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import LINE_WORDS, Message, Name, msg

#: The shape and tone of each state of a line.
SHAPES: dict[str, tuple[str, str]] = {
    "proposed": ("○", "open"), "countered": ("▲", "short"), "declined": ("○", "open"), "agreed": ("●", "good"),
    "accepted": ("●", "good"), "withdrawn": ("–", "open"), "superseded": ("–", "open"),
}  # fmt: skip


def two_sides(row: Mapping[str, Any], language: str) -> Markup:
    """Return one line with what was, what is proposed and what is asked for instead, and the words of both."""
    owner, who = (words.name(row, language, name) for name in ("owner_label", "proposed_by_label"))
    title = msg("{goal}: {state}", goal=Name(words.name(row, language)), state=LINE_WORDS[row["state"]])
    figures = [
        (msg("Now"), _value(row, "before", language)),
        (msg("Proposed"), _with_change(row, "target", language)),
    ]
    if row["counter"] is not None:
        figures.append((msg("Asked for instead"), _with_change(row, "counter", language)))
    said: list[tuple[str, str | None]] = [(who, row["proposal_words"]), (who, row["words"])]
    said.append((owner, row["counter_words"]))
    if row["state"] == "declined":
        said.append((who, row["answer_words"]))
    return el(
        "div",
        text.heading(title, language),
        el("div", *(_figure(name, value, language) for name, value in figures), class_="k-two-sides"),
        *(el("p", el("b", f"{name}: "), spoken, class_="k-words") for name, spoken in said if spoken),
        class_="k",
    )


def _figure(name: Message, value: str, language: str) -> Markup:
    return el("div", el("div", words.say(name, language), class_="name"), el("div", value, class_="value"))


def _value(row: Mapping[str, Any], column: str, language: str) -> str:
    return words.quantity(row[column], row, language)


def _with_change(row: Mapping[str, Any], column: str, language: str) -> str:
    """Return a value with how far it lies from the target now."""
    if row["before"] is None or row[column] is None:
        return _value(row, column, language)
    apart = words.quantity(row[column] - row["before"], row, language, difference=True, signed=True)
    return f"{_value(row, column, language)} ({apart})"


def lines_table(lines: pl.DataFrame, language: str) -> Markup:
    """Return lines of proposals as a table: who was asked for what, and what they said."""
    heads = (msg("Owner"), msg("Now"), msg("Proposed"), msg("Answer"))
    rows = []
    for row in lines.iter_rows(named=True):
        shape, tone = SHAPES[row["state"]]
        answer = el("span", f"{shape} {words.say(LINE_WORDS[row['state']], language)}", class_=f"k-tone-{tone}")
        rows.append(
            (
                el("td", words.name(row, language, "owner_label")),
                el("td", _value(row, "before", language), class_="num"),
                el("td", _value(row, "target", language), class_="num"),
                el("td", answer, el("span", row["answer_words"], class_="owner") if row["answer_words"] else None),
            )
        )
    return _table(heads, rows, language)


def asked_table(lines: pl.DataFrame, language: str) -> Markup:
    """Return whom a proposal would ask, and what changes for each."""
    heads = (msg("Owner"), msg("Now"), msg("New target"), msg("Who answers"))
    rows = []
    for row in lines.iter_rows(named=True):
        person = words.name(row, language, "people") if row["people"] else words.say(msg("nobody today"), language)
        easier = el("span", words.say(msg("easier than now"), language), class_="owner") if row["eased"] else None
        rows.append(
            (
                el("td", words.name(row, language, "owner_label")),
                el("td", _value(row, "target_before", language), class_="num"),
                el("td", _value(row, "target", language), easier, class_="num"),
                el("td", person),
            )
        )
    return _table(heads, rows, language)


def _table(heads: tuple[Message, ...], rows: Sequence[tuple[Markup, ...]], language: str) -> Markup:
    kinds = (None, "num", "num", None)
    head = el("tr", *(el("th", words.say(one, language), class_=kind) for one, kind in zip(heads, kinds, strict=True)))
    body = [el("tr", *cells) for cells in rows]
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll k-tall")
