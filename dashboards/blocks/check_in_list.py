"""Check-ins and questions as words: each check-in with what became of it, each question with its answers under it."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import CheckIns, Message, msg

#: What became of a check-in, in words.
OUTCOMES: dict[str, Message] = {
    "measured": msg("counts as a measurement"),
    "corrected": msg("corrected since"),
    "confirmed": msg("confirmed what was known"),
    "said": msg("words only"),
}


def history(shown: CheckIns, language: str, *, most: int = 12) -> Markup:
    """Return the newest check-ins as a table."""
    names = (msg("Day"), msg("Value"), msg("Confidence"), msg("Words"), msg("By"))
    head = el(
        "tr", *(el("th", words.say(name, language), class_="num" if name in names[1:3] else None) for name in names)
    )
    body = (_line(one, shown, language) for one in shown.rows.head(most).iter_rows(named=True))
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table k-check-ins")
    return el("div", table, class_="k k-scroll k-tall", tabindex="0")


def reported(one: Mapping[str, Any], shown: CheckIns, language: str) -> str:
    """Return what a check-in reported: a step by its name, a rate with its parts, or a value."""
    row = shown.form.row
    if one["step"] is not None:
        found = next((step for step in shown.form.steps if step.value == float(one["step"])), None)
        return words.say(found.name, language) if found else words.quantity(one["shown"], row, language)
    return words.quantity(one["shown"], row, language)


def _line(one: Mapping[str, Any], shown: CheckIns, language: str) -> Markup:
    outcome = words.say(OUTCOMES[one["outcome"]], language)
    files = words.say(msg("{count} {count:file|files}", count=one["files"]), language) if one["files"] else None
    reason = words.say(msg("Reason: {reason}", reason=one["reason"]), language) if one["reason"] else None
    notes = " · ".join(note for note in (outcome, files, reason) if note)
    value = el("s", reported(one, shown, language)) if one["outcome"] == "corrected" else reported(one, shown, language)
    return el(
        "tr",
        el("td", words.say(msg("{day}", day=one["day"]), language), class_="nowrap"),
        el("td", value if one["shown"] is not None else "–", class_="num"),
        el("td", "–" if one["confidence"] is None else str(one["confidence"]), class_="num"),
        el("td", one["words"] or None, el("span", notes, class_="owner")),
        el(
            "td",
            words.name(one, language, "who_label"),
            el("span", words.say(msg("{day}", day=one["at"].date()), language), class_="owner"),
        ),
    )


def thread(remarks: pl.DataFrame, language: str) -> Markup:
    """Return the questions, oldest first, each with its answers under it."""
    rows = remarks.to_dicts()
    return el("div", *(_asked(one, rows, language) for one in rows if one["answers"] is None), class_="k k-thread")


def _asked(one: Mapping[str, Any], rows: list[dict[str, Any]], language: str) -> Markup:
    answers = [
        el("div", _who(row, language), el("p", row["words"]), class_="answer")
        for row in rows
        if row["answers"] == one["remark"]
    ]
    waits = None
    if one["asks"] is not None and not one["answered"]:
        waits = el(
            "p",
            words.say(msg("Waits for {name}.", name=words.name(one, language, "asks_label")), language),
            class_="quiet",
        )
    return el("div", _who(one, language), el("p", one["words"]), *answers, waits, class_="question")


def _who(one: Mapping[str, Any], language: str) -> Markup:
    said = words.say(msg("{name}, {day}", name=words.name(one, language, "who_label"), day=one["at"].date()), language)
    return el("p", said, class_="who")
