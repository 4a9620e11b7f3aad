"""The working sheet of a run: inputs and components as columns of exact integers, one component after the other.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import polars as pl

from kpiflow.core.company import RoundTo
from kpiflow.errors import not_found
from kpiflow.incentives.exact import (
    TEN_PLACES,
    Number,
    as_decimal,
    filled,
    full,
    in_steps,
    literal,
    readings,
    rounded,
    shortened,
    small_where_it_fits,
)
from kpiflow.incentives.kinds import Kind
from kpiflow.language import msg

#: Bounds of a step that follow from those of what it reads are good enough up to here. Beyond, where a long plan's products
#: could come near to 128 bits, the column itself is looked at.
ROOMY = 2**90

#: What the names of columns begin with that are no component's, but held for those that are.
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
    """Columns of one run, written down step by step and worked out together (`asked`): Polars then takes a few people at a
    time through all the steps, on every core, and works out once what several of them use.

    Each column stands at a scale of its own, with no digit too many (`scales`; the kind's where it is not there), and in 64
    bits where it fits (`small`). `exact` keeps proration as days ÷ days, so that a third of a year stays a third. `aside`
    are columns that are held for components, `people` the payees' ids, which settle what else would be a tie.
    """

    asked: pl.LazyFrame
    height: int
    kinds: dict[str, Kind]
    money: RoundTo
    exact: dict[str, tuple[Number, Number]] = field(default_factory=dict)
    bounds: dict[str, tuple[int, int]] = field(default_factory=dict)
    grains: dict[str, int] = field(default_factory=dict)
    scales: dict[str, int] = field(default_factory=dict)
    small: set[str] = field(default_factory=set)
    with_rows: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    people: pl.Series | None = None

    @property
    def columns(self) -> pl.DataFrame:
        """All columns, worked out now: for what is not found in a person's own row, such as a share of a pool."""
        found = self.asked.collect()
        self.asked = found.lazy()
        return found

    def number(self, operand: Decimal | str, kind: Kind | None = None) -> Number:
        """Return a named column or a number, in 128 bits at the scale of its kind, so that its integers can be worked with.

        A bare number is of the given kind, a ratio unless said.
        """
        if isinstance(operand, Decimal):
            return literal(operand, kind or Kind.RATIO)
        found, name = full(self.short(operand), self.kinds[operand].scale), f"{HELD}in full:{operand}"
        if found.expr.meta.is_column():
            return found
        return replace(found, expr=pl.col(name) if name in self.aside else self._hold(name, found.expr))

    def short(self, operand: Decimal | str, kind: Kind | None = None) -> Number:
        """Return the same as it stands on the sheet, at any scale: for what is only put into the functions of `exact`."""
        if isinstance(operand, Decimal):
            return shortened(literal(operand, kind or Kind.RATIO))
        low, high = self._bounds(operand)
        scale, grain = self.scales.get(operand, self.kinds[operand].scale), self.grains.get(operand, 1)
        return Number(pl.col(operand), low, high, scale, grain, operand in self.small)

    def fraction(self, operand: Decimal | str) -> tuple[Number, Number] | None:
        """Return numerator and denominator of a component that keeps them."""
        return self.exact.get(operand) if isinstance(operand, str) else None

    def emit(self, name: str, kind: Kind, outcome: Outcome, rounding: RoundTo | None) -> None:
        """Round a component's value once, as declared, and keep it as the column `name` (and `name_row`)."""
        if outcome.text is not None:
            made = [outcome.text.alias(name)]
        else:
            value = in_steps(outcome.value, outcome.over, kind.scale, self.to(kind, rounding))
            full(value, kind.scale)  # refuses what would not fit where all digits of its kind are needed
            if outcome.within:
                low, high = (edge * value.scale for edge in outcome.within)
                value = replace(value, low=low // kind.scale, high=-(-high // kind.scale))
            bounded = bool(outcome.within) or (
                max(abs(value.low), abs(value.high)) < ROOMY and not _loose(outcome.over)
            )
            value = small_where_it_fits(value) if bounded else value
            made = [value.expr.alias(name)]
            self.note(name, value, bounded=bounded)
        for end, (of, number) in outcome.beside.items():
            made.append(rounded(number, None, of.scale, self.to(of, rounding)).expr.alias(f"{name}_{end}"))
            self.kinds[f"{name}_{end}"] = of
        if outcome.row is not None:
            made.append(outcome.row.cast(pl.Int32).alias(f"{name}_row"))
            self.with_rows.add(name)
        self.asked = self.asked.with_columns(made)
        self.kinds[name] = kind
        if outcome.stays_exact and outcome.over is not None and rounding is None:
            self.exact[name] = (outcome.value, outcome.over)

    def note(self, name: str, number: Number, *, bounded: bool = True) -> None:
        """Remember how a column stands on the sheet; its bounds, where they are good enough to go on with."""
        self.grains[name], self.scales[name] = number.grain, number.scale
        if number.small:
            self.small.add(name)
        if bounded:
            self.bounds[name] = number.low, number.high

    def to(self, kind: Kind, rounding: RoundTo | None) -> RoundTo:
        """Return how a line of a kind is rounded."""
        return rounding or (self.money if kind is Kind.MONEY else TEN_PLACES)

    def cut(self, value: Number, over: Number | None, rounding: RoundTo | None) -> Number:
        """Return money as its line will show it, for what is worked out from the rounded amount."""
        return self.held(rounded(value, over, Kind.MONEY.scale, self.to(Kind.MONEY, rounding)))

    def written(self, name: str, places: int) -> pl.Expr:
        """Return a column as decimals."""
        return as_decimal(self.short(name), places)

    def held(self, number: Number) -> Number:
        """Work a number out now, and go on with its column.

        Rounding and comparing use what they are given several times over: a few of them inside each other make an
        expression of a million parts.
        """
        if number.expr.meta.is_literal() or number.expr.meta.is_column():
            return number
        return replace(number, expr=self.held_expression(number.expr))

    def held_expression(self, expr: pl.Expr) -> pl.Expr:
        """Do the same for anything that is used more than once."""
        return self._hold(f"{HELD}{len(self.aside)}", expr)

    def put(self, columns: pl.DataFrame) -> None:
        """Lay columns beside the others that were worked out elsewhere."""
        self.asked = self.columns.hstack(columns).lazy()

    def _hold(self, name: str, expr: pl.Expr) -> pl.Expr:
        """Write down a column that is no component's, under a name nothing else has."""
        self.asked = self.asked.with_columns(expr.alias(name))
        self.aside.add(name)
        return pl.col(name)

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
    for name in kinds:
        if name not in payees.columns and name.startswith("carried:"):
            payees = payees.with_columns(pl.lit(None, dtype=pl.Decimal(38, 2)).alias(name))
        if name not in payees.columns:
            raise not_found(msg("input of the plan among the payees' columns"), name, payees.columns)
    # Where everything is a number of the plan, the rows themselves are still needed.
    laid = payees.select(list(kinds)) if kinds else payees.select(pl.int_range(pl.len()).alias("row of the payees"))
    sheet = Sheet(laid.lazy(), payees.height, dict(kinds), money)
    sheet.people = payees["person"] if "person" in payees.columns else None
    read = []
    numeric = {name: kind for name, kind in kinds.items() if kind.numeric}
    for name, found in readings(laid, numeric).items():
        filling, lacking = absent.get(name), laid[name].has_nulls()
        number = filled(found, literal(filling, kinds[name])) if isinstance(filling, Decimal) and lacking else found
        read.append(number.expr.alias(name))
        sheet.note(name, number)
    for name in kinds.keys() - numeric.keys():
        filling = absent.get(name)
        if kinds[name] is Kind.TEXT:
            words = pl.col(name).cast(pl.String)
            read.append(words.fill_null(pl.lit(filling)) if isinstance(filling, str) else words)
        elif laid.schema[name] == pl.Null:
            read.append(pl.col(name).cast(pl.Date))
    sheet.asked = sheet.asked.with_columns(read)
    return sheet
