"""All or nothing: one edge, two outcomes (0-1法)."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve, Place, Tie, place, place_exact
from kpiflow.scoring.given import Given


class AllOrNothing(BaseCurve):
    """`reached` when the result reaches `at`, else `missed`; with `tie: lower` the edge itself is not enough."""

    kind: Literal["all_or_nothing"] = "all_or_nothing"
    at: Place = Field(default="100%", validate_default=True, description="The edge: a number or an anchor.")
    reached: Exact = Field(default=100, validate_default=True, description="Points when the edge is reached.")
    missed: Exact = Field(default=0, validate_default=True, description="Points when it is not.")
    tie: Tie = Field(default=Tie.UPPER, description="upper: reaching the edge is enough; lower: it must be passed.")

    summary: ClassVar[Message] = msg("all points when the edge is reached, else none")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return one of the two outcomes."""
        ahead = self.better(given) * (self.x(given) - place(self.at, given))
        enough = ahead >= 0 if self.tie is Tie.UPPER else ahead > 0
        return pl.when(enough).then(float(self.reached)).when(enough.is_not_null()).then(float(self.missed))

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        x, edge = self.x_exact(given), place_exact(self.at, given)
        if x is None or edge is None:
            return None
        ahead = self.better_exact(given) * (x - edge)
        enough = ahead >= 0 if self.tie is Tie.UPPER else ahead > 0
        return Fraction(self.reached if enough else self.missed)

    def anchors_needed(self) -> tuple[str, ...]:
        """Return the anchor the edge is at, if it is one."""
        return (self.at,) if isinstance(self.at, str) else ()

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return max(self.reached, self.missed)
