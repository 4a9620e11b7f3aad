"""What every way of splitting a target is: a name, what it needs to know of the children, and the share it gives each.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Protocol

import polars as pl

from kpiflow.cascade.ways import Way
from kpiflow.language import Message


@dataclass(frozen=True)
class Task:
    """What is to be shared out. `asked` is the parent's target with its buffer, a whole number of steps.

    `rest` is what of `asked` the locked children leave for the others. `open` and `locked` are rows of Children.
    """

    way: Way
    asked: Fraction
    rest: Fraction
    open: pl.DataFrame
    locked: pl.DataFrame


class Method(Protocol):
    """One way of splitting. `shares` says whether its weights hand out the rest, or it names each target itself.

    `needs` are the columns of Children that every open child must have; `ways` the metrics it fits.
    """

    name: ClassVar[str]
    summary: ClassVar[Message]
    needs: ClassVar[tuple[str, ...]]
    ways: ClassVar[frozenset[Way]]
    shares: ClassVar[bool]

    @staticmethod
    def weights(children: pl.DataFrame) -> pl.Series:
        """Return the weight of each child, Float64, in the order of the rows; null where it has none."""
        ...

    @staticmethod
    def exact(task: Task) -> list[Fraction | None]:
        """Return the unrounded target of each open child; None leaves a child without a target."""
        ...

    @staticmethod
    def reason(line: Mapping[str, Any]) -> Message:
        """Return why a child got its target; `line` has Quantity values of the line's columns and `total_weight`."""
        ...


#: Ways a method may fit.
SUMS = frozenset({Way.SUM})
RATES = frozenset({Way.VOLUME_WEIGHTED})
ALL = frozenset(Way)


def constant(children: pl.DataFrame, value: float | None) -> pl.Series:
    """Return the same weight for every child."""
    return children.select(weight=pl.repeat(value, pl.len(), dtype=pl.Float64)).to_series()


def column(children: pl.DataFrame, name: str) -> pl.Series:
    """Return a column of the children as weights."""
    return children[name].cast(pl.Float64).alias("weight")
