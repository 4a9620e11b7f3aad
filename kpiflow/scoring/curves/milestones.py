"""Milestones: done or not done, or several in order, each with its weight."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact, Named
from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve, On
from kpiflow.scoring.given import Given


class Milestone(Named):
    """One step on the way, and its weight among the steps."""

    weight: Exact = Field(
        default=1, validate_default=True, gt=0, description="Its weight among the steps; only proportions matter."
    )


class Milestones(BaseCurve):
    """The share of weight that is done. The actual is how many steps are done, in order; without steps, 1 is done.

    Milestones that need no order are better as child goals, each with its own weight.
    """

    kind: Literal["milestones"] = "milestones"
    on: Literal[On.ACTUAL] = On.ACTUAL
    points_done: Exact = Field(default=100, validate_default=True, description="Points when all is done.")
    steps: tuple[Milestone, ...] = Field(default=(), description="The steps in order; none: a single milestone.")

    summary: ClassVar[Message] = msg("the weight of the milestones that are done")

    def _weights(self) -> list[Fraction]:
        """Return each step's share of all the weight."""
        weights = [Fraction(step.weight) for step in self.steps] or [Fraction(1)]
        return [weight / sum(weights) for weight in weights]

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return the points of the steps done."""
        done, weights = self.x(given).floor(), self._weights()
        points: pl.Expr = pl.when(done.is_not_null()).then(0.0)
        for count in range(1, len(weights) + 1):
            reached = float(sum(weights[:count]) * Fraction(self.points_done))
            points = pl.when(done >= count).then(reached).otherwise(points)
        return points

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        x = self.x_exact(given)
        if x is None:
            return None
        done = max(0, x.numerator // x.denominator)
        return sum(self._weights()[:done], Fraction(0)) * Fraction(self.points_done)

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return self.points_done
