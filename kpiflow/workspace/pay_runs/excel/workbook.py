"""The workbook of one statement: its lines as live formulas, the inputs to change, the plan's numbers, and what it rests on."""

from io import BytesIO
from typing import Any

import xlsxwriter

from kpiflow.incentives.components.fold import Fold
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import additive
from kpiflow.incentives.typed import sound
from kpiflow.language import Message, Name, msg, render
from kpiflow.workspace.pay_runs.answers import Paid
from kpiflow.workspace.pay_runs.excel.book import FIRST, Book, looks_of, plain
from kpiflow.workspace.pay_runs.excel.cells import INPUTS, PARAMETERS, SEGMENTS, SHARED, STATEMENT, Cells, Parameters
from kpiflow.workspace.pay_runs.excel.given import given_of_person, given_of_segments, given_of_shared
from kpiflow.workspace.pay_runs.excel.lines import WIDTHS, Row, write_heads, write_line


def statement_workbook(paid: Paid, language: str = "en") -> bytes:
    """Return a statement as a workbook in `en`, `zh`, or both languages at once."""
    plan = Plan.model_validate_json(paid.plan_json)
    languages = ("zh", "en") if language == "both" else (language,)

    def say(said: Message | Name) -> str:
        return " / ".join(dict.fromkeys(render(said, one) for one in languages))

    out = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, settings) as book:
        book.set_calc_mode("auto")
        written = Book(plan, sound(plan), paid, say, looks_of(book))
        sheets = {name: book.add_worksheet(name) for name in _sheets(written)}
        parameters = Parameters()
        segments = _segments(sheets[SEGMENTS], written, parameters) if plan.segments else ()
        if SHARED in sheets:
            for name, cell in given_of_shared(sheets[SHARED], written).items():
                book.define_name(name, f"={cell}")
        cells = given_of_person(sheets[INPUTS], written, parameters, segments)
        _statement(sheets[STATEMENT], written, cells)
        _parameters(sheets[PARAMETERS], written, parameters)
    return out.getvalue()


def _sheets(book: Book) -> list[str]:
    """Return the sheets of a workbook: some only where the plan has what they show."""
    return [
        STATEMENT, INPUTS, *([SEGMENTS] if book.plan.segments else []),
        *([SHARED] if any(step.needs_everybody for step in book.made.steps) else []), PARAMETERS,
    ]  # fmt: skip


def _statement(sheet: Any, book: Book, cells: Cells) -> None:
    """Write head, lines, total, what puts earlier runs right, and what all of it rests on."""
    say, looks, paid = book.say, book.looks, book.paid
    for place, wide in enumerate(WIDTHS):
        sheet.set_column(place, place, wide)
    sheet.write_string(0, 0, f"{say(paid.label)} · {paid.statement.period or ''}", looks["title"])
    who = say(paid.person_name) + (f" · {say(paid.unit_name)}" if paid.unit_name else "")
    sheet.write_string(1, 0, f"{who} · {paid.statement.person or ''}")
    sheet.write_string(2, 0, " ".join(say(one) for one in paid.source), looks["note"])
    write_heads(sheet, FIRST - 2, book)
    counted = additive(book.made)
    for step in book.made.steps:
        if isinstance(step, Fold) and step.of in counted:
            counted[step.id] = counted[step.of]  # the lines of segments are one line here
    said = {line.component: line for line in book.paid.statement.lines}
    for n, step in enumerate(book.made.steps):
        at = FIRST + n - 1
        if step.id in book.made.per_segment:
            sheet.write_number(at, 0, n + 1, looks["text"])
            sheet.write_string(at, 1, say(step.named), looks["text"])
            sheet.write_string(at, 7, say(msg("Worked for each segment: see the sheet Segments.")), looks["note"])
        else:
            line = Row(at, n + 1, book.paid.wide, said.get(step.id))
            write_line(sheet, line, step, book, cells, times=counted.get(step.id))
    _total(sheet, FIRST + len(book.made.steps), book)
    sheet.freeze_panes(FIRST - 1, 2)


def _segments(sheet: Any, book: Book, parameters: Parameters) -> tuple[Cells, ...]:
    """Write what is worked for each dated segment of a person, one block below the other; return where all of it stands."""
    for place, wide in enumerate(WIDTHS):
        sheet.set_column(place, place, max(wide, 20) if place < 4 else wide)
    sheet.write_string(0, 0, book.say(msg("Segments")), book.looks["title"])
    found = given_of_segments(sheet, book, parameters)
    apart = [step for step in book.made.steps if step.id in book.made.per_segment]
    lines = [line for line in book.paid.statement.lines if line.segment is not None]
    for number, block in enumerate(found, start=1):
        parameters.again()
        write_heads(sheet, block.first - 2, book)
        said = {line.component: line for line in lines if line.segment == number}
        for n, step in enumerate(apart):
            write_line(sheet, Row(block.first + n - 1, n + 1, block.row, said.get(step.id)), step, book, block.cells)
    parameters.again()
    return tuple(block.cells for block in found)


def _total(sheet: Any, last: int, book: Book) -> None:
    """Write what is paid, the lines that put earlier runs right, and whether the lines add up."""
    say, looks, paid = book.say, book.looks, book.paid
    amount = plain(paid.statement.amount)
    at = last  # one row is left empty
    sheet.write_string(at, 1, say(msg("Total")), looks["head"])
    sheet.write_formula(at, 4, f"=E{last - 1}", looks["total"], amount)
    sheet.write_formula(at, 5, f"=SUM(F{FIRST}:F{last - 1})", looks["total"], amount)
    sheet.write_string(at + 1, 1, say(msg("The lines add up to the total")), looks["note"])
    sheet.write_formula(at + 1, 5, f'=IF(E{at + 1}="",TRUE,ROUND(F{at + 1}-E{at + 1},4)=0)', None, True)
    if not paid.adjustments:
        return
    first = at + 3
    for n, one in enumerate(paid.adjustments):
        sheet.write_string(
            first + n, 1, say(msg("Adjustment of run {run} for {period}", run=one.of_run, period=one.period))
        )
        sheet.write_string(first + n, 2, say(msg("due by now less paid so far")))
        sheet.write_number(first + n, 3, float(one.due), looks["money"])
        sheet.write_number(first + n, 4, float(one.paid), looks["money"])
        sheet.write_formula(first + n, 5, f"=D{first + n + 1}-E{first + n + 1}", looks["money"], float(one.amount))
    end = first + len(paid.adjustments)
    sheet.write_string(end, 1, say(msg("To be paid")), looks["head"])
    sheet.write_formula(end, 5, f"=SUM(E{at + 1},F{first + 1}:F{end})", looks["total"], plain(paid.payable))


def _parameters(sheet: Any, book: Book, parameters: Parameters) -> None:
    """Write the numbers of the plan where the formulas look for them."""
    sheet.set_column(0, 5, 20)
    for line, row in enumerate(parameters.rows):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, place, value, book.looks["note"] if place < 2 else None)
            elif value is not None:
                sheet.write_number(line, place, value)
