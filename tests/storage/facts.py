"""Facts for the tests of the store, written short: metric, unit, person, day, entry, amount, base."""

import datetime
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl

from kpiflow.storage import LoadReport, Source, Store, load


def moment(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime.datetime:
    """A moment of 2026 as the local clock showed it."""
    return datetime.datetime.combine(datetime.date(2026, month, day), datetime.time(hour, minute))


NOON = moment(1, 10)


class F(NamedTuple):
    """One fact; with a base, amount is the numerator."""

    metric: str = "delay"
    unit: str = "EWR"
    person: str | None = None
    day: datetime.date = datetime.date(2026, 1, 5)
    entry: str = ""
    amount: Decimal = Decimal(1)
    base: Decimal | None = None


def frame(facts: Iterable[F]) -> pl.DataFrame:
    """The facts in the tidy form, with their rows counted from 2."""
    number = pl.Decimal(18, 6)
    columns = {"metric": pl.String, "unit": pl.String, "person": pl.String, "day": pl.Date, "entry": pl.String}
    made = pl.DataFrame(list(facts), schema={**columns, "amount": number, "base": number}, orient="row")
    ratio = pl.col("base").is_not_null()
    return made.select(
        *columns,
        pl.when(~ratio).then("amount").alias("value"),
        pl.when(ratio).then("amount").alias("numerator"),
        pl.col("base").alias("denominator"),
        pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias("row"),
    )


def put(store: Store, facts: Iterable[F], at: datetime.datetime = NOON, reason: str | None = None) -> LoadReport:
    """Load facts, as Ann."""
    listed = list(facts)
    return load(store, frame(listed), Source("facts.csv", "abc", len(listed)), who="ann", at=at, reason=reason)


@contextmanager
def new_store() -> Iterator[Store]:
    """A store of its own for one example of a property test."""
    with tempfile.TemporaryDirectory() as folder, Store.create(Path(folder) / "kpiflow.duckdb") as store:
        yield store
