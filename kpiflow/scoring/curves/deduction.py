"""Deduction: start with full points and lose some per event, never below the floor (减分法)."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve, On
from kpiflow.scoring.given import Given


class Deduction(BaseCurve):
    """`start − per_event × (events − free)`, at least `floor`. The actual is the number of events; never adds.

    Example: violations at 5 points each from 100: 3 give 85, 25 give 0 (pilot sheet).
    """

    kind: Literal["deduction"] = "deduction"
    on: Literal[On.ACTUAL] = On.ACTUAL
    start: Exact = Field(default=100, validate_default=True, description="Points without any event.")
    per_event: Exact = Field(gt=0, description="Points each event costs.")
    free: Exact = Field(default=0, validate_default=True, ge=0, description="Events that cost nothing.")
    floor: Exact = Field(default=0, validate_default=True, description="The fewest points.")

    summary: ClassVar[Message] = msg("points taken for each event, down to a floor")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return what is left of the points."""
        events = (self.x(given) - float(self.free)).clip(0, None)
        return (float(self.start) - float(self.per_event) * events).clip(float(self.floor), None)

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        x = self.x_exact(given)
        if x is None:
            return None
        events = max(x - Fraction(self.free), Fraction(0))
        return max(Fraction(self.start) - Fraction(self.per_event) * events, Fraction(self.floor))

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return self.start
