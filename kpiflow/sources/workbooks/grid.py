"""A sheet as it is looked at: what is shown of it, merged cells filled, and the words above each column.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from kpiflow.sources.workbooks.formats import literal
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.periods import Length, Written, of_day
from kpiflow.sources.workbooks.periods import period as written_period
from kpiflow.sources.workbooks.sheet import Cell, Fault, Sheet, letters

#: The most cells that merged ranges may fill.
_MOST_MERGED = 500_000


@dataclass(frozen=True)
class Part:
    """One cell of a heading: its words, and the period it is by its value rather than its words."""

    text: str
    period: Written | None = None
    number: bool = False


@dataclass(frozen=True)
class Grid:
    """The rows and columns of a sheet that are read."""

    sheet: Sheet
    read_hidden: bool = False

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The numbers of the columns that are read."""
        hidden = frozenset() if self.read_hidden else self.sheet.hidden_columns
        return tuple(column for column in range(1, self.sheet.width + 1) if column not in hidden)

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The numbers of the rows that are read."""
        hidden = frozenset() if self.read_hidden else self.sheet.hidden_rows
        return tuple(row for row in range(1, self.sheet.height + 1) if row not in hidden)

    @cached_property
    def _origins(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each cell under a merged range, the cell that holds its value."""
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for area in self.sheet.merged:
            bottom, right = min(area.bottom, self.sheet.height), min(area.right, max(self.sheet.width, area.left))
            if len(found) + max(0, bottom - area.top + 1) * max(0, right - area.left + 1) > _MOST_MERGED:
                continue
            for row in range(area.top, bottom + 1):
                for column in range(area.left, right + 1):
                    found[row, column] = (area.top, area.left)
        return found

    def filled(self, row: int, column: int) -> Cell:
        """Return a cell, of a merged range the one with its value."""
        cell = self.sheet.at(row, column)
        if cell.value is None and (row, column) in self._origins:
            return self.sheet.at(*self._origins[row, column])
        return cell

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """Return where the value of a cell stands."""
        return self._origins.get((row, column), (row, column))

    def part(self, row: int, column: int) -> Part:
        """Return a cell as a part of a heading."""
        return part_of(self.filled(row, column))

    def parts(self, rows: tuple[int, ...], column: int) -> tuple[Part, ...]:
        """Return the words above a column from top to bottom; a group's heading holds for the columns to its right as well."""
        found: list[Part] = []
        for at, row in enumerate(rows):
            part = self.part(row, column)
            below = rows[at + 1 :]
            if not part.text and below and any(self.part(under, column).text for under in below):
                part = self._to_the_left(row, column, below)
            if part.text and (not found or part != found[-1]):
                found.append(part)
        return tuple(found)

    def _to_the_left(self, row: int, column: int, below: tuple[int, ...]) -> Part:
        """Return the heading of the group a column belongs to when it is written over the group's first column alone."""
        for left in range(column - 1, 0, -1):
            part = self.part(row, left)
            if part.text:
                # A heading with nothing below it is one column's own.
                grouped = any(self.part(under, left).text not in ("", part.text) for under in below)
                return part if grouped and (row, left) not in self._origins else Part("")
        return Part("")

    def title(self, above: int) -> list[str]:
        """Return the texts of the rows above a row, each once."""
        found: list[str] = []
        for row in range(max(1, above - 30), above):
            found += [plain(cell.value) for cell in self.sheet.cells[row - 1] if isinstance(cell.value, str)]
            found += [str(cell.value) for cell in self.sheet.cells[row - 1] if type(cell.value) is datetime.date]
        return list(dict.fromkeys(text for text in found if text))

    def lines(self, above: int) -> list[str]:
        """Return the same, and what stands over all tables of the sheet where there are several."""
        return list(dict.fromkeys([*self.title(above), *self.sheet.above]))

    @cached_property
    def top(self) -> int:
        """The first row with anything in it."""
        return next((row for row, line in enumerate(self.sheet.cells, start=1) if line), 1)

    def name(self, column: int) -> str:
        """Return the letters of a column."""
        return letters(column)


def part_of(cell: Cell) -> Part:
    """Return a cell as a part of a heading: dates and years are periods whatever they look like."""
    value = cell.value
    if value is None or isinstance(value, Fault | bool):
        return Part("")
    if isinstance(value, str):
        return Part(plain(value))
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        written = (cell.format or "d").casefold()
        bare = written.replace(literal(cell.format), "") if literal(cell.format) else written
        return Part(value.isoformat(), of_day(value, month_only="d" not in bare))
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and 1900 <= value <= 2199:
            return Part(str(int(value)), Written(Length.YEAR, year=int(value)), number=True)
        if 190001 <= value <= 219912 and value == value.to_integral_value():
            return Part(str(int(value)), written_period(str(int(value))), number=True)
        return Part(format(value, "f"), number=True)
    return Part(str(value))
