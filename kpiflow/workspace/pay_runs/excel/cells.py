"""Where things stand in the workbook of a statement, and the numbers of the plan that its formulas refer to."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kpiflow.core.company import Rounding, RoundTo
from kpiflow.incentives.kinds import Kind

#: The sheets; formulas refer to them, so their names are the same in every language.
STATEMENT, INPUTS, PARAMETERS = "Statement", "Inputs", "Parameters"

#: Sheets that only some plans have: one for the dated segments of a person, one for what is shared with everybody.
SEGMENTS, SHARED = "Segments", "Shared"

#: A cell of the sheet of parameters: a text, a number, or nothing.
Cell = str | float | None


@dataclass(frozen=True)
class Formula:
    """A component as formulas: what it comes to before rounding, and which of its rows was hit.

    `numbers` and `texts` are the cells that must hold something; where one is empty, so is the line. `beside` is what it
    gives beside its value, such as what is left to be carried; `beside_needs` are the cells that this needs, where they are
    not those of the value.
    """

    raw: str
    row: str | None = None
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    beside: str | None = None
    beside_needs: tuple[str, ...] | None = None

    def guarded(self, formula: str) -> str:
        """Return a formula of it that is empty where something it reads is."""
        return self._guarded(formula, self.numbers, self.texts)

    def guarded_beside(self, formula: str) -> str:
        """Return a formula of what is beside it, empty where something that reads is."""
        if self.beside_needs is None:
            return self.guarded(formula)
        return self._guarded(formula, self.beside_needs, ())

    @staticmethod
    def _guarded(formula: str, numbers: Sequence[str], texts: Sequence[str]) -> str:
        checks = [f"COUNT({','.join(numbers)})<{len(numbers)}"] if numbers else []
        checks += [f'{text}=""' for text in texts]
        if not checks:
            return f"={formula}"
        either = checks[0] if len(checks) == 1 else f"OR({','.join(checks)})"
        return f'=IF({either},"",{formula})'


@dataclass
class Parameters:
    """The sheet of the plan's numbers as it grows: one row of cells after the other.

    Every number a step asks for has a cell of its own, though another may be equal. What it asks for again in another
    round, as it does for every segment, is the cell that it has.
    """

    rows: list[list[Cell]] = field(default_factory=list)
    _written: dict[object, list[str]] = field(default_factory=dict)
    _asked: Counter[object] = field(default_factory=Counter)

    def again(self) -> None:
        """Begin another round: the same steps ask for the same numbers."""
        self._asked.clear()

    def number(self, step: str, what: str, value: Decimal | float) -> str:
        """Write one number and return its cell."""
        return self._once((step, what, float(value)), lambda: self._new_number(step, what, value))[0]

    def table(self, step: str, heads: Sequence[str], columns: Sequence[Sequence[Cell | Decimal]]) -> list[str]:
        """Write columns side by side under their heads, and return the range of each."""
        key = (step, tuple(heads), tuple(tuple(column) for column in columns))
        return self._once(key, lambda: self._new_table(step, heads, columns))

    def _once(self, key: tuple[object, ...], write: Callable[[], list[str]]) -> list[str]:
        """Return the cells of what is asked for, written when this round is the first to ask for it."""
        self._asked[key] += 1
        nth = (*key, self._asked[key])
        if nth not in self._written:
            self._written[nth] = write()
        return self._written[nth]

    def _new_number(self, step: str, what: str, value: Decimal | float) -> list[str]:
        self.rows.append([step, what, float(value)])
        return [f"{PARAMETERS}!$C${len(self.rows)}"]

    def _new_table(self, step: str, heads: Sequence[str], columns: Sequence[Sequence[Cell | Decimal]]) -> list[str]:
        self.rows.append([step, None, *heads])
        first = len(self.rows) + 1
        for line in zip(*columns, strict=True):
            self.rows.append([step, None, *(float(one) if isinstance(one, Decimal) else one for one in line)])
        last = len(self.rows)
        letters = [letter(place + 2) for place in range(len(columns))]
        return [f"{PARAMETERS}!${one}${first}:${one}${last}" for one in letters]

    def block(self, step: str, head: str, lines: Sequence[Sequence[Decimal]]) -> str:
        """Write a table of numbers under one head, and return its range."""
        ranges = self.table(step, [head, *[""] * (len(lines[0]) - 1)], list(zip(*lines, strict=True)))
        return f"{ranges[0].split(':')[0]}:{ranges[-1].split(':')[1].removeprefix(PARAMETERS)}"


@dataclass(frozen=True)
class Cells:
    """The addresses of a statement: inputs, and of each component its rounded value, its exact one and its row.

    `values` has what a component gives beside its value too, under the name by which later ones read it. `money` is how
    the plan rounds; `segments` are the same addresses for each dated segment, where a plan pays by them.
    """

    inputs: Mapping[str, str]
    values: Mapping[str, str]
    exact: Mapping[str, str]
    rows: Mapping[str, str]
    kinds: Mapping[str, Kind]
    parameters: Parameters
    money: RoundTo
    segments: tuple["Cells", ...] = ()

    def of(self, step: str, operand: Decimal | str, what: str = "") -> str:
        """Return the cell of a named value, or of a number of the plan."""
        if isinstance(operand, Decimal):
            return self.parameters.number(step, what, operand)
        return self.inputs[operand] if operand in self.inputs else self.values[operand]


def edge(step: str, at: Decimal | str, base: str | None, cells: Cells) -> tuple[str, tuple[str, ...]]:
    """Return a limit, or so many times a base, with the cells that must hold something."""
    cell = cells.of(step, at, "point")
    if base is None:
        return cell, named((at, cell))
    of = cells.of(step, base)
    return f"({cell}*{of})", (*named((at, cell)), of)


def named(*cells_of: tuple[Decimal | str | None, str]) -> tuple[str, ...]:
    """Return the cells of those operands that are names: numbers of the plan are always there."""
    return tuple(cell for operand, cell in cells_of if isinstance(operand, str))


def quoted(text: str) -> str:
    """Return a text as a formula writes it."""
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def rounding(cell: str, to: RoundTo) -> str:
    """Return the formula that rounds a cell as declared.

    Spreadsheets calculate with binary fractions of 15 good digits: the dust beyond them is cut off first, so that
    0.005 is a half and not a little less.
    """
    step = 10 ** abs(to.places)
    scaled = f"{cell}*{step}" if to.places >= 0 else f"{cell}/{step}"
    clean = f"ROUND({scaled},MAX(0,14-INT(LOG10(MAX(1,ABS({scaled}))))))"
    match to.mode:
        case Rounding.HALF_UP:
            whole = f"ROUND({clean},0)"
        case Rounding.UP:
            whole = f"ROUNDUP({clean},0)"
        case Rounding.DOWN:
            whole = f"ROUNDDOWN({clean},0)"
        case Rounding.HALF_EVEN:
            whole = f"IF(ABS({clean}-TRUNC({clean}))=0.5,2*ROUND({clean}/2,0),ROUND({clean},0))"
    return f"{whole}/{step}" if to.places >= 0 else f"{whole}*{step}"


def letter(column: int) -> str:
    """Return the letters of a column, counted from 0.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    return chr(ord("A") + column) if column < 26 else letter(column // 26 - 1) + letter(column % 26)
