"""The sheets of what is given: a person's inputs, those of each dated segment, and what the others come to."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpiflow.incentives.components.component import Component
from kpiflow.incentives.kinds import Kind, decimal_of
from kpiflow.incentives.segments import SPAN
from kpiflow.language import msg
from kpiflow.workspace.pay_runs.excel.book import FIRST, Book
from kpiflow.workspace.pay_runs.excel.cells import INPUTS, SEGMENTS, SHARED, STATEMENT, Cells, Parameters, quoted
from kpiflow.workspace.pay_runs.excel.shared import shared_cells

#: Writes the value of one input into a row of the sheet, counted from 0.
Write = Callable[[int, str], None]


@dataclass(frozen=True)
class Block:
    """One segment on its sheet: its row of the run, the row in which its first line stands, and where everything is."""

    row: Mapping[str, Any]
    first: int
    cells: Cells


def given_of_person(sheet: Any, book: Book, parameters: Parameters, segments: Sequence[Cells]) -> Cells:
    """Write a person's inputs with a cell to change each, or what the segments' come to; return where everything stands."""
    say, looks = book.say, book.looks
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 4, 20)
    sheet.write_string(0, 0, say(msg("Inputs")), looks["title"])
    changed = msg("Change a yellow cell and see what would be paid. What was paid stays what it was.")
    sheet.write_string(1, 0, say(changed))
    if segments:
        sheet.write_string(2, 0, say(msg("These come from the sheet Segments: change them there.")), looks["note"])

    def write(line: int, name: str) -> None:
        kind, value = book.made.kinds[name], book.paid.wide.get(name)
        if segments:
            shown = "" if value is None else _days(value) if isinstance(value, datetime.date) else value
            look = looks["date"] if kind is Kind.DATE else None
            sheet.write_formula(line, 2, _of_segments(name, segments), look, shown)
        else:
            _write_given(sheet, line, value, kind, looks)

    where = _inputs(sheet, 3, book, INPUTS, write)
    made = book.made
    rows = {step.id: FIRST + n for n, step in enumerate(made.steps) if step.id not in made.per_segment}
    return _cells(book, where, rows, STATEMENT, parameters=parameters, segments=tuple(segments))


def given_of_segments(sheet: Any, book: Book, parameters: Parameters) -> list[Block]:
    """Write the inputs of each segment, with room for its lines below; return where everything of each stands."""
    found, at = [], 2
    steps = [step for step in book.made.steps if step.id in book.made.per_segment]
    for number, row in enumerate(book.paid.wide.get("segments") or [], start=1):
        days = " – ".join(str(row[name]) for name in SPAN[1:] if row.get(name) is not None)
        title = book.say(msg("Segment {number}", number=number))
        sheet.write_string(at, 0, f"{title} · {days}" if days else title, book.looks["head"])

        def write(line: int, name: str, row: Mapping[str, Any] = row) -> None:
            _write_given(sheet, line, row.get(name), book.made.kinds[name], book.looks)

        where = _inputs(sheet, at + 1, book, SEGMENTS, write)
        first = at + 2 + len(book.made.inputs) + 3
        rows = {step.id: first + n for n, step in enumerate(steps)}
        found.append(Block(row, first, _cells(book, where, rows, SEGMENTS, parameters=parameters)))
        at = first + len(steps)
    return found


def given_of_shared(sheet: Any, book: Book) -> dict[str, str]:
    """Write what only everybody's run knows, and return the cell of each by its name."""
    say, looks = book.say, book.looks
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 20)
    sheet.write_string(0, 0, say(msg("Shared with everybody")), looks["title"])
    why = msg("What the others come to is in no one person's figures: it is what the run found, in cells with names.")
    sheet.write_string(1, 0, say(why))
    for place, head in enumerate((msg("Name of the cell"), msg("What it is"), msg("Value"))):
        sheet.write_string(3, place, say(head), looks["head"])
    where, line = {}, 4
    for step in book.made.steps:
        for one in shared_cells(step, book.made, book.plan.rounding, book.paid.wide):
            sheet.write_string(line, 0, one.name)
            sheet.write_string(line, 1, f"{say(step.named)}: {say(one.said)}", looks["text"])
            _write_given(sheet, line, one.value, Kind.NUMBER, looks)
            line += 1
            where[one.name] = f"{SHARED}!$C${line}"
    return where


def _inputs(sheet: Any, at: int, book: Book, name_of_sheet: str, write: Write) -> dict[str, str]:
    """Write a table of every input from a row on, with what counts where it is empty; return the cells that count."""
    for place, head in enumerate((msg("Input"), msg("Kind"), msg("Value"), msg("Counts as"))):
        sheet.write_string(at, place, book.say(head), book.looks["head"])
    where, made = {}, book.made
    for line, name in enumerate(made.inputs, start=at + 1):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, made.kinds[name].value)
        write(line, name)
        filling = made.absent.get(name, book.plan.absent.get(name))
        other = '""' if filling is None else quoted(filling) if isinstance(filling, str) else f"{float(filling)!r}"
        sheet.write_formula(line, 3, f'=IF(C{line + 1}="",{other},C{line + 1})', None, "")
        where[name] = f"{name_of_sheet}!$D${line + 1}"
    return where


def _of_segments(name: str, segments: Sequence[Cells]) -> str:
    """Return a person's input as a formula: days added up, the first day of the first segment, all else as in the last."""
    cells = [one.inputs[name].replace("$D$", "$C$") for one in segments]
    if name == "days_employed":
        return f'=IF(COUNT({",".join(cells)})<{len(cells)},"",{"+".join(cells)})'
    cell = cells[0] if name == "segment_from" else cells[-1]
    return f'=IF({cell}="","",{cell})'


def _cells(
    book: Book, where: Mapping[str, str], rows: Mapping[str, int], sheet: str, *, parameters: Parameters,
    segments: tuple[Cells, ...] = (),
) -> Cells:  # fmt: skip
    """Return the addresses of a statement's lines, or of a segment's."""
    made = book.made
    steps: list[Component] = [step for step in made.steps if step.id in rows]

    def column(letter: str) -> dict[str, str]:
        return {name: f"{sheet}!${letter}${row}" for name, row in rows.items()}

    stays = {step.id for step in steps if step.kind == "proration" and step.rounding is None}
    exact = {name: cell for name, cell in column("D").items() if name in stays}
    beside = {f"{step.id}_{end}": f"{sheet}!$J${rows[step.id]}" for step in steps for end in step.beside(made.kinds)}
    return Cells(
        where, column("E") | beside, exact, column("G"), made.kinds, parameters, book.plan.rounding, segments
    )  # fmt: skip


def _write_given(sheet: Any, line: int, value: object, kind: Kind, looks: Mapping[str, Any]) -> None:
    """Write the cell to change."""
    match value:
        case None:
            sheet.write_blank(line, 2, None, looks["input"])
        case datetime.date():
            sheet.write_datetime(line, 2, value, looks["day"])
        case Decimal() | float() | int() if kind.numeric:
            sheet.write_number(line, 2, float(decimal_of(value)), looks["input"])
        case _:
            sheet.write_string(line, 2, str(value), looks["input"])


def _days(day: datetime.date) -> int:
    """Return a day as a spreadsheet counts it."""
    return (day - datetime.date(1899, 12, 30)).days
