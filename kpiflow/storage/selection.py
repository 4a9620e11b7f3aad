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
        return self.holds("day")

    def holds(self, column: str) -> str:
        """Return the SQL condition that the day in a column lies in it."""
        return f"{column} BETWEEN DATE '{self.starts}' AND DATE '{self.ends}'"

    def pieces(self) -> list[tuple[str, "Window"]]:
        """Return the stretches it is made of: of whole calendar years, of whole months before and after, of days.

        >>> for unit, one in Window("w", datetime.date(2011, 11, 15), datetime.date(2014, 3, 2)).pieces():
        ...     print(unit, one.starts, one.ends)
        year 2012-01-01 2013-12-31
        month 2011-12-01 2011-12-31
        month 2014-01-01 2014-02-28
        day 2011-11-15 2011-11-30
        day 2014-03-01 2014-03-02
        """
        first, end = self.starts, self.ends + _DAY
        month, last_month = _next(first, month=False), end.replace(day=1)
        year, last_year = _next(month, month=True), last_month.replace(month=1)
        if month >= last_month:
            return [("day", self)]  # also a window that has not begun
        if year >= last_year:
            found = [("month", month, last_month), ("day", first, month), ("day", last_month, end)]
        else:
            found = [
                ("year", year, last_year),
                ("month", month, year),
                ("month", last_year, last_month),
                ("day", first, month),
                ("day", last_month, end),
            ]
        return [(unit, Window(self.window, start, stop - _DAY)) for unit, start, stop in found if start < stop]


_DAY = datetime.timedelta(days=1)


def _next(day: datetime.date, *, month: bool) -> datetime.date:
    """Return the day if it is the first of a month (with `month`, of a year), or the first that comes after it."""
    if month:
        return day if (day.month, day.day) == (1, 1) else datetime.date(day.year + 1, 1, 1)
    return day if day.day == 1 else (day.replace(day=28) + 4 * _DAY).replace(day=1)


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
