"""A sheet that was read is not read again for the same question, and is for any other; what it holds in memory is known."""

import datetime
from dataclasses import replace

import pytest

from kpiflow.core.calendar import Calendar, Cycle
from kpiflow.sources.workbooks import Called, Cell, Sheet, Workbook, found, unfolded

ROWS = [["Unit", "Flights"], ["EWR", 7], ["Nowhere", 8]]


@pytest.fixture
def page(sheet):
    return sheet([["2026-03"], *ROWS])


def told(out):
    """What came out, as far as it can be compared."""
    return out.facts.rows(), out.rejected.rows(), out.questions, out.remarks, out.mapping


def test_the_same_question_is_answered_from_memory(page, known):
    mapping = found(page, known).mapping
    out = unfolded(page, mapping, known)
    assert unfolded(page, mapping, known) is out
    assert unfolded(page, out.mapping, known) is out, "the columns stand where they were found"
    assert told(unfolded(replace(page), mapping, known)) == told(out), "a sheet of its own is read anew, and the same"


@pytest.mark.parametrize(
    "other",
    [
        lambda page, mapping, known: (mapping.changed(metric="revenue"), known, "en"),
        lambda page, mapping, known: (mapping.with_name("unit", "Nowhere", "JFK"), known, "en"),
        lambda page, mapping, known: (mapping, replace(known, units=(*known.units, Called("NWH", "Nowhere"))), "en"),
        lambda page, mapping, known: (mapping, known, "zh"),
    ],
    ids=["mapping", "name", "company", "language"],
)
def test_another_question_is_asked_anew(page, known, other):
    mapping = found(page, known).mapping
    before = told(unfolded(page, mapping, known))
    by, names, locale = other(page, mapping, known)
    out = unfolded(page, by, names, locale=locale)
    assert told(out) == told(unfolded(replace(page), by, names, locale=locale))
    assert told(out) != before


def test_another_calendar_is_another_question(sheet, known):
    page = sheet([["Unit", "Quarter", "Flights"], ["EWR", "FY2026 Q1", 7]])
    mapping = found(page, known).mapping
    by_years = unfolded(page, mapping, known).facts["day"].to_list()
    later = replace(known, calendar=Calendar(cycles=(Cycle(cycle="2026", starts=datetime.date(2026, 4, 1)),)))
    assert unfolded(page, mapping, later).facts["day"].to_list() != by_years


def test_a_workbook_knows_about_how_much_it_holds():
    small, large = (Workbook("a", (Sheet("a", cells=((Cell("x"),) * width,) * 10),)) for width in (1, 100))
    assert large.kept_bytes == 100 * small.kept_bytes > 0
