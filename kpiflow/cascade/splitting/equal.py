"""Equal: every open child gets the same part of what is to be shared out.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import polars as pl

from kpiflow.cascade.splitting.method import SUMS, Task, constant
from kpiflow.cascade.splitting.shares import in_proportion
from kpiflow.cascade.ways import Way
from kpiflow.language import Message, msg


class Equal:
    """Equal: every open child gets the same part of what is to be shared out."""

    name: ClassVar[str] = "equal"
    summary: ClassVar[Message] = msg("the same part for everyone")
    needs: ClassVar[tuple[str, ...]] = ()
    ways: ClassVar[frozenset[Way]] = SUMS
    shares: ClassVar[bool] = True

    @staticmethod
    def weights(children: pl.DataFrame) -> pl.Series:
        """Return the weight of each child."""
        return constant(children, 1.0)

    @staticmethod
    def exact(task: Task) -> list[Fraction | None]:
        """Return the unrounded share of each open child."""
        return in_proportion(task, Equal.weights(task.open))

    @staticmethod
    def reason(line: Mapping[str, Any]) -> Message:
        """Return why a child got its share."""
        return msg("An equal part of {rest}: {exact}, in whole steps {target}.", **line)
