"""Excel workbooks: the first sheet that is shown, with headings in its first row."""

from pathlib import Path

import fastexcel
import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.bounded import required_bounded
from kpiflow.sources.reader import Cells

SUFFIXES: tuple[str, ...] = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def cells(path: Path) -> Cells:
    """Return the cells of a workbook's first visible sheet; raises InvalidInput when it is no workbook, or too large."""
    required_bounded(path)
    try:
        workbook = fastexcel.read_excel(path)
        sheets = (workbook.load_sheet(name, dtypes="string") for name in workbook.sheet_names)
        # Last month's numbers are often left in a hidden sheet in front: nobody who looks at the file sees them.
        shown = next((sheet for sheet in sheets if sheet.visible == "visible"), None)
        found = (shown or workbook.load_sheet(0, dtypes="string")).to_polars()
    except fastexcel.FastExcelError as error:
        raise InvalidInput(
            msg(
                "{path} cannot be read as a workbook. Open it in Excel and save it as .xlsx, then try again.",
                path=str(path),
            )
        ) from error
    return Cells(found.select(pl.all().cast(pl.String)))
