"""Reached: a milestone is there or it is not."""

from fractions import Fraction
from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg
from kpiflow.scoring.given import Given


class Reached:
    """1 when the actual reaches the target (1 when none is stated), else 0. Source: ServiceNow milestone targets, no yellow."""

    name: ClassVar[str] = "reached"
    formula: ClassVar[Message] = msg("1 when the actual reaches the target, else 0")
    needs: ClassVar[tuple[str, ...]] = ()

    @staticmethod
    def measure(given: Given[pl.Expr]) -> pl.Expr:
        """Return attainment for whole columns."""
        target = given.anchors["target"].fill_null(1.0)
        return pl.when(given.actual.is_not_null()).then((given.better * (given.actual - target) >= 0).cast(pl.Float64))

    @staticmethod
    def exact(given: Given[Fraction | None]) -> Fraction | None:
        """Return attainment of one goal in exact fractions."""
        if given.actual is None:
            return None
        target = given.anchor("target")
        return Fraction((given.better or 1) * (given.actual - (Fraction(1) if target is None else target)) >= 0)

    @staticmethod
    def answer(share: Fraction, given: Given[Fraction | None]) -> Fraction | None:  # noqa: ARG004  (every convention is asked alike)
        """Return the actual at which attainment would be `share`, or None where no single actual says it."""
        target = given.anchor("target")
        return Fraction(1) if target is None else target
