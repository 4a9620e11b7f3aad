"""An additive split: several factors, each with its weight.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from kpiflow.core.fact import Exact, Fact
from kpiflow.incentives.components.component import Component, Operand, Reading, kind_of, names_of
from kpiflow.incentives.exact import Number, plus, times
from kpiflow.incentives.kinds import Kind, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Part(Fact):
    """One part of a split."""

    of: Operand = Field(description="A number, an input or an earlier step.")
    weight: Exact = Field(description="Its weight, such as 60%.")


class Weighted(Component):
    """The sum of weight × factor. The weights are taken as written; they need not add up to 1, but it is asked about."""

    kind: Literal["weighted"]
    parts: tuple[Part, ...] = Field(min_length=1)

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(*(part.of for part in self.parts))

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind all parts share."""
        return same_kind(kind_of(part.of, kinds) for part in self.parts)

    def works(self, sheet: Sheet) -> Outcome:
        """Add up the products and round once."""
        total: Number | None = None
        for part in self.parts:
            product = times(sheet.number(part.of), sheet.number(part.weight))
            total = product if total is None else plus(total, product)
        assert total is not None  # there is at least one part
        return Outcome(total)

    def says(self, reading: Reading) -> Message:
        """`0.5 × 0.8 + 0.5 × 0.9`."""
        said: Message | None = None
        for part in self.parts:
            one = msg("{weight} × {value}", weight=part.weight, value=reading.shown(part.of))
            said = one if said is None else msg("{sum} + {value}", sum=said, value=one)
        return said or msg("{value}", value=None)

    def doubts(self) -> list[Message]:
        """Ask about weights that do not add up to 1."""
        total = sum(part.weight for part in self.parts)
        return [] if total == 1 else [msg("The weights add up to {total}, not 1.", total=total)]
