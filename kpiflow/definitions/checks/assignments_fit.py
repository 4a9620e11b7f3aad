"""Assignments fit together: they end after they start, do not overlap in one unit, and make at most one full job.

Floor 5, part of definitions. Reads no clock, file or database.
"""

from collections.abc import Iterator

import polars as pl

from kpiflow.definitions.company import Company
from kpiflow.definitions.places import Places
from kpiflow.errors import Level, Problem
from kpiflow.language import msg

_KEY = ["person", "unit", "role"]


def check(company: Company, places: Places) -> Iterator[Problem]:
    """Yield an error for stretches that end before they start or overlap, a warning for more than one full job."""
    rows = places.table(company, "assignments")
    backward = pl.col("ends") < pl.col("starts")
    yield from places.listed(
        rows.filter(backward),
        "ends",
        Level.ERROR,
        lambda row: msg(
            "This assignment ends on {ends}, before it starts on {starts}.", ends=row["ends"], starts=row["starts"]
        ),
    )
    forever = pl.date(9999, 12, 31)
    sound = (
        rows.filter(~backward.fill_null(False))
        .with_columns(last=pl.col("ends").fill_null(forever))
        .sort(*_KEY, "starts")
    )
    before = sound.with_columns(until=pl.col("last").cum_max().shift(1).over(_KEY))
    yield from places.listed(
        before.filter(pl.col("starts") <= pl.col("until")),
        "starts",
        Level.ERROR,
        lambda row: msg(
            "This overlaps another assignment of '{person}' in '{unit}'. End the earlier one before {starts}.",
            person=row["person"],
            unit=row["unit"],
            starts=row["starts"],
        ),
    )
    yield from _too_much(sound, places)


def _too_much(sound: pl.DataFrame, places: Places) -> Iterator[Problem]:
    """Whoever has more than one full job on some day; a day's ends count before the same day's starts."""
    starts = sound.select("person", day=pl.col("starts").to_physical(), change="fte", path="path", line="line")
    ends = sound.select("person", day=pl.col("last").to_physical() + 1, change=-pl.col("fte"), path="path", line="line")
    changes = pl.concat([starts, ends]).sort("person", "day", "change")
    totals = changes.with_columns(total=pl.col("change").cum_sum().over("person").round(6))
    bad = totals.filter((pl.col("total") > 1) & (pl.col("change") > 0)).unique(
        "person", keep="first", maintain_order=True
    )
    yield from places.listed(
        bad,
        "fte",
        Level.WARNING,
        lambda row: msg(
            "From this assignment on '{person}' works {total} of a full job in total. "
            "Is the fte of one too high, or an end missing?",
            person=row["person"],
            total=row["total"],
        ),
    )
