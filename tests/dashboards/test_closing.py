"""The closing page as HR and the executive meet it: the checklist, closing after a question, proof, and opening with two people."""

import datetime
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from kpiflow.workspace import Workspace
from kpiflow.workspace.commands import load_facts
from tests.dashboards.conftest import serving

pytestmark = pytest.mark.browser

HR, EXECUTIVE, STAFF = "p0005", "p0001", "p0101"


@pytest.fixture(scope="module")
def closing_store(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example in which United's cancellations of March were corrected long after its quarter was closed."""
    path = tmp_path_factory.mktemp("closing") / "closing.duckdb"
    shutil.copy(example_store, path)
    with closing(Workspace.open(path)) as ws:
        with ws.store.read() as cursor:
            found = cursor.sql(
                """SELECT s.metric, s.unit, s.person, m.day, m.entry, NULL::DECIMAL(18, 6) AS value,
                       (m.amount / 2)::INTEGER::DECIMAL(18, 6) AS numerator, m.base AS denominator
                   FROM measurement AS m JOIN series AS s USING (series)
                   WHERE s.metric = 'cancelled_rate' AND s.unit LIKE 'EWR-UA%' AND month(m.day) = 3 AND m.amount > 0"""
            ).pl()
        at = datetime.datetime.now(datetime.UTC)
        load_facts(
            ws,
            found.with_columns(pl.col("entry").fill_null("")),
            "March again",
            who="feed",
            at=at,
            reason="New figures",
        )
    return path


@pytest.fixture
def closing_site(closing_store: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a copy of that."""
    with serving(Path(shutil.copy(closing_store, tmp_path / "closing.duckdb")), demo=True) as (address, _):
        yield address


def page_of(visit, who: str, period: str, width: int = 1440, **view: str):
    return visit(site="closing_site", as_=who, width=width).go("closing", period=period, **{"language": "en", **view})


def test_hr_closes_a_quarter_after_the_checklist_and_two_people_open_it_again(visit):
    page = page_of(visit, HR, "2013-Q4")
    page.shows("2013-Q4 can be closed", ".k-sentence")
    page.shows("2013-Q3 ✓ closed", "ul.k-keys")
    page.page.get_by_role("link", name="Metrics not measured to the end").click()
    page.reads("last measured for", ".k-table >> nth=1")
    page.page.wait_for_url(re.compile("list=metrics_outdated"))  # a link shows to others what I see
    page.page.get_by_role("button", name="Close 2013-Q4 …").click()
    dialog = page.page.get_by_role("dialog")
    dialog.get_by_text("What comes in later changes none of them").wait_for()
    dialog.get_by_role("button", name="Close it").click()
    dialog.get_by_text("Say why 2013-Q4 is closed now").wait_for()
    page.writes(dialog.get_by_label("Why it is closed now"), "The last station has reported.", by="Tab")
    page.counts(dialog.get_by_text("Say why 2013-Q4 is closed now"), 0)
    dialog.get_by_role("button", name="Close it").click()
    page.reads("2013-Q4 is closed: closing 4, fingerprint")
    page.reads("2013-Q4 is closed", ".k-sentence")
    page.page.get_by_role("button", name="Work it out again and compare").click()
    page.reads("values come out again, to the last digit")
    page.page.get_by_role("button", name="Ask to open it again …").click()
    page.writes(dialog.get_by_label("Why it has to be opened again"), "One station was forgotten.", by="Tab")
    dialog.get_by_role("button", name="Ask", exact=True).click()
    page.reads("somebody else has to confirm")
    page.counts(page.page.get_by_role("button", name="Confirm: open 2013-Q4 again"), 0)  # never the same person
    boss = visit(site="closing_site", as_=EXECUTIVE).go("todo", language="en")
    boss.reads("Confirm that 2013-Q4 is opened again")
    boss.go("closing", period="2013-Q4", language="en")
    boss.page.get_by_role("button", name="Confirm: open 2013-Q4 again").click()
    boss.reads("2013-Q4 is open again")
    boss.reads("— Opened again", ".k-table >> nth=-1")
    boss.counts(boss.page.get_by_role("button", name="Close 2013-Q4 …"), 0)  # closing is HR's


def test_what_became_known_later_stands_beside_what_was_signed_on_a_phone_in_chinese(visit):
    page = page_of(visit, HR, "2013-Q1", width=390, language="zh")
    page.shows("2013-Q1 已结账", ".k-sentence")
    page.reads("以结账时的得分为准")
    page.reads("唐隼飞", ".k-table")
    page.reads("March again")
    page.reads(re.compile(r"数据截至\s*20\d\d年\d+月\d+日 \d\d:\d\d"), ".k-table")
    page.fits()
    scores = page.go("scores", period="2013-Q1", language="zh")
    scores.reads("得分为签署时的得分")
    scores.reads("按现有数据", ".k-scores")


def test_the_page_is_not_for_staff(visit):
    page = page_of(visit, STAFF, "2013-Q1")
    page.counts(".k-notice", 1)
