"""Numbers that add up from the beginning of the year, of which a person says that what each month adds is to be read."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.core.calendar import Calendar, Cycle
from kpiflow.sources.workbooks import answered, found, unfolded
from kpiflow.sources.workbooks.candidates import Candidate
from kpiflow.sources.workbooks.differing import differences

JAN, FEB, MAR, APR = date(2013, 1, 31), date(2013, 2, 28), date(2013, 3, 31), date(2013, 4, 30)


@pytest.fixture
def told(sheet, known):
    """What is read of rows once it is said that they add up: facts by unit and day, and the cells set aside."""

    def read(rows, known=known, **written):
        page = sheet(rows, **written)
        first = found(page, known)
        question = next(one for one in first.questions if one.kind == "running")
        assert unfolded(page, first.mapping, known).facts.is_empty(), "until it is said nothing counts"
        out = unfolded(page, answered(first.mapping, question, "differences"), known)
        facts = {
            (unit, day): value if value is not None else (top, bottom)
            for unit, day, value, top, bottom in out.facts.select(
                "unit", "day", "value", "numerator", "denominator"
            ).rows()
        }
        return facts, out.rejected["cell"].to_list(), out

    return read


def test_each_month_is_what_it_adds_and_says_its_cell(told):
    facts, aside, out = told(
        [
            ["2013年实际执行航班（累计）"],
            ["站点", "1月", "2月", "3月"],
            ["EWR", 100, 205, 310],
            ["JFK", 50, 1105, 1105],
        ]
    )
    assert facts == {("EWR", JAN): 100, ("EWR", FEB): 105, ("EWR", MAR): 105,
                     ("JFK", JAN): 50, ("JFK", FEB): 1055, ("JFK", MAR): 0}  # fmt: skip
    assert (aside, out.questions) == ([], ())
    assert out.facts.filter(out.facts["value"] == 1055)["cell"].to_list() == ["Sheet1!C4"]


def test_where_the_month_before_is_missing_or_a_count_falls_nothing_is_told(told):
    rows = [["Flights operated YTD 2013"], ["Month", "EWR", "JFK", "LGA"], ["Jan", 7, None, 9], ["Feb", None, 20, 8],
            ["Mar", 20, 25, 10], ["Apr", 25, 30, 12]]  # fmt: skip
    facts, aside, out = told(rows)
    assert not out.questions, "it was answered"
    assert facts == {("EWR", JAN): 7, ("EWR", APR): 5, ("JFK", MAR): 5, ("JFK", APR): 5,
                     ("LGA", JAN): 9, ("LGA", MAR): 2, ("LGA", APR): 2}  # fmt: skip
    assert aside == ["Sheet1!C4", "Sheet1!D4", "Sheet1!B5"]
    facts, aside, _ = told([["Flights operated YTD March 2013"], ["Station", "Actual"], ["EWR", 20]])
    assert (facts, aside) == ({}, ["Sheet1!B3"])


def test_money_may_fall_and_the_counts_of_a_rate_add_up_each(told):
    facts, _, _ = told([["Revenue YTD 2013"], ["Station", "Jan", "Feb"], ["EWR", 100, 90]])
    assert facts["EWR", FEB] == -10
    heads = [["Station", "Jan", None, "Feb", None], [None, "分子", "分母", "分子", "分母"]]
    facts, _, _ = told(
        [["On-time arrival rate, year to date 2013"], *heads, ["EWR", 90, 100, 170, 200]],
        merges=("B2:C2", "D2:E2", "A2:A3"),
    )
    assert facts == {("EWR", JAN): (90, 100), ("EWR", FEB): (80, 100)}


def test_the_year_is_the_company_s(told, known):
    rows = [["Flights operated YTD 2012/13"], ["Station", "Nov", "Dec", "Jan", "Feb"], ["EWR", 10, 25, 45, 70]]
    november = Calendar(cycles=(Cycle(cycle="FY13", starts=date(2012, 11, 1)),))
    facts, _, _ = told(rows, replace(known, calendar=november))
    assert list(facts.values()) == [10, 15, 20, 25]
    facts, aside, _ = told(rows)
    assert facts == {("EWR", date(2012, 12, 31)): 15, ("EWR", FEB): 25}
    assert aside == ["Sheet1!B3", "Sheet1!D3"], "in a year of the calendar January would begin again, and it does not"


def test_an_average_is_not_taken_apart_and_a_sheet_that_no_longer_adds_up_is_read_as_it_stands(told, sheet, known):
    means = replace(known, metrics=tuple(replace(one, sums=one.id != "flights") for one in known.metrics))
    rows = [["Flights operated YTD 2013"], ["Station", "Jan", "Feb"], ["EWR", 10, 25]]
    facts, aside, out = told(rows, means)
    assert (facts, aside, out.questions) == ({}, ["Sheet1!B3", "Sheet1!C3"], ())
    mapping = told(rows)[2].mapping
    page = sheet([["Flights operated 2013"], *rows[1:]])
    assert unfolded(page, mapping, known).facts["value"].to_list() == [10, 25]


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=12))
def test_what_the_months_add_comes_to_what_they_came_to(known, numbers):
    sums = [sum(numbers[: at + 1], Decimal(0)) for at in range(len(numbers))]
    said = [
        Candidate("flights", "EWR", None, date(2013, month, 1), None, str(value), None, None, 3, month)
        for month, value in enumerate(sums, start=1)
    ]
    made, refused = differences(said, known)
    assert ([Decimal(one.value) for one in made], refused) == (numbers, [])
