"""One score taken apart on the page: each section with its goals, and what each brings to the whole."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el, join
from dashboards.blocks.score_list import POLICIES
from kpiflow.workspace import Message, msg
from kpiflow.workspace.scores.answers import ScoreWhy


def score_parts(shown: ScoreWhy, language: str, href: Callable[[str], str]) -> Markup:
    """Return the table of sections and goals with its sum, and the sentences of the appraisal."""
    heads = (
        (msg("Section and goal"), None), (msg("Actual"), "num wide-only"), (msg("Target"), "num wide-only"), (msg("Points"), "num"),
        (msg("Share"), "num"), (msg("Brings"), "num"),
    )  # fmt: skip
    head = el("tr", *(el("th", words.say(name, language), class_=kind, scope="col") for name, kind in heads))
    goals = shown.goals.partition_by("section", as_dict=True, include_key=True)
    body: list[Markup] = []
    for section in shown.sections.iter_rows(named=True):
        body.append(_section(section, language))
        body += [
            _goal(row, language, href) for row in goals.get((section["section"],), pl.DataFrame()).iter_rows(named=True)
        ]
    left_out = goals.get((None,), pl.DataFrame())
    if left_out.height:
        body.append(
            el("tr", el("td", words.say(msg("Fits no section, does not count"), language), colspan="6"), class_="up")
        )
        body += [_goal(row, language, href) for row in left_out.iter_rows(named=True)]
    body += [_step(said, change, language) for said, change in shown.steps]
    total = el(
        "tr",
        el("td", words.say(msg("Score"), language)),
        el("td", "", class_="wide-only"),
        el("td", "", class_="wide-only"),
        el("td", ""),
        el("td", ""),
        el("td", words.points(shown.row["score"], language), class_="num"),
    )
    table = el("table", el("thead", head), el("tbody", *body), el("tfoot", total), class_="k-table k-parts")
    lines = join(*(el("p", words.say(line, language)) for line in shown.lines))
    said = el("details", el("summary", words.say(msg("The same in words"), language)), lines, class_="k k-details")
    return el("div", el("div", table, class_="k k-scroll", tabindex="0"), said)


def _step(said: Message, change: float, language: str) -> Markup:
    """Return a row for a coefficient, an adjustment or a veto: what it did, and by how many points."""
    return el(
        "tr",
        el("td", words.say(said, language)),
        *(el("td", "", class_=kind) for kind in ("wide-only", "wide-only", None, None)),
        el("td", words.points(change, language), class_="num"),
        class_="up",
    )


def _section(row: Mapping[str, Any], language: str) -> Markup:
    nothing = row["score"] is None
    note = words.say(msg("no data"), language) if nothing else None
    return el(
        "tr",
        el("td", words.name(row, language), el("span", note, class_="owner") if note else None),
        el("td", "", class_="wide-only"),
        el("td", "", class_="wide-only"),
        el("td", words.points(row["score"], language), class_="num"),
        el("td", words.share(row["share"], language), class_="num"),
        el("td", words.points(row["contribution"], language), class_="num"),
        class_="up",
    )


def _goal(row: Mapping[str, Any], language: str, href: Callable[[str], str]) -> Markup:
    name = words.name(row, language, "metric_label") if row["metric"] else words.name(row, language)
    shown = el("a", name, href=href(row["goal"])) if row["opens"] else el("span", name)
    policy = POLICIES.get(row["policy"] or "")
    note = el("span", words.say(msg("no data: {policy}", policy=policy), language), class_="owner") if policy else None
    return el(
        "tr",
        el("td", shown, " ", text.status(row["status"], language) if row["status"] else None,
           " ", text.example_mark(language) if row["example"] else None, note, class_="below"),
        el("td", words.quantity(row["actual"], row, language) if row["metric"] else "–", class_="num wide-only"),
        el("td", words.quantity(row["target"], row, language) if row["metric"] else "–", class_="num wide-only"),
        el("td", words.points(row["points"], language), class_="num"),
        el("td", words.share(row["share"], language), class_="num"),
        el("td", words.points(row["contribution"], language), class_="num"),
    )  # fmt: skip
