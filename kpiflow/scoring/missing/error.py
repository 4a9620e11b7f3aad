"""Error: the goal cannot be scored without data, and neither can what is above it."""

from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg


class Error:
    """Error: the goal cannot be scored without data, and neither can what is above it."""

    name: ClassVar[str] = "error"
    summary: ClassVar[Message] = msg("nothing stands in; the goal above is not scored either until there is data")
    blocks: ClassVar[bool] = True

    @staticmethod
    def actual() -> pl.Expr:
        """Return the actual that stands in."""
        return pl.lit(None, dtype=pl.Float64)

    @staticmethod
    def points() -> pl.Expr:
        """Return the points that stand in."""
        return pl.lit(None, dtype=pl.Float64)
