"""Worst of: the fewest points any of several curves gives."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve
from kpiflow.scoring.given import Given


class WorstOf(BaseCurve):
    """The lowest points among its curves; each looks at what it states itself. Curves without an answer are left out."""

    kind: Literal["worst_of"] = "worst_of"
    of: tuple["Curve", ...] = Field(  # type: ignore[name-defined]  # noqa: F821  (defined by the registry)
        min_length=2, description="The curves, each with its own fields; the worst of their points counts."
    )

    summary: ClassVar[Message] = msg("the worst of several curves")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return the lowest."""
        return pl.min_horizontal([curve.points(given) for curve in self.of])

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        return min((points for curve in self.of if (points := curve.exact(given)) is not None), default=None)

    def anchors_needed(self) -> tuple[str, ...]:
        """Return the anchors all of its curves need."""
        return tuple(dict.fromkeys(name for curve in self.of for name in curve.anchors_needed()))

    def most_points(self) -> Decimal | None:
        """Return the least of what its curves can give; None when none has a limit."""
        return min((most for curve in self.of if (most := curve.most_points()) is not None), default=None)
