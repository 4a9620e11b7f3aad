"""Several kinds of incident, so much off for each, with a most for every kind and one for all of them.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact, Fact
from kpiflow.incentives.components.component import Reading, names_of
from kpiflow.incentives.components.deducting import Deducting
from kpiflow.incentives.exact import Number, exceeds, guarded, larger, minus, nothing, plus, smaller, times
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Incident(Fact):
    """One kind of incident."""

    incidents: str = Field(description="How many there were, such as count:late_reports.")
    each: Exact = Field(gt=0, description="Taken off per incident: money, points, or a share of base.")
    most: Exact | None = Field(default=None, gt=0, description="The most that incidents of this kind take off.")


class Penalties(Deducting):
    """`of` less incidents × each of every kind, each kind at most its own `most`, all at most `most`; never below 0."""

    kind: Literal["penalties"]
    of_kinds: tuple[Incident, ...] = Field(min_length=1, description="The kinds of incident.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, *(one.incidents for one in self.of_kinds), self.base)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what it changes: money for variable pay, points for a score."""
        return self.fits(kinds, *(one.incidents for one in self.of_kinds))

    def works(self, sheet: Sheet) -> Outcome:
        """Add the kinds up; row 1: none, 2: as they are, 3: the most of all, 4: no more than there is."""
        value = sheet.short(self.changed)
        none = nothing(value.scale)
        total = none
        for one in self.of_kinds:
            wanted = self._wanted(sheet, one)
            total = sheet.held(
                plus(total, wanted if one.most is None else smaller(wanted, self.share(sheet, one.most)))
            )
        most = None if self.most is None else sheet.held(self.share(sheet, self.most))
        taken = total if most is None else sheet.held(smaller(total, most))
        left = larger(minus(value, taken), smaller(value, none))
        row = (
            pl.when(total.expr <= none.expr).then(1)
            .when(minus(value, taken).expr < none.expr).then(4)
            .when(exceeds(total, most) if most is not None else pl.lit(value=False)).then(3)
            .when(left.expr.is_not_null()).then(2)
        )  # fmt: skip
        return Outcome(left, row=row)

    def says(self, reading: Reading) -> Message:
        """`3 × 200.00 + 1 × 500.00`."""
        said: Message | None = None
        for one in self.of_kinds:
            part = msg("{count} × {each}", count=reading.shown(one.incidents), each=self.share_said(reading, one.each))
            if one.most is not None:
                part = msg("{said} (at most {most})", said=part, most=self.share_said(reading, one.most))
            said = part if said is None else msg("{sum} + {value}", sum=said, value=part)
        match reading.row(self.id):
            case None:
                return msg("not all incidents are known")
            case 1:
                return msg("no incident")
            case 3:
                return msg("{said}, but at most {most}", said=said, most=self.share_said(reading, self.most))
            case 4:
                return msg("{said}, but no more than there is", said=said)
        return msg("{value}", value=said)

    def doubts(self) -> list[Message]:
        """Find incidents that are counted twice."""
        names = [one.incidents for one in self.of_kinds]
        twice = sorted({name for name in names if names.count(name) > 1})
        return [msg("'{name}' is taken off twice.", name=name) for name in twice]

    def _wanted(self, sheet: Sheet, one: Incident) -> Number:
        """Return what incidents of a kind would take off without a most."""
        kind = sheet.kinds[self.changed]
        return sheet.held(guarded(times(self.share(sheet, one.each), sheet.short(one.incidents)), kind.scale))
