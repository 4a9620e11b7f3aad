"""What a result puts into a pool: a share of it while a condition holds, at most so much, less a reserve.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Component, Operand, Reading, kind_of, must_be, names_of
from kpiflow.incentives.condition import Condition, fits_kind, holds, needed
from kpiflow.incentives.exact import chosen, larger, literal, minus, narrowed, nothing, smaller, times
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Funding(Component):
    """`of` × `share`, at most `most`, less the share held in `reserve`; `otherwise` × `of` where `needs` does not hold.

    It is the same for everybody, and never below 0. `<id>_reserve` is what is held back.
    """

    kind: Literal["funding"]
    of: Operand = Field(description="The result, such as a profit: an amount of money.")
    share: Operand = Field(description="Which share of it funds the pool, such as 10%.")
    needs: Condition | None = Field(default=None, description="When it is funded at all; absent: always.")
    otherwise: Exact = Field(default=Decimal(0), ge=0, description="The share where the condition does not hold.")
    most: Operand | None = Field(default=None, description="The most it is funded with.")
    reserve: Exact = Field(default=Decimal(0), ge=0, le=1, description="Which share of the fund is held back.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.of, self.share, self.needs.of if self.needs else None, self.most)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money, from money."""
        must_be(Kind.MONEY, kinds, self.of, self.most)
        if kind_of(self.share, kinds) is not Kind.RATIO:
            raise UnitError(
                msg("A pool is funded by a ratio, but '{name}' is {kind}.", name=self.share,
                    kind=CALLED[kind_of(self.share, kinds)])
            )  # fmt: skip
        if self.needs:
            fits_kind(self.needs, kinds)
        return Kind.MONEY

    def beside(self, kinds: Mapping[str, Kind]) -> dict[str, Kind]:  # noqa: ARG002  (as all)
        """What is held back."""
        return {"reserve": Kind.MONEY}

    def works(self, sheet: Sheet) -> Outcome:
        """Take the share, then the most, then the reserve; row 1: funded, 2: otherwise, 3: at the most."""
        result, none = sheet.number(self.of, Kind.MONEY), nothing(Kind.MONEY.scale)
        fund = narrowed(times(result, sheet.number(self.share)), Kind.MONEY.scale)
        row: pl.Expr = pl.when(fund.expr.is_not_null()).then(pl.lit(1))
        if self.needs:
            held = holds(self.needs, sheet)
            other = narrowed(times(result, literal(self.otherwise, Kind.RATIO)), Kind.MONEY.scale)
            fund = chosen(held, fund, other)
            row = pl.when(held).then(row).when(~held).then(pl.lit(2))
        if self.most is not None:
            most = sheet.number(self.most, Kind.MONEY)
            row = pl.when(fund.expr > most.expr).then(pl.lit(3)).otherwise(row)
            fund = smaller(fund, most)
        fund = larger(fund, none)
        kept = times(fund, literal(1 - self.reserve, Kind.RATIO))
        held_back = minus(fund, sheet.cut(kept, None, self.rounding))
        return Outcome(kept, row=row, beside={"reserve": (Kind.MONEY, held_back)})

    def says(self, reading: Reading) -> Message:
        """`4,000,000.00 × 10 %, less 100,000.00 held in reserve`."""
        row = reading.row(self.id)
        if row is None:
            return msg("what would fund it is not known")
        share = self.otherwise if row == 2 else self.share
        said = msg("{amount} × {share}", amount=reading.shown(self.of, Kind.MONEY),
                   share=reading.shown(share, Kind.RATIO))  # fmt: skip
        if row == 3 and self.most is not None:
            said = msg("{said}, but at most {most}", said=said, most=reading.shown(self.most, Kind.MONEY))
        if row == 2 and self.needs is not None:
            said = msg("{name} {needed}: not met; {said}", name=reading.name(self.needs.of),
                       needed=self._needed(reading, self.needs), said=said)  # fmt: skip
        if self.reserve:
            return msg("{said}, less {reserve} held in reserve", said=said, reserve=reading.shown(f"{self.id}_reserve"))
        return said

    def unmet(self, reading: Reading) -> Message | None:
        """`needed at least 80 %, had 79.4 %`."""
        if reading.row(self.id) != 2 or self.needs is None:
            return None
        return msg("needed {needed}, had {had}", needed=self._needed(reading, self.needs),
                   had=reading.shown(self.needs.of))  # fmt: skip

    @staticmethod
    def _needed(reading: Reading, one: Condition) -> Message:
        return needed(one, None if one.edge is None else reading.shown(one.edge, reading.kind(one.of)))
