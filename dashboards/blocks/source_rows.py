"""The loads and rows an actual came from: what was loaded, by whom and when, and the measurements themselves."""

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg

#: The columns of a measurement as a person reads them.
ROW_COLUMNS: tuple[tuple[str, Message], ...] = (
    ("day", msg("Day")),
    ("metric", msg("Metric")),
    ("unit", msg("Unit")),
    ("person", msg("Person")),
    ("value", msg("Value")),
    ("numerator", msg("Numerator")),
    ("denominator", msg("Denominator")),
    ("source", msg("Source")),
    ("row", msg("Row")),
    ("cell", msg("Cell")),
    ("recorded_at", msg("Recorded")),
)


def loads_table(loads: pl.DataFrame, language: str) -> Markup:
    """Return the loads, newest first, with how many of their rows count here."""
    names = (msg("Load"), msg("Source"), msg("Recorded"), msg("By"), msg("Rows"))
    head = el(
        "tr", *(el("th", words.say(name, language), class_="num" if name is names[-1] else None) for name in names)
    )
    body = (
        el(
            "tr",
            el("td", str(row["load"])),
            el("td", str(row["source"])),
            el("td", words.say(msg("{day}", day=row["recorded_at"].date()), language)),
            el("td", str(row["who"])),
            el("td", words.say(msg("{value}", value=row["rows"]), language), class_="num"),
        )
        for row in loads.iter_rows(named=True)
    )
    return el(
        "div",
        el("table", el("thead", head), el("tbody", *body), class_="k-table"),
        class_="k k-scroll k-tall",
        tabindex="0",
    )


def rows_table(rows: pl.DataFrame, language: str) -> None:
    """Show the measurement rows; columns in which nothing is said are left out."""
    said = [
        (column, name) for column, name in ROW_COLUMNS if column in rows.columns and rows[column].is_not_null().any()
    ]
    st.dataframe(
        rows.select(column for column, _ in said).with_columns(pl.selectors.decimal().cast(pl.Float64)),
        column_config={column: words.say(name, language) for column, name in said},
        hide_index=True,
        height=320,
        alt=words.say(msg("Measurement rows"), language),
    )
