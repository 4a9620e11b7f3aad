"""OKR: a key result scores from 0.0 to 1.0, and how much is expected depends on the commitment."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.core.goal import Commitment
from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve
from kpiflow.scoring.given import Given


class Okr(BaseCurve):
    """Attainment between 0 and 1. Committed results are expected in full, aspirational ones at 0.7 on average.

    Example: 3 of 6 features is 0.50. Source: re:Work guide on OKRs.
    """

    kind: Literal["okr"] = "okr"
    committed: Exact = Field(
        default=1, validate_default=True, gt=0, le=1, description="What a committed result is expected to reach."
    )
    aspirational: Exact = Field(
        default="70%", validate_default=True, gt=0, le=1, description="What an aspirational one is."
    )

    summary: ClassVar[Message] = msg("from 0.0 to 1.0, as OKRs are scored")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return attainment between 0 and 1."""
        return self.x(given).clip(0, 1)

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        x = self.x_exact(given)
        return None if x is None else min(max(x, Fraction(0)), Fraction(1))

    def expects(self, commitment: Commitment) -> Decimal:
        """Return the share that is on pace for the commitment."""
        return self.aspirational if commitment is Commitment.ASPIRATIONAL else self.committed

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return Decimal(1)
