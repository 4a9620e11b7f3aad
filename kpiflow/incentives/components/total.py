"""A sum of values of one kind, some added and some taken away.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from kpiflow.incentives.components.component import Component, Operand, Reading, kind_of, names_of
from kpiflow.incentives.exact import minus, plus
from kpiflow.incentives.kinds import Kind, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Total(Component):
    """Everything in `plus` added up, less everything in `minus`. Bare numbers are amounts of the same kind."""

    kind: Literal["sum"]
    plus: tuple[Operand, ...] = Field(min_length=1, description="What is added: numbers, inputs and earlier steps.")
    minus: tuple[Operand, ...] = Field(default=(), description="What is taken off.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(*self.plus, *self.minus)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind all named values share; a ratio when there are only numbers."""
        return same_kind(kind_of(one, kinds) for one in self.reads()) if self.reads() else Kind.RATIO

    def works(self, sheet: Sheet) -> Outcome:
        """Add and subtract."""
        kind = self.gives(sheet.kinds)
        total = sheet.short(self.plus[0], kind)
        for one in self.plus[1:]:
            total = plus(total, sheet.short(one, kind))
        for one in self.minus:
            total = minus(total, sheet.short(one, kind))
        return Outcome(total)

    def says(self, reading: Reading) -> Message:
        """`5,000.00 + 1,200.00 − 300.00`."""
        kind = reading.kind(self.id)
        said = msg("{value}", value=reading.shown(self.plus[0], kind))
        for one in self.plus[1:]:
            said = msg("{sum} + {value}", sum=said, value=reading.shown(one, kind))
        for one in self.minus:
            said = msg("{sum} − {value}", sum=said, value=reading.shown(one, kind))
        return said
