"""What caps and floors share: a limit that is a number, a value, or so many times a value.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal

from pydantic import Field

from kpiflow.incentives.components.component import Modifier, Operand, Reading, names_of
from kpiflow.incentives.exact import Number, guarded, times
from kpiflow.incentives.kinds import Kind, product_kind, same_kind
from kpiflow.incentives.sheet import Sheet
from kpiflow.language import Message, msg


def edge_of(sheet: Sheet, at: Decimal | str, base: str | None, kind: Kind) -> Number:
    """Return `at`, or so many times `base`, for everybody, with no more digits than a kind has."""
    if base is None:
        return sheet.short(at, kind)
    return guarded(times(sheet.short(base), sheet.short(at)), kind.scale)


def edge_kinds(kinds: Mapping[str, Kind], at: Decimal | str | None, base: str | None) -> list[Kind]:
    """Return the kind an edge has, where it is not just a number."""
    based = [kinds[base]] if base else []
    return [product_kind([kinds[at], *based])] if isinstance(at, str) else based


def edge_said(reading: Reading, at: Decimal | str, base: str | None, kind: Kind) -> Message:
    """Say an edge with its numbers."""
    if base is None:
        return msg("{value}", value=reading.shown(at, kind))
    return msg("{product} × {value}", product=reading.shown(at), value=reading.shown(base))


class Limit(Modifier):
    """A modifier that compares `of` with `at` (times `base`, when there is one)."""

    at: Operand = Field(description="The limit: a number or the name of a value; with base, how many times it.")
    base: str | None = Field(default=None, description="What the limit is a multiple of, such as the basis.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, self.at, self.base)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what it changes; the limit must be of that kind."""
        return same_kind([kinds[self.changed], *edge_kinds(kinds, self.at, self.base)])

    def limit(self, sheet: Sheet) -> Number:
        """Return the limit for everybody, at the scale of what is limited."""
        return edge_of(sheet, self.at, self.base, sheet.kinds[self.changed])

    def limit_said(self, reading: Reading) -> Message:
        """Say the limit with its numbers."""
        return edge_said(reading, self.at, self.base, reading.kind(self.changed))
