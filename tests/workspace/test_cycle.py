"""The cycle from goals to pay: every station is what its own page says, and no more than whoever asks may see."""

import pytest

from kpiflow.errors import NotFound, Refused
from kpiflow.language import render
from kpiflow.workspace import ADMINISTRATOR, Asker
from kpiflow.workspace.cycle.answers import Progress, Station
from kpiflow.workspace.cycle.stations import progress_of

HR, EXECUTIVE, HEAD, DUTY_MANAGER = (Asker(one) for one in ("p0005", "p0001", "p0002", "p0101"))


def stations(ws, asker, period="2013") -> dict[str, Station]:
    """The stations that somebody sees, by name."""
    return {one.station: one for one in ws.cycle(asker, period).stations}


def test_hr_sees_every_station_in_the_order_of_the_cycle(ws):
    assert list(stations(ws, HR)) == [
        "agreed", "letters", "scored", "closed", "fairness", "reviewed", "calibrated", "appealed", "published", "paid",
    ]  # fmt: skip


@pytest.mark.parametrize("asker", [HR, EXECUTIVE, HEAD])
def test_stations_count_what_their_own_pages_count(ws, asker):
    found = stations(ws, asker)
    listed = ws.reviews(asker, "2013")
    assert (found["reviewed"].of, found["reviewed"].done) == (listed.total, sum(
        count for state, count in listed.counts.items() if state.value == "signed"
    ))  # fmt: skip
    disputes = ws.appeals(asker, "2013")
    assert (found["appealed"].of, found["appealed"].done) == (disputes.total, disputes.total - disputes.waiting)
    scores = ws.scores(asker, "2013")
    assert found["scored"].done == scores.scored
    assert found["published"].of == len(ws.plans(asker))


def test_a_length_of_period_that_is_not_reviewed_has_nothing_to_review(ws):
    assert ws.reviews(HR, "2013-Q4").total > 0
    found = stations(ws, HR, "2013-Q4")["reviewed"]
    assert (found.progress, found.of) == (Progress.NONE, 0), "years are reviewed, so no quarter waits to be"


def test_the_quarters_of_the_example_are_closed_and_its_last_one_is_next(ws):
    found = stations(ws, HR)["closed"]
    closed = [row["period"] for row in ws.closings(HR).to_dicts() if row["state"] == "closed"]
    assert found.done == len(closed)
    assert (found.done, found.of, found.choices) == (3, 5, {"period": "2013-Q4"})
    assert render(found.next, "en") == "Close 2013-Q4"


def test_what_is_next_is_offered_only_to_whoever_may_do_it(ws):
    assert stations(ws, HEAD)["closed"].next is None
    assert stations(ws, HR)["paid"].next is None, "who ran pay does not approve it"
    assert "Approve run" in render(stations(ws, EXECUTIVE)["paid"].next, "en")
    assert "fairness" not in stations(ws, HEAD)


def test_nothing_done_something_done_and_all_done_are_told_apart():
    assert [progress_of(*one) for one in ((0, 0), (0, 4), (1, 4), (4, 4))] == [
        Progress.NONE, Progress.WAITING, Progress.GOING, Progress.DONE,
    ]  # fmt: skip


def test_shares_stay_between_nothing_and_all(ws):
    for asker in (ADMINISTRATOR, HR, EXECUTIVE, HEAD):
        for period in ("2013", "2013-Q3", "2013-12"):
            for one in stations(ws, asker, period).values():
                assert 0 <= one.done <= max(one.of, 0), (period, one)


def test_who_may_not_read_scores_is_refused_and_an_unknown_period_is_said(ws):
    with pytest.raises(Refused):
        ws.cycle(DUTY_MANAGER, "2013")
    with pytest.raises(NotFound):
        ws.cycle(HR, "1913")
