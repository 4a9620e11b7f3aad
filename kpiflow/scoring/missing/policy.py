"""What every missing-data policy is: the value and the points that stand in when nothing was measured."""

from typing import ClassVar, Protocol

import polars as pl

from kpiflow.language import Message


class Policy(Protocol):
    """A stated answer to "there is no data". What it did is shown beside the number, in the column `missing`."""

    name: ClassVar[str]
    summary: ClassVar[Message]
    #: Whether a goal above cannot be scored either until there is data.
    blocks: ClassVar[bool]

    @staticmethod
    def actual() -> pl.Expr:
        """Return the actual that stands in, from the columns of the frame; null for none."""
        ...

    @staticmethod
    def points() -> pl.Expr:
        """Return the points that stand in; null leaves the goal out, and its weight is shared by the others."""
        ...
