"""The tables of a company out of a workbook, laid over the company there is, with every problem at its sheet and cell.

Floor 5: reads no clock, file or database.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from kpiflow.definitions.assembling import definitions_of
from kpiflow.definitions.company import KEYS, TABLES, Company
from kpiflow.definitions.exporting import as_people_write
from kpiflow.definitions.facts import Found
from kpiflow.definitions.reading import Reading, judged
from kpiflow.definitions.rows import PLACE, TextRows, columns_of
from kpiflow.definitions.sentences import unknown_field
from kpiflow.definitions.sheet_words import column_called, sheet_name, table_called
from kpiflow.errors import ConfigurationError, Level, Problem
from kpiflow.language import Message, msg
from kpiflow.sources.workbooks.sheet import Cell, Fault, Sheet, letters

#: In how many rows from the top the headings are looked for.
_TOP = 20

#: Where rows come from that no sheet has: the store.
_STORE = "store"


@dataclass(frozen=True)
class _Part:
    """One sheet that is a table: where its headings stand and which column each is, counted from 0."""

    sheet: Sheet
    table: str
    path: str
    top: int
    columns: Mapping[str, int]


def read_workbook(
    sheets: Sequence[Sheet],
    name: str,
    base: Company,
    *,
    complete: bool = False,
    tables: Collection[str] = tuple(TABLES),
) -> Reading:
    """Return the company that `base` becomes by the sheets of a workbook called `name`; never raises for what cells say.

    A sheet adds rows and changes those with the same key, in the columns it has; rows it does not list stay, unless
    `complete` says that they go. Only `tables` may be in it. Tables without a sheet, and whatever is no table, stay as they are.
    """
    found = Found()
    columns: dict[tuple[str, str], str] = {}
    for kind, one_name, one in definitions_of(base):
        found.values[kind][one_name] = one
    rows = {table: TextRows(table) for table in TABLES}
    listed: set[str] = set()
    for sheet in sheets:
        part = _part(sheet, name, found)
        if part is None:
            continue
        if part.table not in tables:
            said = msg("Somebody else has to bring this sheet: it is not among what you may change.")
            _note(found, part.path, 1, Level.ERROR, said)
            continue
        listed.add(part.table)
        columns |= {(part.path, column): letters(place + 1) for column, place in part.columns.items()}
        columns[part.path, ""] = "A"
        rows[part.table].frames.append(_rows(part, found))
    if not listed and not found.problems:
        _note(found, name, 1, Level.ERROR, _no_sheet(sheets))
    for table in TABLES:
        _keep(table, rows[table], base, found, complete=complete and table in listed)
    reading = judged(found, rows, letters=columns)
    mine = tuple(one for one in reading.problems if one.path.startswith(name) or one.level is Level.ERROR)
    return replace(reading, problems=mine)


def required(reading: Reading) -> Company:
    """Return the company of a workbook; raises ConfigurationError with all problems when there is an error."""
    if reading.company is None:
        errors = sum(problem.level is Level.ERROR for problem in reading.problems)
        raise ConfigurationError(msg("The workbook has {count} errors.", count=errors), reading.problems)
    return reading.company


def _part(sheet: Sheet, name: str, found: Found) -> _Part | None:
    """Return a sheet as a table, or None for one that is none, after saying so where it may have been meant."""
    table = table_called(sheet.name)
    if table is None:
        return None
    path = f"{name} {sheet.name}"
    if sheet.hidden:
        _note(found, path, 1, Level.WARNING, msg("This sheet is hidden and was not read. Show it if it should count."))
        return None
    best: dict[str, int] = {}
    top = 0
    for row, cells in enumerate(sheet.cells[:_TOP]):
        there = _headings(cells, table)
        if len(there) > len(best):
            best, top = there, row
    missing = [key for key in KEYS[table] if key not in best]
    if missing:
        said = msg("No row of headings was found: {missing} must be among them.", missing=", ".join(missing))
        _note(found, path, 1, Level.ERROR, said)
        return None
    _strange(sheet, table, path, top, found)
    return _Part(sheet, table, path, top, best)


def _headings(cells: Sequence[Cell], table: str) -> dict[str, int]:
    """Return column → place of the headings in a row; the first of two that mean the same counts."""
    there: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = column_called(cell.value, table) if isinstance(cell.value, str) else None
        if column is not None:
            there.setdefault(column, place)
    return there


def _strange(sheet: Sheet, table: str, path: str, top: int, found: Found) -> None:
    """Report headings that mean no column, and those that mean one a second time."""
    seen: set[str] = set()
    for place, cell in enumerate(sheet.cells[top]):
        if cell.value is None or not str(cell.value).strip():
            continue
        word = str(cell.value).strip()
        column, where = column_called(word, table), f"{letters(place + 1)}{top + 1}"
        if column is None:
            said = unknown_field(word, columns_of(table))
            found.problems.append(Problem(path, top + 1, Level.ERROR, said, where))
        elif column in seen:
            said = msg("Column '{field}' is there twice; keep one.", field=column)
            found.problems.append(Problem(path, top + 1, Level.ERROR, said, where))
        seen.add(column or "")


def _rows(part: _Part, found: Found) -> pl.DataFrame:
    """Return the rows below the headings as text, blank ones left out, with path and line."""
    taken: list[dict[str, object]] = []
    for row, cells in enumerate(part.sheet.cells[part.top + 1 :], start=part.top + 2):
        line: dict[str, object] = {}
        for column, place in part.columns.items():
            cell = cells[place] if place < len(cells) else None
            if cell is not None and (said := _unusable(cell)):
                found.problems.append(Problem(part.path, row, Level.ERROR, said, f"{letters(place + 1)}{row}"))
            line[column] = None if cell is None else written_cell(cell)
        if any(value is not None for value in line.values()):
            taken.append({**line, "path": part.path, "line": row})
    return pl.DataFrame(taken, schema={**dict.fromkeys(part.columns, pl.String), **PLACE})


def _unusable(cell: Cell) -> Message | None:
    """Return what is wrong with a formula's cell, None for any other."""
    if cell.formula and cell.value is None:
        return msg("This formula has no stored result. Open the workbook in Excel, save it, and try again.")
    if isinstance(cell.value, Fault):
        return msg("This formula gives {code}. Mend it, or write the value.", code=cell.value.code)
    return None


def _keep(table: str, rows: TextRows, base: Company, found: Found, *, complete: bool) -> None:
    """Fill in what the sheet has no column for, and add the rows of the company there is that no sheet lists."""
    keys = list(KEYS[table])
    text = as_people_write(table, base.table(table)).select(pl.all().cast(pl.String))
    rows.frames = [_filled(frame, text, keys) for frame in rows.frames]
    if complete:
        return
    kept = text.with_columns(path=pl.lit(_STORE), line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    listed = rows.frame()
    if listed.height:
        kept = kept.join(listed.select(keys).drop_nulls(), on=keys, how="anti", maintain_order="left")
        if kept.height:
            said = msg(
                "{count} rows that this sheet does not list stay as they are. Say that it is complete to take them away.",
                count=kept.height,
            )
            _note(found, listed["path"][0], 1, Level.WARNING, said)
    rows.frames.append(kept)


def _filled(frame: pl.DataFrame, text: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return rows of a sheet with the columns it does not have as they are in the company: only what is written changes."""
    absent = [name for name in text.columns if name not in frame.columns]
    if not absent or not set(keys) <= set(text.columns):
        return frame
    return frame.join(text.select(*keys, *absent), on=keys, how="left", maintain_order="left")


def written_cell(cell: Cell) -> str | None:
    """Return what a cell says as a person would write it in CSV; None for an empty one.

    >>> written_cell(Cell(Decimal("0.785"), None, "0.0%")), written_cell(Cell(Decimal("12.0"))), written_cell(Cell(" "))
    ('78.5%', '12', None)
    """
    value = cell.value
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case datetime.datetime():
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
        case datetime.date():
            return value.isoformat()
        case Decimal():
            return f"{_number(value * 100)}%" if "%" in (cell.format or "") else _number(value)
        case Fault():
            return value.code
        case _:
            return str(value).strip() or None


def _number(value: Decimal) -> str:
    """Return a number without exponent or an empty fraction."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _no_sheet(sheets: Sequence[Sheet]) -> Message:
    known = ", ".join(f"{table} ({sheet_name(table, 'zh')})" for table in TABLES)
    there = ", ".join(sheet.name for sheet in sheets) or "–"
    return msg(
        "No sheet is a table of a company: there are {there}. Name one of them as: {known}.", there=there, known=known
    )


def _note(found: Found, path: str, line: int, level: Level, said: Message) -> None:
    found.problems.append(Problem(path, line, level, said, f"A{line}"))
