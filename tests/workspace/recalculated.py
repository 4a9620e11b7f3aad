"""A statement's workbook worked out again by another program, which knows spreadsheets and nothing of plans."""

import datetime
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import formulas
import openpyxl

from kpiflow.incentives.plan import Plan
from kpiflow.incentives.resolved import Typed
from kpiflow.incentives.statements import statement
from kpiflow.incentives.typed import sound
from kpiflow.language import Name
from kpiflow.workspace.pay_runs.answers import Paid
from kpiflow.workspace.pay_runs.excel.workbook import FIRST, statement_workbook

#: How many rows of a segment's block lie between its inputs and its lines, and before the first input.
HEAD, BETWEEN = 2, 2

#: The letters of the columns of a statement that tests look at.
VALUE, AMOUNT, ROW, BESIDE = "E", "F", "G", "J"


def paid_of(plan: Plan, row: Mapping[str, object]) -> Paid:
    """A statement of one row of a run, with nothing around it."""
    said = statement(plan, row, "2026")
    return Paid(said, Name("Plan"), Name("Somebody"), None, None, (), (), said.amount, plan.model_dump_json(), row)


@dataclass(frozen=True)
class Recalculated:
    """What every cell came to."""

    cells: Mapping[str, Any]

    def at(self, cell: str, sheet: str = "STATEMENT") -> Any:
        """A cell's value; an empty text is None."""
        found = self.cells.get(f"'[BOOK.XLSX]{sheet}'!{cell}")
        value = None if found is None else found.value[0, 0]
        return None if value == "" else value


class Book:
    """A workbook compiled once, to be calculated as often as wanted, with other inputs."""

    def __init__(self, content: bytes, folder: Path) -> None:
        # As the other program sees it: formulas, and none of the values that were written beside them.
        path = folder / "book.xlsx"
        path.write_bytes(content)
        self.formulas = openpyxl.load_workbook(io.BytesIO(content))
        sheet = self.formulas["Inputs"]
        #: The cell to change of every input.
        self.inputs = {sheet.cell(n, 1).value: f"C{n}" for n in range(5, sheet.max_row + 1) if sheet.cell(n, 1).value}
        self._model = formulas.ExcelModel().loads(str(path)).finish()

    def calculated(self, inputs: Mapping[str, object] | None = None, sheet: str = "INPUTS") -> Recalculated:
        """Calculate; `inputs` are values for cells of the sheet of inputs, or of another."""
        given = {f"'[book.xlsx]{sheet}'!{cell}": [[plain(value)]] for cell, value in (inputs or {}).items()}
        found = self._model.calculate(inputs=given) if given else self._model.calculate()
        return Recalculated({str(name).upper(): value for name, value in found.items()})

    def is_formula(self, cell: str) -> bool:
        """Whether a cell of the statement is worked out rather than written down."""
        return str(self.formulas["Statement"][cell].value).startswith("=")


def plain(value: object) -> object:
    """A value as a spreadsheet holds it."""
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return (value - datetime.date(1899, 12, 30)).days
    return float(value) if isinstance(value, Decimal | int | float) else value


def book_of(plan: Plan, row: Mapping[str, object], folder: Path) -> Book:
    """The compiled workbook of a statement."""
    return Book(statement_workbook(paid_of(plan, row)), folder)


def differences(plan: Plan, row: Mapping[str, object], found: Recalculated) -> dict[str, tuple[object, object]]:
    """Every line that is not the same to its last digit, of each segment too, and where the lines do not add up."""
    made = sound(plan)
    whole = {step.id: FIRST + n for n, step in enumerate(made.steps) if step.id not in made.per_segment}
    wrong = _wrong(made, row, whole, found, "STATEMENT")
    first = 3
    segments = row.get("segments") if plan.segments else None
    for number, segment in enumerate(segments if isinstance(segments, list) else [], start=1):
        assert found.at(f"A{first}", "SEGMENTS") is not None, "each segment has its block"
        first += HEAD + len(made.inputs) + BETWEEN
        lines = {step.id: first + n for n, step in enumerate(s for s in made.steps if s.id in made.per_segment)}
        wrong |= {f"{number}: {name}": had for name, had in _wrong(made, segment, lines, found, "SEGMENTS").items()}
        first += len(lines) + 1
    last = FIRST + len(made.steps)
    if found.at(f"{AMOUNT}{last + 2}") not in (True, None) and row["amount"] is not None:
        wrong["adds up"] = (found.at(f"{AMOUNT}{last + 2}"), True)
    return wrong


def _wrong(
    made: Typed, row: Mapping[str, object], lines: Mapping[str, int], found: Recalculated, sheet: str
) -> dict[str, tuple[object, object]]:
    """The lines of one sheet, or of one segment, that are not those of the run."""
    wrong = {}
    for step in made.steps:
        if step.id not in lines:
            continue
        pairs = [(step.id, f"{VALUE}{lines[step.id]}")]
        pairs += [(f"{step.id}_{end}", f"{BESIDE}{lines[step.id]}") for end in step.beside(made.kinds)]
        if row.get(step.id) is not None and f"{step.id}_row" in row:
            pairs.append((f"{step.id}_row", f"{ROW}{lines[step.id]}"))
        for name, cell in pairs:
            had, expected = found.at(cell, sheet), row.get(name)
            if not same(had, expected):
                wrong[name] = (had, expected)
    return wrong


def same(had: object, expected: object) -> bool:
    """Whether a cell holds what the run has: words alike, numbers alike to ten digits, money to the cent."""
    if expected is None or had is None:
        return had is expected
    if isinstance(expected, str):
        return had == expected
    return abs(Decimal(repr(float(had))) - Decimal(str(expected))) < Decimal("0.00000000005") * max(
        1, abs(int(expected))
    )  # type: ignore[arg-type]
