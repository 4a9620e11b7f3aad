"""The workbook of one statement: its lines as live formulas, the inputs to change, the plan's numbers, and what it rests on."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from kpiflow.core.company import RoundTo
from kpiflow.incentives.components.component import Component, Modifier
from kpiflow.incentives.components.fold import Fold
from kpiflow.incentives.exact import TEN_PLACES
from kpiflow.incentives.kinds import Kind, decimal_of
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import additive
from kpiflow.incentives.typed import Typed, sound
from kpiflow.language import Message, Name, msg, render
from kpiflow.workspace.pay_runs.answers import Paid
from kpiflow.workspace.pay_runs.excel.cells import (
    INPUTS,
    PARAMETERS,
    STATEMENT,
    Cells,
    Formula,
    Parameters,
    quoted,
    rounding,
)
from kpiflow.workspace.pay_runs.excel.formulas import formula_of

#: The row of the sheet in which the first line of the statement stands, counted from 1.
FIRST = 6

#: Says a message or name in the language, or languages, of the workbook.
Say = Callable[[Message | Name], str]

#: The columns of the statement.
HEADS: tuple[Message, ...] = (
    msg("Line number"), msg("Line"), msg("How"), msg("Before rounding"), msg("Value"), msg("Adds to the payout"),
    msg("Matched row"), msg("Not met"), msg("Rule"), msg("Beside: left, or the rate"),
)  # fmt: skip

#: How wide they are.
WIDTHS = (8, 34, 52, 18, 16, 18, 7, 40, 30, 18)


@dataclass(frozen=True)
class _Book:
    """What is being written: the plan with its names resolved, whose statement, and the looks of cells."""

    plan: Plan
    made: Typed
    paid: Paid
    say: Say
    looks: Mapping[str, Any]


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
        written = _Book(plan, sound(plan), paid, say, _looks(book))
        sheets = {name: book.add_worksheet(name) for name in (STATEMENT, INPUTS, PARAMETERS)}
        cells = _inputs(sheets[INPUTS], written)
        _statement(sheets[STATEMENT], written, cells)
        _parameters(sheets[PARAMETERS], written, cells.parameters)
    return out.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    money, wrap = "#,##0.00", {"text_wrap": True, "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, **wrap}),
        "text": book.add_format(wrap),
        "note": book.add_format({"font_color": "#5a6773", **wrap}),
        "input": book.add_format({"bg_color": "#fff7d6", "valign": "top"}),
        "day": book.add_format({"bg_color": "#fff7d6", "num_format": "yyyy-mm-dd", "valign": "top"}),
        "money": book.add_format({"num_format": money, "valign": "top"}),
        "number": book.add_format({"num_format": "0.##########", "valign": "top"}),
        "total": book.add_format({"num_format": money, "bold": True, "top": 1, "valign": "top"}),
    }


def _inputs(sheet: Any, book: _Book) -> Cells:
    """Write every input with a cell to change, and what counts where it is empty; return where everything stands."""
    say, made = book.say, book.made
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 4, 20)
    sheet.write_string(0, 0, say(msg("Inputs")), book.looks["title"])
    sheet.write_string(
        1, 0, say(msg("Change a yellow cell and see what would be paid. What was paid stays what it was."))
    )
    heads = (msg("Input"), msg("Kind"), msg("Value"), msg("Counts as"))
    for place, head in enumerate(heads):
        sheet.write_string(3, place, say(head), book.looks["head"])
    where = {}
    for line, name in enumerate(made.inputs, start=4):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, made.kinds[name].value)
        _given(sheet, line, book.paid.wide.get(name), made.kinds[name], book.looks)
        filling = made.absent.get(name, book.plan.absent.get(name))
        other = '""' if filling is None else quoted(filling) if isinstance(filling, str) else f"{float(filling)!r}"
        sheet.write_formula(line, 3, f'=IF(C{line + 1}="",{other},C{line + 1})', None, "")
        where[name] = f"{INPUTS}!$D${line + 1}"
    rows = {step.id: FIRST + n for n, step in enumerate(made.steps)}

    def column(letter: str) -> dict[str, str]:
        return {name: f"{STATEMENT}!${letter}${row}" for name, row in rows.items()}

    stays = {step.id for step in made.steps if step.kind == "proration" and step.rounding is None}
    exact = {name: cell for name, cell in column("D").items() if name in stays}
    beside = {
        f"{step.id}_{end}": f"{STATEMENT}!$J${rows[step.id]}" for step in made.steps for end in step.beside(made.kinds)
    }
    return Cells(where, column("E") | beside, exact, column("G"), made.kinds, Parameters())


def _given(sheet: Any, line: int, value: object, kind: Kind, looks: Mapping[str, Any]) -> None:
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


def _statement(sheet: Any, book: _Book, cells: Cells) -> None:
    """Write head, lines, total, what puts earlier runs right, and what all of it rests on."""
    say, looks, paid = book.say, book.looks, book.paid
    for place, wide in enumerate(WIDTHS):
        sheet.set_column(place, place, wide)
    sheet.write_string(0, 0, f"{say(paid.label)} · {paid.statement.period or ''}", looks["title"])
    who = say(paid.person_name) + (f" · {say(paid.unit_name)}" if paid.unit_name else "")
    sheet.write_string(1, 0, f"{who} · {paid.statement.person or ''}")
    sheet.write_string(2, 0, " ".join(say(one) for one in paid.source), looks["note"])
    for place, head in enumerate(HEADS):
        sheet.write_string(FIRST - 2, place, say(head), looks["head"])
    counted = additive(book.made)
    for step in book.made.steps:
        if isinstance(step, Fold) and step.of in counted:
            counted[step.id] = counted[step.of]  # the lines of segments are one line here
    counted = {name: times for name, times in counted.items() if name not in book.made.per_segment}
    for n, step in enumerate(book.made.steps):
        _line(sheet, n, book, cells, counted.get(step.id))
    last = FIRST + len(book.made.steps)
    _total(sheet, last, book)
    sheet.freeze_panes(FIRST - 1, 2)


def _line(sheet: Any, n: int, book: _Book, cells: Cells, times: int | None) -> None:
    """Write one line: its words as they were, and its figures as formulas."""
    row, at, looks, made = FIRST + n, FIRST + n - 1, book.looks, book.made
    step = made.steps[n]
    lines = [line for line in book.paid.statement.lines if line.component == step.id]
    said = lines[0] if lines else None
    sheet.write_number(at, 0, n + 1, looks["text"])
    sheet.write_string(at, 1, book.say(step.named), looks["text"])
    sheet.write_string(at, 2, "\n".join(book.say(line.formula) for line in lines), looks["text"])
    sheet.write_string(at, 7, "" if said is None or said.unmet is None else book.say(said.unmet), looks["note"])
    sheet.write_string(at, 8, f"{book.plan.plan}/{step.id} · {step.kind}", looks["note"])
    value = _plain(book.paid.wide.get(step.id))
    formula = None if step.id in made.per_segment else formula_of(step, cells)
    if formula is None:
        _constant(sheet, at, step, book)
    else:
        sheet.write_formula(at, 3, formula.guarded(formula.raw), looks["number"], value)
        _emitted(sheet, at, step, book, formula)
        if formula.row is not None:
            sheet.write_formula(
                at, 6, formula.guarded(formula.row), None, "" if said is None or said.row is None else said.row
            )
    if times is not None:
        amount = f"E{row}"
        numbers = [amount]
        if isinstance(step, Modifier) and step.changed in made.kinds and step.changed not in made.inputs:
            numbers.append(cells.values[step.changed])
        whole = f"{times}*({'-'.join(numbers)})" if times != 1 else "-".join(numbers)
        shown = "" if said is None or said.amount is None else float(said.amount)
        sheet.write_formula(at, 5, f'=IF(COUNT({",".join(numbers)})<{len(numbers)},"",{whole})', looks["money"], shown)


def _emitted(sheet: Any, at: int, step: Component, book: _Book, formula: Formula) -> None:
    """Write the value as its line has it, rounded as declared, and what the step gives beside it."""
    made, row = book.made, at + 1
    value, kind = _plain(book.paid.wide.get(step.id)), made.kinds[step.id]
    to: RoundTo = step.rounding or (book.plan.rounding if kind is Kind.MONEY else TEN_PLACES)
    rounded = rounding(f"D{row}", to) if kind.numeric else f"D{row}"
    sheet.write_formula(
        at, 4, f'=IF(D{row}="","",{rounded})', book.looks["money" if kind is Kind.MONEY else "number"], value
    )
    for end in step.beside(made.kinds):
        if formula.beside is not None:
            shown = _plain(book.paid.wide.get(f"{step.id}_{end}"))
            beside_kind = made.kinds[f"{step.id}_{end}"]
            to = step.rounding or (book.plan.rounding if beside_kind is Kind.MONEY else TEN_PLACES)
            written = formula.guarded(rounding(f"({formula.beside})", to))
            sheet.write_formula(at, 9, written, book.looks["money" if beside_kind is Kind.MONEY else "number"], shown)


def _constant(sheet: Any, at: int, step: Component, book: _Book) -> None:
    """Write a value that no formula over one person's figures can give, in a cell to change, and say so."""
    ends = [(9, f"{step.id}_{end}") for end in step.beside(book.made.kinds)]
    for place, name in ((3, step.id), (4, step.id), *ends):
        value = _plain(book.paid.wide.get(name))
        if isinstance(value, str):
            sheet.write_string(at, place, value, book.looks["input"])
        else:
            sheet.write_number(at, place, value, book.looks["input"])
    why = msg(
        "A constant here: it depends on other people, on segments or on earlier runs, which this workbook does not hold."
    )
    sheet.write_string(at, 7, book.say(why), book.looks["note"])


def _total(sheet: Any, last: int, book: _Book) -> None:
    """Write what is paid, the lines that put earlier runs right, and whether the lines add up."""
    say, looks, paid = book.say, book.looks, book.paid
    amount = _plain(paid.statement.amount)
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
    sheet.write_formula(end, 5, f"=SUM(E{at + 1},F{first + 1}:F{end})", looks["total"], _plain(paid.payable))


def _parameters(sheet: Any, book: _Book, parameters: Parameters) -> None:
    """Write the numbers of the plan where the formulas look for them."""
    sheet.set_column(0, 5, 20)
    for line, row in enumerate(parameters.rows):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, place, value, book.looks["note"] if place < 2 else None)
            elif value is not None:
                sheet.write_number(line, place, value)


def _plain(value: object) -> float | str:
    """Return a figure as a spreadsheet holds it; absent is an empty text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else float(value)  # type: ignore[arg-type]
