"""An accelerator or decelerator: an amount, factor or score multiplied on a condition, or steeper or flatter beyond a point.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Modifier, Operand, Reading, must_be, names_of
from kpiflow.incentives.components.limit import edge_kinds, edge_of, edge_said
from kpiflow.incentives.condition import Condition, fits_kind, holds, needed
from kpiflow.incentives.exact import chosen, exceeds, literal, minus, plus, times
from kpiflow.incentives.kinds import Kind, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg

ONE = Decimal(1)


class Accelerator(Modifier):
    """Where `when` holds: `of` × `times`; or what lies beyond the point counts `slope` times. Below 1 it slows down.

    `of` may be a factor, a section, a score or the total; `when` may ask for a goal of its own or any other. A malus is an
    accelerator below 1.
    """

    kind: Literal["accelerator"]
    when: Condition | None = Field(default=None, description="When it works; absent: always.")
    times: Operand | None = Field(default=None, description="What `of` is multiplied by: a ratio such as 1.2.")
    beyond: Operand | None = Field(default=None, description="The point; with base, so many times it.")
    base: str | None = Field(default=None, description="What the point is a multiple of, such as the basis.")
    slope: Exact | None = Field(default=None, description="How often what lies beyond the point counts.")
    side: Literal["above", "below"] = Field(default="above", description="Which side of the point is beyond it.")

    @model_validator(mode="after")
    def _one_form(self) -> "Accelerator":
        by_slope = self.beyond is not None and self.slope is not None
        if (self.times is not None) == by_slope or (self.beyond is None) != (self.slope is None):
            raise ValueError("an accelerator has either times, or beyond and slope")
        if self.times is not None and self.when is None:
            raise ValueError("an accelerator with times says when; to multiply always, use a product")
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, self.when.of if self.when else None, self.times, self.beyond, self.base)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what it changes."""
        if self.when:
            fits_kind(self.when, kinds)
        must_be(Kind.RATIO, kinds, self.times)
        return same_kind([kinds[self.changed], *edge_kinds(kinds, self.beyond, self.base)])

    def works(self, sheet: Sheet) -> Outcome:
        """Multiply all of it, or what lies beyond the point, and round once."""
        value, kind = sheet.number(self.changed), sheet.kinds[self.changed]
        one = literal(ONE, Kind.RATIO)
        if self.times is not None:
            faster, reached = times(value, sheet.number(self.times)), pl.lit(value=True)
        else:
            assert self.beyond is not None
            assert self.slope is not None
            edge = edge_of(sheet, self.beyond, self.base, kind)
            faster = plus(times(edge, one), times(minus(value, edge), literal(self.slope, Kind.RATIO)))
            reached = exceeds(value, edge) if self.side == "above" else exceeds(edge, value)
        held = reached
        if self.when is not None:
            asked = holds(self.when, sheet)
            held = pl.when(asked.is_not_null()).then(asked & reached)  # not known, it is no reason to pay less or more
        made = chosen(held, faster, times(value, one))
        return Outcome(made, row=pl.when(held).then(1).when(~held).then(2))

    def says(self, reading: Reading) -> Message:
        """`attainment of G at least 100 %: 12,000.00 × 1.2`."""
        row, had = reading.row(self.id), reading.shown(self.changed)
        if row is None:
            return msg("{name} is not known", name=reading.name(self.when.of if self.when else self.changed))
        if self.times is not None:
            asked = self._asked(reading)
            if row == 2:
                return msg("{asked}: not met, {value} stays", asked=asked, value=had)
            return msg("{asked}: met, {value} × {times}", asked=asked, value=had, times=reading.shown(self.times))
        edge = edge_said(reading, self.beyond or ONE, self.base, reading.kind(self.changed))
        if row == 2:
            return msg("{value} stays: the slope of {slope} is for what lies beyond {edge}",
                       value=had, edge=edge, slope=self.slope)  # fmt: skip
        return msg("{edge} + {slope} × ({value} − {edge})", edge=edge, slope=self.slope, value=had)

    def unmet(self, reading: Reading) -> Message | None:
        """`needed at least 100 %, had 98.2 %`."""
        if reading.row(self.id) != 2 or self.when is None or self.times is None:
            return None
        return msg("needed {needed}, had {had}", needed=self._needed(reading), had=reading.shown(self.when.of))

    def _needed(self, reading: Reading) -> Message:
        assert self.when is not None
        edge = None if self.when.edge is None else reading.shown(self.when.edge, reading.kind(self.when.of))
        return needed(self.when, edge)

    def _asked(self, reading: Reading) -> Message:
        assert self.when is not None
        return msg("{name} {needed}", name=reading.name(self.when.of), needed=self._needed(reading))
