"""Questions about what came, on numbers worked out by hand."""

import datetime
from decimal import Decimal

import polars as pl

from kpiflow.core.live_source import Expected
from kpiflow.sources.live.drift import What, drifts

START = datetime.date(2026, 1, 1)
TODAY = datetime.date(2026, 2, 1)


def days(*counted, first=0, level="2"):
    """One row per number: so many rows on the next day, each of `level` in the mean."""
    rows = [
        ("sales", START + datetime.timedelta(days=first + number), rows, Decimal(level) * rows, None)
        for number, rows in enumerate(counted)
        if rows
    ]
    schema = {
        "metric": pl.String,
        "day": pl.Date,
        "rows": pl.Int64,
        "amount": pl.Decimal(38, 6),
        "base": pl.Decimal(38, 6),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


HISTORY = days(100, 104, 96, 100, 108, 92, 100, 100, 104, 96)


def asked(before, arrived, expected=None):
    return [(one.what, one.day.day, one.found) for one in drifts(before, arrived, TODAY, expected)]


def test_a_usual_day_raises_no_question():
    # median 100, median distance 4: 3.5 × max(4 × 1.4826, √100) = 35, so 65 to 135 are usual.
    assert asked(HISTORY, days(66, 134, first=10)) == []


def test_too_few_too_many_and_none_at_all():
    assert asked(HISTORY, days(64, 136, first=10)) == [(What.VOLUME, 11, 64.0), (What.VOLUME, 12, 136.0)]
    assert asked(HISTORY, days(0, 100, first=10)) == [(What.VOLUME, 11, 0.0)]


def test_values_that_jump_are_asked_about():
    # Every day had a mean of 2.00 exactly, so 10 % is what may pass.
    assert asked(HISTORY, days(100, first=10, level="2.19")) == []
    assert asked(HISTORY, days(100, first=10, level="200")) == [(What.LEVEL, 11, 200.0)]


def test_a_young_source_and_a_day_under_way_are_not_judged():
    assert asked(HISTORY.head(7), days(1, first=10)) == []
    assert asked(HISTORY, days(1, first=31)) == []


def test_what_is_expected_is_said_by_the_company():
    assert asked(HISTORY.clear(), days(9, 10, 20, 21), Expected(least=10, most=20)) == [
        (What.EXPECTED, 1, 9.0),
        (What.EXPECTED, 4, 21.0),
    ]


def test_a_strange_day_does_not_become_the_custom():
    strange = pl.concat([HISTORY, days(5000, first=10)])
    assert asked(strange, days(4000, first=11)) == [(What.VOLUME, 12, 4000.0)]


#: Four weeks from a Thursday on: 100 rows on a working day, 20 on Saturdays and Sundays.
WEEKS = days(*(20 if number % 7 in (2, 3) else 100 for number in range(28)))


def test_a_quiet_saturday_is_usual_and_a_quiet_friday_is_not():
    # Of Saturdays: median 20, distance 0, so 3.5 × √20 = 15.65 is what chance may do; of Fridays 35.
    assert asked(WEEKS, days(100, 100, 20, first=28)) == []
    assert asked(WEEKS, days(100, 20, 100, first=28)) == [(What.VOLUME, 30, 20.0), (What.VOLUME, 31, 100.0)]
    (drift,) = drifts(WEEKS, days(100, 100, 36, first=28), TODAY, None)
    assert (drift.found, round(drift.low, 2), round(drift.high, 2)) == (36.0, 4.35, 35.65)


def test_a_source_that_rests_at_the_weekend_is_missed_on_a_working_day_alone():
    working = days(*(0 if number % 7 in (2, 3) else 100 for number in range(28)))
    came = days(100, 0, 0, 0, 100, 0, 100, first=28)  # Thursday 29 January, then Monday and Wednesday
    found = drifts(working, came, datetime.date(2026, 3, 1), None)
    assert [(one.day, one.found) for one in found] == [
        (datetime.date(2026, 1, 30), 0.0),
        (datetime.date(2026, 2, 3), 0.0),
    ]
