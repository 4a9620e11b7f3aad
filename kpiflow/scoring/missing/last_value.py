"""Last value: the latest actual known before stands in."""

from typing import ClassVar

import polars as pl

from kpiflow.language import Message, msg


class LastValue:
    """Last value: the latest actual known before stands in; not for amounts that pile up, which would count twice."""

    name: ClassVar[str] = "last_value"
    summary: ClassVar[Message] = msg("the latest actual known before stands in")
    blocks: ClassVar[bool] = False

    @staticmethod
    def actual() -> pl.Expr:
        """Return the actual that stands in."""
        return pl.col("last_actual")

    @staticmethod
    def points() -> pl.Expr:
        """Return the points that stand in."""
        return pl.lit(None, dtype=pl.Float64)
