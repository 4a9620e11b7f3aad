"""Reading .xls and .xlsb: the values alone, through a library; the remark says what is not seen there.

Floor 4: knows core and frames. Reads files; knows no store.
"""

import datetime
import re
from collections.abc import Iterator
from typing import BinaryIO, Literal
from zipfile import ZipFile

import fastexcel

from kpiflow.language import msg
from kpiflow.sources.ole import required_sound
from kpiflow.sources.panics import answered_panics
from kpiflow.sources.workbooks import limits
from kpiflow.sources.workbooks.formats import number
from kpiflow.sources.workbooks.limits import Broken, Parts, encrypted, too_large
from kpiflow.sources.workbooks.sheet import EMPTY, Cell, Fault, Remark, Sheet

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?$")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_FAULTS = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!", "Value": "#VALUE!",
}  # fmt: skip


def sheets(content: BinaryIO, name: str) -> tuple[list[Sheet], list[Remark]]:
    """Return the sheets of a workbook; raises InvalidInput when too large or with a password, Broken when damaged."""
    whole = content.read()
    if whole.startswith(b"PK"):
        content.seek(0)
        _required_small(content, name)
    required_sound(whole)
    try:
        with answered_panics():
            book = fastexcel.read_excel(whole)
            found = [
                _sheet(_load(book, title, "string"), _load(book, title, "float"), name) for title in book.sheet_names
            ]
    except fastexcel.FastExcelError as error:
        if "password" in str(error).casefold() or "encrypt" in str(error).casefold():
            raise encrypted(name) from error
        raise Broken from error
    return found, [
        Remark(
            msg(
                "Of a file in this old format only values are seen: not its formulas, number formats, merged cells, hidden"
                " rows and hidden columns. Save it as .xlsx to have them read."
            )
        )
    ]


def _load(book: fastexcel.ExcelReader, title: str, kind: Literal["string", "float"]) -> fastexcel.ExcelSheet:
    return book.load_sheet(title, header_row=None, skip_rows=0, dtypes=kind)


def _sheet(loaded: fastexcel.ExcelSheet, numbers: fastexcel.ExcelSheet, name: str) -> Sheet:
    """Return a sheet with every cell where it stands in the file."""
    if loaded.total_height > limits.MOST_ROWS or loaded.width > limits.MOST_COLUMNS:
        raise too_large(name)
    batch, failed = loaded.to_arrow_with_errors()
    exact = [column.to_pylist() for column in numbers.to_arrow().columns]
    places = [info.absolute_index for info in loaded.available_columns()]
    width = max(places, default=-1) + 1
    faults = {error.position: _fault(error.detail) for error in failed.errors} if failed else {}
    columns = [column.to_pylist() for column in batch.columns]
    lines: list[tuple[Cell, ...]] = []
    for row in range(batch.num_rows):
        line = [EMPTY] * width
        for at, (place, column) in enumerate(zip(places, columns, strict=True)):
            value = faults.get((row, at)) or _value(column[row], exact[at][row])
            if value is not None:
                line[place] = Cell(value)
        while line and line[-1] is EMPTY:
            line.pop()
        lines.append(tuple(line))
    while lines and not lines[-1]:
        lines.pop()
    return Sheet(loaded.name, loaded.visible != "visible", tuple(lines))


def _value(text: str | None, exact: float | None) -> object:
    """Return what a text of the library was before it was made one; as a text a number has lost its last digits."""
    if not text:
        return None
    if _NUMBER.match(text):
        return number(repr(exact) if exact is not None else text)
    if _MOMENT.match(text):
        moment = datetime.datetime.fromisoformat(text)
        return moment if moment.time() != datetime.time() else moment.date()
    return text


def _fault(detail: str) -> Fault:
    """Return the error a cell shows."""
    match = re.search(r"Error\((\w+)\)", detail)
    return Fault(_FAULTS.get(match[1], "#VALUE!") if match else "#VALUE!")


def _required_small(content: BinaryIO, name: str) -> None:
    """Raise InvalidInput when a cell of an .xlsb stands far out: its reader sets room aside for all cells between."""
    with ZipFile(content) as packed:
        parts = Parts(packed, name)
        for part in [part for part in parts.names if part.startswith("xl/worksheets/") and part.endswith(".bin")]:
            rows = columns = 0
            for kind, record in _records(b"".join(parts.pieces(part))):
                if kind == 0:
                    rows = max(rows, int.from_bytes(record[:4], "little"))
                elif 1 <= kind <= 11:
                    columns = max(columns, int.from_bytes(record[:4], "little"))
            if rows >= limits.MOST_ROWS or columns >= limits.MOST_COLUMNS or rows * columns > limits.MOST_ROOM:
                raise too_large(name)


def _records(whole: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each record of a binary part; kind and length are written seven bits to the byte."""
    at, end = 0, len(whole)
    while at < end:
        kind, at = whole[at], at + 1
        if kind & 128 and at < end:
            kind, at = (kind & 127) | (whole[at] << 7), at + 1
        length = shift = 0
        while at < end:
            byte, at = whole[at], at + 1
            length |= (byte & 127) << shift
            shift += 7
            if not byte & 128 or shift > 21:
                break
        yield kind, whole[at : at + 8]
        at += length
