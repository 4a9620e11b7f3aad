"""Several tables in one sheet, below or beside each other, told apart: each is read as a sheet of its own.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kpiflow.language import msg
from kpiflow.sources.workbooks.mapping import NAME_ROLES, Role
from kpiflow.sources.workbooks.numerals import plain
from kpiflow.sources.workbooks.periods import period
from kpiflow.sources.workbooks.sheet import EMPTY, Cell, Remark, Sheet, Workbook
from kpiflow.sources.workbooks.vocabulary import is_note, is_total, roles_of
from kpiflow.sources.workbooks.writing import amount, is_blank

#: How many rows of headings a table may have, into how many tables a sheet is taken apart at most, and how many rows of a
#: table are looked at for its columns of numbers.
_DEEPEST, _MOST, _LOOKED_AT = 4, 60, 300


@dataclass(frozen=True)
class _Block:
    """A table: the first row of it and of its headings, the last of its headings, and its own last row."""

    top: int
    head: int
    below: int
    bottom: int


def tables_apart(book: Workbook) -> Workbook:
    """Return a workbook in which every table is a sheet; those of a sheet with several are called `Sheet`, `Sheet #2` and so on."""
    sheets: list[Sheet] = []
    remarks: list[Remark] = []
    for sheet in book.sheets:
        parts = (sheet,) if sheet.hidden else apart(sheet)
        sheets += parts
        if len(parts) > 1:
            names = [part.name for part in parts]
            said = msg(
                "Sheet {sheet} holds several tables. Each is read for itself: {names}.", sheet=sheet.name, names=names
            )
            remarks.append(Remark(said))
    return replace(book, sheets=tuple(sheets), remarks=(*book.remarks, *remarks)) if remarks else book


def apart(sheet: Sheet) -> tuple[Sheet, ...]:
    """Return the tables of a sheet from top to bottom, and of those side by side from left to right."""
    blocks = _blocks(sheet)
    found = [(block, columns) for block in blocks for columns in _beside(sheet, block)]
    if not 1 < len(found) <= _MOST:
        return (sheet,)
    said = _texts(sheet, range(1, blocks[0].head), None)
    parts = []
    for number, (block, columns) in enumerate(found, start=1):
        own = _texts(sheet, range(block.top, block.head), columns)
        over = [text for text in (*said, *_texts(sheet, range(block.top, block.head), None)) if text not in own]
        name = sheet.name if number == 1 else f"{sheet.name} #{number}"
        cells = _cut(sheet, block, columns)
        parts.append(replace(sheet, name=name, of=sheet.name, cells=cells, above=tuple(dict.fromkeys(over))))
    return tuple(parts)


def _blocks(sheet: Sheet) -> list[_Block]:
    """Return the tables below each other; headings repeated on a new page begin none."""
    heads: list[tuple[int, int, int]] = []
    numbers: set[int] = set()
    row = 1
    while row <= sheet.height:
        facts = any(type(cell.value) is Decimal for cell in sheet.cells[row - 1])
        depth = 0 if facts else _heading(sheet, row, numbers if heads else None)
        if depth and (not heads or not _repeated(sheet, heads[-1], row, depth)):
            top = 1 if not heads else _title(sheet, row, heads[-1][2])
            heads.append((top, row, row + depth - 1))
            numbers = set()
        row += depth or 1
        if not depth and (not heads or row - heads[-1][2] < _LOOKED_AT):
            numbers |= {column for column, cell in enumerate(sheet.cells[row - 2], start=1) if _is_number(cell)}
    bottoms = [*(top - 1 for top, _, _ in heads[1:]), sheet.height][: len(heads)]
    return [_Block(*head, bottom) for head, bottom in zip(heads, bottoms, strict=True)]


def _heading(sheet: Sheet, row: int, numbers: set[int] | None) -> int:
    """Return how many rows of headings begin in a row, 0 for none; `numbers` are the columns of the table above, if any."""
    line = sheet.cells[row - 1]
    if sum(1 for cell in line if cell.value is not None) < 2 or not _is_words(line) or is_total(_first(line)):
        return 0
    depth = 1
    while (
        depth < _DEEPEST
        and row + depth <= sheet.height
        and sheet.cells[row + depth - 1]
        and _is_words(sheet.cells[row + depth - 1])
    ):
        depth += 1
    below = sheet.cells[row + depth - 1] if row + depth <= sheet.height else ()
    under = {column for column, cell in enumerate(below, start=1) if _is_number(cell)}
    words = [
        {column for column, cell in enumerate(sheet.cells[at - 1], start=1) if _says(cell)}
        for at in range(row, row + depth)
    ]
    if not under & set().union(*words):
        return 0
    if numbers is None:
        return depth
    # Below a table, words must stand over most of its columns of numbers, and not one word such as `pending` in all of them.
    over = [column for column in words[-1] if column in numbers | under]
    different = {plain(str(sheet.at(row + depth - 1, column).value)) for column in over}
    lone = len(over) == 1 and row > 1 and sum(1 for cell in sheet.cells[row - 2] if cell.value is not None) > 1
    return depth if over and 2 * len(over) >= len(under) and len(different) == len(over) and not lone else 0


def _repeated(sheet: Sheet, head: tuple[int, int, int], row: int, depth: int) -> bool:
    """Return whether a block of headings is that of the table above again, with nothing said between."""
    _, first, last = head
    if depth != last - first + 1 or any(_values(sheet, first + at) != _values(sheet, row + at) for at in range(depth)):
        return False
    above = next((sheet.cells[at - 1] for at in range(row - 1, last, -1) if _values(sheet, at)), ())
    return sum(1 for cell in above if cell.value is not None) > 1 or is_note(_first(above))


def _title(sheet: Sheet, row: int, last: int) -> int:
    """Return the first of the rows above headings that say what they are about."""
    top = row
    for at in range(row - 1, last, -1):
        line = sheet.cells[at - 1]
        if any(_is_number(cell) for cell in line) or is_note(_first(line)) or is_total(_first(line)):
            break
        if _values(sheet, at):
            top = at
    return top


def _beside(sheet: Sheet, block: _Block) -> list[tuple[int, int]]:
    """Return the first and last column of each table of a block: one begins where whom or when is said again."""
    heads = sheet.cells[block.head - 1 : block.below]
    width = max(map(len, sheet.cells[block.top - 1 : block.bottom]), default=1)
    rows = [line for line in sheet.cells[block.below : block.bottom] if line][:200]
    begins = [1]
    first = next((word for column in range(1, width + 1) if (word := _word(heads, column))), "")
    for column in range(2, width + 1):
        word = _word(heads, column)
        if not word or not _labels(rows, column):
            continue
        gap = not any(column - 2 < len(line) and line[column - 2].value is not None for line in (*heads, *rows))
        roles = {role for role in roles_of(word) if role in (*NAME_ROLES, Role.DAY)}
        counted = any(_is_number(line[at - 1]) for line in rows for at in range(begins[-1], min(column, len(line) + 1)))
        names = gap and (roles or any(_is_number(cell) for line in rows for cell in line[column : column + 1]))
        if counted and (word == first or names):
            begins.append(column)
    return list(zip(begins, [column - 1 for column in begins[1:]] + [width], strict=True))


def _word(heads: Sequence[tuple[Cell, ...]], column: int) -> str:
    """Return the lowest heading of a column."""
    texts = [
        plain(str(line[column - 1].value))
        for line in heads
        if column <= len(line) and line[column - 1].value is not None
    ]
    return texts[-1] if texts else ""


def _labels(rows: Sequence[tuple[Cell, ...]], column: int) -> bool:
    """Return whether names or days stand in a column."""
    cells = [line[column - 1] for line in rows if column <= len(line) and line[column - 1].value is not None]
    return bool(cells) and sum(1 for cell in cells if _says(cell)) > len(cells) / 2


def _cut(sheet: Sheet, block: _Block, columns: tuple[int, int]) -> tuple[tuple[Cell, ...], ...]:
    """Return the cells of one table where they stand, and nothing in the others."""
    first, last = columns
    rows = (
        (EMPTY,) * (first - 1) + line[first - 1 : last] if row >= block.top and len(line) >= first else ()
        for row, line in enumerate(sheet.cells[: block.bottom], start=1)
    )
    return tuple(rows)


def _texts(sheet: Sheet, rows: range, columns: tuple[int, int] | None) -> list[str]:
    first, last = columns or (1, sheet.width)
    cells = (cell for row in rows for cell in sheet.cells[row - 1][first - 1 : last])
    return [text for cell in cells if _says(cell) and (text := plain(str(cell.value)))]


def _values(sheet: Sheet, row: int) -> list[object]:
    return [
        plain(cell.value) if isinstance(cell.value, str) else cell.value
        for cell in sheet.cells[row - 1]
        if cell.value is not None
    ]


def _first(line: Sequence[Cell]) -> str:
    return next((plain(cell.value) for cell in line if isinstance(cell.value, str) and plain(cell.value)), "")


def _is_words(line: Sequence[Cell]) -> bool:
    """Return whether a row holds words or days, and no number."""
    return any(_says(cell) for cell in line) and not any(_is_number(cell) for cell in line)


def _is_number(cell: Cell) -> bool:
    value = cell.value
    if isinstance(value, str):
        return not is_blank(text := plain(value)) and amount(text) is not None and period(text) is None
    return isinstance(value, Decimal) or (value is None and cell.formula is not None)


def _says(cell: Cell) -> bool:
    """Return whether a cell holds words, or a day."""
    if isinstance(cell.value, str):
        return not is_blank(plain(cell.value)) and not _is_number(cell)
    return isinstance(cell.value, datetime.date)
