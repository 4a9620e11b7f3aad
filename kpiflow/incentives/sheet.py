"""The working sheet of a run: inputs and components as columns of exact integers, one component after the other.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from kpiflow.core.company import RoundTo
from kpiflow.errors import not_found
from kpiflow.incentives.exact import TEN_PLACES, Number, literal, read_column, rounded
from kpiflow.incentives.kinds import Kind
from kpiflow.language import msg

#: What a component may refer to: the name of an input or of an earlier component, or a number.
Known = Mapping[str, Kind]


@dataclass(frozen=True)
class Outcome:
    """What a component works out for everybody: `value` ÷ `over`, and which of its rows was hit (from 1).

    `stays_exact`: products go on with `value` ÷ `over` itself, not with the ten places of its line.
    """

    value: Number
    over: Number | None = None
    row: pl.Expr | None = None
    stays_exact: bool = False


@dataclass
class Sheet:
    """Columns of one run. `exact` keeps proration as days ÷ days, so that a third of a year stays a third."""

    columns: pl.DataFrame
    kinds: dict[str, Kind]
    money: RoundTo
    exact: dict[str, tuple[Number, Number]] = field(default_factory=dict)
    bounds: dict[str, tuple[int, int]] = field(default_factory=dict)

    def number(self, operand: Decimal | str, kind: Kind | None = None) -> Number:
        """Return a named column or a number; a bare number is of the given kind, a ratio unless said."""
        if isinstance(operand, Decimal):
            return literal(operand, kind or Kind.RATIO)
        low, high = self._bounds(operand)
        return Number(pl.col(operand), low, high, self.kinds[operand].scale)

    def fraction(self, operand: Decimal | str) -> tuple[Number, Number] | None:
        """Return numerator and denominator of a component that keeps them."""
        return self.exact.get(operand) if isinstance(operand, str) else None

    def emit(self, name: str, kind: Kind, outcome: Outcome, rounding: RoundTo | None) -> None:
        """Round a component's value once, as declared, and keep it as the column `name` (and `name_row`)."""
        to = rounding or (self.money if kind is Kind.MONEY else TEN_PLACES)
        value = rounded(outcome.value, outcome.over, kind.scale, to)
        made = [value.expr.alias(name)]
        if outcome.row is not None:
            made.append(outcome.row.cast(pl.Int32).alias(f"{name}_row"))
        self.columns = self.columns.with_columns(made)
        self.kinds[name] = kind
        if outcome.stays_exact and outcome.over is not None and rounding is None:
            self.exact[name] = (outcome.value, outcome.over)

    def _bounds(self, name: str) -> tuple[int, int]:
        """Return the least and the greatest integer of a column; 0 when it is empty."""
        if name not in self.bounds:
            column = self.columns[name]
            low, high = column.min(), column.max()
            self.bounds[name] = (int(low or 0), int(high or 0))  # type: ignore[arg-type]
        return self.bounds[name]


def open_sheet(payees: pl.DataFrame, kinds: Known, absent: Mapping[str, Decimal | str], money: RoundTo) -> Sheet:
    """Lay the inputs of a plan out for everybody; a missing column is an error that names it."""
    columns = []
    for name, kind in kinds.items():
        if name not in payees.columns:
            raise not_found(msg("input of the plan among the payees' columns"), name, payees.columns)
        column = payees[name]
        filling = absent.get(name)
        if kind.numeric:
            column = read_column(column, kind)
            if isinstance(filling, Decimal):
                column = column.fill_null(pl.select(literal(filling, kind).expr).to_series()[0])
        elif kind is Kind.TEXT:
            column = column.cast(pl.String)
            column = column.fill_null(filling) if isinstance(filling, str) else column
        columns.append(column)
    return Sheet(pl.DataFrame(columns), dict(kinds), money)
