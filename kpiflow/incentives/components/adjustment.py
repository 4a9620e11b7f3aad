"""What an earlier period should have paid, less what it did: a line of its own in this one.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.incentives.components.component import Modifier, Operand, Reading, must_be, names_of
from kpiflow.incentives.exact import minus, plus
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Adjustment(Modifier):
    """`of` + `recomputed` − `paid_before`, up or down, even below 0: a floor after it can keep it from that."""

    kind: Literal["adjustment"]
    recomputed: Operand = Field(description="What the earlier period comes to as it is known now.")
    paid_before: Operand = Field(description="What was paid for it.")
    period: str = Field(default="", description="Which period, for the statement.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, self.recomputed, self.paid_before)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money, from money."""
        must_be(Kind.MONEY, kinds, self.changed, self.recomputed, self.paid_before)
        return Kind.MONEY

    def works(self, sheet: Sheet) -> Outcome:
        """Add the difference; row 1 is more, 2 less, 3 the same."""
        now, then = sheet.number(self.recomputed, Kind.MONEY), sheet.number(self.paid_before, Kind.MONEY)
        row = (
            pl.when(now.expr > then.expr).then(1).when(now.expr < then.expr).then(2).when(now.expr == then.expr).then(3)
        )
        return Outcome(plus(sheet.number(self.changed), minus(now, then)), row=row)

    def says(self, reading: Reading) -> Message:
        """`2026-Q1 comes to 5,200.00 now, 5,000.00 was paid`."""
        facts = {"now": reading.shown(self.recomputed, Kind.MONEY), "then": reading.shown(self.paid_before, Kind.MONEY)}
        if self.period:
            return msg("{period} comes to {now} now, {then} was paid", period=self.period, **facts)
        return msg("the earlier period comes to {now} now, {then} was paid", **facts)
