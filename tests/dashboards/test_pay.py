"""Pay in a real browser: HR runs and proposes, the executive approves in Chinese on a phone, staff see their own statement."""

import io
from pathlib import Path

import openpyxl
import pytest

pytestmark = pytest.mark.browser

HR, EXECUTIVE, STAFF = "p0005", "p0001", "p0101"


def test_hr_runs_and_proposes_and_the_executive_approves(visit, own_site):
    page = visit(as_=HR, site="own_site").go("pay", language="en", period="2013")
    page.shows("Nothing has been paid for 2013 yet.", ".k-sentence")
    page.page.get_by_role("button", name="Run", exact=True).click()
    page.reads("Run 2 (dry run): 47 people, $267,727.58 in all.")
    page.reads("Run 2 pays everybody what run 1 did.")
    page.page.get_by_role("button", name="Propose …").click()
    page.page.get_by_role("button", name="Yes, do it").click()
    page.reads("Run 2 (proposed): 47 people")
    page.counts(page.page.get_by_role("button", name="Approve …"), 0)  # never by who ran it
    page.reads("2013 is not closed, so results can still change.")
    with page.page.expect_download() as caught:
        page.page.get_by_role("button", name="Excel workbook").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(caught.value.path()).read_bytes()))
    assert book["payroll"].max_row == 48

    other = visit(as_=EXECUTIVE, site="own_site", width=390).go("pay", language="zh", period="2013", run="2")
    other.reads("批次 2")
    other.fits()
    other.page.get_by_role("button", name="批准").click()
    other.page.get_by_role("button", name="确认").click()
    other.reads("已批准")


def test_staff_see_their_statement_and_no_run(visit):
    page = visit(as_=STAFF, width=390).go("pay", language="en", period="2013")
    page.reads("A preview: nothing has been paid.")
    page.shows("$4,477.45")
    page.shows("service_bonus_2013/complaints · more than the most that is taken off")
    page.hides("Run 1")
    page.fits()
    with page.page.expect_download() as caught:
        page.page.get_by_role("button", name="PDF in English").click()
    assert Path(caught.value.path()).read_bytes().startswith(b"%PDF")
    refused = visit(as_=STAFF).go("pay", language="en", period="2013", run="1")
    refused.shows("There is no pay run 1 that you may read.", ".k-notice")


def test_the_amounts_of_a_statement_are_in_sight_on_a_phone(visit):
    page = visit(as_=STAFF, width=390).go("pay", language="zh", period="2013")
    page.shows("service_bonus_2013/department · 第 1 行")
    amount = page.page.get_by_text("US$4,977.45", exact=True).first
    amount.wait_for()
    box, around = amount.bounding_box(), page.page.locator(".k-scroll").first.bounding_box()
    assert box is not None
    assert around is not None
    assert box["x"] + box["width"] <= around["x"] + around["width"], "nobody slides the table to read what a line adds"
