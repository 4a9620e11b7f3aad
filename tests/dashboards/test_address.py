"""What an address says of a page, and what it cannot say."""

import datetime

import pytest

from dashboards.address import _day

TODAY = datetime.datetime.now(datetime.UTC).astimezone().date()


@pytest.mark.parametrize("days", [0, 1, 400])
def test_a_day_that_has_come_is_looked_back_to(days):
    day = TODAY - datetime.timedelta(days=days)
    assert _day(day.isoformat()) == day


@pytest.mark.parametrize("text", [None, "", "soon", "2026-02-30", (TODAY + datetime.timedelta(days=30)).isoformat()])
def test_nothing_is_known_of_a_day_that_is_none_or_has_not_come(text):
    assert _day(text) is None
