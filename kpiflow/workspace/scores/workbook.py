"""The workbook of scores: a sheet of scores, one of the goals behind them, and one that says what the file is."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter

from kpiflow.workspace.scores.file import SHEET

#: The columns that are shares, shown as percentages.
_SHARES = ("coverage", "share")

#: The columns that are points, shown with two digits; the cell holds all of them.
_POINTS = ("score", "before", "change", "points", "contribution", "actual", "target")

#: How wide a column is where its name does not say.
_WIDE, _NARROW = 24, 11


@dataclass(frozen=True)
class About:
    """What a workbook says about itself: lines of a name and a value, and every column with its meaning."""

    lines: tuple[tuple[str, Any], ...]
    columns: tuple[tuple[str, str], ...]
    columns_title: str
    fingerprint: str


def workbook(scores: pl.DataFrame, goals: pl.DataFrame, about: About) -> bytes:
    """Return the workbook. Texts are written as texts, so that none is taken for a formula or a link."""
    out = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(out, settings) as book:
        book.set_properties({"title": SHEET, "comments": "\n".join(f"{name}: {value}" for name, value in about.lines)})
        book.set_custom_property("fingerprint", about.fingerprint)
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "share": book.add_format({"num_format": "0.0 %"}),
            "points": book.add_format({"num_format": "0.00"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        _table(book.add_worksheet(SHEET), scores, formats)
        _table(book.add_worksheet("goals"), goals, formats)
        _about(book.add_worksheet("about"), about, formats)
    return out.getvalue()


def _table(sheet: Any, rows: pl.DataFrame, formats: dict[str, Any]) -> None:
    """Write a table with its names in the first row, which stays in sight."""
    for place, name in enumerate(rows.columns):
        form = formats["share"] if name in _SHARES else formats["points"] if name in _POINTS else None
        wide = name.startswith(("name", "unit_name", "goal")) or name == "missing_goals"
        sheet.set_column(place, place, _WIDE if wide else _NARROW, form)
    sheet.write_row(0, 0, rows.columns, formats["head"])
    for line, row in enumerate(rows.iter_rows(), start=1):
        _row(sheet, line, row, formats)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, rows.height, rows.width - 1)


def _row(sheet: Any, line: int, row: Sequence[Any], formats: dict[str, Any]) -> None:
    for place, value in enumerate(row):
        match value:
            case None:
                continue
            case str():
                sheet.write_string(line, place, value)
            case datetime.date():
                sheet.write_datetime(line, place, value, formats["day"])
            case _:
                sheet.write_number(line, place, value)


def _about(sheet: Any, about: About, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 1, 80)
    line = 0
    for line, (name, value) in enumerate(about.lines):
        sheet.write_string(line, 0, name)
        if isinstance(value, int):
            sheet.write_number(line, 1, value)
        else:
            sheet.write_string(line, 1, str(value))
    sheet.write_string(line + 2, 0, about.columns_title, formats["head"])
    for below, (name, meaning) in enumerate(about.columns, start=line + 3):
        sheet.write_string(below, 0, name)
        sheet.write_string(below, 1, meaning)
