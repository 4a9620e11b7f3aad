"""An amount of another currency, converted at a stated rate.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Component, Reading, must_be
from kpiflow.incentives.exact import literal, times
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, Quantity, msg


class Exchanged(Component):
    """`of` × the rate of its currency. The plan states rates under `exchange`, each with its day, and currencies of inputs."""

    kind: Literal["exchange"]
    of: str = Field(description="The amount in another currency.")
    currency: str | None = Field(
        default=None, pattern=r"^[A-Z]{3}$", description="Its currency; absent: what the plan says under currencies."
    )
    rate: Exact | None = Field(default=None, gt=0, description="A rate of its own; absent: the plan's.")
    day: datetime.date | None = Field(default=None, description="The day that rate is of.")
    into: str | None = Field(default=None, description="Filled in: the currency of the plan.")

    def reads(self) -> tuple[str, ...]:
        """Return the name it uses."""
        return (self.of,)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Money, from money."""
        must_be(Kind.MONEY, kinds, self.of)
        return Kind.MONEY

    def works(self, sheet: Sheet) -> Outcome:
        """Multiply; its line is rounded as money of the plan."""
        return Outcome(times(sheet.number(self.of), literal(self.rate or Decimal(1), Kind.RATIO)))

    def says(self, reading: Reading) -> Message:
        """`1,000.00 USD × 7.1 (2026-12-31)`."""
        amount = reading.raw(self.of)
        had = Quantity(float(amount), "currency", self.currency) if isinstance(amount, Decimal) else None
        if self.day is None:
            return msg("{amount} × {rate}", amount=had, rate=self.rate)
        return msg("{amount} × {rate}, the rate of {day}", amount=had, rate=self.rate, day=self.day)
