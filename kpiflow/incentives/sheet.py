"""The working sheet of a run: inputs and components as columns of exact integers, one component after the other.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import polars as pl

from kpiflow.core.company import RoundTo
from kpiflow.errors import not_found
from kpiflow.incentives.exact import TEN_PLACES, Number, literal, read_column, reading, rounded
from kpiflow.incentives.kinds import Kind
from kpiflow.language import msg

#: Bounds of a step that follow from those of what it reads are good enough up to here. Beyond, where a long plan's products
#: could come near to 128 bits, the column itself is looked at.
ROOMY = 2**90

#: What the names of columns begin with that are held while one component is worked out.
HELD = "\0"

#: What a component may refer to: the name of an input or of an earlier component, or a number.
Known = Mapping[str, Kind]


@dataclass(frozen=True)
class Outcome:
    """What a component works out for everybody: `value` ÷ `over`, and which of its rows was hit (from 1).

    `stays_exact`: products go on with `value` ÷ `over` itself, not with the ten places of its line. `beside`: further
    columns by the end of their name, such as `left`. `text`: its value where it is a word; `value` says nothing then.
    `within`: integers that bound what is emitted, where a quotient would only be known to lie within much wider ones.
    """

    value: Number
    over: Number | None = None
    row: pl.Expr | None = None
    stays_exact: bool = False
    beside: Mapping[str, tuple[Kind, Number]] = field(default_factory=dict)
    text: pl.Expr | None = None
    within: tuple[int, int] | None = None


@dataclass
class Sheet:
    """Columns of one run. `exact` keeps proration as days ÷ days, so that a third of a year stays a third.

    `people` are the payees' ids, which settle what else would be a tie.
    """

    columns: pl.DataFrame
    kinds: dict[str, Kind]
    money: RoundTo
    exact: dict[str, tuple[Number, Number]] = field(default_factory=dict)
    bounds: dict[str, tuple[int, int]] = field(default_factory=dict)
    grains: dict[str, int] = field(default_factory=dict)
    people: pl.Series | None = None

    def number(self, operand: Decimal | str, kind: Kind | None = None) -> Number:
        """Return a named column or a number; a bare number is of the given kind, a ratio unless said."""
        if isinstance(operand, Decimal):
            return literal(operand, kind or Kind.RATIO)
        low, high = self._bounds(operand)
        return Number(pl.col(operand), low, high, self.kinds[operand].scale, self.grains.get(operand, 1))

    def fraction(self, operand: Decimal | str) -> tuple[Number, Number] | None:
        """Return numerator and denominator of a component that keeps them."""
        return self.exact.get(operand) if isinstance(operand, str) else None

    def emit(self, name: str, kind: Kind, outcome: Outcome, rounding: RoundTo | None) -> None:
        """Round a component's value once, as declared, and keep it as the column `name` (and `name_row`)."""
        if outcome.text is not None:
            made = [outcome.text.alias(name)]
        else:
            value = rounded(outcome.value, outcome.over, kind.scale, self.to(kind, rounding))
            made, self.grains[name] = [value.expr.alias(name)], value.grain
            low, high = outcome.within or (value.low, value.high)
            if outcome.within or (max(abs(low), abs(high)) < ROOMY and not _loose(outcome.over)):
                self.bounds[name] = low, high
        for end, (of, number) in outcome.beside.items():
            made.append(rounded(number, None, of.scale, self.to(of, rounding)).expr.alias(f"{name}_{end}"))
            self.kinds[f"{name}_{end}"] = of
        if outcome.row is not None:
            made.append(outcome.row.cast(pl.Int32).alias(f"{name}_row"))
        self.columns = self.columns.with_columns(made).select(pl.exclude(f"^{HELD}.*$"))
        self.kinds[name] = kind
        if outcome.stays_exact and outcome.over is not None and rounding is None:
            self.exact[name] = (outcome.value, outcome.over)

    def to(self, kind: Kind, rounding: RoundTo | None) -> RoundTo:
        """Return how a line of a kind is rounded."""
        return rounding or (self.money if kind is Kind.MONEY else TEN_PLACES)

    def cut(self, value: Number, over: Number | None, rounding: RoundTo | None) -> Number:
        """Return money as its line will show it, for what is worked out from the rounded amount."""
        return self.held(rounded(value, over, Kind.MONEY.scale, self.to(Kind.MONEY, rounding)))

    def held(self, number: Number) -> Number:
        """Work a number out now, and go on with its column.

        Rounding and comparing use what they are given several times over: a few of them inside each other make an
        expression of a million parts.
        """
        if number.expr.meta.is_literal() or number.expr.meta.is_column():
            return number
        name = f"{HELD}{len(self.columns.columns)}"
        self.columns = self.columns.with_columns(number.expr.alias(name))
        return replace(number, expr=pl.col(name))

    def _bounds(self, name: str) -> tuple[int, int]:
        """Return integers that no value of a column is below or above; 0 when it is empty."""
        if name not in self.bounds:
            column = self.columns[name]
            low, high = column.min(), column.max()
            self.bounds[name] = (int(low or 0), int(high or 0))  # type: ignore[arg-type]
        return self.bounds[name]


def _loose(over: Number | None) -> bool:
    """Say whether the bounds of a quotient are too wide to go on with: its divisors differ a thousandfold."""
    return over is not None and over.high > 1000 * over.low


def open_sheet(payees: pl.DataFrame, kinds: Known, absent: Mapping[str, Decimal | str], money: RoundTo) -> Sheet:
    """Lay the inputs of a plan out for everybody; a missing column is an error that names it."""
    laid, read = [], []
    bounds: dict[str, tuple[int, int]] = {}
    for name, kind in kinds.items():
        if name not in payees.columns and name.startswith("carried:"):
            payees = payees.with_columns(pl.lit(None, dtype=pl.Decimal(38, 2)).alias(name))
        if name not in payees.columns:
            raise not_found(msg("input of the plan among the payees' columns"), name, payees.columns)
        column = payees[name]
        filling = absent.get(name)
        laid.append(column)
        if kind.numeric:
            # A greater number is never read as a smaller one: the least and the greatest are what these are read as.
            edges = read_column(pl.Series(name, [column.min(), column.max()], dtype=column.dtype), kind).drop_nulls()
            expr, ends = reading(column, kind), edges.to_list()
            if isinstance(filling, Decimal):
                number = literal(filling, kind)
                expr, ends = expr.fill_null(number.expr), [*ends, number.low]
            read.append(expr.alias(name))
            bounds[name] = min(ends, default=0), max(ends, default=0)
        elif kind is Kind.TEXT:
            words = pl.col(name).cast(pl.String)
            read.append(words.fill_null(pl.lit(filling)) if isinstance(filling, str) else words)
        elif column.dtype == pl.Null:
            read.append(pl.col(name).cast(pl.Date))
    people = payees["person"] if "person" in payees.columns else None
    if not laid:  # everything is a number of the plan: the rows themselves are still needed
        laid = [pl.int_range(payees.height, eager=True).alias("row of the payees")]
    columns = pl.DataFrame(laid).with_columns(read)
    return Sheet(columns, dict(kinds), money, bounds=bounds, people=people)
