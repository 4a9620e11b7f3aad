"""Points in proportion to attainment, between a floor and a cap (比率法)."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve
from kpiflow.scoring.given import Given


class Proportional(BaseCurve):
    """`attainment × target_points`, 0 below the gate, never under `floor` nor over `cap`. Example: 45 of 50 gives 90."""

    kind: Literal["proportional"] = "proportional"
    target_points: Exact = Field(default=100, validate_default=True, description="Points when the target is met.")
    floor: Exact | None = Field(
        default=0, validate_default=True, description="The fewest points; null: may go below 0."
    )
    cap: Exact | None = Field(default=None, description="The most points; null: no limit.")
    gate: Exact | None = Field(default=None, description="Attainment below which there are no points at all.")

    summary: ClassVar[Message] = msg("points in proportion to attainment")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return x × target_points within the limits."""
        x = self.x(given)
        points = (x * float(self.target_points)).clip(
            None if self.floor is None else float(self.floor), None if self.cap is None else float(self.cap)
        )
        return points if self.gate is None else pl.when(x < float(self.gate)).then(0.0).otherwise(points)

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        x = self.x_exact(given)
        if x is None:
            return None
        if self.gate is not None and x < Fraction(self.gate):
            return Fraction(0)
        points = x * Fraction(self.target_points)
        if self.floor is not None:
            points = max(points, Fraction(self.floor))
        return points if self.cap is None else min(points, Fraction(self.cap))

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return self.cap
