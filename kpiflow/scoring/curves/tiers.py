"""Tiers: a result falls into a layer, and the layer's points apply (层差法)."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact, Fact
from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve, Place, Tie, place, place_exact
from kpiflow.scoring.given import Given


class Tier(Fact):
    """One layer: from one edge to another; an absent edge is open."""

    start: Place | None = Field(default=None, alias="from", description="Where it starts; absent: no lower limit.")
    end: Place | None = Field(default=None, alias="to", description="Where it ends; absent: no upper limit.")
    points: Exact = Field(description="What a result in it earns.")


class Tiers(BaseCurve):
    """The points of the tier the result lies in. `tie` says whether an edge belongs to the tier above or below it.

    Example: up to 25 days 15, up to 30 days 10, else 0, with `tie: lower`.
    """

    kind: Literal["tiers"] = "tiers"
    tiers: tuple[Tier, ...] = Field(min_length=1)
    tie: Tie = Field(default=Tie.UPPER, description="Which tier a value exactly on an edge belongs to.")

    summary: ClassVar[Message] = msg("the points of the tier the result falls in")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return the points of the first tier that holds x; null in a gap."""
        x, points = self.x(given), pl.lit(None, dtype=pl.Float64)
        for tier in reversed(self.tiers):
            inside = x.is_not_null()
            if tier.start is not None:
                start = place(tier.start, given)
                inside &= x >= start if self.tie is Tie.UPPER else x > start
            if tier.end is not None:
                end = place(tier.end, given)
                inside &= x < end if self.tie is Tie.UPPER else x <= end
            points = pl.when(inside).then(pl.lit(float(tier.points))).otherwise(points)
        return points

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        x = self.x_exact(given)
        if x is None:
            return None
        for tier in self.tiers:
            start = Fraction(x) - 1 if tier.start is None else place_exact(tier.start, given)
            end = Fraction(x) + 1 if tier.end is None else place_exact(tier.end, given)
            if start is None or end is None:
                continue
            if start <= x < end if self.tie is Tie.UPPER else start < x <= end:
                return Fraction(tier.points)
        return None

    def anchors_needed(self) -> tuple[str, ...]:
        """Return the anchors among the edges."""
        edges = [edge for tier in self.tiers for edge in (tier.start, tier.end)]
        return tuple(dict.fromkeys(edge for edge in edges if isinstance(edge, str)))

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return max(tier.points for tier in self.tiers)
