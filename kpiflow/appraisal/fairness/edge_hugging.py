"""Edges with many results just above them and few just below: where effort, luck or rounding may have stopped at the line.

Floor 4: knows core and frames. Reads no clock, file or database.
"""

from fractions import Fraction
from math import comb

import polars as pl

#: An edge is asked about when chance alone would put as many results above it less often than this.
CHANCE = 0.05


def edge_hugging(near: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Return `by`, above, below, and chance: how often an even coin would put at least so many of them above.

    `near` has a row per result near an edge: `by`, and `above`, whether it lies on the edge or over it. The chance is the
    upper tail of the binomial distribution, in exact fractions. The least likely come first.
    """
    counted = near.group_by(by).agg(
        above=pl.col("above").sum().cast(pl.Int64), below=(~pl.col("above")).sum().cast(pl.Int64)
    )
    # The same few pairs of counts come again and again: each is worked out once.
    pairs = counted.select("above", "below").unique()
    tails = [float(upper_tail(above, above + below)) for above, below in pairs.iter_rows()]
    found = counted.join(pairs.with_columns(chance=pl.Series(tails, dtype=pl.Float64)), on=["above", "below"])
    return found.filter(pl.col("chance") < CHANCE).sort("chance", *by)


def upper_tail(hits: int, tries: int) -> Fraction:
    """Return the probability of at least `hits` heads in `tries` throws of an even coin.

    >>> upper_tail(5, 5), upper_tail(0, 5)
    (Fraction(1, 32), Fraction(1, 1))
    """
    return Fraction(sum(comb(tries, k) for k in range(hits, tries + 1)), 2**tries)
