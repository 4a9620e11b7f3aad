"""What another table knows of each row, put beside a table that has many columns.

Floor 3: knows nothing but tables. Reads no clock, file or database.
"""

from collections.abc import Callable, Sequence

import polars as pl


def with_known(table: pl.DataFrame, known: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """Return a table with the other columns of `known`, which has each key once, beside it; rows keep their order.

    Only the keys are joined, and what is found stays in one piece: a join copies all columns of both tables, and one
    that comes in pieces makes every later step put all columns together again.
    """
    found = table.select(on).join(known, on=on, how="left", maintain_order="left")
    return table.hstack(found.drop(on).rechunk())


def spelled(column: pl.Series) -> pl.Series:
    """Return a column of a closed list of words as text: each word is taken from the list, a sixth of what a cast costs.

    >>> spelled(pl.Series("status", ["late", None], dtype=pl.Enum(["done", "late"]))).to_list()
    ['late', None]
    """
    if not isinstance(column.dtype, pl.Enum):
        return column.cast(pl.String)
    return column.dtype.categories.gather(column.to_physical()).alias(column.name)


def by_runs(column: pl.Series, work: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return what `work` makes of each value of a column, value by value; each run of equal values is worked out once.

    Goals of one owner, or below one goal, mostly stand together: a hundred thousand runs of half a million goals.
    """
    starts = column.ne_missing(column.shift())
    if len(starts):
        starts[0] = True
    return work(column.filter(starts)).gather(starts.cast(pl.UInt32).cum_sum() - 1)


def positions(wanted: pl.Series, among: pl.Series) -> pl.Series:
    """Return where each whole number stands among others, which are there once; null where it does not.

    Numbers that lie close together are looked up in a table with a place for each, which is several times faster than
    a join; a table much longer than the numbers would not be.
    """
    at = pl.int_range(len(among), dtype=pl.UInt32, eager=True)
    most = max(int(series.max() or 0) for series in (wanted, among))  # type: ignore[arg-type]
    if most > 8 * (len(wanted) + len(among)):
        found = pl.DataFrame({"number": among, "at": at}).filter(pl.col("number").is_not_null())
        return wanted.to_frame("number").join(found, on="number", how="left", maintain_order="left")["at"]
    known = among.is_not_null()
    table = pl.repeat(None, most + 1, dtype=pl.UInt32, eager=True)
    return table.scatter(among.filter(known), at.filter(known)).gather(wanted)


def with_numbered(table: pl.DataFrame, known: pl.DataFrame, on: str) -> pl.DataFrame:
    """Return a table with the other columns of `known` beside it, found by a whole number that `known` has once each.

    The same as `with_known` where the key is one column of numbers that lie close together: nothing is joined.
    """
    return table.hstack(known.select(pl.exclude(on).gather(positions(table[on], known[on]))))


def scattered(values: pl.DataFrame, rows: pl.Series, height: int) -> pl.DataFrame:
    """Return a table of a height with each row of `values` at its place, `rows`; null where there is none."""
    found = pl.int_range(len(rows), dtype=pl.UInt32, eager=True)
    at = pl.repeat(None, height, dtype=pl.UInt32, eager=True).scatter(rows, found)
    return values.select(pl.all().gather(at))
