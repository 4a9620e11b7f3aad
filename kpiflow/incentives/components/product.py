"""The product of an amount and ratios, rounded once at the end.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from math import prod
from typing import Literal

from pydantic import Field

from kpiflow.incentives.components.component import Component, Operand, Reading, kind_of, names_of
from kpiflow.incentives.exact import count_of, guarded, times
from kpiflow.incentives.kinds import Kind, product_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Product(Component):
    """Everything in `of` multiplied: at most one amount of money, the rest ratios (or a count: so much apiece)."""

    kind: Literal["product"]
    of: tuple[Operand, ...] = Field(
        min_length=1, description="What is multiplied: numbers, inputs and earlier steps; at most one of them is money."
    )

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(*self.of)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of the product."""
        return product_kind(kind_of(one, kinds) for one in self.of)

    def works(self, sheet: Sheet) -> Outcome:
        """Multiply first and divide by days last, so that a third of a half stays exact."""
        kind = self.gives(sheet.kinds)
        guard = Kind.MONEY.scale
        fractions = [pair for one in self.of if (pair := sheet.fraction(one)) is not None]
        plain = [one for one in self.of if sheet.fraction(one) is None]
        plain.sort(key=lambda one: kind_of(one, sheet.kinds) is not kind)  # stable: the amount first, then as written
        numbers = [sheet.short(one) for one in plain]
        if guard % prod(number.scale for number in numbers) == 0:
            # Nothing is rounded on the way: the small ones first, which take 64 bits for longer.
            numbers.sort(key=lambda number: max(abs(number.low), abs(number.high)))
        product = numbers[0] if numbers else count_of(1)
        for number in numbers[1:]:
            product = guarded(times(product, number), guard)
        for top, below in fractions[:-1]:
            product = guarded(times(product, top), guard, below)
        if not fractions:
            return Outcome(product)
        top, below = fractions[-1]
        return Outcome(times(product, top), below)

    def says(self, reading: Reading) -> Message:
        """`12,000.00 × 1.25 × 1 × 1.1`."""
        said: Message | None = None
        for one in self.of:
            shown = reading.shown(one)
            said = (
                msg("{value}", value=shown) if said is None else msg("{product} × {value}", product=said, value=shown)
            )
        return said or msg("{value}", value=None)
