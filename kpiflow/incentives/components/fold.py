"""Where the dated segments of a person come together: their amounts added up, or their mean or last value taken.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field

from kpiflow.incentives.components.component import Component, Reading
from kpiflow.incentives.exact import Number
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class How(StrEnum):
    """What becomes of the values of the segments."""

    SUM = "sum"
    MEAN_BY_DAYS = "mean_by_days"  # each segment counts by its days_employed
    LAST = "last"


class Fold(Component):
    """The values of `of` in all segments of a person as one. Steps before the first fold are worked for each segment.

    Unknown in one segment, it is unknown for the person.
    """

    kind: Literal["fold"]
    of: str = Field(description="A step worked for each segment.")
    how: How = How.SUM

    def reads(self) -> tuple[str, ...]:
        """Return the names it uses."""
        return (self.of, "days_employed") if self.how is How.MEAN_BY_DAYS else (self.of,)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """Return the kind of what is folded."""
        if not kinds[self.of].numeric:
            raise UnitError(
                msg("'{name}' is {kind}, which cannot be folded.", name=self.of, kind=CALLED[kinds[self.of]])
            )
        return kinds[self.of]

    def works(self, sheet: Sheet) -> Outcome:
        """Take what `segments.person_sheet` has added up for it."""
        value = sheet.number(folded(self.id))
        if self.how is not How.MEAN_BY_DAYS:
            return Outcome(value)
        days = sheet.number(folded_days(self.id))
        # Both lack the scale of the days: value is a sum of value × days, and days a sum of days.
        return Outcome(Number(value.expr, value.low, value.high, value.scale * days.scale), days)

    def says(self, reading: Reading) -> Message:
        """`6,000.00 + 4,500.00`."""
        said: Message | None = None
        for value in reading.of_segments(self.of):
            said = msg("{value}", value=value) if said is None else msg("{sum} + {value}", sum=said, value=value)
        values = said or msg("no segment")
        if self.how is How.MEAN_BY_DAYS:
            return msg("mean of the segments by their days: {values}", values=reading.of_segments(self.of))
        return values if self.how is How.SUM else msg("the last segment's")


def folded(name: str) -> str:
    """Return the column in which the segments of a fold are added up."""
    return f"segments:{name}"


def folded_days(name: str) -> str:
    """Return the column of the days they were weighted by."""
    return f"segments:{name}:days"
