"""Excel workbooks: the first sheet that is shown, with headings in its first row."""

from pathlib import Path

import fastexcel
import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.bounded import required_bounded
from kpiflow.sources.ole import Torn, required_sound
from kpiflow.sources.panics import Panicked, answered_panics
from kpiflow.sources.reader import Cells

SUFFIXES: tuple[str, ...] = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def cells(path: Path) -> Cells:
    """Return the cells of a workbook's first visible sheet; raises InvalidInput when it is no workbook, or too large."""
    required_bounded(path)
    try:
        required_sound(path.read_bytes())  # at most as much as was just looked through
        with answered_panics():
            found = _shown(fastexcel.read_excel(path))
    except (fastexcel.FastExcelError, Panicked, Torn) as error:
        if "password" in str(error).casefold() or "encrypt" in str(error).casefold():
            raise InvalidInput(
                msg(
                    "{path} is protected by a password. Open it in Excel, save it without one, then try again.",
                    path=str(path),
                )
            ) from error
        raise InvalidInput(
            msg(
                "{path} cannot be read as a workbook. Open it in Excel and save it as .xlsx, then try again.",
                path=str(path),
            )
        ) from error
    return Cells(found.select(pl.all().cast(pl.String)))


def _shown(workbook: fastexcel.ExcelReader) -> pl.DataFrame:
    """Return the first sheet that is shown: last month's numbers are often left in a hidden one in front of it."""
    sheets = (workbook.load_sheet(name, dtypes="string") for name in workbook.sheet_names)
    shown = next((sheet for sheet in sheets if sheet.visible == "visible"), None)
    return (shown or workbook.load_sheet(0, dtypes="string")).to_polars()
