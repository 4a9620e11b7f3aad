"""The distribution of grades as a table: a row per group with its heads and shares, how many, and how generous."""

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, Quantity, msg
from kpiflow.workspace.calibration.answers import Distribution


def grade_table(shown: Distribution, language: str) -> Markup:
    """Return the table, everybody's row first; a wash as strong as the share stands behind each cell."""
    caption = words.say(msg("Grades by group"), language)
    names: tuple[Message | str, ...] = (msg("Group"), msg("People"), *shown.grades, msg("Against the scores"))
    head = el("tr", *(el("th", words.say(name, language), scope="col") for name in names))
    lenient: dict[str, float] = dict(shown.leniency.select("group", "leniency").iter_rows())
    everybody = shown.everybody.with_columns(group=pl.lit(None, dtype=pl.String))
    rows = [_row(words.say(msg("Everybody"), language), everybody, None, language)]
    named = words.named(shown.groups, language) if shown.groups.height else shown.groups
    rows += [
        _row(str(part["label"][0]), part, lenient.get(part["group"][0]), language)
        for part in named.partition_by("group", maintain_order=True)
    ]
    table = el("table", el("thead", head), el("tbody", *rows), class_="k-heat k-grade-table", aria_label=caption)
    return el("div", table, class_="k k-scroll", tabindex="0", role="region", aria_label=caption)


def _row(label: str, part: pl.DataFrame, leniency: float | None, language: str) -> Markup:
    cells = [_cell(row, language) for row in part.iter_rows(named=True)]
    apart = None if leniency is None else Quantity(round(leniency, 2), "number", signed=True)
    return el(
        "tr",
        el("th", label, scope="row"),
        el("td", str(int(part["people"].sum())), class_="plain"),
        *cells,
        el("td", words.say(msg("{value}", value=apart), language), class_="plain"),
        class_="up" if part["group"][0] is None else None,
    )


def _cell(row: dict[str, object], language: str) -> Markup:
    share = float(str(row["share"] or 0))
    wash = f"background:color-mix(in srgb, var(--k-accent) {round(share * 60)}%, transparent)"
    said = el(
        "span", el("b", str(row["people"])), " ", el("small", words.share(share, language)), class_="cell", style=wash
    )
    return el("td", said)
