"""Invents what the flights do not tell (complaints, inspections, surveys, …): example data, the same for ever.

Every metric made here carries `example: true` in `config/metrics.yaml`, so pages label its numbers.
Floor 4: knows core and frames, and the counts of the real flights. Reads no clock and no store.
"""

from datetime import date
from functools import cache

import polars as pl

from kpiflow.sources.example.draws import drawn
from kpiflow.sources.example.roster import AIRPORTS
from kpiflow.sources.flights import COLUMNS, flights_by_day

#: Seats taken on an average departure (assumed): regional partners fly small aircraft.
REGIONAL = ("9E", "EV", "MQ", "OO", "YV")
SEATS_TAKEN = {True: 44, False: 118}

#: Complaints per passenger when every flight is on time; a wholly late day doubles it and more (assumed).
COMPLAINTS_PER_PASSENGER = 0.00007

#: The share of days with complaints on which the review finds one valid (assumed).
VALID = 0.04

#: Steps of the service-quality system finished by then, as (steps, month, day), and the quarterly reviews of the
#: improvement plan, as (level, month, day): both invented.
SYSTEM_STEPS = ((1, 2, 15), (2, 4, 30), (3, 7, 31), (4, 11, 15))
PLAN_LEVELS = ((2, 3, 29), (2, 6, 28), (3, 9, 27), (3, 12, 20))

_AMOUNT = pl.Decimal(18, 6)


def invented_facts(month: int | None = None) -> pl.DataFrame:
    """Return the invented facts of 2013, or of one month of it (1 to 12), in the columns of `Tidy`."""
    facts = _all_invented()
    return facts if month is None else facts.filter(pl.col("day").dt.month() == month)


@cache
def _all_invented() -> pl.DataFrame:
    """Return every invented fact of the year, in the order the store likes: by day."""
    parts = [*_complaints(), _inspections(), _surveys(), _overtime(), _training(), *_judged()]
    return pl.concat([_tidy(part) for part in parts]).sort("day", "metric", "unit", "person", "entry")


def _tidy(facts: pl.DataFrame) -> pl.DataFrame:
    """Return the facts with every column of the tidy form; what a part does not have is null."""
    for name, kind in (("person", pl.String), ("value", _AMOUNT), ("numerator", _AMOUNT), ("denominator", _AMOUNT)):
        given = pl.col(name) if name in facts.columns else pl.lit(None)
        facts = facts.with_columns(given.cast(kind).alias(name))
    return facts.with_columns(pl.lit("").alias("entry")).select(COLUMNS)


@cache
def _duties() -> pl.DataFrame:
    """Return flights_by_day with passengers, the late share, and whole numbers to draw by: station, duty, date."""
    stations = flights_by_day().select(pl.col("unit").unique().sort()).with_row_index("station", offset=1)
    regional = pl.col("unit").str.slice(4).is_in(REGIONAL)
    seats = pl.when(regional).then(SEATS_TAKEN[True]).otherwise(SEATS_TAKEN[False])
    return (
        flights_by_day()
        .join(stations, on="unit")
        .with_columns(
            (pl.col("operated") * seats).alias("passengers"),
            (1 - pl.col("arrived_on_time") / pl.col("scheduled")).alias("late"),
            pl.col("person").str.slice(1).cast(pl.Int64).alias("duty"),
            pl.col("day").dt.ordinal_day().alias("date"),
        )
    )


def _complaints() -> list[pl.DataFrame]:
    """Return complaints per 10,000 passengers, and the few that the review found valid against our own service."""
    duties, keys = _duties(), ("station", "duty", "date")
    expected = duties["passengers"] * COMPLAINTS_PER_PASSENGER * (1 + 1.5 * duties["late"])
    # Four chances a day, each with a quarter of the expectation: whole complaints without a logarithm.
    chances = [(drawn(duties, kind, *keys) < expected / 4).cast(pl.Int64) for kind in (11, 12, 13, 14)]
    days = duties.with_columns(pl.sum_horizontal(chances).alias("complaints"), drawn(duties, 15, *keys).alias("review"))
    rate = days.filter(pl.col("passengers") > 0).select(
        pl.lit("complaint_rate").alias("metric"),
        "unit",
        "person",
        "day",
        pl.col("complaints").alias("numerator"),
        pl.col("passengers").alias("denominator"),
    )
    found = pl.lit("valid_complaints").alias("metric")
    valid = days.filter((pl.col("complaints") > 0) & (pl.col("review") < VALID))
    valid = valid.select(found, "unit", "person", "day", pl.lit(1).alias("value"))
    months = _month_ends("unit", "person").select(found, "unit", "person", "day", pl.lit(0).alias("value"))
    # A month-end without a valid complaint is reported as 0: silence would read as "no data".
    return [rate, valid, months.join(valid, on=["metric", "unit", "person", "day"], how="anti")]


def _month_ends(*by: str) -> pl.DataFrame:
    """Return one row per `by` and month with its counts added up; `day` is the month's last day."""
    return (
        _duties()
        .group_by(*by, pl.col("day").dt.month_end())
        .agg(pl.col("scheduled", "operated", "arrived_on_time").sum(), pl.col("station", "duty", "date").first())
        .with_columns(pl.col("day").dt.month().alias("date"))
    )


def _inspections() -> pl.DataFrame:
    """Return one inspection score (0 to 100) per station and month, on a drawn day and duty of that month."""
    duties, keys = _duties(), ("station", "duty", "date")
    quality = 84 + 10 * drawn(duties, 22, "station") + 8 * (drawn(duties, 23, *keys) - 0.5) - 6 * duties["late"]
    return (
        duties.with_columns(drawn(duties, 21, *keys).alias("turn"), quality.round(0).clip(0, 100).alias("value"))
        .sort("turn", "unit", "person", "day")
        .group_by("unit", pl.col("day").dt.month().alias("month"), maintain_order=True)
        .first()
        .select(pl.lit("inspection_score").alias("metric"), "unit", "person", "day", "value")
    )


def _surveys() -> pl.DataFrame:
    """Return answers in the top two boxes over all answers, per station, duty manager and month."""
    months = _month_ends("unit", "person").with_columns((pl.col("operated") // 4 + 3).alias("denominator"))
    moods = drawn(months, 31, "station", "duty", "date")
    content = 0.62 + 0.24 * months["arrived_on_time"] / months["scheduled"] + 0.06 * (moods - 0.5)
    return months.select(
        pl.lit("satisfaction").alias("metric"),
        "unit",
        "person",
        "day",
        (content * months["denominator"]).round(0).alias("numerator"),
        "denominator",
    )


def _airport_months() -> pl.DataFrame:
    """Return one row per airport and month: unit, day (the month's last), place (1 to 3), date, scheduled, late."""
    return (
        _duties()
        .group_by(pl.col("unit").str.head(3), pl.col("day").dt.month_end())
        .agg(pl.col("scheduled").sum(), pl.col("arrived_on_time").sum())
        .with_columns(
            (1 - pl.col("arrived_on_time") / pl.col("scheduled")).alias("late"),
            pl.col("unit").replace_strict({port.code: n for n, port in enumerate(AIRPORTS, 1)}).alias("place"),
            pl.col("day").dt.month().alias("date"),
        )
    )


def _overtime() -> pl.DataFrame:
    """Return overtime hours over hours worked, per airport and month: bad weather makes long days."""
    months = _airport_months().with_columns((pl.col("scheduled") * 6).alias("denominator"))
    share = 0.02 + 0.09 * months["late"] + 0.02 * (drawn(months, 41, "place", "date") - 0.5)
    return months.select(
        pl.lit("overtime_share").alias("metric"),
        "unit",
        "day",
        (share * months["denominator"]).round(0).alias("numerator"),
        "denominator",
    )


def _training() -> pl.DataFrame:
    """Return how many colleagues finished the service-recovery course, per airport and month."""
    months = _airport_months()
    finished = (22 + 20 * drawn(months, 51, "place", "date")).round(0)
    return months.select(pl.lit("trained_staff").alias("metric"), "unit", "day", finished.alias("value"))


def _judged() -> list[pl.DataFrame]:
    """Return what people judge for the enterprise: steps of the service system, and the level of each review."""
    return [
        pl.DataFrame(
            [(metric, "NYC", date(2013, month, day), value) for value, month, day in judged],
            schema=["metric", "unit", "day", "value"],
            orient="row",
        )
        for metric, judged in (("service_system_steps", SYSTEM_STEPS), ("improvement_plan_level", PLAN_LEVELS))
    ]
