"""By last year's volume: parts in proportion to what each child did last year.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import polars as pl

from kpiflow.cascade.splitting.method import SUMS, Task, column
from kpiflow.cascade.splitting.shares import in_proportion
from kpiflow.cascade.ways import Way
from kpiflow.language import Message, msg


class ByLastYear:
    """By last year's volume: parts in proportion to what each child did last year."""

    name: ClassVar[str] = "by_last_year"
    summary: ClassVar[Message] = msg("in proportion to what each one did last year")
    needs: ClassVar[tuple[str, ...]] = ("last_volume",)
    ways: ClassVar[frozenset[Way]] = SUMS
    shares: ClassVar[bool] = True

    @staticmethod
    def weights(children: pl.DataFrame) -> pl.Series:
        """Return the weight of each child."""
        return column(children, "last_volume")

    @staticmethod
    def exact(task: Task) -> list[Fraction | None]:
        """Return the unrounded share of each open child."""
        return in_proportion(task, ByLastYear.weights(task.open))

    @staticmethod
    def reason(line: Mapping[str, Any]) -> Message:
        """Return why a child got its share."""
        return msg("{weight} of {total_weight} last year, of {rest}: {exact}, in whole steps {target}.", **line)
