"""Who is on duty: the three airports, their shifts by scheduled hour, and the duty manager of each airport and shift.

Floor 4: plain facts. Reads no clock, file or database.
"""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Airport:
    """An airport department: its code and what people call it."""

    code: str
    label: str
    label_zh: str


@dataclass(frozen=True)
class Shift:
    """A stretch of scheduled departure hours; `hours` are its first and last hour, inclusive."""

    shift: str
    label: str
    label_zh: str
    hours: tuple[int, int]


AIRPORTS: tuple[Airport, ...] = (
    Airport("EWR", "Newark Liberty (EWR)", "纽瓦克自由机场（EWR）"),
    Airport("JFK", "John F. Kennedy (JFK)", "肯尼迪机场（JFK）"),
    Airport("LGA", "LaGuardia (LGA)", "拉瓜迪亚机场（LGA）"),
)

#: The evening shift also answers for the night: hours 0 to 4 of a day, in which 2013 has a single scheduled departure.
SHIFTS: tuple[Shift, ...] = (
    Shift("morning", "morning", "早班", (5, 11)),
    Shift("afternoon", "afternoon", "中班", (12, 17)),
    Shift("evening", "evening", "晚班", (18, 23)),
)


def duty_managers() -> pl.DataFrame:
    """Return airport, shift and the person id of its duty manager, one row for each of the nine.

    >>> duty_managers().row(0)
    ('EWR', 'morning', 'p0101')
    """
    return pl.DataFrame(
        [
            (airport.code, shift.shift, f"p01{place}{turn}")
            for place, airport in enumerate(AIRPORTS)
            for turn, shift in enumerate(SHIFTS, start=1)
        ],
        schema=["airport", "shift", "person"],
        orient="row",
    )


def shift_of(hour: pl.Expr) -> pl.Expr:
    """Return the shift that a scheduled departure hour (0 to 23) belongs to."""
    morning, afternoon, evening = SHIFTS
    return (
        pl.when(hour.is_between(*morning.hours))
        .then(pl.lit(morning.shift))
        .when(hour.is_between(*afternoon.hours))
        .then(pl.lit(afternoon.shift))
        .otherwise(pl.lit(evening.shift))
    )
