"""By headcount: parts in proportion to how many people each child has.

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


class ByHeadcount:
    """By headcount: parts in proportion to how many people each child has."""

    name: ClassVar[str] = "by_headcount"
    summary: ClassVar[Message] = msg("in proportion to the people each one has")
    needs: ClassVar[tuple[str, ...]] = ("headcount",)
    ways: ClassVar[frozenset[Way]] = SUMS
    shares: ClassVar[bool] = True

    @staticmethod
    def weights(children: pl.DataFrame) -> pl.Series:
        """Return the weight of each child."""
        return column(children, "headcount")

    @staticmethod
    def exact(task: Task) -> list[Fraction | None]:
        """Return the unrounded share of each open child."""
        return in_proportion(task, ByHeadcount.weights(task.open))

    @staticmethod
    def reason(line: Mapping[str, Any]) -> Message:
        """Return why a child got its share."""
        return msg("{weight} of {total_weight} people, of {rest}: {exact}, in whole steps {target}.", **line)
