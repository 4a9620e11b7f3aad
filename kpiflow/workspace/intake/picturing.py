"""A sheet as a picture: its first cells, what each column was taken for, which rows are headings, and why others were left out."""

import datetime
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kpiflow.language import Message
from kpiflow.sources.workbooks import Cell, Fault, LeftOut, Sheet
from kpiflow.sources.workbooks.sheet import column_number, letters
from kpiflow.workspace.intake.answers import SheetLook

#: How many rows and columns of a sheet are drawn.
ROWS, COLUMNS = 40, 26


@dataclass(frozen=True)
class PictureColumn:
    """One column: its letters, what it was taken for (None: nothing), and why it was left out (None: it was not)."""

    letters: str
    role: str | None
    why: Message | None


@dataclass(frozen=True)
class PictureRow:
    """One row: its number, whether it is a heading, why it was left out, the texts of its cells, and which were set aside."""

    number: int
    heading: bool
    why: Message | None
    cells: tuple[str, ...]
    wrong: frozenset[int]


@dataclass(frozen=True)
class Picture:
    """The first cells of a sheet; `more` rows lie below."""

    name: str
    columns: tuple[PictureColumn, ...]
    rows: tuple[PictureRow, ...]
    more: int


def picture(look: SheetLook, left_out: Collection[LeftOut] = (), rejected: Collection[str] = ()) -> Picture:
    """Return the picture of a sheet; `rejected` are the addresses of cells that were set aside."""
    sheet = look.sheet
    heads = set(look.mapping.heading_rows) if look.mapping else set()
    roles = {number: column.role.value for column in look.columns for number in _numbers(column.at)}
    out_rows, out_columns = _left(left_out, sheet)
    first = next((row for row, line in enumerate(sheet.cells, start=1) if line), 1)
    first = first if sheet.of else 1
    wide, last = min(sheet.width, COLUMNS), min(sheet.height, first + ROWS - 1)
    aside = set(rejected)
    columns = tuple(
        PictureColumn(letters(number), roles.get(number), out_columns.get(number)) for number in range(1, wide + 1)
    )
    rows = tuple(
        PictureRow(
            row, row in heads, out_rows.get(row),
            tuple(shown(sheet.at(row, number)) for number in range(1, wide + 1)),
            frozenset(number for number in range(1, wide + 1) if sheet.address(row, number) in aside),
        )
        for row in range(first, last + 1)
    )  # fmt: skip
    return Picture(sheet.name, columns, rows, sheet.height - last)


def _numbers(at: str) -> Iterator[int]:
    """Yield the numbers of the columns in a text such as `C`, `C:N` or `C, E`.

    >>> list(_numbers("C:E, H"))
    [3, 4, 5, 8]
    """
    for first, last in re.findall(r"([A-Z]{1,3})(?::([A-Z]{1,3}))?", at):
        yield from range(column_number(first), column_number(last or first) + 1)


def _left(left_out: Collection[LeftOut], sheet: Sheet) -> tuple[dict[int, Message], dict[int, Message]]:
    """Return why rows and columns of a sheet were left out, by their numbers."""
    rows: dict[int, Message] = {}
    columns: dict[int, Message] = {}
    mine = (sheet.called, sheet.address(1, 1).rpartition("!")[0])
    for one in left_out:
        name, _, where = one.where.rpartition("!")
        if name not in mine:
            continue
        if found := re.fullmatch(r"(\d+):(\d+)", where):
            rows |= dict.fromkeys(
                range(int(found[1]), min(int(found[2]), int(found[1]) + ROWS, sheet.height) + 1), one.said
            )
        elif re.fullmatch(r"[A-Z]+(:[A-Z]+)?", where):
            columns |= dict.fromkeys(_numbers(where), one.said)
    return rows, columns


def shown(cell: Cell) -> str:
    """Return what a cell shows, near enough: shares as percentages, days as days.

    >>> shown(Cell(Decimal("0.785"), None, "0.0%")), shown(Cell(Decimal("1200"))), shown(Cell())
    ('78.5%', '1200', '')
    """
    value = cell.value
    match value:
        case None:
            return "=?" if cell.formula else ""
        case Decimal():
            number = value * 100 if "%" in (cell.format or "") else value
            text = format(number, "f")
            plain = text.rstrip("0").rstrip(".") if "." in text else text
            return f"{plain}%" if "%" in (cell.format or "") else plain
        case datetime.datetime():
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
        case datetime.date():
            return value.isoformat()
        case Fault():
            return value.code
        case _:
            return str(value)[:80]
