"""Straight lines between any number of points, with stated ends."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve, Place, Tie, place, place_exact
from kpiflow.scoring.curves.interpolation import Above, Below, interpolate, interpolate_exact
from kpiflow.scoring.given import Given


class Linear(BaseCurve):
    """Points on the line through [place, points] pairs; a place is a number or an anchor such as `threshold`.

    Below the first place: zero, the first value, or the same slope. Above the last: capped, the same slope, or zero.
    The efficacy coefficient (功效系数法) is `through: [[threshold, 60], [target, 100]], below: slope` on the actual.
    Example: 620→0.5, 1997→1 gives (1313 − 620)(1 − 0.5) ÷ (1997 − 620) + 0.5 = 0.7516 at 1313 (SAP variable pay).
    """

    kind: Literal["linear"] = "linear"
    through: tuple[tuple[Place, Exact], ...] = Field(min_length=2, description="[place, points] pairs, in order.")
    below: Below = Field(default=Below.ZERO, description="What a result short of the first place gets.")
    above: Above = Field(default=Above.CAP, description="What a result past the last place gets.")
    tie: Tie = Field(
        default=Tie.UPPER,
        description="At a jump (one place twice): upper gives the later of the two pairs, lower the earlier one.",
    )

    summary: ClassVar[Message] = msg("a straight line between stated points")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return y on the line at x."""
        xs = [place(where, given) for where, _ in self.through]
        ys = [float(y) for _, y in self.through]
        return interpolate(self.x(given), xs, ys, (self.below, self.above), self.tie)

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        xs = [place_exact(where, given) for where, _ in self.through]
        ys = [Fraction(y) for _, y in self.through]
        return interpolate_exact(self.x_exact(given), xs, ys, (self.below, self.above), self.tie)

    def anchors_needed(self) -> tuple[str, ...]:
        """Return the anchors among the places."""
        return tuple(where for where, _ in self.through if isinstance(where, str))

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return None if self.above is Above.SLOPE else max(points for _, points in self.through)
