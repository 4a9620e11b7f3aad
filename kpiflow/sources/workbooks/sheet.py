"""What a sheet of a workbook is, before anybody understands it: cells with value, formula and number format.

Floor 4: knows core and frames. Reads no store.
"""

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from kpiflow.language import Message
from kpiflow.sources.workbooks.formats import EPOCH_1900


@dataclass(frozen=True)
class Fault:
    """What stands in a cell whose formula went wrong: `#DIV/0!`, `#N/A` …; never a number."""

    code: str


class Cell(NamedTuple):
    """One cell. `value` is None, str, Decimal, bool, datetime.date, datetime.datetime, datetime.timedelta or `Fault`.

    Numbers are Decimals of the text the file stores, at most 15 digits, which is what a spreadsheet shows; with a number
    format of percent they are still the share (0.853). A cell with a `formula` and no value was never worked out.
    """

    value: object = None
    formula: str | None = None
    format: str | None = None


#: About what one cell takes in memory: itself, its number or text, and its part of what came out of the sheet.
_CELL_BYTES = 300

#: The cell where there is none.
EMPTY = Cell()


class Range(NamedTuple):
    """Merged cells: first and last row and column, all counted from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Remark:
    """Something a person should know about a sheet, and the cells it is about (`Sheet!B7`), at most a few of them."""

    said: Message
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet: `cells[0][0]` is A1; rows end with their last filled cell. Hidden rows and columns count from 1.

    `epoch` is the day its serial numbers count from. Of one table among several in a sheet, `of` is the sheet's own name and
    `above` what stands over all of its tables.
    """

    name: str
    hidden: bool = False
    cells: tuple[tuple[Cell, ...], ...] = ()
    merged: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)
    epoch: datetime.date = EPOCH_1900
    of: str = ""
    above: tuple[str, ...] = ()

    @cached_property
    def width(self) -> int:
        """How many columns have anything in them."""
        return max(map(len, self.cells), default=0)

    @cached_property
    def readings(self) -> tuple[tuple[object, object, Any], ...]:
        """What it was last read as, by `unfolded`: the mapping, for whom (language, names, calendar), and what came out."""
        return ()

    @property
    def called(self) -> str:
        """What the sheet is called in its file."""
        return self.of or self.name

    @property
    def height(self) -> int:
        """How many rows there are up to the last filled one."""
        return len(self.cells)

    def at(self, row: int, column: int) -> Cell:
        """Return the cell of a row and column, both counted from 1; where nothing is, an empty one."""
        if not 1 <= row <= len(self.cells):
            return EMPTY
        line = self.cells[row - 1]
        return line[column - 1] if 1 <= column <= len(line) else EMPTY

    def address(self, row: int, column: int) -> str:
        """Return where a cell is, as people write it.

        >>> Sheet("Jan").address(7, 2), Sheet("1 月").address(7, 28)
        ('Jan!B7', "'1 月'!AB7")
        """
        plain = self.called.isidentifier() and self.called.isascii()
        name = self.called if plain else "'" + self.called.replace("'", "''") + "'"
        return f"{name}!{letters(column)}{row}"


@dataclass(frozen=True)
class Workbook:
    """A file's sheets in its own order, what a person should know about the file, and the SHA-256 of it."""

    name: str
    sheets: tuple[Sheet, ...]
    remarks: tuple[Remark, ...] = ()
    fingerprint: str = ""

    @property
    def kept_bytes(self) -> int:
        """About how many bytes it holds in memory, with what its cells were read as."""
        return _CELL_BYTES * sum(len(row) for sheet in self.sheets for row in sheet.cells)

    @property
    def shown(self) -> tuple[Sheet, ...]:
        """The sheets a person who opens the file sees, without empty ones; they are the ones proposed for reading."""
        return tuple(sheet for sheet in self.sheets if not sheet.hidden and sheet.cells)


def letters(column: int) -> str:
    """Return what a spreadsheet calls a column.

    >>> letters(1), letters(26), letters(27), letters(16384)
    ('A', 'Z', 'AA', 'XFD')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """Return the number of a column from its letters; 0 for none.

    >>> column_number("A"), column_number("xfd")
    (1, 16384)
    """
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number
