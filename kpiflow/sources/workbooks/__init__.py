"""Workbooks as people really have them: from any sheet to tidy measurements, each guess with its reason.

Read a file with `read_workbook`, propose a mapping for a sheet with `found`, answer its questions with `answered`, and read
the sheet by the mapping with `unfolded`.
"""

from kpiflow.sources.workbooks.apart import apart, tables_apart
from kpiflow.sources.workbooks.finding import Choice, Found, Question, answered, found
from kpiflow.sources.workbooks.known import Called, CalledMetric, Known
from kpiflow.sources.workbooks.mapping import Column, Layout, Mapping, Role, Source
from kpiflow.sources.workbooks.reading import read_sheets, read_workbook, workbook_of
from kpiflow.sources.workbooks.sheet import Cell, Fault, Range, Remark, Sheet, Workbook
from kpiflow.sources.workbooks.unfolding import CellFacts, LeftOut, Planned, Unfolded, unfolded

__all__ = [
    "Called", "CalledMetric", "Cell", "CellFacts", "Choice", "Column", "Fault", "Found", "Known", "Layout", "LeftOut", "Mapping",
    "Planned", "Question", "Range", "Remark", "Role", "Sheet", "Source", "Unfolded", "Workbook", "answered", "apart", "found",
    "read_sheets", "read_workbook", "tables_apart", "unfolded", "workbook_of",
]  # fmt: skip
