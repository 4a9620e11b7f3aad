"""The floor it is measured against: DuckDB's GROUP BY of the same table, with DuckDB's own settings."""

from dataclasses import dataclass

import polars as pl

from kpiflow.storage.store import Cursor, Store

_SUMS = "sum(amount)::DOUBLE AS amount, sum(base)::DOUBLE AS base, count(*) AS n, max(day) AS last_day"

#: By the keys the job needs, metric and person, which the store keeps as one number, the series. The strictest form:
#: it leaves out even what the numbers stand for.
BY_SERIES = f"SELECT series, {_SUMS} FROM measurement GROUP BY series"

#: By the same keys as their names, as somebody would write it who asks the store by hand.
BY_NAMES = f"SELECT metric, person, {_SUMS} FROM measurement JOIN series USING (series) GROUP BY metric, person"

#: What each series stands for, to compare the answers.
NAMES = "SELECT series, metric, person FROM series"


@dataclass(frozen=True)
class Plain:
    """A connection to the store's file with DuckDB's default settings, but for the progress bar, which would be printed."""

    cursor: Cursor

    @classmethod
    def of(cls, store: Store) -> "Plain":
        """Return a new connection."""
        cursor = store.read()
        cursor.execute("RESET perfect_ht_threshold")
        return cls(cursor)

    def ask(self, query: str) -> pl.DataFrame:
        """Return what a query answers, as a frame."""
        return self.cursor.sql(query).pl()
