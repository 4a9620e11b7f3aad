"""Which goals were told to be off track: compared with what is known now, row by row of a table and never goal by goal."""

import datetime

import polars as pl

from kpiflow.storage.store import Cursor, next_number
from kpiflow.storage.webhooks import utc


def turned(cursor: Cursor, period: str, now: pl.DataFrame) -> pl.DataFrame:
    """Return goal and off of the goals that stand otherwise than was told last.

    `now` has goal and off of the goals whose status is known; one that was never told of counts as being on track.
    """
    cursor.register("standing", now)
    try:
        return cursor.sql(
            """WITH told AS (SELECT goal, arg_max(off, look) AS off FROM off_track_told WHERE period = $period GROUP BY goal)
               SELECT s.goal, s.off FROM standing AS s LEFT JOIN told AS t USING (goal)
               WHERE s.off IS DISTINCT FROM coalesce(t.off, FALSE) ORDER BY s.goal""",
            params={"period": period},
        ).pl()
    finally:
        cursor.unregister("standing")


def add_look(cursor: Cursor, period: str, changed: pl.DataFrame, at: datetime.datetime, event: int | None) -> None:
    """Write which goals stand otherwise now, and the event that told of them (None: they are only remembered)."""
    number = next_number(cursor, "off_track_look", "look")
    cursor.execute("INSERT INTO off_track_look VALUES (?, ?, ?, ?)", [number, period, utc(at), event])
    cursor.register("turned", changed)
    cursor.execute("INSERT INTO off_track_told SELECT ?, ?, goal, off FROM turned", [number, period])
    cursor.unregister("turned")
