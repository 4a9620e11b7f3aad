"""Points per percent over or under the target, in whole steps or in proportion, with separate caps up and down."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.fact import Exact
from kpiflow.language import Message, msg
from kpiflow.scoring.curves.base import BaseCurve, On
from kpiflow.scoring.given import Given
from kpiflow.scoring.rounding import snap, snap_exact


class Granularity(StrEnum):
    """Whether a part of a step counts."""

    WHOLE = "whole"  # only full steps count
    PROPORTIONAL = "proportional"  # parts of a step count in proportion


class PerPercent(BaseCurve):
    """`base`, plus `up` points per `step` over the target, minus `down` per step under it.

    On attainment a step is a share of the target (3% is 3 % of it); on the actual it is in the metric's own unit
    (3 is 3 percentage points of a rate). Example: 30 points, ±1 per 3 %, at most ±6 (SASAC 2009, profit).
    """

    kind: Literal["per_percent"] = "per_percent"
    base: Exact = Field(description="Points when the target is met.")
    step: Exact = Field(default="1%", validate_default=True, gt=0, description="How far one step is.")
    up: Exact = Field(default=1, validate_default=True, ge=0, description="Points added per step over the target.")
    down: Exact = Field(default=1, validate_default=True, ge=0, description="Points taken per step under the target.")
    max_up: Exact | None = Field(default=None, description="The most that is added; null: no limit.")
    max_down: Exact | None = Field(default=None, description="The most that is taken; null: no limit.")
    granularity: Granularity = Field(default=Granularity.WHOLE, description="Whole steps only, or in proportion.")
    floor: Exact | None = Field(
        default=0, validate_default=True, description="The fewest points; null: may go below 0."
    )

    summary: ClassVar[Message] = msg("points added or taken per step over or under the target")

    def shape(self, given: Given[pl.Expr]) -> pl.Expr:
        """Return base + steps over × up − steps under × down, within the limits."""
        centre = pl.lit(1.0) if self.on is On.ATTAINMENT else given.anchors["target"]
        over = self.better(given) * (self.x(given) - centre)
        steps = snap(over.abs() / float(self.step))
        if self.granularity is Granularity.WHOLE:
            steps = steps.floor()
        # An infinite attainment (inverse, at 0) times no points per step is no points, not an unknown.
        added = steps * float(self.up) if self.up else pl.lit(0.0)
        added = added.clip(None, None if self.max_up is None else float(self.max_up))
        taken = (steps * float(self.down)).clip(None, None if self.max_down is None else float(self.max_down))
        points = float(self.base) + pl.when(over >= 0).then(added).otherwise(-taken)
        points = pl.when(over.is_not_null()).then(points)
        return points if self.floor is None else points.clip(float(self.floor), None)

    def shape_exact(self, given: Given[Fraction | None]) -> Fraction | None:
        """Return the same for one goal."""
        centre = Fraction(1) if self.on is On.ATTAINMENT else given.anchor("target")
        x = self.x_exact(given)
        if x is None or centre is None:
            return None
        over = self.better_exact(given) * (x - centre)
        steps = snap_exact(abs(over) / Fraction(self.step))
        if self.granularity is Granularity.WHOLE:
            steps = Fraction(steps.numerator // steps.denominator)
        if over >= 0:
            change = steps * Fraction(self.up)
            change = change if self.max_up is None else min(change, Fraction(self.max_up))
        else:
            taken = steps * Fraction(self.down)
            change = -(taken if self.max_down is None else min(taken, Fraction(self.max_down)))
        points = Fraction(self.base) + change
        return points if self.floor is None else max(points, Fraction(self.floor))

    def anchors_needed(self) -> tuple[str, ...]:
        """Return the target when the curve looks at the actual."""
        return ("target",) if self.on is On.ACTUAL else ()

    def most_points(self) -> Decimal | None:
        """Return the most points it can give."""
        return None if self.max_up is None else self.base + self.max_up
