"""A cycle in a browser from closing its last quarter to the payroll file, by the people who do it and in both languages."""

import io
from collections.abc import Callable
from pathlib import Path

import pandas
import pytest

from tests.dashboards.conftest import Visit

pytestmark = pytest.mark.browser

HR, EXECUTIVE, STAFF, OTHER = "p0005", "p0001", "p0101", "p0102"

#: What is read on the way, in both languages.
WORDS = {
    "en": {"next": "Next for you: Close 2013-Q4", "closed": "is closed", "final session": "The session is final",
           "all closed": "All 5 periods are closed.", "proposed": "proposed", "approved": "approved", "final": "is now final",
           "paid": "Every plan has paid.", "preview": "A preview"},
    "zh": {"next": "您的下一步：结账：2013-Q4", "closed": "已结账", "final session": "校准已定稿",
           "all closed": "5 个期间均已结账", "proposed": "已提议", "approved": "已批准", "final": "定稿",
           "paid": "所有方案均已发放。", "preview": "预览"},
}  # fmt: skip


class Office:
    """Whoever works on the cycle, each with one browser."""

    def __init__(self, visit: Callable[..., Visit], language: str) -> None:
        self.say, self.language, self._visit = WORDS[language], language, visit
        self._open: dict[str, Visit] = {}

    def goes(self, who: str, path: str, **view: str) -> Visit:
        """Somebody opens a page."""
        if who not in self._open:
            self._open[who] = self._visit(site="own_site", as_=who)
        return self._open[who].go(path, language=self.language, **{"period": "2013", **view})


def press(one: Visit, key: str) -> None:
    """Press the button that the page calls so, once it can be pressed."""
    one.page.locator(f".st-key-{key} button:not([disabled])").first.click()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_cycle_goes_from_its_last_quarter_to_the_payroll(visit, own_site, language):
    office = Office(visit, language)
    grades_are_made_final(office)
    periods_are_closed(office)
    run = pay_is_run_and_approved(office)
    rows = the_payroll_is_fetched(office, run)
    staff_read_what_they_were_paid(office, rows)
    one = office.goes(HR, "cycle")
    one.shows(office.say["paid"], ".k-table")
    one.shows(office.say["all closed"], ".k-table")


def grades_are_made_final(office: Office) -> None:
    """The executive makes the session final that HR opened."""
    one = office.goes(EXECUTIVE, "calibration", session="1")
    press(one, "finalise")
    one.reads(office.say["final session"])


def periods_are_closed(office: Office) -> None:
    """HR follows what is next from the cycle's page, closes the last quarter, and then the year."""
    one = office.goes(HR, "cycle")
    one.stands(".k-steps")
    one.page.locator(".k-table a[href*='closing'][href*='2013-Q4']").first.click()
    one.page.wait_for_url("**/closing?**")
    one.settled()
    for period in ("2013-Q4", "2013"):
        if period == "2013":
            one = office.goes(HR, "closing", period=period)
        press(one, "closing-close")
        one.writes(one.page.get_by_role("dialog").locator("textarea"), "The year is complete", by="Tab")
        press(one, "closing-yes")
        one.reads(f"{period} {office.say['closed']}", ".k-sentence")


def pay_is_run_and_approved(office: Office) -> str:
    """HR runs the plan on the closed year and hands it on; the executive approves; HR makes it final."""
    hr = office.goes(HR, "pay")
    hr.page.locator('[data-testid="stFormSubmitButton"] button').first.click()
    hr.page.wait_for_url("**run=2**")
    for who, step, said in ((HR, "propose", "proposed"), (EXECUTIVE, "approve", "approved"), (HR, "finalise", "final")):
        one = office.goes(who, "pay", run="2")
        press(one, f"pay-{step}")
        press(one, "pay-do-it")
        one.reads(office.say[said])
    return "2"


def the_payroll_is_fetched(office: Office, run: str) -> pandas.DataFrame:
    """HR fetches the payroll; its totals are those of the run."""
    one = office.goes(HR, "pay", run=run)
    with one.page.expect_download() as coming:
        press(one, "payroll-csv")
    text = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    rows = pandas.read_csv(io.StringIO(text))
    return rows[rows["record"] == "pay"]


def staff_read_what_they_were_paid(office: Office, rows: pandas.DataFrame) -> None:
    """A duty manager reads the amount of the payroll and no preview; nobody else's statement opens."""
    paid = float(rows.set_index("person")["payable"][STAFF])
    one = office.goes(STAFF, "pay")
    one.shows(f"{paid:,.2f}")
    one.hides(office.say["preview"])
    office.goes(STAFF, "pay", of=OTHER, run="2").counts(".k-notice", 1)
