"""Calibration sessions in a list, the moves made in one, and what was decided about one person."""

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Name, Quantity, msg
from kpiflow.workspace.calibration.answers import STATE_WORDS, Calibrated, SessionLine, SessionState

#: The shape beside each state: never colour alone.
SHAPES = {SessionState.OPEN: "○", SessionState.FINAL: "●", SessionState.DROPPED: "–"}


def sessions(lines: Sequence[SessionLine], language: str, href: Callable[[int], str]) -> Markup:
    """Return the list of sessions; each leads to its own page."""
    names = (msg("Session"), msg("State"), msg("People"), msg("Moves"), msg("Opened by"))
    kinds = (None, None, "num", "num", "wide-only")
    head = el(
        "tr",
        *(
            el("th", words.say(name, language), scope="col", class_=kind)
            for name, kind in zip(names, kinds, strict=True)
        ),
    )
    body = []
    for one in lines:
        about = [words.say(part, language) for part in (one.target,) if part is not None]
        day = words.say(msg("{day}", day=one.at.date()), language)
        body.append(
            el("tr",
               el("td", el("a", words.say(one.group, language), href=href(one.session)),
                  el("span", " · ".join([f"#{one.session}", *about]), class_="owner")),
               el("td", f"{SHAPES[one.state]} {words.say(STATE_WORDS[one.state], language)}"),
               el("td", str(one.people), class_="num"), el("td", str(one.moves), class_="num"),
               el("td", words.say(one.who, language), el("span", day, class_="owner"), class_="wide-only"))
        )  # fmt: skip
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    return el("div", table, class_="k k-scroll")


def log(rows: pl.DataFrame, language: str) -> Markup:
    """Return the moves of a session, the newest first: who moved whom from what to what, and why."""
    items = [
        el("li", el("span", "⇅", class_="shape", aria_hidden="true"),
           el("b", f"{words.name(row, language)}: {row['before']} → {row['after']}"), " ",
           el("span", _hand(row, language), class_="quiet"),
           el("blockquote", row["reason"]))
        for row in rows.reverse().iter_rows(named=True)
    ]  # fmt: skip
    return el("ul", *items, class_="k k-timeline")


def _hand(row: dict[str, Any], language: str) -> str:
    return words.say(msg("{who}, {day}", who=words.name(row, language, "who_label"), day=row["at"].date()), language)


def raters(rows: pl.DataFrame, language: str) -> Markup:
    """Return how generous each rater's people are graded, before the session and in it."""
    names = (msg("Rater"), msg("People"), msg("Before"), msg("Now"))
    head = el(
        "tr",
        *(
            el("th", words.say(name, language), scope="col", class_="num" if place else None)
            for place, name in enumerate(names)
        ),
    )
    body = [
        el("tr", el("td", words.name(row, language)), el("td", str(row["people"]), class_="num"),
           *(el("td", words.say(msg("{value}", value=Quantity(round(row[name], 2), "number", signed=True)), language),
                class_="num") for name in ("before", "after")))
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def calibrated(found: Calibrated | None, language: str, person: Name) -> Markup:
    """Return what a final session made of somebody's grade, with the reason; nothing when none did."""
    if found is None:
        return Markup()
    said = msg("The grade of {person} was calibrated from {before} to {after} on {day}:", person=person,
               before=found.before, after=found.after, day=found.at.date())  # fmt: skip
    return el("div", el("p", words.say(said, language)), el("p", found.reason, class_="k-words"), class_="k")
