"""Zero: no data earns no points."""

from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg


class Zero:
    """Zero: no data earns no points."""

    name: ClassVar[str] = "zero"
    summary: ClassVar[Message] = msg("no data earns no points")
    blocks: ClassVar[bool] = False

    @staticmethod
    def actual() -> pl.Expr:
        """Return the actual that stands in."""
        return pl.lit(None, dtype=pl.Float64)

    @staticmethod
    def points() -> pl.Expr:
        """Return the points that stand in."""
        return pl.lit(0.0)
