"""A gate: where its condition does not hold, a component or the total is capped, often at 0.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Modifier, Reading, names_of
from kpiflow.incentives.condition import Condition, fits_kind, holds, needed
from kpiflow.incentives.exact import chosen, guarded, literal, smaller, times
from kpiflow.incentives.kinds import CALLED, Kind, UnitError, same_kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Level(StrEnum):
    """What a gate is for."""

    GOAL = "goal"  # the factor or points of one goal
    SECTION = "section"  # the factor of a section, or a part of the payout
    SCORE = "score"  # the points of the whole appraisal
    TOTAL = "total"  # the payout


#: How each level is called.
LEVELS: dict[Level, Message] = {
    Level.GOAL: msg("for the goal"),
    Level.SECTION: msg("for the section"),
    Level.SCORE: msg("for the score"),
    Level.TOTAL: msg("for the total"),
}


class Gate(Modifier):
    """`of`, but at most `limit` (times `base`) where `needs` does not hold. A limit of 0 is a hard gate (一票否决).

    It works on whatever `of` is: a goal's factor, a section, a score, or (without `of`) the amount so far. `level` says
    which of these is meant, and is held against it.
    """

    kind: Literal["gate"]
    needs: Condition
    limit: Exact = Field(default=Decimal(0), ge=0, description="The cap where the condition fails; 0 closes the gate.")
    base: str | None = Field(
        default=None, description="What the limit is a share of; needed for money unless the limit is 0."
    )
    level: Level | None = Field(default=None, description="What it is for; the statement says it.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, self.needs.of, self.base)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what it changes."""
        fits_kind(self.needs, kinds)
        self._fits_level(kinds[self.changed])
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
        kind, value = sheet.kinds[self.changed], sheet.short(self.changed)
        if self.base:
            limit = guarded(times(sheet.short(self.base), literal(self.limit, Kind.RATIO)), kind.scale)
        else:
            limit = literal(self.limit, kind)
        held, capped = holds(self.needs, sheet), smaller(value, limit)
        paid = chosen(held, value, capped)
        row = pl.when(held).then(1).when(~held).then(2)
        return Outcome(paid, row=row)

    def says(self, reading: Reading) -> Message:
        """`needs at least 80 %: met`."""
        said = self._said(reading)
        if self.level is None:
            return said
        return msg("{level} ({name}): {said}", level=LEVELS[self.level], name=reading.name(self.changed), said=said)

    def _said(self, reading: Reading) -> Message:
        """Say the condition and what follows from it."""
        edge = reading.shown(self.needs.edge, reading.kind(self.needs.of)) if self.needs.edge is not None else None
        facts = {"name": reading.name(self.needs.of), "needed": needed(self.needs, edge)}
        match reading.row(self.id):
            case None:
                return msg("{name} is not known", name=reading.name(self.needs.of))
            case 1:
                return msg("{name} {needed}: met with {had}", had=reading.shown(self.needs.of), **facts)
        if self.limit == 0 and reading.kind(self.changed) is Kind.MONEY:
            return msg("{name} {needed}: not met, nothing is paid", **facts)
        if self.limit == 0:
            return msg("{name} {needed}: not met, it counts as 0", **facts)
        limit = reading.shown(self.limit)
        if self.base is not None:
            return msg(
                "{name} {needed}: not met, at most {limit} × {base}",
                limit=limit,
                base=reading.shown(self.base),
                **facts,
            )
        return msg("{name} {needed}: not met, at most {limit}", limit=limit, **facts)

    def unmet(self, reading: Reading) -> Message | None:
        """`needed at least 80 %, had 79.4 %`."""
        if reading.row(self.id) != 2:
            return None
        edge = reading.shown(self.needs.edge, reading.kind(self.needs.of)) if self.needs.edge is not None else None
        return msg("needed {needed}, had {had}", needed=needed(self.needs, edge), had=reading.shown(self.needs.of))

    def _fits_level(self, kind: Kind) -> None:
        """Raise UnitError when the level is not what the gate works on."""
        right = {Level.TOTAL: Kind.MONEY, Level.SCORE: Kind.POINTS}.get(self.level) if self.level else None
        if right is not None and kind is not right:
            raise UnitError(
                msg("A gate {level} works on {right}, but '{name}' is {kind}.", level=LEVELS[self.level or Level.TOTAL],
                    right=CALLED[right], name=self.changed, kind=CALLED[kind])
            )  # fmt: skip
