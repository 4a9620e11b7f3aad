"""Inverse: the target as a share of the actual, the first of three conventions where lower is better."""

from fractions import Fraction
from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg
from kpiflow.scoring.attainment.convention import INFINITE, divided, divided_exact
from kpiflow.scoring.given import Given


class Inverse:
    """Lower is better; at an actual of 0 it is infinite, so curves with a cap give their cap. A=120, T=100 gives 83.33 %."""

    name: ClassVar[str] = "inverse"
    formula: ClassVar[Message] = msg("target ÷ actual")
    needs: ClassVar[tuple[str, ...]] = ("target",)

    @staticmethod
    def measure(given: Given[pl.Expr]) -> pl.Expr:
        """Return attainment for whole columns."""
        target = given.anchors["target"]
        # An actual of 0 beats any positive target: infinity lets a capped curve give its cap instead of "no data".
        return (
            pl.when((given.actual == 0) & (target > 0))
            .then(pl.lit(float("inf")))
            .otherwise(divided(target, given.actual))
        )

    @staticmethod
    def exact(given: Given[Fraction | None]) -> Fraction | None:
        """Return attainment of one goal in exact fractions."""
        target = given.anchor("target")
        if given.actual == 0 and target is not None and target > 0:
            return INFINITE
        return divided_exact(target, given.actual)

    @staticmethod
    def answer(share: Fraction, given: Given[Fraction | None]) -> Fraction | None:
        """Return the actual at which attainment would be `share`, or None where no single actual says it."""
        target = given.anchor("target")
        return None if target is None or share == 0 else target / share
