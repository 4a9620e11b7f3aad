"""Appeals in a list, one appeal's timeline, the values a measurement has had, and what a correction changed."""

from collections.abc import Callable

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg
from kpiflow.workspace.appeals.answers import APPEAL_SHAPES, APPEAL_WORDS, Appeal, AppealLine, AppealList, Changed


def state(line: AppealLine, language: str) -> str:
    """Return how an appeal stands as shape and word."""
    return f"{APPEAL_SHAPES[line.state]} {words.say(APPEAL_WORDS[line.state], language)}"


def appeals(listed: AppealList, language: str, href: Callable[[int], str]) -> Markup:
    """Return the list; each appeal leads to its own page."""
    names = ((msg("Appeal"), None), (msg("State"), None), (msg("Filed"), "wide-only"), (msg("Answer due"), None))
    head = el("tr", *(el("th", words.say(name, language), scope="col", class_=kind) for name, kind in names))
    body = [_row(line, language, href) for line in listed.lines]
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table k-appeals")
    return el("div", table, class_="k k-scroll")


def _row(line: AppealLine, language: str, href: Callable[[int], str]) -> Markup:
    due = words.say(msg("{day}", day=line.due), language) if line.ended_at is None else "–"
    late = el("span", words.say(msg("▲ late"), language), class_="k-tone-short") if line.late else None
    return el(
        "tr",
        el("td", el("a", words.say(line.about, language), href=href(line.number)),
           el("span", f"{words.say(line.name, language)} · {line.period} · #{line.number}", class_="owner")),
        el("td", state(line, language), class_="nowrap"),
        el("td", words.say(msg("{day}", day=line.at.date()), language), class_="wide-only"),
        el("td", due, " " if late else None, late),
    )  # fmt: skip


def timeline(shown: Appeal, language: str) -> Markup:
    """Return everything that happened to an appeal, oldest first."""
    items = [
        el("li", el("span", "•", class_="shape", aria_hidden="true"), el("b", words.say(one.said, language)), " ",
           el("span", words.say(msg("{who}, {day}", who=one.who, day=one.at.date()), language), class_="quiet"),
           el("blockquote", one.words) if one.words else None)
        for one in shown.events
    ]  # fmt: skip
    return el("ul", *items, class_="k k-timeline")


def versions(rows: pl.DataFrame, measure: dict[str, object], language: str) -> Markup:
    """Return every value a disputed measurement has had, and what became of it."""
    names = (msg("Value"), msg("Came with"), msg("Recorded"), msg("Corrected because"))
    head = el("tr", *(el("th", words.say(name, language), scope="col") for name in names))
    body = [
        el("tr", el("td", el("b", words.quantity(row["value"], measure, language))), el("td", row["source"]),
           el("td", words.say(msg("{day}", day=row["recorded_at"].date()), language),
              el("span", words.name(row, language, "who"), class_="owner")),
           el("td", row["reason"] or "–"))
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def changed(told: Changed, language: str) -> Markup:
    """Return score, grade and pay before and after a correction, side by side."""
    rows: list[tuple[Message, str, str]] = [
        (msg("Score"), words.points(told.score[0], language), words.points(told.score[1], language)),
        (msg("Grade"), told.grade[0] or "–", told.grade[1] or "–"),
    ]
    for one in told.pay or ():
        before, after = (words.money(paid, one.currency, language) for paid in (one.before, one.after))
        name = msg("Pay") if len(told.pay or ()) == 1 else msg("Pay by {plan}", plan=one.label)
        rows.append((name, before, after))
    names = (msg("After the correction"), msg("Before"), msg("After"))
    head = el("tr", *(el("th", words.say(name, language), scope="col", class_="num" if place else None)
                      for place, name in enumerate(names)))  # fmt: skip
    body = [
        el(
            "tr",
            el("td", words.say(name, language)),
            el("td", before, class_="num"),
            el("td", el("b", after), class_="num"),
        )
        for name, before, after in rows
    ]
    said = el("p", words.say(told.corrected, language)) if told.corrected else None
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    return el("div", said, el("div", table, class_="k-scroll"), class_="k")
