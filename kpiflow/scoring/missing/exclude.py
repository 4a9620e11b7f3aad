"""Exclude: the goal is left out, and its weight is shared by the goals that have data."""

from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg


class Exclude:
    """Exclude: the goal is left out, and its weight is shared by the goals that have data."""

    name: ClassVar[str] = "exclude"
    summary: ClassVar[Message] = msg("left out; its weight is shared by the goals that have data")
    blocks: ClassVar[bool] = False

    @staticmethod
    def actual() -> pl.Expr:
        """Return the actual that stands in."""
        return pl.lit(None, dtype=pl.Float64)

    @staticmethod
    def points() -> pl.Expr:
        """Return the points that stand in."""
        return pl.lit(None, dtype=pl.Float64)
