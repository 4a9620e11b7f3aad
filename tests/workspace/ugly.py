"""A workbook as people keep it: merged title, headings in two rows, months across, a total, notes and a hidden sheet."""

import io
from collections.abc import Mapping, Sequence

import openpyxl

#: What is measured in it, and the unit that nobody can guess for sure.
METRIC, NAMED_SO, MEANT = "flights_operated", "Endeavor at Newark", "EWR-9E"

#: The months of the first quarter of 2014, in which the example company has no measurements.
VALUES: Mapping[str, Sequence[int]] = {
    "EWR-B6 *": (511, 502, 533),
    "EWR-UA ": (3804, 3611, 4020),
    NAMED_SO: (101, 99, 120),
}

TITLES = {
    "en": ("Flights operated 2014", "Station", "Total", "Note: preliminary figures", "Flights operated"),
    "zh": ("实际执行航班 2014年", "单位", "合计", "备注：初步数据", "实际执行航班"),
}


def ugly(language: str = "en", values: Mapping[str, Sequence[int]] = VALUES, year: int = 2014) -> bytes:
    """Return the workbook; `values` per unit as written, a number per month from January."""
    title, unit, total, note, metric = TITLES[language]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Q1"
    months = max(map(len, values.values()))
    sheet["A1"] = title.replace("2014", str(year))
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=months + 1)
    sheet["A3"] = unit
    sheet.merge_cells("A3:A4")
    sheet["B3"] = metric
    sheet.merge_cells(start_row=3, start_column=2, end_row=3, end_column=months + 1)
    for month in range(months):
        sheet.cell(4, month + 2).value = f"{year}-{month + 1:02}" if language == "en" else f"{year}年{month + 1}月"
    for row, (name, numbers) in enumerate(values.items(), start=5):
        sheet.cell(row, 1).value = name
        for column, number in enumerate(numbers, start=2):
            sheet.cell(row, column).value = number
    last = 5 + len(values)
    sheet.cell(last, 1).value = total
    for column in range(2, months + 2):
        sheet.cell(last, column).value = sum(numbers[column - 2] for numbers in values.values())
    sheet.cell(last + 2, 1).value = note
    hidden = book.create_sheet("old")
    hidden["A1"] = "last year"
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
