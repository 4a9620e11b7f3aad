"""Rubric: every possible situation written down with its points, where nothing else measures it (说明法)."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact, Named
from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve, On
from kpiflow.scoring.given import Given
from kpiflow.scoring.rounding import snap


class Situation(Named):
    """A row of the rubric; whoever rates reports its `level`."""

    level: Exact = Field(description="The number that is measured when this is what was found.")
    points: Exact = Field(description="What it is worth.")
    description: str | None = Field(default=None, description="What is found then, in words.")


class Rubric(BaseCurve):
    """The points of the situation whose level was reported; a level that is not in the rubric has no points."""

    kind: Literal["rubric"] = "rubric"
    on: Literal[On.ACTUAL] = On.ACTUAL
    situations: tuple[Situation, ...] = Field(min_length=1)

    summary: ClassVar[Message] = msg("the points of the situation that was reported")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return the points of the matching row."""
        x, points = self.x(given), pl.lit(None, dtype=pl.Float64)
        for situation in self.situations:
            points = pl.when(x == snap(pl.lit(float(situation.level)))).then(float(situation.points)).otherwise(points)
        return points

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        x = self.x_exact(given)
        return next((Fraction(row.points) for row in self.situations if Fraction(row.level) == x), None)

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return max(situation.points for situation in self.situations)
