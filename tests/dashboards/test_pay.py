"""Pay in a real browser: HR runs and proposes, the executive approves in Chinese on a phone, staff see their own statement."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.dashboards.conftest import serving

pytestmark = pytest.mark.browser

HR, EXECUTIVE, STAFF = "p0005", "p0001", "p0101"


@pytest.fixture
def own_site(demo_store: Path, tmp_path: Path) -> Iterator[str]:
    """A server over a copy that this test may change."""
    with serving(Path(shutil.copy(demo_store, tmp_path / "own.duckdb")), demo=True) as (address, _):
        yield address


def fits(page) -> bool:
    """Whether the page is no wider than the window."""
    return page.page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_hr_runs_and_proposes_and_the_executive_approves(visit, own_site):
    page = visit(as_=HR, site="own_site").go("pay", language="en", period="2013")
    assert "Nothing has been paid for 2013 yet." in page.text(".k-sentence")
    page.page.get_by_role("button", name="Run", exact=True).click()
    page.reads("Run 2 is dry run: 47 people, $267,727.58 in all.")
    page.reads("Run 2 pays everybody what run 1 did.")
    page.page.get_by_role("button", name="Propose …").click()
    page.page.get_by_role("button", name="Yes, do it").click()
    page.reads("Run 2 is proposed: 47 people")
    assert page.page.get_by_role("button", name="Approve …").count() == 0, "never by who ran it"
    page.reads("2013 is not closed, so results can still change.")
    with page.page.expect_download() as caught:
        page.page.get_by_role("button", name="Excel workbook").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(caught.value.path()).read_bytes()))
    assert book["payroll"].max_row == 48

    other = visit(as_=EXECUTIVE, site="own_site", width=390).go("pay", language="zh", period="2013", run="2")
    other.reads("批次 2（已提议）" if "已提议" in other.text(".k-sentence") else "批次 2")
    assert fits(other)
    other.page.get_by_role("button", name="批准").click()
    other.page.get_by_role("button", name="确认").click()
    other.reads("已批准")


def test_staff_see_their_statement_and_no_run(visit):
    page = visit(as_=STAFF, width=390).go("pay", language="en", period="2013")
    page.reads("A preview: nothing has been paid.")
    text = page.text()
    assert "$4,477.45" in text
    assert re.search(r"service_bonus_2013/complaints, row 3", text)
    assert "Run 1" not in text
    assert fits(page)
    with page.page.expect_download() as caught:
        page.page.get_by_role("button", name="PDF in English").click()
    assert Path(caught.value.path()).read_bytes().startswith(b"%PDF")
    refused = visit(as_=STAFF).go("pay", language="en", period="2013", run="1")
    assert "There is no pay run 1 that you may read." in refused.text(".k-notice")
