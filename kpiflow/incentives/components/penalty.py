"""So much off per incident, up to a most, and never below 0 of the part it is taken from.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from typing import Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.incentives.components.component import Reading, names_of
from kpiflow.incentives.components.deducting import Deducting
from kpiflow.incentives.exact import exceeds, guarded, larger, minus, nothing, smaller, times
from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Penalty(Deducting):
    """`of` less incidents × `each` (a share of `base`, when there is one), at most `most`, never below 0."""

    kind: Literal["penalty"]
    incidents: str = Field(description="How many there were, such as count:valid_complaints.")
    each: Exact = Field(gt=0, description="Taken off per incident: money, points, or a share of base.")

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return names_of(self.changed, self.incidents, self.base)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what it changes: money for variable pay, points for a score."""
        return self.fits(kinds, self.incidents)

    def works(self, sheet: Sheet) -> Outcome:
        """Take off the lesser of incidents × each and the most, as far as there is something to take it from."""
        value, count, none = sheet.short(self.changed), sheet.short(self.incidents), nothing(1)
        kind = sheet.kinds[self.changed]
        wanted = sheet.held(guarded(times(self.share(sheet, self.each), count), kind.scale))
        most = None if self.most is None else self.share(sheet, self.most)
        taken = wanted if most is None else smaller(wanted, most)
        rest = sheet.held(minus(value, taken))
        left = larger(rest, smaller(value, none))
        row = (
            pl.when(~exceeds(count, none)).then(1)
            .when(exceeds(none, rest)).then(4)
            .when(exceeds(wanted, most) if most is not None else pl.lit(False)).then(3)
            .when(rest.expr.is_not_null()).then(2)
        )  # fmt: skip
        return Outcome(left, row=row)

    def says(self, reading: Reading) -> Message:
        """`3 × 200.00, at most 1,000.00`."""
        facts = {"count": reading.shown(self.incidents), "each": self.share_said(reading, self.each)}
        match reading.row(self.id):
            case None:
                return msg("{name} is not known", name=reading.name(self.incidents))
            case 1:
                return msg("no incident")
            case 3:
                return msg("{count} × {each}, but at most {most}", most=self.share_said(reading, self.most), **facts)
            case 4:
                return msg("{count} × {each}, but no more than there is", **facts)
        return msg("{count} × {each}", **facts)
