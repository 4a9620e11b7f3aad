"""How many people have which grade, as bars from the best grade down."""

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import msg


def grade_bars(grades: pl.DataFrame, language: str) -> Markup:
    """Return one bar per grade with its count and share."""
    most = float(grades["people"].max() or 1) if grades.height else 1.0  # type: ignore[arg-type]
    rows = [
        el(
            "div",
            el("b", row["grade"]),
            el("span", el("i", style=f"width:{row['people'] / most * 100:.1f}%"), class_="k-bar", aria_hidden="true"),
            el("span", _count(row, language), class_="num"),
            class_="k-grade",
        )
        for row in grades.iter_rows(named=True)
    ]
    return el("div", *rows, class_="k k-grades", role="img", aria_label=_alt(grades, language))


def _count(row: dict[str, object], language: str) -> str:
    share = words.share(row["share"], language)  # type: ignore[arg-type]
    return words.say(msg("{people} · {share}", people=row["people"], share=share), language)


def _alt(grades: pl.DataFrame, language: str) -> str:
    said = ", ".join(f"{row['grade']} {row['people']}" for row in grades.iter_rows(named=True))
    return words.say(msg("Grades: {said}", said=said), language)
