"""The amount a plan starts from: a month's salary times months times the target share, a fixed sum, or any input.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Component, Operand, Reading, kind_of, names_of
from kpiflow.incentives.exact import guarded, times
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Basis(Component):
    """`of` × `months` × `share`; `of` is an amount of money or the name of one."""

    kind: Literal["basis"]
    of: Operand = Field(description="An input such as salary_month, or a fixed amount.")
    months: Exact = Field(default=Decimal(1), gt=0, description="How many times it is taken, such as 12 for a year.")
    share: Operand = Field(default=Decimal(1), description="Which share of it, such as bonus_share or 10%.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.of, self.share)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money; `of` must be money and `share` a ratio."""
        if isinstance(self.of, str) and kinds[self.of] is not Kind.MONEY:
            raise UnitError(
                msg("A basis is an amount of money, but '{name}' is {kind}.", name=self.of, kind=CALLED[kinds[self.of]])
            )
        if kind_of(self.share, kinds) is not Kind.RATIO:
            raise UnitError(
                msg(
                    "A share of a basis is a ratio, but '{name}' is {kind}.",
                    name=self.share,
                    kind=CALLED[kind_of(self.share, kinds)],
                )
            )
        return Kind.MONEY

    def works(self, sheet: Sheet) -> Outcome:
        """Multiply, with guard digits after each step."""
        year = guarded(times(sheet.short(self.of, Kind.MONEY), sheet.short(self.months)), Kind.MONEY.scale)
        return Outcome(guarded(times(year, sheet.short(self.share)), Kind.MONEY.scale))

    def says(self, reading: Reading) -> Message:
        """`10,000.00 × 12 × 10 %`."""
        return msg(
            "{amount} × {months} × {share}",
            amount=reading.shown(self.of, Kind.MONEY),
            months=self.months,
            share=reading.shown(self.share),
        )
