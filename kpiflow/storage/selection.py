"""Which measurements are meant: days in a window, and a choice of metrics, units and people."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.known import day_of
from kpiflow.storage.store import Cursor, Store


@dataclass(frozen=True)
class Window:
    """A stretch of days with a name, both ends counted."""

    window: str
    starts: datetime.date
    ends: datetime.date

    def until(self, as_of: datetime.date | None) -> "Window":
        """Return the window as far as it had come on a day."""
        if as_of is None or day_of(as_of) >= self.ends:
            return self
        return Window(self.window, self.starts, day_of(as_of))

    @property
    def whole_months(self) -> bool:
        """Whether it starts on the first day of a calendar month and ends on the last of one."""
        return self.starts.day == 1 and (self.ends + datetime.timedelta(days=1)).day == 1 and self.starts <= self.ends

    @property
    def condition(self) -> str:
        """The SQL condition that a measurement's day lies in it."""
        return f"day BETWEEN DATE '{self.starts}' AND DATE '{self.ends}'"


@dataclass(frozen=True)
class Selection:
    """A choice of measurements; None leaves that column free, an empty collection chooses nothing.

    With `people`, only measurements of these persons are meant, none of a unit as such.
    """

    metrics: Collection[str] | None = None
    units: Collection[str] | None = None
    people: Collection[str] | None = None


def register_series(cursor: Cursor, name: str, chosen: Selection | Sequence[Selection]) -> int:
    """Make the numbers of the chosen series readable in SQL as a table `name` with one column; return how many.

    Of several choices, the series that any of them means.
    """
    several = [chosen] if isinstance(chosen, Selection) else chosen
    either = [_condition(cursor, f"{name}_{number}", one) for number, one in enumerate(several)]
    found = cursor.sql(f"SELECT series FROM series WHERE {' OR '.join(either) or 'FALSE'}").pl()
    cursor.register(name, found)
    return found.height


def _condition(cursor: Cursor, name: str, chosen: Selection) -> str:
    """Return the SQL condition that a series is chosen; the words are registered under names that begin with `name`."""
    asked = {"metric": chosen.metrics, "unit": chosen.units, "person": chosen.people}
    conditions = ["TRUE"]
    for column, words in asked.items():
        if words is not None:
            cursor.register(f"{name}_{column}", pl.DataFrame({column: list(words)}, schema={column: pl.String}))
            conditions.append(f"{column} IN (SELECT {column} FROM {name}_{column})")
    return f"({' AND '.join(conditions)})"


def dictionary(store: Store, cursor: Cursor) -> pl.DataFrame:
    """Return what each series stands for: series, and metric, unit, person as codes.

    Kept with the store: a series never changes its meaning, so what was read stays true until there are more of them.
    """
    count = cursor.sql("SELECT count(*) FROM series").fetchall()[0][0]
    if store.names is None or store.names.height != count:
        found = cursor.sql("SELECT series, metric, unit, person FROM series").pl().rechunk()
        store.names = found.with_columns(pl.col("metric", "unit", "person").cast(pl.Categorical()))
    return store.names
