"""A ratio that a result earns, read off a curve.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from kpiflow.incentives.components.component import Component, Reading, named
from kpiflow.incentives.curve import Interpolation, PayCurve, part_of, ratio_of
from kpiflow.incentives.kinds import CALLED, Kind, UnitError
from kpiflow.incentives.sheet import Outcome, Sheet
from kpiflow.language import Message, msg


class Factor(Component):
    """What the curve makes of `of`: an attainment, points, a score, or any other number."""

    kind: Literal["factor"]
    of: str = Field(description="The result it depends on, such as attainment:GOAL or score:@department.")
    curve: PayCurve

    def reads(self) -> tuple[str, ...]:
        """Return the name it uses."""
        return (self.of,)

    def gives(self, kinds: Mapping[str, Kind]) -> Kind:
        """A ratio; `of` must be a number."""
        if not kinds[self.of].numeric:
            raise UnitError(
                msg("A curve needs a number, but '{name}' is {kind}.", name=self.of, kind=CALLED[kinds[self.of]])
            )
        return Kind.RATIO

    def works(self, sheet: Sheet) -> Outcome:
        """Find the part of the curve each result lies in, and the ratio there."""
        kind = sheet.kinds[self.of]
        result = sheet.short(self.of)
        part = sheet.held_expression(part_of(self.curve, result, kind))
        value, over = ratio_of(self.curve, result, part, kind)
        return Outcome(value, over, row=part)

    def says(self, reading: Reading) -> Message:
        """`82.5 between 80 → 1 and 85 → 1.5`."""
        result, part = named(reading, self.of), reading.row(self.id)
        points = self.curve.points
        if part is None:
            return msg("{name} is not known", name=reading.name(self.of))
        if part == 0:
            return msg(
                "{result} is below {first}: {ratio}", result=result, first=self._at(reading, 0), ratio=self.curve.lowest
            )
        if part < len(points) and self.curve.interpolation is Interpolation.LINEAR:
            facts = {"x0": self._at(reading, part - 1), "x1": self._at(reading, part)}
            return msg(
                "{result} on the line from {x0} → {y0} to {x1} → {y1}",
                result=result,
                y0=points[part - 1][1],
                y1=points[part][1],
                **facts,
            )
        if part == len(points) and self.curve.highest is None:
            return msg(
                "{result} on the line from {x0} → {y0} to {x1} → {y1}, continued",
                result=result,
                x0=self._at(reading, part - 2),
                x1=self._at(reading, part - 1),
                y0=points[-2][1],
                y1=points[-1][1],
            )
        ratio = points[part - 1][1] if part < len(points) else self.curve.highest
        return msg(
            "{result} has reached {point}: {ratio}", result=result, point=self._at(reading, part - 1), ratio=ratio
        )

    def unmet(self, reading: Reading) -> Message | None:
        """Say what the next point asks for, where a point was missed."""
        part = reading.row(self.id)
        if part is None or part >= len(self.curve.points):
            return None
        if part > 0 and self.curve.interpolation is Interpolation.LINEAR:
            return None
        needed, gives = self._at(reading, part), self.curve.points[part][1]
        return msg("needed {needed} for {ratio}, had {had}", needed=needed, ratio=gives, had=reading.shown(self.of))

    def _at(self, reading: Reading, point: int) -> object:
        """Return the result of a point in the unit of what is measured."""
        return reading.shown(self.curve.points[point][0], reading.kind(self.of))
