"""By weight: parts in proportion to a weight that somebody wrote down.

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


class ByWeight:
    """By weight: parts in proportion to a weight that somebody wrote down."""

    name: ClassVar[str] = "by_weight"
    summary: ClassVar[Message] = msg("in proportion to written weights")
    needs: ClassVar[tuple[str, ...]] = ("weight",)
    ways: ClassVar[frozenset[Way]] = SUMS
    shares: ClassVar[bool] = True

    @staticmethod
    def weights(children: pl.DataFrame) -> pl.Series:
        """Return the weight of each child."""
        return column(children, "weight")

    @staticmethod
    def exact(task: Task) -> list[Fraction | None]:
        """Return the unrounded share of each open child."""
        return in_proportion(task, ByWeight.weights(task.open))

    @staticmethod
    def reason(line: Mapping[str, Any]) -> Message:
        """Return why a child got its share."""
        return msg("Weight {weight} of {total_weight}, of {rest}: {exact}, in whole steps {target}.", **line)
