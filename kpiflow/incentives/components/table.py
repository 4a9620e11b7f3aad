"""A lookup by grade (or any text), or by ranges of a number: exactly one row fits.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations, pairwise
from math import gcd
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact, Fact
from kpiflow.incentives.components.component import Component, Reading, named
from kpiflow.incentives.curve import Tie
from kpiflow.incentives.exact import Number, exceeds, fits_small, literal, picked, shortened
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class TableRow(Fact):
    """One row: for these words, or for numbers from `low` to `high` (absent: without end)."""

    one_of: tuple[str, ...] = Field(default=(), description="The words it is for, such as grades.")
    low: Exact | None = Field(
        default=None, description="Where its range of numbers begins; absent: there is no lower end."
    )
    high: Exact | None = Field(
        default=None,
        description="Where its range ends; absent: there is no upper end. Which side an edge is on says `tie`.",
    )
    gives: Exact = Field(description="What it gives.")

    @model_validator(mode="after")
    def _one_form(self) -> "TableRow":
        if self.one_of and (self.low is not None or self.high is not None):
            raise ValueError("a row is for words (one_of) or for a range (low, high), not both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low must not be above high")
        return self


class Table(Component):
    """The row that fits `of`. A number on the edge of two ranges belongs to the side `tie` says."""

    kind: Literal["table"]
    of: str = Field(description="What is looked up, such as grade.")
    rows: tuple[TableRow, ...] = Field(min_length=1)
    tie: Tie = Field(default=Tie.UPPER, description="A number on an edge belongs to the range above or below it.")
    otherwise: Exact | None = Field(
        default=None, description="What it gives where no row fits; absent: nothing is paid out, and it says so."
    )
    unit: Literal["ratio", "money", "points"] = Field(
        default="ratio", description="What it gives: a ratio, such as 80%, money, or points."
    )

    def reads(self) -> tuple[str, ...]:
        """Return the name it uses."""
        return (self.of,)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """A ratio unless `unit` says otherwise; words look up texts, ranges look up numbers."""
        words = any(row.one_of for row in self.rows)
        if words and kinds[self.of] is not Kind.TEXT:
            raise UnitError(
                msg(
                    "Rows with words look up a text, but '{name}' is {kind}.", name=self.of, kind=CALLED[kinds[self.of]]
                )
            )
        if any(not row.one_of for row in self.rows) and not kinds[self.of].numeric:
            raise UnitError(
                msg(
                    "Rows with ranges look up a number, but '{name}' is {kind}.",
                    name=self.of,
                    kind=CALLED[kinds[self.of]],
                )
            )
        return Kind(self.unit)

    def works(self, sheet: Sheet) -> Outcome:
        """Find the first row that fits; row 0 is `otherwise`."""
        kind = Kind(self.unit)
        values = [literal(row.gives, kind) for row in self.rows]
        other = None if self.otherwise is None else literal(self.otherwise, kind)
        fits = [self._fits(sheet, row) for row in self.rows]
        number = pl.lit(0 if other else None, dtype=pl.Int32)
        for n, fit in reversed(list(enumerate(fits, start=1))):
            number = pl.when(fit).then(pl.lit(n, dtype=pl.Int32)).otherwise(number)
        number = sheet.held_expression(pl.when(pl.col(self.of).is_not_null()).then(number))
        # Without `otherwise` no number is 0, and what stands there for it is never taken.
        gives = [other.low if other else 0, *(given.low for given in values)]
        unit = gcd(*gives, kind.scale)
        gives = [given // unit for given in gives]
        edges, small = gives if other else gives[1:], fits_small(*gives)
        value = picked(gives, number, small=small)
        return Outcome(Number(value, min(edges), max(edges), kind.scale // unit, small=small), row=number)

    def says(self, reading: Reading) -> Message:
        """`B: 1.1`."""
        row = reading.row(self.id)
        had = named(reading, self.of)
        if row is None:
            return msg("{had} is in no row of the table", had=had)
        if row == 0:
            return msg("{had} is in no row of the table: {gives}", had=had, gives=self.otherwise)
        gives, kind = self.rows[row - 1].gives, Kind(self.unit)
        return msg(
            "{had} is row {row} of the table ({range}): {gives}",
            had=had,
            row=row,
            range=self._range(reading, self.rows[row - 1]),
            gives=reading.shown(gives, kind) if kind is Kind.MONEY else gives,
        )

    def _range(self, reading: Reading, row: TableRow) -> Message:
        """Say what a row is for, with the side its edges belong to."""
        if row.one_of:
            return msg("{words}", words=" / ".join(row.one_of))
        kind, upper = reading.kind(self.of), self.tie is Tie.UPPER
        low, high = (None if edge is None else reading.shown(edge, kind) for edge in (row.low, row.high))
        if low is None:
            if high is None:
                return msg("any number")
            return msg("below {high}", high=high) if upper else msg("up to {high}", high=high)
        if high is None:
            return msg("from {low}", low=low) if upper else msg("above {low}", low=low)
        if upper:
            return msg("from {low} to below {high}", low=low, high=high)
        return msg("above {low} up to {high}", low=low, high=high)

    def unmet(self, reading: Reading) -> Message | None:
        """Say where the next range begins, or which grade is the next, that gives more."""
        had, row = reading.raw(self.of), reading.row(self.id)
        now = self.rows[row - 1].gives if row else (self.otherwise or Decimal(0))
        more = [one for one in self.rows if one.gives > now]
        if isinstance(had, Decimal):
            nearest = min(((r.low, r.gives) for r in more if r.low is not None and r.low >= had), default=None)
            if nearest is None:
                return None
            needed, gives = reading.shown(nearest[0], reading.kind(self.of)), nearest[1]
        else:
            # A grade is earned; another text, such as a region, is nothing that somebody failed to be.
            graded = [one for one in more if one.one_of] if had is not None and self.of == "grade" else []
            if not graded:
                return None
            next_up = min(graded, key=lambda one: one.gives)
            needed, gives = " / ".join(next_up.one_of), next_up.gives
        return msg("needed {needed} for {ratio}, had {had}", needed=needed, ratio=gives, had=reading.shown(self.of))

    def doubts(self) -> list[Message]:
        """Find rows that both fit, and gaps between ranges."""
        found = []
        for (n, one), (m, other) in combinations(enumerate(self.rows, start=1), 2):
            shared = set(one.one_of) & set(other.one_of)
            if shared:
                found.append(
                    msg("Rows {one} and {other} both fit {word}.", one=n, other=m, word=", ".join(sorted(shared)))
                )
            elif not one.one_of and not other.one_of and _overlap(one, other):
                found.append(msg("Rows {one} and {other} overlap. Ranges may share an edge, not more.", one=n, other=m))
        ranges = sorted(
            (row for row in self.rows if not row.one_of), key=lambda row: (row.low is not None, row.low or 0)
        )
        for one, other in pairwise(ranges):
            if self.otherwise is None and one.high is not None and other.low is not None and one.high < other.low:
                found.append(
                    msg(
                        "Between {low} and {high} no row fits. Close the gap, or say otherwise.",
                        low=one.high,
                        high=other.low,
                    )
                )
        return found

    def _fits(self, sheet: Sheet, row: TableRow) -> pl.Expr:
        """Return whether a row fits each person."""
        if row.one_of:
            # One by one: a handful of comparisons costs less than looking each word up in a set.
            return pl.any_horizontal(pl.col(self.of) == word for word in row.one_of)
        had, kind = sheet.short(self.of), sheet.kinds[self.of]
        upper = self.tie is Tie.UPPER
        fit = pl.lit(True)
        if row.low is not None:
            low = shortened(literal(row.low, kind))
            fit = fit & (~exceeds(low, had) if upper else exceeds(had, low))
        if row.high is not None:
            high = shortened(literal(row.high, kind))
            fit = fit & (exceeds(high, had) if upper else ~exceeds(had, high))
        return fit


def _overlap(one: TableRow, other: TableRow) -> bool:
    """Say whether two ranges share more than an edge."""
    below = one.high is not None and other.low is not None and one.high <= other.low
    above = other.high is not None and one.low is not None and other.high <= one.low
    return not (below or above)
