"""One line of a statement in its workbook: its words as they were, its figures as formulas."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpiflow.core.company import RoundTo
from kpiflow.incentives.components.component import Component, Modifier
from kpiflow.incentives.exact import TEN_PLACES
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.statements import Line
from kpiflow.language import Message, msg
from kpiflow.workspace.pay_runs.excel.book import Book, plain
from kpiflow.workspace.pay_runs.excel.cells import Cells, Formula, rounding
from kpiflow.workspace.pay_runs.excel.formulas import formula_of

#: The columns of the statement.
HEADS: tuple[Message, ...] = (
    msg("Line number"), msg("Line"), msg("How"), msg("Before rounding"), msg("Value"), msg("Adds to the payout"),
    msg("Matched row"), msg("Not met"), msg("Rule"), msg("Beside: left, or the rate"),
)  # fmt: skip

#: How wide they are.
WIDTHS = (8, 34, 52, 18, 16, 18, 7, 40, 30, 18)


@dataclass(frozen=True)
class Row:
    """Where a line stands, counted from 0, its number, the row of the run its figures are in, and what was said of it."""

    at: int
    number: int
    wide: Mapping[str, Any]
    said: Line | None


def write_heads(sheet: Any, at: int, book: Book) -> None:
    """Write the heads of the columns."""
    for place, head in enumerate(HEADS):
        sheet.write_string(at, place, book.say(head), book.looks["head"])


def write_line(sheet: Any, row: Row, step: Component, book: Book, cells: Cells, *, times: int | None = None) -> None:
    """Write one line; `times` is how often it counts in the payout."""
    at, said, looks, made = row.at, row.said, book.looks, book.made
    sheet.write_number(at, 0, row.number, looks["text"])
    sheet.write_string(at, 1, book.say(step.named), looks["text"])
    sheet.write_string(at, 2, "" if said is None else book.say(said.formula), looks["text"])
    sheet.write_string(at, 7, "" if said is None or said.unmet is None else book.say(said.unmet), looks["note"])
    sheet.write_string(at, 8, f"{book.plan.plan}/{step.id} · {step.kind}", looks["note"])
    formula = formula_of(step, cells)
    sheet.write_formula(at, 3, formula.guarded(formula.raw), looks["number"], plain(row.wide.get(step.id)))
    _emitted(sheet, row, step, book, formula)
    if formula.row is not None:
        hit = "" if said is None or said.row is None else said.row
        sheet.write_formula(at, 6, formula.guarded(formula.row), None, hit)
    if times is not None:
        amount = f"E{at + 1}"
        numbers = [amount]
        if isinstance(step, Modifier) and step.changed in made.kinds and step.changed not in made.inputs:
            numbers.append(cells.values[step.changed])
        whole = f"{times}*({'-'.join(numbers)})" if times != 1 else "-".join(numbers)
        shown = "" if said is None or said.amount is None else float(said.amount)
        sheet.write_formula(at, 5, f'=IF(COUNT({",".join(numbers)})<{len(numbers)},"",{whole})', looks["money"], shown)


def _emitted(sheet: Any, row: Row, step: Component, book: Book, formula: Formula) -> None:
    """Write the value as its line has it, rounded as declared, and what the step gives beside it."""
    made, at, cell = book.made, row.at, f"D{row.at + 1}"
    value, kind = plain(row.wide.get(step.id)), made.kinds[step.id]
    to: RoundTo = step.rounding or (book.plan.rounding if kind is Kind.MONEY else TEN_PLACES)
    rounded = rounding(cell, to) if kind.numeric else cell
    look = book.looks["money" if kind is Kind.MONEY else "number"]
    sheet.write_formula(at, 4, f'=IF({cell}="","",{rounded})', look, value)
    for end in step.beside(made.kinds):
        if formula.beside is not None:
            shown = plain(row.wide.get(f"{step.id}_{end}"))
            beside_kind = made.kinds[f"{step.id}_{end}"]
            to = step.rounding or (book.plan.rounding if beside_kind is Kind.MONEY else TEN_PLACES)
            written = formula.guarded_beside(rounding(f"({formula.beside})", to))
            sheet.write_formula(at, 9, written, book.looks["money" if beside_kind is Kind.MONEY else "number"], shown)
