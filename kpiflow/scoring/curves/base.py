"""What every curve is: what it looks at, what it makes of it, how its points are rounded, and a sentence that says so."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.company import RoundTo
from kpiflow.core.fact import Exact, Fact
from kpiflow.core.goal import Commitment
from kpiflow.language import Message
from kpiflow.scoring.attainment.convention import INFINITE
from kpiflow.scoring.given import Given
from kpiflow.scoring.rounding import rounded, rounded_exact, snap, snap_exact

#: A place on the x axis: a number, or one of the goal's own anchors.
Place = Exact | Literal["baseline", "threshold", "target", "stretch", "low", "high"]


class On(StrEnum):
    """What a curve looks at: the attainment (1 or 100% is the target), or the actual in the metric's own unit."""

    ATTAINMENT = "attainment"
    ACTUAL = "actual"


class Tie(StrEnum):
    """Which side a value exactly on an edge belongs to: the tier with the higher or the lower numbers."""

    UPPER = "upper"
    LOWER = "lower"


class BaseCurve(Fact):
    """A policy: points for a result. Subclasses have a `kind` and implement `shape` and `shape_exact`."""

    kind: str = Field(description="Which of the curves below it is.")
    curve: str | None = Field(
        default=None, description="Its id, which goals refer to; curves inside best_of need none."
    )
    label: str | None = Field(default=None, description="What people call it.")
    label_zh: str | None = Field(default=None, description="What it is called in 中文.")
    on: On = Field(default=On.ATTAINMENT, description="Looks at the attainment, or at the actual in the metric's unit.")
    round: RoundTo | None = Field(default=None, description="How points are rounded; absent: not at all.")

    summary: ClassVar[Message]

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return unrounded points for whole columns; null where it has no answer."""
        raise NotImplementedError

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return unrounded points of one goal in exact fractions."""
        raise NotImplementedError

    def points(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return points for whole columns, snapped, then rounded as the curve declares; never infinite."""
        shaped = self.shape(given)
        return rounded(pl.when(shaped.is_finite()).then(shaped), self.round)

    def exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return points of one goal as the exact reference has them; never infinite either."""
        shaped = self.shape_exact(given)
        if shaped is None or abs(shaped) > INFINITE / 10**15:
            return None
        return rounded_exact(snap_exact(shaped), self.round)

    def x(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return what the curve looks at, snapped."""
        looked_at = given.attainment if self.on is On.ATTAINMENT else given.actual
        assert looked_at is not None  # columns always exist; only single fractions may be absent
        return snap(looked_at)

    def x_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return what the curve looks at for one goal, snapped."""
        looked_at = given.attainment if self.on is On.ATTAINMENT else given.actual
        return None if looked_at is None else snap_exact(looked_at)

    def better(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return +1 where more of what the curve looks at is better, else −1; attainment always counts upward."""
        return pl.lit(1.0) if self.on is On.ATTAINMENT else given.better

    def better_exact(self, given: Given[Fraction | None]) -> Fraction:
        """Return +1 or −1 for one goal."""
        return Fraction(1) if self.on is On.ATTAINMENT else given.better or Fraction(1)

    def expects(self, commitment: Commitment) -> Decimal:  # noqa: ARG002  (only some kinds look at it)
        """Return the attainment that counts as on pace; below 1 only where the curve says so (OKR stretch goals)."""
        return Decimal(1)

    def most_points(self) -> Decimal | None:
        """Return the most points it can give, or None without a limit; goals without a target are paced by it."""
        return None

    def anchors_needed(self) -> tuple[str, ...]:
        """Return the anchors a goal must state for this curve to have an answer."""
        return ()


def place(where: Place, given: Given[pl.Expr]) -> pl.Expr:
    """Return a place on the x axis as an expression."""
    if isinstance(where, str):
        return given.anchors[where]
    return pl.lit(float(where))


def place_exact(where: Place, given: Given[Fraction | None]) -> Fraction | None:
    """Return a place on the x axis as a fraction; None where the goal lacks that anchor."""
    return given.anchor(where) if isinstance(where, str) else Fraction(where)
