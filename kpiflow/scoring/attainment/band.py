"""Band: full inside the band, and outside less by the distance from the nearest edge."""

from fractions import Fraction
from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg
from kpiflow.scoring.attainment.convention import divided, divided_exact
from kpiflow.scoring.given import Given


class Band:
    """1 inside [low, high]; outside 1 − distance ÷ |nearest edge|, which is closeness when both edges are the target."""

    name: ClassVar[str] = "band"
    formula: ClassVar[Message] = msg("1 inside the band; outside 1 − distance to the nearest edge ÷ |edge|")
    needs: ClassVar[tuple[str, ...]] = ("low", "high")

    @staticmethod
    def measure(given: Given[pl.Expr]) -> pl.Expr:
        """Return attainment for whole columns."""
        low, high = given.anchors["low"], given.anchors["high"]
        known = given.actual.is_not_null() & low.is_not_null() & high.is_not_null()
        outside = (
            pl.when(given.actual < low)
            .then(1 - divided(low - given.actual, low.abs()))
            .when(given.actual > high)
            .then(1 - divided(given.actual - high, high.abs()))
            .otherwise(1.0)
        )
        return pl.when(known).then(outside)

    @staticmethod
    def exact(given: Given[Fraction | None]) -> Fraction | None:
        """Return attainment of one goal in exact fractions."""
        low, high = given.anchor("low"), given.anchor("high")
        if given.actual is None or low is None or high is None:
            return None
        if low <= given.actual <= high:
            return Fraction(1)
        edge = low if given.actual < low else high
        away = divided_exact(abs(given.actual - edge), abs(edge))
        return None if away is None else 1 - away

    @staticmethod
    def answer(share: Fraction, given: Given[Fraction | None]) -> Fraction | None:
        """Return the actual at which attainment would be `share`, or None where no single actual says it."""
        edge = given.anchor(
            "high" if given.actual is not None and given.actual > (given.anchor("high") or 0) else "low"
        )
        if edge is None:
            return None
        side = 1 if edge == given.anchor("high") else -1
        return edge + side * max(1 - share, Fraction(0)) * abs(edge)
