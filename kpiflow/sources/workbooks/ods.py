"""Reading .ods, the open document format: values, formulas, merged cells and what is hidden.

Floor 4: knows core and frames. Reads files; knows no store.
"""

import datetime
import re
from decimal import Decimal
from typing import BinaryIO
from zipfile import ZipFile

from kpiflow.sources.workbooks import limits
from kpiflow.sources.workbooks.formats import number
from kpiflow.sources.workbooks.limits import Broken, Parts, encrypted, local, parsed, too_large
from kpiflow.sources.workbooks.sheet import EMPTY, Cell, Fault, Range, Remark, Sheet

_LENGTH = re.compile(r"(-?)PT?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$")


def sheets(content: BinaryIO, name: str) -> tuple[list[Sheet], list[Remark]]:
    """Return the sheets of a workbook; raises InvalidInput when too large or with a password, Broken when damaged."""
    with ZipFile(content) as packed:
        parts = Parts(packed, name)
        if b"encryption-data" in b"".join(
            parts.pieces("META-INF/manifest.xml") if "META-INF/manifest.xml" in parts else ()
        ):
            raise encrypted(name)
        if "content.xml" not in parts:
            raise Broken
        reading = _Reading(name)
        parsed(parts.pieces("content.xml"), reading.start, reading.end, reading.text)
        return reading.found, []


class _Reading:
    """Collects sheets as their XML goes by; what is repeated and empty costs nothing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Sheet] = []
        self.unseen: set[str] = set()  # styles of hidden tables
        self.style = ""
        self.title, self.hidden, self.filled = "", False, 0
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merged: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.row = self.column = self.columns = self.times = 0
        self.cell: dict[str, str] = {}
        self.words: list[str] = []
        self.taking = 0
        self.aside = 0

    def start(self, tag: str, facts: dict[str, str]) -> None:
        tag = local(tag)
        said = {local(key) if key != "calcext:value-type" else key: value for key, value in facts.items()}
        match tag:
            case "style":
                self.style = said.get("name", "")
            case "table-properties" if said.get("display") == "false":
                self.unseen.add(self.style)
            case "table":
                self._table(said)
            case "table-column":
                self._table_column(said)
            case "table-row":
                self.times = int(said.get("number-rows-repeated", "1"))
                if said.get("visibility", "visible") != "visible" and self.row < limits.MOST_ROWS:
                    self.hidden_rows.update(range(self.row + 1, min(self.row + self.times, limits.MOST_ROWS) + 1))
                self.column = 0
            case "table-cell" | "covered-table-cell":
                self.cell, self.words = said, []
            case "annotation":
                self.aside += 1
            case "p" if not self.aside:
                self.words += ["\n"] if self.words else []
                self.taking += 1
            case "s" if self.taking:
                self.words.append(" " * min(int(said.get("c", "1")), 100))
            case "line-break" | "tab" if self.taking:
                self.words.append(" ")

    def text(self, piece: str) -> None:
        if self.taking and not self.aside:
            self.words.append(piece)

    def end(self, tag: str) -> None:
        match local(tag):
            case "annotation":
                self.aside -= 1
            case "p" if not self.aside:
                self.taking -= 1
            case "table-cell" | "covered-table-cell":
                self._end_cell()
            case "table-row":
                self._end_row()
            case "table":
                self._end_table()

    def _table(self, said: dict[str, str]) -> None:
        self.title, self.hidden = said.get("name", ""), said.get("style-name") in self.unseen
        self.rows, self.merged, self.hidden_rows, self.hidden_columns = {}, [], set(), set()
        self.row = self.columns = self.filled = 0

    def _table_column(self, said: dict[str, str]) -> None:
        first, self.columns = self.columns + 1, self.columns + int(said.get("number-columns-repeated", "1"))
        if said.get("visibility", "visible") != "visible":
            self.hidden_columns.update(range(first, min(self.columns, limits.MOST_COLUMNS) + 1))

    def _end_cell(self) -> None:
        said, first = self.cell, self.column + 1
        times = int(said.get("number-columns-repeated", "1"))
        self.column += times
        across, down = int(said.get("number-columns-spanned", "1")), int(said.get("number-rows-spanned", "1"))
        if across > 1 or down > 1:
            self.merged.append(Range(self.row + 1, first, self.row + down, first + across - 1))
        made = Cell(_value(said, "".join(self.words)), said.get("formula"), _format(said))
        if made.value is None and made.formula is None:
            return
        if self.column > limits.MOST_COLUMNS:
            raise too_large(self.name)
        line = self.rows.setdefault(self.row + 1, {})
        line.update(dict.fromkeys(range(first, self.column + 1), made))

    def _end_row(self) -> None:
        line = self.rows.get(self.row + 1)
        if line:
            self.filled += len(line) * self.times
            if self.row + self.times > limits.MOST_ROWS or self.filled > limits.MOST_CELLS:
                raise too_large(self.name)
            self.rows.update(dict.fromkeys(range(self.row + 1, self.row + self.times + 1), line))
        self.row += self.times

    def _end_table(self) -> None:
        lines: list[tuple[Cell, ...]] = []
        for row in range(1, max(self.rows, default=0) + 1):
            line = self.rows.get(row, {})
            lines.append(tuple(line.get(at, EMPTY) for at in range(1, max(line, default=0) + 1)))
        width = max(map(len, lines), default=0)
        self.found.append(
            Sheet(
                self.title, self.hidden, tuple(lines), tuple(self.merged),
                frozenset(row for row in self.hidden_rows if row <= len(lines)),
                frozenset(column for column in self.hidden_columns if column <= width),
            )
        )  # fmt: skip


def _format(said: dict[str, str]) -> str | None:
    """Return the number format as Excel would write it, as far as it changes what the number means."""
    if said.get("value-type") == "percentage":
        return "0%"
    return f"[${said['currency']}]0" if said.get("value-type") == "currency" and said.get("currency") else None


def _value(said: dict[str, str], shown: str) -> object:
    """Return the value of a cell by its type."""
    if said.get("calcext:value-type") == "error":
        return Fault(shown or "#VALUE!")
    match said.get("value-type"):
        case "float" | "percentage" | "currency":
            read = number(said.get("value", ""))
            return shown or None if read is None else read
        case "date":
            return _day(said.get("date-value", "")) or shown
        case "time":
            return _length(said.get("time-value", "")) or shown
        case "boolean":
            return said.get("boolean-value") == "true"
        case "string":
            return said.get("string-value") or shown or None
        case _:
            return shown or None


def _day(text: str) -> object:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if moment.time() != datetime.time() else moment.date()


def _length(text: str) -> object:
    match = _LENGTH.match(text)
    if match is None:
        return text
    hours, minutes, seconds = (Decimal(part or 0) for part in match.groups()[1:])
    length = datetime.timedelta(seconds=float(hours * 3600 + minutes * 60 + seconds))
    return -length if match[1] else length
