"""Neutral: the goal counts as if its target had been met exactly."""

from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg


class Neutral:
    """Neutral: the goal counts as if its target had been met exactly."""

    name: ClassVar[str] = "neutral"
    summary: ClassVar[Message] = msg("counts as if the target had been met exactly")
    blocks: ClassVar[bool] = False

    @staticmethod
    def actual() -> pl.Expr:
        """Return the actual that stands in."""
        return pl.lit(None, dtype=pl.Float64)

    @staticmethod
    def points() -> pl.Expr:
        """Return the points that stand in."""
        return pl.col("target_points")
