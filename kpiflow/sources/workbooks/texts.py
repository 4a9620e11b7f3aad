"""Reading tables that are plain text: their encoding and the sign between their cells are found out, not asked for.

Floor 4: knows core and frames. Reads files; knows no store.
"""

import csv
import io
import re
from collections import Counter
from typing import BinaryIO

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.sources.workbooks import limits
from kpiflow.sources.workbooks.limits import too_large
from kpiflow.sources.workbooks.sheet import EMPTY, Cell, Remark, Sheet

#: What may stand between cells; of those that fit equally well the first is taken.
SEPARATORS = "\t;,|"

#: Signs that no text has.
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f]")

#: How many lines are looked at to find the separator.
_LOOKED_AT = 200


def sheets(content: BinaryIO, name: str) -> tuple[list[Sheet], list[Remark]]:
    """Return a text table as one sheet, with a remark how it was read; raises InvalidInput when it is none."""
    text, encoding = decoded(content.read(), name)
    told = re.match(r"sep=(.)\r?\n", text)
    body = text[told.end() :] if told else text
    separator = told[1] if told else separator_of(body)
    lines: list[tuple[Cell, ...]] = [()] if told else []
    filled = 0
    try:
        for row in csv.reader(io.StringIO(body, newline=""), delimiter=separator):
            while row and not row[-1]:
                row.pop()
            filled += len(row)
            if len(row) > limits.MOST_COLUMNS or filled > limits.MOST_CELLS or len(lines) >= limits.MOST_ROWS:
                raise too_large(name)
            lines.append(tuple(Cell(cell) if cell else EMPTY for cell in row))
    except csv.Error as error:
        raise InvalidInput(
            msg("{path} cannot be read as a table: {said}. Is a quotation mark not closed?", path=name, said=str(error))
        ) from error
    shown = {"\t": msg("tab"), " ": msg("blank")}.get(separator, separator)
    remark = Remark(
        msg("Read as text in {encoding} with {separator} between the cells.", encoding=encoding, separator=shown)
    )
    title = re.sub(r"\.[^.]*$", "", name)
    return [Sheet(title, cells=tuple(lines))], [remark]


def decoded(content: bytes, name: str) -> tuple[str, str]:
    """Return the characters of a file and the encoding they were in; raises InvalidInput for what is no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _lines(content.decode(encoding, errors="replace")), encoding.removesuffix("-sig").upper()
    if b"\0" in content[:4096]:
        return _lines(_unmarked_wide(content, name)), "UTF-16"
    try:
        return _lines(content.decode("utf-8")), "UTF-8"
    except UnicodeDecodeError:
        encoding = "gb18030" if _pairs(content) else "cp1252"
    return _lines(content.decode(encoding, errors="replace")), encoding.upper()


def _unmarked_wide(content: bytes, name: str) -> str:
    """Return text of two bytes a sign that does not say so; raises InvalidInput for what is no text either way."""
    even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
    try:
        text = content.decode("utf-16-le" if odd > even else "utf-16-be")
    except UnicodeDecodeError:
        text = "\0"
    if _CONTROLS.search(text):
        raise InvalidInput(
            msg("{path} is neither a workbook nor a text table. Save it as .xlsx, then try again.", path=name)
        )
    return text


def _pairs(content: bytes) -> bool:
    """Return whether bytes above ASCII come in pairs, as Chinese does; letters with accents stand alone between others."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", content[: 2**20])]
    return sum(length for length in runs if length % 2 == 0) >= sum(runs) * 0.6


def _lines(text: str) -> str:
    """Return a text whose lines end in the one way, as old spreadsheets end them in another."""
    return text if "\n" in text else text.replace("\r", "\n")


def separator_of(text: str) -> str:
    r"""Return the sign that cuts most lines into equally many cells.

    >>> separator_of("Unit;Jan;Feb\nNorth;85,3;90,1\n"), separator_of("a title\nunit,value\nNorth,1\n")
    (';', ',')
    """
    lines = "\n".join(text.split("\n", _LOOKED_AT)[:_LOOKED_AT])
    best, reached = ",", 0
    for separator in SEPARATORS:
        try:
            widths = Counter(
                len(row) for row in csv.reader(io.StringIO(lines, newline=""), delimiter=separator) if len(row) > 1
            )
        except csv.Error:
            continue
        fits = max(((width - 1) * count for width, count in widths.items()), default=0)
        if fits > reached:
            best, reached = separator, fits
    return best
