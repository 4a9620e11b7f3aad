"""A share of the rest in proportion to a weight: what equal, by weight, by headcount and by last year have in common.

Floor 5, part of cascade. Reads no clock, file or database.
"""

from fractions import Fraction

import polars as pl

from kpiflow.cascade.splitting.method import Task
from kpiflow.core.remainder import fraction


def in_proportion(task: Task, weights: pl.Series) -> list[Fraction | None]:
    """Return rest × weight ÷ sum of weights for each open child, unrounded."""
    shares = [fraction(weight) for weight in weights]
    together = sum(shares, Fraction(0))
    return [task.rest * share / together if together else Fraction(0) for share in shares]
