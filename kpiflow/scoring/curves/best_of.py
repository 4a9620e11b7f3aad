"""Best of: the most points any of several curves gives."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve
from kpiflow.scoring.given import Given


class BestOf(BaseCurve):
    """The highest points among its curves; each looks at what it states itself. Curves without an answer are left out."""

    kind: Literal["best_of"] = "best_of"
    of: tuple["Curve", ...] = Field(  # type: ignore[name-defined]  # noqa: F821  (defined by the registry)
        min_length=2, description="The curves, each with its own fields; the best of their points counts."
    )

    summary: ClassVar[Message] = msg("the best of several curves")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return the highest."""
        return pl.max_horizontal([curve.points(given) for curve in self.of])

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        return max((points for curve in self.of if (points := curve.exact(given)) is not None), default=None)

    def anchors_needed(self) -> tuple[str, ...]:
        """Return the anchors all of its curves need."""
        return tuple(dict.fromkeys(name for curve in self.of for name in curve.anchors_needed()))

    def most_points(self) -> Decimal | None:
        """Return the most any of its curves gives; None when one has no limit."""
        most = [curve.most_points() for curve in self.of]
        return None if None in most else max(most)
