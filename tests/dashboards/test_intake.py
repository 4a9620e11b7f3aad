"""Intake as the one who loads meets it: an ugly workbook, a question answered, a look, the load, and the number where it counts."""

import re

import polars as pl
import pytest

from kpiflow.sources.flights import read_flights
from tests.workspace.ugly import ugly

pytestmark = pytest.mark.browser

#: Who may load measurements in the example company.
LOADER = "p0007"

#: For each language: a station, what the workbook calls it, numbers nobody else brings, and words of the page.
CASES = {
    "en": ("EWR-9E", "Endeavor at Newark", {"EWR-B6 *": (511, 502, 533), "EWR-UA ": (3804, 3611, 4020)},
           {"new": "New 9", "sure": "I have looked at it", "kept": "The mapping is kept as 'flights-en'."}),
    "zh": ("JFK-9E", "肯尼迪 Endeavor", {"JFK-B6 *": (411, 402, 433), "JFK-DL ": (1804, 1611, 1020)},
           {"new": "新增 9", "sure": "我已核对", "kept": "读取方式已保存为“flights-zh”。"}),
}  # fmt: skip


def operated(unit: str) -> int:
    """How many flights of a station left, counted from the published file itself."""
    airport, carrier = unit.split("-")
    flights = read_flights().filter((pl.col("origin") == airport) & (pl.col("carrier") == carrier))
    return flights["dep_delay"].count()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_an_ugly_workbook_to_the_number_on_the_goal(visit, own_site, language):
    unit, written, others, said = CASES[language]
    values = {**others, written: (101, 99, 120)}
    page = visit(site="own_site", as_=LOADER).go("intake", language=language)
    file = {"name": f"flights-{language}.xlsx", "mimeType": "application/octet-stream",
            "buffer": ugly(language, values, year=2013)}  # fmt: skip
    page.page.locator('input[type="file"]').first.set_input_files(file)
    page.stands(".k-sheet")
    question = page.page.get_by_role("combobox", name=re.compile(written)).first
    page.chooses(question, page.page.get_by_role("option").filter(has_text=unit).first)
    page.reads(said["new"], ".k-note")
    page.stands(".k-sheet tr.out")  # the total is struck through
    page.stands(".k-sheet .k-role-1")  # the column of units says that it is one
    page.page.get_by_text(said["sure"]).click()
    page.page.locator('[data-testid="stFormSubmitButton"] button').click()
    page.reads(said["kept"])
    goal = visit(site="own_site").go("goal", goal=f"{unit.lower()}-flights", language=language, period="2013")
    goal.shows(f"{operated(unit) + 101 + 99 + 120:,}")


def test_a_phone_shows_the_sheet_in_one_column(visit):
    page = visit(width=390, as_=LOADER).go("intake", language="en")
    page.page.locator('input[type="file"]').first.set_input_files(
        {"name": "phone.xlsx", "mimeType": "application/octet-stream", "buffer": ugly(year=2013)}
    )
    page.stands(".k-sheet")
    page.fits()
    page.page.locator('input[type="file"]').first.set_input_files(
        {"name": "broken.xlsx", "mimeType": "application/octet-stream", "buffer": b"PK\x03\x04 no workbook"}
    )
    page.stands('[data-testid="stAlert"]')


def test_whoever_may_not_load_is_told_so(visit):
    page = visit(as_="p0101").go("intake", language="en")
    page.shows("This page is not for your role")
