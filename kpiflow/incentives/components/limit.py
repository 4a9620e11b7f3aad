"""What caps and floors share: a limit that is a number, a value, or so many times a value.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping

from pydantic import Field

from kpiflow.incentives.components.component import Modifier, Operand, Reading, names_of
from kpiflow.incentives.exact import Number, narrowed, times
from kpiflow.incentives.kinds import Kind, product_kind, same_kind
from kpiflow.incentives.sheet import Sheet
from kpiflow.language import Message, msg


class Limit(Modifier):
    """A modifier that compares `of` with `at` (times `base`, when there is one)."""

    at: Operand = Field(description="The limit: a number or the name of a value; with base, how many times it.")
    base: str | None = Field(default=None, description="What the limit is a multiple of, such as the basis.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, self.at, self.base)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what it changes; the limit must be of that kind."""
        based = [kinds[self.base]] if self.base else []
        edge = [product_kind([kinds[self.at], *based])] if isinstance(self.at, str) else based
        return same_kind([kinds[self.changed], *edge])

    def limit(self, sheet: Sheet) -> Number:
        """Return the limit for everybody, at the scale of what is limited."""
        kind = sheet.kinds[self.changed]
        if self.base is None:
            return sheet.number(self.at, kind)
        return narrowed(times(sheet.number(self.base), sheet.number(self.at)), kind.scale)

    def limit_said(self, reading: Reading) -> Message:
        """Say the limit with its numbers."""
        if self.base is None:
            return msg("{value}", value=reading.shown(self.at, reading.kind(self.changed)))
        return msg("{product} × {value}", product=reading.shown(self.at), value=reading.shown(self.base))
