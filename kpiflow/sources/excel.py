"""Excel workbooks: the first sheet, with headings in its first row."""

from pathlib import Path

import fastexcel
import polars as pl

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.reader import Cells

SUFFIXES: tuple[str, ...] = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def cells(path: Path) -> Cells:
    """Return the cells of a workbook's first sheet; raises InvalidInput when it is no workbook."""
    try:
        workbook = fastexcel.read_excel(path)
        found = workbook.load_sheet(0, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        raise InvalidInput(
            msg(
                "{path} cannot be read as a workbook. Open it in Excel and save it as .xlsx, then try again.",
                path=str(path),
            )
        ) from error
    return Cells(found.select(pl.all().cast(pl.String)))
