"""What had been recorded by the end of a day: the loads and changes that a belief of that day rests on."""

import datetime
from dataclasses import dataclass

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
    """Return which of the `load`s or `change`s were recorded by the end of a day; None: all there are."""
    rows = cursor.sql(f"SELECT {what}, recorded_at FROM {_ENTRIES[what]}").fetchall()
    counted = [number for number, at in rows if as_of is None or at.date() <= as_of]
    return Known(max(counted, default=0), tuple(sorted({number for number, _ in rows} - set(counted))))


def wall_clock(at: datetime.datetime) -> datetime.datetime:
    """Return a moment as the local clock showed it: a day of the company ends at its own midnight."""
    return at.astimezone().replace(tzinfo=None) if at.tzinfo else at
