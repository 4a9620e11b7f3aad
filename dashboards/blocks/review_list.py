"""The list of reviews: whose, how far each has come, whom it waits for and how late it is; and the late ones by unit."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el
from dashboards.review_looks import state_mark, state_words
from kpiflow.workspace import msg
from kpiflow.workspace.reviewing.answers import STEP_WORDS, ReviewList, ReviewState, ReviewStep


def review_figures(shown: ReviewList, language: str) -> Markup:
    """Return how many are signed and late, and how many are in which state."""
    keys = [
        el("span", el("b", str(count)), f" {state_words(state, language)}") for state, count in shown.counts.items()
    ]
    every = el("div", el("div", words.say(msg("{count} {count:review|reviews}", count=shown.total), language), class_="name"),
               el("div", *keys, class_="k-keys"), class_="k-figure wide")  # fmt: skip
    signed = shown.counts.get(ReviewState.SIGNED, 0)
    return el(
        "div",
        figure(msg("Signed"), words.share(signed / shown.total if shown.total else None, language), language),
        figure(msg("Late"), str(shown.late), language),
        every,
        class_="k k-figures",
    )


def review_list(shown: ReviewList, language: str, href: Callable[[str], str]) -> Markup:
    """Return the table of a page of reviews; `href` writes the address of a review by person."""
    heads = ((msg("Review of"), None), (msg("State"), None), (msg("Waits for"), "wide-only"), (msg("Score"), "num"))
    head = el("tr", *(el("th", words.say(name, language), class_=kind, scope="col") for name, kind in heads))
    body = (_row(row, language, href) for row in shown.rows.iter_rows(named=True))
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    return el("div", table, class_="k k-scroll", tabindex="0")


def _row(row: Mapping[str, Any], language: str, href: Callable[[str], str]) -> Markup:
    late = None
    if row["late"]:
        said = f"! {words.say(msg('{days} {days:day|days} late', days=row['late']), language)}"
        late = el("span", said, class_="owner", style="color:var(--k-ink-behind)")
    changed = el("span", words.say(msg("changed since signed"), language), class_="owner") if row["changed"] else None
    back = (
        el("span", words.say(msg("sent back: {reason}", reason=row["back"]), language), class_="owner")
        if row["back"]
        else None
    )
    score = words.points(row["score"], language)
    return el(
        "tr",
        el("td", el("a", words.name(row, language), href=href(row["person"])),
           el("span", words.name(row, language, "unit_label"), class_="owner")),
        el("td", state_mark(ReviewState(row["state"]), language), late, changed, back),
        el("td", _waits(row, language), class_="wide-only"),
        el("td", f"{score} {row['grade'] or ''}".strip(), class_="num"),
    )  # fmt: skip


def _waits(row: Mapping[str, Any], language: str) -> str:
    if row["waits_for"] is None:
        return "–"
    step = words.say(STEP_WORDS[ReviewStep(row["waits_for"])], language)
    return step if not row["waits_on_label"] else f"{step} · {words.name(row, language, 'waits_on_label')}"


def late_by_unit(units: pl.DataFrame, language: str, href: Callable[[str], str], most: int = 10) -> Markup:
    """Return the units with most late reviews; each opens its own."""
    rows = units.filter(pl.col("late") > 0).head(most)
    heads = ((msg("Unit"), None), (msg("Late"), "num"), (msg("People"), "num"), (msg("Signed"), "num"))
    head = el("tr", *(el("th", words.say(name, language), class_=kind, scope="col") for name, kind in heads))
    body = (
        el("tr", el("td", el("a", words.name(row, language), href=href(row["unit"]))),
           *(el("td", str(row[name]), class_="num") for name in ("late", "people", "signed")))
        for row in rows.iter_rows(named=True)
    )  # fmt: skip
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    return el("div", table, class_="k k-scroll", tabindex="0")
