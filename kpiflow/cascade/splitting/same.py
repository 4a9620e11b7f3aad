"""Same: every open child gets the parent's own target, with its buffer; for amounts that is more than the parent asks.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import polars as pl

from kpiflow.cascade.splitting.method import ALL, Task, constant
from kpiflow.cascade.ways import Way
from kpiflow.language import Message, msg


class Same:
    """Same: every open child gets the parent's own target, with its buffer."""

    name: ClassVar[str] = "same"
    summary: ClassVar[Message] = msg("the parent's own target for everyone")
    needs: ClassVar[tuple[str, ...]] = ()
    ways: ClassVar[frozenset[Way]] = ALL
    shares: ClassVar[bool] = False

    @staticmethod
    def weights(children: pl.DataFrame) -> pl.Series:
        """Return nothing: no child weighs."""
        return constant(children, None)

    @staticmethod
    def exact(task: Task) -> list[Fraction | None]:
        """Return what the parent asks, once per open child."""
        return [task.asked] * task.open.height

    @staticmethod
    def reason(line: Mapping[str, Any]) -> Message:
        """Return why a child got its target."""
        return msg("The same target as asked of the whole: {target}.", **line)
