"""One value divided by another: what was sold by the quota, hours taken by hours allowed, a fund by the heads it is for.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Component, Operand, Reading, names_of
from kpiflow.incentives.exact import chosen, count_of, exceeds, literal, nothing
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Quotient(Component):
    """`of` ÷ `by`: a ratio of two values of one kind; money by anything else stays money, so much apiece.

    A bare number is of the same kind as the other value (`score` ÷ 100 is a ratio), but money ÷ 12 is money. Where `by` is
    not above 0 there is nothing to divide by: `otherwise`, or nothing is paid out. A negative target has no share either.
    """

    kind: Literal["quotient"]
    of: Operand = Field(description="What is divided, such as what was sold.")
    by: Operand = Field(description="What it is divided by, such as the quota.")
    otherwise: Exact | None = Field(
        default=None, description="What it gives where `by` is 0 or less; absent: nothing is paid out, and it says so."
    )

    @model_validator(mode="after")
    def _something_to_divide_by(self) -> "Quotient":
        if isinstance(self.by, Decimal) and self.by <= 0:
            raise ValueError("by must be above 0")
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.of, self.by)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of the quotient."""
        of, by = self.kinds_of(kinds)
        for kind in (of, by):
            if not kind.numeric:
                raise UnitError(msg("{kind} cannot be divided.", kind=CALLED[kind]))
        if of is by:
            return Kind.RATIO
        if of is Kind.MONEY or by in (Kind.RATIO, Kind.COUNT, Kind.NUMBER):
            return of
        raise UnitError(msg("{one} divided by {other} has no meaning in a plan.", one=CALLED[of], other=CALLED[by]))

    def works(self, sheet: Sheet) -> Outcome:
        """Divide once; row 1 is where there is something to divide by, row 2 where there is not."""
        kind, kinds = self.gives(sheet.kinds), self.kinds_of(sheet.kinds)
        of, by = (sheet.short(one, of_kind) for one, of_kind in zip((self.of, self.by), kinds, strict=True))
        divides: pl.Expr = pl.when(of.expr.is_not_null()).then(exceeds(by, nothing(1)))
        if self.otherwise is None:
            return Outcome(of, by, row=pl.when(divides).then(1))
        divides = sheet.held_expression(divides)
        top, below = chosen(divides, of, literal(self.otherwise, kind)), chosen(divides, by, count_of(1))
        return Outcome(top, below, row=pl.when(divides).then(1).when(~divides).then(2))

    def says(self, reading: Reading) -> Message:
        """`650,000.00 ÷ 500,000.00`."""
        kinds = self.kinds_of({name: reading.kind(name) for name in self.reads()})
        bare = isinstance(self.of, Decimal) and isinstance(self.by, Decimal)
        of, by = (
            reading.shown(one, Kind.NUMBER if bare else kind)
            for one, kind in zip((self.of, self.by), kinds, strict=True)
        )
        for name in self.reads():
            if reading.raw(name) is None:
                return msg("{name} is not known", name=reading.name(name))
        match reading.row(self.id):
            case None:
                return msg("{name} is {by}: nothing can be divided by it", name=reading.name(self.by), by=by)
            case 2:
                given = reading.shown(self.otherwise or Decimal(0), reading.kind(self.id))
                return msg(
                    "{name} is {by}, so without dividing: {otherwise}",
                    name=reading.name(self.by),
                    by=by,
                    otherwise=given,
                )
        return msg("{of} ÷ {by}", of=of, by=by)

    def kinds_of(self, kinds: Mapping[str, Kind]) -> tuple[Kind, Kind]:
        """Return the kinds of both: a bare number has that of the other, except where money is divided by it."""
        of, by = (None if isinstance(one, Decimal) else kinds[one] for one in (self.of, self.by))
        if of is Kind.MONEY and by is None:
            return of, Kind.NUMBER
        return of or by or Kind.RATIO, by or of or Kind.RATIO
