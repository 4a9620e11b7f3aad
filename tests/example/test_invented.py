"""The invented numbers are the same for ever, have the documented form, and are all labelled as example data."""

from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from kpiflow.definitions.reading import read_company
from kpiflow.frames.measurements import Tidy
from kpiflow.sources.example.draws import drawn
from kpiflow.sources.example.invented import invented_facts
from kpiflow.sources.example.reported import reported
from kpiflow.sources.flights import flight_facts

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def facts() -> pl.DataFrame:
    return invented_facts()


def lowbias32(x: int) -> int:
    """The published mix in plain Python, to hold the columns to."""
    x ^= x >> 16
    x = x * 0x7FEB352D & 0xFFFFFFFF
    x ^= x >> 15
    x = x * 0x846CA68B & 0xFFFFFFFF
    return x ^ x >> 16


def test_draws_are_the_published_mix():
    rows = pl.DataFrame({"station": [1, 7, 35], "date": [1, 200, 365]})
    expected = [
        lowbias32(lowbias32(lowbias32(2013 * 1000 + 11) + station & 0xFFFFFFFF) + date & 0xFFFFFFFF) / 2**32
        for station, date in rows.iter_rows()
    ]
    assert drawn(rows, 11, "station", "date").to_list() == expected


def test_draws_are_spread_evenly():
    rows = pl.DataFrame({"n": range(20_000)})
    draws = drawn(rows, 1, "n")
    tenths = (draws * 10).floor().value_counts()["count"]
    assert draws.is_between(0, 1, closed="left").all()
    assert tenths.len() == 10
    assert 1800 < tenths.min() <= tenths.max() < 2200


def test_the_same_numbers_on_every_machine(facts):
    """If this changes, everybody's example changes: say so in the changelog and set the new fingerprint."""
    assert (
        sha256(facts.write_csv().encode()).hexdigest()
        == "134b80b5a82b213a8b517d78a7ee7d88cd0716b9af74701b5b423e8338d6b92a"
    )


def test_facts_have_the_documented_form_and_pass_intake(facts):
    _, failures = Tidy.filter(facts)
    assert failures.counts() == {}
    assert pl.concat(invented_facts(month) for month in range(1, 13)).height == facts.height


def test_no_rate_is_above_one(facts):
    ratios = facts.filter(pl.col("denominator").is_not_null())
    assert (ratios["numerator"] <= ratios["denominator"]).all()
    assert (ratios["numerator"] >= 0).all()


def test_exactly_the_invented_metrics_are_labelled_as_example(facts):
    metrics = read_company(CONFIG).required().metrics
    invented = {*facts["metric"], *reported()["metric"].drop_nulls()}
    assert {name for name, metric in metrics.items() if metric.example} == invented
    measured = {*flight_facts()["metric"].unique(), "low_visibility_rate"}  # the second: what weather stations saw
    assert {name for name, metric in metrics.items() if not metric.example} == measured


def test_no_month_without_valid_complaints_is_silent(facts):
    """A month without any is reported as 0, so that nothing missing is not taken for something missing."""
    months = facts.filter(pl.col("metric") == "valid_complaints").select(
        "unit", "person", pl.col("day").dt.month().alias("month")
    )
    flown = flight_facts().select("unit", "person", pl.col("day").dt.month().alias("month")).unique()
    assert flown.join(months, on=["unit", "person", "month"], how="anti").is_empty()
