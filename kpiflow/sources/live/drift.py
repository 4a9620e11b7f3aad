"""Whether what came is like what used to come: rows and level of each day against the source's own days before.

Robust: the median of the days before, and the median distance from it, so that one strange day is not a new custom. Rows are
held against the same day of the week where there are enough of it, so that a quiet Sunday is no question.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

import polars as pl

from kpiflow.core.live_source import Expected

#: How far a day may lie from the median, in robust standard deviations, before a question is asked.
FAR = 3.5

#: How many days before there must be, and how many are looked at.
FEWEST, MOST = 8, 60

#: How many of the same day of the week there must be before for rows to be held against them alone.
WEEKS = 4

#: What makes the median distance of a normal spread its standard deviation.
_NORMAL = 1.4826

#: Differences below this share of the median are no question, however regular the days before were.
_SMALL = 0.1

#: A source that has rows on so many of its days before is missed on a day without.
_DAILY = 0.9


class What(StrEnum):
    """What is unlike the days before."""

    VOLUME = "volume"
    LEVEL = "level"
    SPREAD = "spread"
    EXPECTED = "expected"


@dataclass(frozen=True)
class Drift:
    """One question: what was found on a day, and between which bounds it used to lie."""

    what: What
    metric: str
    day: datetime.date
    found: float
    low: float
    high: float


def drifts(before: pl.DataFrame, arrived: pl.DataFrame, today: datetime.date, expected: Expected | None) -> list[Drift]:
    """Return the questions that days raise; both frames have metric, day, rows, amount, base, one row per metric and day.

    `before` is what was known of the source. Whole days before `today` are judged when they are new or changed, each
    against earlier days.
    """
    found: list[Drift] = []
    judged = to_judge(before, arrived, today)
    for (metric,), days in judged.group_by("metric", maintain_order=True):
        first = days["day"].min()
        history = before.filter((pl.col("metric") == metric) & (pl.col("day") < first)).sort("day").tail(MOST)
        found += _of_metric(str(metric), history, days.sort("day"))
    if expected is not None:
        found += _unexpected(judged, expected)
    return found


def to_judge(before: pl.DataFrame, arrived: pl.DataFrame, today: datetime.date) -> pl.DataFrame:
    """Return the days that are looked at: whole ones that are new, or not as they were known."""
    whole = arrived.filter(pl.col("day") < today)
    return whole.join(before, on=["metric", "day", "rows", "amount", "base"], how="anti", nulls_equal=True)


def _of_metric(metric: str, history: pl.DataFrame, days: pl.DataFrame) -> Iterator[Drift]:
    if history.height < FEWEST:
        return
    counted = dict(zip(days["day"], days["rows"], strict=True))
    weekdays = _by_weekday(history)
    every = [float(rows) for rows in history["rows"]]
    for day in sorted({*counted, *_gaps(history, days, weekdays)}):
        rows, alike = float(counted.get(day, 0)), weekdays.get(day.isoweekday(), [])
        bounds = _bounds(alike if len(alike) >= WEEKS else every, counts=True)
        if not bounds[0] <= rows <= bounds[1]:
            yield Drift(What.VOLUME, metric, day, rows, *bounds)
    bounds = _bounds(_levels(history), counts=False)
    for day, level in zip(days["day"], _levels(days), strict=True):
        if not bounds[0] <= level <= bounds[1]:
            yield Drift(What.LEVEL, metric, day, level, *bounds)


def _by_weekday(history: pl.DataFrame) -> dict[int, list[float]]:
    """Return the rows of the days before by their day of the week, 1 for Monday."""
    grouped = history.group_by(pl.col("day").dt.weekday()).agg(pl.col("rows").cast(pl.Float64))
    return dict(grouped.iter_rows())


def _levels(days: pl.DataFrame) -> list[float]:
    """Return the mean of each day: of a ratio its counts divided, else what one row measures."""
    amount, base = (pl.col(name).cast(pl.Float64) for name in ("amount", "base"))
    per = pl.when(base.is_not_null()).then(base).otherwise(pl.col("rows").cast(pl.Float64))
    return days.select(pl.when(per > 0).then(amount / per).otherwise(0.0)).to_series().to_list()


def _bounds(known: list[float], *, counts: bool) -> tuple[float, float]:
    """Return between which bounds the next one lies when all stays as it was."""
    middle = median(known)
    spread = _NORMAL * median(abs(one - middle) for one in known)
    chance = abs(middle) ** 0.5 if counts else 0.0  # independent arrivals vary by the root of their number
    reach = max(FAR * max(spread, chance), _SMALL * abs(middle), 1e-9)
    low = middle - reach
    return (max(0.0, low) if counts else low), middle + reach


def _gaps(history: pl.DataFrame, days: pl.DataFrame, weekdays: Mapping[int, list[float]]) -> set[datetime.date]:
    """Return the days without a row between what was known and what came, on which the source used to bring something.

    That is daily, or on that day of the week: a source that rests on Sundays is missed on a Tuesday.
    """
    first, last, newest = history["day"].min(), history["day"].max(), days["day"].max()
    if not (isinstance(first, datetime.date) and isinstance(last, datetime.date) and isinstance(newest, datetime.date)):
        return set()
    missing = [last + datetime.timedelta(days=one) for one in range(1, (newest - last).days)]
    passed = Counter((first + datetime.timedelta(days=one)).isoweekday() for one in range((last - first).days + 1))
    daily = history.height >= _DAILY * passed.total()

    def usual(weekday: int) -> bool:
        enough = passed[weekday] >= WEEKS
        return len(weekdays.get(weekday, [])) >= _DAILY * passed[weekday] if enough else daily

    return {day for day in missing if usual(day.isoweekday())}


def _unexpected(judged: pl.DataFrame, expected: Expected) -> Iterator[Drift]:
    """Yield a question for each day outside of what the company said it expects, over all metrics."""
    most = float("inf") if expected.most is None else float(expected.most)
    daily = judged.group_by("day").agg(pl.col("rows").sum()).sort("day")
    for day, rows in daily.iter_rows():
        if not expected.least <= rows <= most:
            yield Drift(What.EXPECTED, "", day, float(rows), float(expected.least), most)
