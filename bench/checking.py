"""Before any time is printed: everybody must have worked out the same."""

import pandas as pd
import polars as pl

from bench.main_job import Done
from bench.policy import METRICS

#: How far two numbers may lie apart, of their size: sums of floats depend on their order, snapped points do not.
TOLERANCE = 1e-9

#: What is compared between two main jobs: the table, its key, and the number.
COMPARED = (
    ("goals", "goal", "actual"),
    ("goals", "goal", "points"),
    ("goals", "goal", "score"),
    ("people", "person", "score"),
    ("paid", "person", "amount"),
)


class Different(AssertionError):
    """Two ways came to different numbers."""


def same(what: str, ours: pl.DataFrame, theirs: pl.DataFrame, key: list[str], number: str) -> None:
    """Raise Different unless both have the same keys and the same numbers, absent ones at the same places."""
    mine, other = (frame.select(*key, pl.col(number).cast(pl.Float64)) for frame in (ours, theirs))
    joined = mine.join(other, on=key, how="full", suffix="_other", coalesce=True)
    one, two = pl.col(number), pl.col(f"{number}_other")
    apart = (one - two).abs() > TOLERANCE * pl.max_horizontal(one.abs(), two.abs(), 1.0)
    wrong = joined.filter(apart | (one.is_null() != two.is_null()))
    if wrong.height or not mine.height == other.height == joined.height:
        raise Different(f"{what}: {wrong.height} of {joined.height} differ, such as {wrong.head(3).rows()}")


def same_as_pandas(ours: Done, theirs: dict[str, pd.DataFrame]) -> None:
    """Compare goals, appraisals and pay with what pandas worked out."""
    for table, key, number in COMPARED:
        found = theirs[table]
        other = pl.DataFrame({key: found[key].to_list(), number: found[number].to_numpy()}).fill_nan(None)
        same(f"pandas, {table}, {number}", getattr(ours, table), other, [key], number)


def same_as_group_by(ours: Done, by_names: pl.DataFrame, by_series: pl.DataFrame, names: pl.DataFrame) -> None:
    """Compare the sums behind everybody's goals with both forms of GROUP BY."""
    keys = ["metric", "person"]
    named = by_series.join(names, on="series")
    for number in ("amount", "base", "n"):
        same(f"the two forms of GROUP BY, {number}", by_names, named, keys, number)
    ratios = pl.col("metric").is_in([one.metric for one in METRICS if one.is_ratio])
    goals = ours.goals.filter(pl.col("owner_kind") == "person").rename({"owner": "person"})
    sums = goals.select(
        *keys,
        amount=pl.when(ratios).then("numerator").otherwise("actual"),
        n="rows",
        last_day=pl.col("last_day").cast(pl.Int32),
    )
    theirs = by_names.with_columns(pl.col("last_day").cast(pl.Int32))
    for number in ("amount", "n", "last_day"):
        same(f"GROUP BY, {number}", sums, theirs, keys, number)
