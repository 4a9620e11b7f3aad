"""Whether the values that came are spread as they used to be: the population stability index over tenths of the earlier ones.

PSI = Σ (now − before) · ln(now / before) over the shares in each group. Its usual bands (N. Siddiqi, Credit Risk Scorecards, 2006):
below 0.10 nothing has changed, to 0.25 a little, above it much. With few values chance alone goes beyond: without any change PSI is
spread as χ² with one degree of freedom less than there are groups, times (1/n + 1/m) (B. Yurdakul, Statistical Properties of
Population Stability Index, 2018); so it must also be beyond what chance reaches once in a thousand times.
"""

import math
from collections.abc import Sequence

import polars as pl

from kpiflow.sources.live.drift import Drift, What

#: From where on a shift counts as a real one.
LARGE = 0.25

#: Fewer values than these, before or now, say nothing about how they are spread.
FEWEST_VALUES = 30

#: What χ² exceeds once in a thousand times, by its degrees of freedom from 1 to 9 (NIST/SEMATECH e-Handbook, 1.3.6.7.4).
_CHANCE = (10.828, 13.816, 16.266, 18.467, 20.515, 22.458, 24.322, 26.124, 27.877)


def stability_index(before: Sequence[int], now: Sequence[int]) -> float:
    """Return the population stability index of two lists of counts; each count is taken for half a value more than it is.

    Half a value in every group keeps an empty one from making it infinite.

    >>> round(stability_index([50, 50], [50, 50]), 3), round(stability_index([50_000, 50_000], [75_000, 25_000]), 3)
    (0.0, 0.275)
    """
    groups = len(before)
    was, is_now = (
        [(count + 0.5) / (sum(counts) + 0.5 * groups) for count in counts] for counts in (before, now)
    )  # fmt: skip
    return sum((new - old) * math.log(new / old) for old, new in zip(was, is_now, strict=True))


def bound(before: int, now: int, groups: int) -> float:
    """Return from where on an index of so many values is a question."""
    return max(LARGE, _CHANCE[min(groups - 1, len(_CHANCE)) - 1] * (1 / before + 1 / now))


def shifts(binned: pl.DataFrame, arrived: pl.DataFrame) -> list[Drift]:
    """Return the questions that the spread of values raises, at most one of each metric, about the newest day that came.

    `binned` has metric, group, before and now, how many values lie in each group; `arrived` metric and day.
    """
    found: list[Drift] = []
    newest = dict(arrived.group_by("metric").agg(pl.col("day").max()).iter_rows())
    for (metric,), rows in binned.group_by("metric", maintain_order=True):
        before, now = rows["before"].to_list(), rows["now"].to_list()
        if len(before) < 2 or min(sum(before), sum(now)) < FEWEST_VALUES:
            continue
        index, most = stability_index(before, now), bound(sum(before), sum(now), len(before))
        if index > most:
            found.append(Drift(What.SPREAD, str(metric), newest[metric], index, 0.0, most))
    return found
