"""Shift: each open child's rate of last year, all moved by the same distance, so that their mean by volume is the parent's.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import polars as pl

from kpiflow.cascade.splitting.method import RATES, Task, column
from kpiflow.cascade.ways import Way
from kpiflow.core.remainder import fraction
from kpiflow.language import Message, msg


class Shift:
    """Shift: a rate split by volume. Everyone improves by the same number of points from where they stood.

    distance = (asked × all volume − Σ locked volume × target − Σ open volume × last rate) ÷ open volume.
    """

    name: ClassVar[str] = "shift"
    summary: ClassVar[Message] = msg("last year's rate of each one, all moved by the same distance")
    needs: ClassVar[tuple[str, ...]] = ("last_volume", "last_rate")
    ways: ClassVar[frozenset[Way]] = RATES
    shares: ClassVar[bool] = False

    @staticmethod
    def weights(children: pl.DataFrame) -> pl.Series:
        """Return last year's volumes, by which the mean is taken."""
        return column(children, "last_volume")

    @staticmethod
    def exact(task: Task) -> list[Fraction | None]:
        """Return last rate + distance for each open child, unrounded."""
        volumes = [fraction(volume) for volume in task.open["last_volume"]]
        rates = [fraction(rate) for rate in task.open["last_rate"]]
        kept = [(fraction(v), fraction(t)) for v, t in task.locked.select("last_volume", "target_before").iter_rows()]
        everything = sum(volumes, Fraction(0)) + sum((volume for volume, _ in kept), Fraction(0))
        needed = task.asked * everything - sum((volume * target for volume, target in kept), Fraction(0))
        stands = sum((volume * rate for volume, rate in zip(volumes, rates, strict=True)), Fraction(0))
        distance = (needed - stands) / sum(volumes, Fraction(0))
        return [rate + distance for rate in rates]

    @staticmethod
    def reason(line: Mapping[str, Any]) -> Message:
        """Return why a child got its target."""
        return msg(
            "Last year's {last_rate} moved by {distance}, as for everyone: {exact}, in whole steps {target}.", **line
        )
