"""What had been recorded by the end of a day, or by an instant: the loads and changes that a belief of then rests on."""

import datetime
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.store import Cursor

#: The tables that say when something was recorded, and the column that numbers it.
_ENTRIES: dict[str, str] = {"load": "load_entry", "change": "change_entry"}


@dataclass(frozen=True)
class Known:
    """The loads or changes recorded by a day. `newest` is the highest of them, 0 when there is none.

    `left_out` are those recorded later; it is empty when everything in the store counts.
    """

    newest: int
    left_out: tuple[int, ...]

    def condition(self, column: str) -> str:
        """Return the SQL condition that a row's load or change is known; `TRUE` when all are.

        >>> Known(3, (4, 5)).condition("load"), Known(3, (1,)).condition("load"), Known(3, ()).condition("load")
        ('load <= 3', 'load NOT IN (1)', 'TRUE')
        """
        if not self.left_out:
            return "TRUE"
        if min(self.left_out) > self.newest:
            return f"{column} <= {self.newest}"
        # Somebody recorded with an earlier time than the load before it: then numbers and times are in different order.
        return f"{column} NOT IN ({', '.join(map(str, self.left_out))})"


def known(cursor: Cursor, what: str, as_of: datetime.date | None) -> Known:
    """Return which of the `load`s or `change`s were recorded by the end of a day or by an instant; None: all there are.

    At the very instant a period was closed by, or looked through, what counts is what was there then: whatever comes in
    later under an earlier time, such as in the hour that clocks are put back, was not.
    """
    rows = cursor.sql(f"SELECT {what}, recorded_at FROM {_ENTRIES[what]}").fetchall()
    last = latest_recorded(as_of)
    newest = _newest_noted(cursor, what, as_of)
    counted = [number for number, at in rows if (last is None or at <= last) and (newest is None or number <= newest)]
    return Known(max(counted, default=0), tuple(sorted({number for number, _ in rows} - set(counted))))


def _newest_noted(cursor: Cursor, what: str, as_of: datetime.date | None) -> int | None:
    """Return the newest load or change there was when a period was closed or looked through at this instant; else None."""
    if not isinstance(as_of, datetime.datetime):
        return None
    at = wall_clock(as_of)
    newest = cursor.execute(
        f"""SELECT min(newest) FROM (SELECT newest_{what} AS newest FROM closing WHERE known_by = ?
            UNION ALL SELECT newest_{what} FROM closing_look WHERE recorded_at = ?)""",
        [at, at],
    ).fetchall()[0][0]
    return None if newest is None else int(newest)


def day_of(as_of: datetime.date) -> datetime.date:
    """Return the day of a day or an instant, as the local clock shows it.

    >>> day_of(datetime.date(2013, 4, 20)), day_of(datetime.datetime(2013, 4, 20, 18, 30))
    (datetime.date(2013, 4, 20), datetime.date(2013, 4, 20))
    """
    return wall_clock(as_of).date() if isinstance(as_of, datetime.datetime) else as_of


def latest_recorded(as_of: datetime.date | None) -> datetime.datetime | None:
    """Return the last moment that counts: the instant itself, or the end of a day; None: no limit.

    >>> latest_recorded(datetime.date(2013, 4, 20))
    datetime.datetime(2013, 4, 20, 23, 59, 59, 999999)
    """
    if as_of is None or isinstance(as_of, datetime.datetime):
        return None if as_of is None else wall_clock(as_of)
    return datetime.datetime.combine(as_of, datetime.time.max)


def recorded_by(column: str, as_of: datetime.date | None) -> str:
    """Return the SQL condition that a row had been recorded by the end of a day or by an instant.

    >>> recorded_by("recorded_at", datetime.date(2013, 4, 20))
    "recorded_at <= TIMESTAMP '2013-04-20 23:59:59.999999'"
    """
    last = latest_recorded(as_of)
    return "TRUE" if last is None else f"{column} <= TIMESTAMP '{last}'"


def known_then(column: str, as_of: datetime.date | None) -> pl.Expr:
    """Return the same condition for the rows of a frame."""
    last = latest_recorded(as_of)
    return pl.lit(value=True) if last is None else pl.col(column) <= last


def wall_clock(at: datetime.datetime) -> datetime.datetime:
    """Return a moment as the local clock showed it: a day of the company ends at its own midnight."""
    return at.astimezone().replace(tzinfo=None) if at.tzinfo else at
