"""Share in band: in how many of the months with data the actual stayed within the band."""

from fractions import Fraction
from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg
from kpiflow.scoring.given import Given


class ShareInBand:
    """Months inside [low, high] ÷ months that have data. Source: OpenOKR's control measures."""

    name: ClassVar[str] = "share_in_band"
    formula: ClassVar[Message] = msg("months within the band ÷ months with data")
    needs: ClassVar[tuple[str, ...]] = ("low", "high")

    @staticmethod
    def measure(given: Given[pl.Expr]) -> pl.Expr:
        """Return attainment for whole columns."""
        return given.in_band

    @staticmethod
    def exact(given: Given[Fraction | None]) -> Fraction | None:
        """Return attainment of one goal in exact fractions."""
        return given.in_band

    @staticmethod
    def answer(share: Fraction, given: Given[Fraction | None]) -> Fraction | None:  # noqa: ARG004  (every convention is asked alike)
        """Return the actual at which attainment would be `share`, or None where no single actual says it."""
        return None
