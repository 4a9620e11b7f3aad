"""What a convention or a curve may look at: the actual, the anchors and which way is better; as columns or as fractions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Generic, TypeVar

import polars as pl

from kpiflow.frames.goals import ANCHORS

#: A column as an expression, or one goal's own number, which may be absent.
Number = TypeVar("Number", bound=pl.Expr | Fraction | None)


@dataclass(frozen=True)
class Given(Generic[Number]):
    """One goal in one window. For expressions every field is a column; for the exact reference a fraction or None.

    `better` is +1 where higher is better and −1 where lower is. `in_band` is the share of months within the band.
    """

    actual: Number
    attainment: Number
    anchors: Mapping[str, Number]
    better: Number
    in_band: Number

    def anchor(self, name: str) -> Number:
        """Return baseline, threshold, target, stretch, low or high."""
        return self.anchors[name]

    def at_target(self, one: Number) -> "Given[Number]":
        """Return the same goal as it would be with its target exactly met."""
        return replace(self, actual=self.anchors["target"], attainment=one)


def columns() -> Given[pl.Expr]:
    """Return the goal as the columns of the frame being scored."""
    return Given(
        actual=pl.col("actual"),
        attainment=pl.col("attainment"),
        anchors={name: pl.col(name) for name in ANCHORS},
        better=pl.col("better"),
        in_band=pl.col("in_band"),
    )
