"""The tables of a company as a workbook: a sheet for each, texts that stay texts, and a page on how to use it.

Floor 5: reads no clock, file or database.
"""

import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter

from kpiflow.definitions.company import KEYS, TABLES, Company
from kpiflow.definitions.exporting import as_people_write
from kpiflow.definitions.sheet_words import heading, sheet_name
from kpiflow.frames.inert import inert_text
from kpiflow.language import msg, render

#: The sheet that says how to use the others; no table has such a name.
NOTES = "notes · 说明"

#: How wide a column is where its name does not say.
_WIDE, _NARROW = 30, 14


def company_workbook(company: Company, language: str = "en") -> bytes:
    """Return a workbook with a sheet per table that has rows; reading it back changes nothing."""
    out = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(out, settings) as book:
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF7", "locked": True}),
            "key": book.add_format({"bold": True, "bottom": 1, "bg_color": "#CFDDF0", "locked": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": book.add_format({"num_format": "@"}),
            "inert": book.add_format({"num_format": "@", "quote_prefix": True}),
        }
        _notes(book.add_worksheet(NOTES), looks)
        for table in TABLES:
            rows = company.table(table)
            if rows.height:
                _sheet(book.add_worksheet(sheet_name(table, language)), table, rows, looks, language)
    return out.getvalue()


def _notes(sheet: Any, looks: dict[str, Any]) -> None:
    """Write how the workbook is used, in both languages."""
    lines = (
        msg("Change cells, add rows, then: kpiflow apply FILE.xlsx. What differs is shown before anything is written."),
        msg("A sheet adds rows and changes those with the same key (the darker headings). Rows it does not list stay."),
        msg("Rows are only taken away when you say that the workbook is complete."),
        msg("A target that becomes easier to reach needs a reason."),
        msg("Sheets and columns may have their English or their Chinese names."),
    )
    sheet.set_column(0, 0, 100)
    for row, said in enumerate(lines):
        sheet.write_string(2 * row, 0, render(said, "en"))
        sheet.write_string(2 * row + 1, 0, render(said, "zh"), looks["text"])


def _sheet(sheet: Any, table: str, rows: pl.DataFrame, looks: dict[str, Any], language: str) -> None:
    """Write one table: its headings stay in sight, numbers are numbers, days are days and texts are texts."""
    shown = as_people_write(table, rows)
    exact = {name for name in rows.columns if rows[name].dtype.is_numeric()}
    for place, name in enumerate(shown.columns):
        wide = name.startswith("label") or name in ("owner", "goal", "parent")
        sheet.set_column(place, place, _WIDE if wide else _NARROW)
        sheet.write_string(0, place, heading(name, language), looks["key" if name in KEYS[table] else "head"])
    for line, row in enumerate(shown.iter_rows(), start=1):
        for place, value in enumerate(row):
            if value is not None:
                _cell(sheet, line, place, value, looks, number=shown.columns[place] in exact)
    sheet.freeze_panes(1, len(KEYS[table]))
    sheet.autofilter(0, 0, shown.height, shown.width - 1)


def _cell(sheet: Any, line: int, place: int, value: Any, looks: dict[str, Any], *, number: bool) -> None:
    match value:
        case datetime.date():
            sheet.write_datetime(line, place, value, looks["day"])
        case Decimal() | int() | float():
            sheet.write_number(line, place, value)
        case str() if number:
            sheet.write_number(line, place, float(value))
        case _:
            text = str(value)
            active = inert_text(text) != text
            # A text that looks like a number (the cycle 2013, a unit 007) must come back as it is.
            sheet.write_string(line, place, text, looks["inert" if active else "text"])
