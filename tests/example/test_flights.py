"""The facts made of 336,776 real flights give the published reference figures, all from counts."""

from pathlib import Path

import polars as pl
import pytest

from kpiflow.frames.measurements import Tidy
from kpiflow.sources.flights import RATIOS, flight_facts, flights_by_day, read_airlines, read_flights

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture(scope="module")
def facts() -> pl.DataFrame:
    return flight_facts()


def sums(facts: pl.DataFrame, metric: str, *by: pl.Expr) -> pl.DataFrame:
    """Numerators and denominators of a ratio, added up."""
    parts = pl.col("numerator", "denominator").cast(pl.Float64).sum()
    return facts.filter(pl.col("metric") == metric).group_by(*by).agg(parts)


def percent(facts: pl.DataFrame, metric: str, begins: str = "", ends: str = "") -> float:
    """A rate in percent, two decimals, over the stations whose id begins and ends so."""
    of = facts.filter(pl.col("unit").str.starts_with(begins) & pl.col("unit").str.ends_with(ends))
    total = sums(of, metric, pl.lit("all").alias("all"))
    return round(100 * total["numerator"].item() / total["denominator"].item(), 2)


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [("", "", 73.42), ("EWR-", "", 71.40), ("JFK-", "", 74.79), ("LGA-", "", 74.27), ("", "-UA", 76.33)],
)
def test_ontime_rates_are_the_reference_figures(facts, begins, ends, expected):
    assert percent(facts, "ontime_rate", begins, ends) == expected


def test_every_scheduled_flight_is_counted_once(facts):
    total = sums(facts, "ontime_rate", pl.lit(1).alias("all"))
    assert total.select("numerator", "denominator").row(0) == (247_246, 336_776)


def test_cancelled_flights_are_counted_and_stay_in_the_denominator(facts):
    total = sums(facts, "cancelled_rate", pl.lit(1).alias("all"))
    assert total.select("numerator", "denominator").row(0) == (8_255, 336_776)
    assert percent(facts, "cancelled_rate") == 2.45


def test_flights_operated_and_cancelled_make_the_schedule(facts):
    operated = facts.filter(pl.col("metric") == "flights_operated")["value"].cast(pl.Float64).sum()
    assert operated == 336_776 - 8_255


def test_the_classic_error_is_not_made(facts):
    """Dropping flights without an arrival delay instead of counting them late gives a flattering 75.53 %."""
    arrived = read_flights()["arr_delay"].drop_nulls()
    flattering = round(100 * (arrived < 15).sum() / len(arrived), 2)
    assert flattering == 75.53
    assert percent(facts, "ontime_rate") != flattering


def test_every_airline_has_its_reference_row(facts):
    carrier = pl.col("unit").str.slice(4).alias("carrier")
    ontime = sums(facts, "ontime_rate", carrier).rename({"numerator": "ontime", "denominator": "flights"})
    cancelled = sums(facts, "cancelled_rate", carrier).select("carrier", cancelled="numerator")
    ours = ontime.join(cancelled, on="carrier").sort("carrier").select("carrier", "flights", "ontime", "cancelled")
    theirs = pl.read_csv(REFERENCE / "nyc2013_by_carrier.csv").sort("carrier")
    assert ours.rows() == theirs.select("carrier", "flights", "ontime", "cancelled").rows()
    rates = ours.select((100 * pl.col("ontime") / pl.col("flights")).round(2)).to_series().to_list()
    assert rates == pytest.approx(theirs["ontime_pct"].to_list(), abs=0.0001)


def test_every_airline_airport_and_month_has_its_reference_row(facts):
    by = (
        pl.col("unit").str.slice(4).alias("carrier"),
        pl.col("unit").str.head(3).alias("origin"),
        pl.col("day").dt.month().cast(pl.Int64).alias("month"),
    )
    keys = ["carrier", "origin", "month"]
    ontime = sums(facts, "ontime_rate", *by).rename({"numerator": "ontime", "denominator": "flights"})
    cancelled = sums(facts, "cancelled_rate", *by).select(*keys, cancelled="numerator")
    ours = ontime.join(cancelled, on=keys).sort(keys).select(*keys, "flights", "ontime", "cancelled")
    theirs = pl.read_csv(REFERENCE / "nyc2013_by_carrier_origin_month.csv").sort(keys)
    assert ours.rows() == theirs.select(ours.columns).rows()


def test_facts_have_the_documented_form_and_pass_intake(facts):
    good, failures = Tidy.filter(facts)
    assert failures.counts() == {}
    assert good.height == facts.height


def test_a_month_is_the_part_of_the_year_that_lies_in_it(facts):
    march = flight_facts(3)
    assert march.equals(facts.filter(pl.col("day").dt.month() == 3))
    assert pl.concat(flight_facts(month) for month in range(1, 13)).height == facts.height


def test_each_flight_belongs_to_one_of_nine_duty_managers(facts):
    people = facts.group_by("person").agg(pl.col("unit").str.head(3).n_unique().alias("airports"))
    assert people.height == 9
    assert set(people["airports"]) == {1}


def test_mean_departure_delay_is_over_the_flights_that_left(facts):
    """`mean(dep_delay)` of the published data set is 12.64 minutes."""
    total = sums(facts, "departure_delay", pl.lit(1).alias("all"))
    assert total["denominator"].item() == 328_521
    assert round(total["numerator"].item() / total["denominator"].item(), 2) == 12.64


def test_less_than_fifteen_minutes_holds_all_that_left_by_schedule():
    days = flights_by_day()
    assert (days["left_by_schedule"] <= days["left_on_time"]).all()
    assert (days["operated"] + days["cancelled"] == days["scheduled"]).all()


def test_every_ratio_has_parts_of_the_day_counts():
    assert {name for _, *parts in RATIOS for name in parts} <= set(flights_by_day().columns)
    assert read_airlines().height == 16
