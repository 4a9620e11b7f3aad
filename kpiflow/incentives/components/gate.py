"""A gate: where its condition does not hold, a component or the total is capped, often at 0.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Modifier, Reading, names_of
from kpiflow.incentives.condition import Condition, fits_kind, holds, needed
from kpiflow.incentives.exact import Number, literal, narrowed, smaller, times
from kpiflow.incentives.kinds import CALLED, Kind, UnitError, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Gate(Modifier):
    """`of`, but at most `limit` (times `base`) where `needs` does not hold. A limit of 0 is a hard gate (一票否决)."""

    kind: Literal["gate"]
    needs: Condition
    limit: Exact = Field(default=Decimal(0), ge=0, description="The cap where the condition fails; 0 closes the gate.")
    base: str | None = Field(
        default=None, description="What the limit is a share of; needed for money unless the limit is 0."
    )

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, self.needs.of, self.base)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what it changes."""
        fits_kind(self.needs, kinds)
        kind = same_kind([kinds[self.changed], *([kinds[self.base]] if self.base else [])])
        if kind is Kind.MONEY and self.limit != 0 and self.base is None:
            raise UnitError(
                msg(
                    "A limit of {limit} on {kind} says of what: set base to an amount.",
                    limit=self.limit,
                    kind=CALLED[kind],
                )
            )
        return kind

    def works(self, sheet: Sheet) -> Outcome:
        """Take the lesser of value and limit where the condition fails."""
        kind, value = sheet.kinds[self.changed], sheet.number(self.changed)
        if self.base:
            limit = narrowed(times(sheet.number(self.base), literal(self.limit, Kind.RATIO)), kind.scale)
        else:
            limit = literal(self.limit, kind)
        held, capped = holds(self.needs, sheet), smaller(value, limit)
        expr = pl.when(held).then(value.expr).when(~held).then(capped.expr)
        row = pl.when(held).then(1).when(~held).then(2)
        return Outcome(Number(expr, min(value.low, capped.low), value.high, value.scale), row=row)

    def says(self, reading: Reading) -> Message:
        """`needs at least 80 %: met`."""
        edge = reading.shown(self.needs.edge, reading.kind(self.needs.of)) if self.needs.edge is not None else None
        facts = {"name": reading.name(self.needs.of), "needed": needed(self.needs, edge)}
        match reading.row(self.id):
            case None:
                return msg("{name} is not known", name=reading.name(self.needs.of))
            case 1:
                return msg("{name} {needed}: met", **facts)
        if self.limit == 0:
            return msg("{name} {needed}: not met, nothing is paid", **facts)
        return msg("{name} {needed}: not met, at most {limit}", limit=reading.shown(self.limit), **facts)

    def unmet(self, reading: Reading) -> Message | None:
        """`needed at least 80 %, had 79.4 %`."""
        if reading.row(self.id) != 2:
            return None
        edge = reading.shown(self.needs.edge, reading.kind(self.needs.of)) if self.needs.edge is not None else None
        return msg("needed {needed}, had {had}", needed=needed(self.needs, edge), had=reading.shown(self.needs.of))
