"""Closeness: every step away from the target costs, on either side."""

from fractions import Fraction
from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg
from kpiflow.scoring.attainment.convention import divided, divided_exact
from kpiflow.scoring.given import Given


class Closeness:
    """Closer is better: 1 − |A−T| ÷ |T|. Source: SAP SSM "Absolute", 55 against 50 gives 90 %."""

    name: ClassVar[str] = "closeness"
    formula: ClassVar[Message] = msg("1 − |actual − target| ÷ |target|")
    needs: ClassVar[tuple[str, ...]] = ("target",)

    @staticmethod
    def measure(given: Given[pl.Expr]) -> pl.Expr:
        """Return attainment for whole columns."""
        target = given.anchors["target"]
        return 1 - divided((given.actual - target).abs(), target.abs())

    @staticmethod
    def exact(given: Given[Fraction | None]) -> Fraction | None:
        """Return attainment of one goal in exact fractions."""
        target = given.anchor("target")
        if given.actual is None or target is None:
            return None
        away = divided_exact(abs(given.actual - target), abs(target))
        return None if away is None else 1 - away

    @staticmethod
    def answer(share: Fraction, given: Given[Fraction | None]) -> Fraction | None:
        """Return the actual at which attainment would be `share`, or None where no single actual says it."""
        # Two actuals are equally close; the answer is on the side where the actual lies now.
        target = given.anchor("target")
        if target is None:
            return None
        side = -1 if given.actual is not None and given.actual < target else 1
        return target + side * (1 - share) * abs(target)
