"""Fixed amounts: each open child gets what was written down for it; what is left over or too much is shown.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import polars as pl

from kpiflow.cascade.splitting.method import ALL, Task, constant
from kpiflow.cascade.ways import Way
from kpiflow.core.remainder import fraction
from kpiflow.language import Message, msg


class Fixed:
    """Fixed amounts: each open child gets what was written down for it; one without an amount gets no target."""

    name: ClassVar[str] = "fixed"
    summary: ClassVar[Message] = msg("the amount written down for each one")
    needs: ClassVar[tuple[str, ...]] = ()
    ways: ClassVar[frozenset[Way]] = ALL - {Way.NOT_SPLITTABLE}
    shares: ClassVar[bool] = False

    @staticmethod
    def weights(children: pl.DataFrame) -> pl.Series:
        """Return nothing: no child weighs."""
        return constant(children, None)

    @staticmethod
    def exact(task: Task) -> list[Fraction | None]:
        """Return the written amount of each open child."""
        return [None if amount is None else fraction(amount) for amount in task.open["fixed"]]

    @staticmethod
    def reason(line: Mapping[str, Any]) -> Message:
        """Return why a child got its target, or has none."""
        if line["exact"].value is None:
            return msg("No amount is written down for it, so it has no target yet.")
        return msg("Written down: {exact}, in whole steps {target}.", **line)
