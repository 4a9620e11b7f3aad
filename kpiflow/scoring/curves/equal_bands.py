"""Equal bands: every band carries the same share of the points, however wide it is."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve, Place, place, place_exact
from kpiflow.scoring.curves.interpolation import Above, Below, interpolate, interpolate_exact
from kpiflow.scoring.given import Given


class EqualBands(BaseCurve):
    """Linear inside each band, with equal points per band, 0 before the first edge, all points after the last.

    Example: edges 0, 4000, 6000, 12000; 9000 gives 66.7 + 16.7 = 83.3 (Microsoft Business Scorecard Manager).
    """

    kind: Literal["equal_bands"] = "equal_bands"
    edges: tuple[Place, ...] = Field(min_length=2, description="The edges of the bands, in order of improvement.")
    max_points: Exact = Field(default=100, validate_default=True, gt=0, description="The points of the best band.")

    summary: ClassVar[Message] = msg("bands that each carry the same share of the points")

    def _heights(self) -> list[Fraction]:
        """Return the points at each edge."""
        bands = len(self.edges) - 1
        return [Fraction(self.max_points) * n / bands for n in range(bands + 1)]

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return the points at x."""
        edges = [place(edge, given) for edge in self.edges]
        return interpolate(self.x(given), edges, [float(y) for y in self._heights()], (Below.FIRST, Above.CAP))

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        edges = [place_exact(edge, given) for edge in self.edges]
        return interpolate_exact(self.x_exact(given), edges, self._heights(), (Below.FIRST, Above.CAP))

    def anchors_needed(self) -> tuple[str, ...]:
        """Return the anchors among the edges."""
        return tuple(edge for edge in self.edges if isinstance(edge, str))

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return self.max_points
