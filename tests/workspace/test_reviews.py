"""Reviews from self to signed: who may do what, what counts when, who is late, and who reads whose ratings."""

import datetime
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from kpiflow.appraisal.appraising import Beside, appraise
from kpiflow.appraisal.cast import Cast
from kpiflow.core.rating import Rater
from kpiflow.core.review import ReviewState, ReviewStep
from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.language import render
from kpiflow.storage.journal import read_journal
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.results import results
from kpiflow.workspace.reviewing import adjusting, writing
from kpiflow.workspace.reviewing.answers import Given, Wanted
from tests.rights import by_hand

PERIOD = "2013"
#: An inspector nobody has reviewed yet, the executive who leads, HR, a peer, and somebody far away.
MARTA, HEAD, HR, PEER, STRANGER = (Asker(one) for one in ("p0013", "p0001", "p0005", "p0101", "p0201"))
WHO = "p0013"
OWN = [Given("inspecting", "thoroughness", 4), Given("inspecting", "fairness", 5)]
BY_HEAD = [Given("inspecting", "thoroughness", 3), Given("inspecting", "fairness", 4), Given("reports", "on_time", 2)]


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copy(demo_store, tmp_path / "mine.duckdb")
    with closing(Workspace.open(tmp_path / "mine.duckdb", demo=True)) as opened:
        yield opened


def score(ws: Workspace, person: str = WHO, as_of: datetime.date | None = None) -> float | None:
    return appraisals(ws, PERIOD, as_of).people.filter(pl.col("person") == person)["score"][0]


def checked(ws: Workspace) -> None:
    """Take a review up to HR's check."""
    ws.send_review(MARTA, WHO, PERIOD, given=OWN)
    ws.send_review(HEAD, WHO, PERIOD, given=BY_HEAD)
    ws.send_review(HR, WHO, PERIOD)


def test_from_self_to_signed(mine):
    assert score(mine) is None
    mine.rate(MARTA, WHO, PERIOD, OWN)
    assert score(mine) is None, "a draft counts for nothing"
    assert mine.send_review(MARTA, WHO, PERIOD, "A good year.") is ReviewState.SELF_DONE
    # (2 × 4 + 5) ÷ 3 on 1 to 5, on 0 to 110; the other section waits for the manager and leaves its weight to this one.
    own = ((2 * 4 + 5) / 3 - 1) / 4 * 110
    assert score(mine) == pytest.approx(own)
    mine.send_review(HEAD, WHO, PERIOD, given=BY_HEAD)
    by_head = ((2 * 3 + 4) / 3 - 1) / 4 * 110
    whole = 0.6 * (10 * own + 70 * by_head) / 80 + 0.4 * (2 / 3 * 110)
    assert score(mine) == pytest.approx(whole)
    assert mine.send_review(HR, WHO, PERIOD) is ReviewState.HR_CHECKED
    shown = mine.review(MARTA, WHO, PERIOD)
    assert (shown.send, shown.changed) == (ReviewStep.SIGNED, False)
    mine.sign_review(MARTA, WHO, PERIOD, shown.fingerprint, remark="Reports were late for one reason.", agrees=False)
    signed = mine.review(HR, WHO, PERIOD)
    assert (signed.state, signed.signed.agrees, signed.changed) == (ReviewState.SIGNED, False, False)
    assert [one.step for one in signed.history] == list(ReviewStep)
    lines = read_journal(mine.store, subject=f"{WHO} {PERIOD}").sort("entry")
    assert lines["action"].to_list() == ["rate", "send_review", "rate", "send_review", "send_review", "sign_review"]
    assert json.loads(lines["detail"][-1])["fingerprint"] == shown.fingerprint


def test_what_changes_after_the_signature_is_shown(mine):
    checked(mine)
    mine.sign_review(MARTA, WHO, PERIOD, mine.review(MARTA, WHO, PERIOD).fingerprint)
    assert not mine.review(MARTA, WHO, PERIOD).changed
    mine.adjust_score(HR, WHO, PERIOD, 2, reason="Found a lost passport.")
    assert mine.review(MARTA, WHO, PERIOD).changed
    rows = mine.reviews(HR, PERIOD, wanted=Wanted(limit=1000)).rows
    assert rows.filter("changed")["person"].to_list() == [WHO]


def test_a_step_waits_until_every_item_is_rated(mine):
    with pytest.raises(InvalidInput, match="Fairness"):
        mine.send_review(MARTA, WHO, PERIOD, given=OWN[:1])
    assert mine.review(MARTA, WHO, PERIOD).state is ReviewState.NOT_BEGUN
    mine.send_review(MARTA, WHO, PERIOD, given=[OWN[0], Given("inspecting", "fairness", None)])
    assert score(mine) == pytest.approx(82.5), "what does not apply is left out"


@pytest.mark.parametrize(
    ("given", "problem", "says"),
    [
        (Given("inspecting", "thoroughness", 6), InvalidInput, "from 1 to 5"),
        (Given("inspecting", "thorough", 3), NotFound, "inspecting/thoroughness"),
        (Given("reports", "on_time", 3), NotFound, "item to rate"),
    ],
    ids=["scale", "item", "rater"],
)
def test_a_rating_fits_its_item(mine, given, problem, says):
    with pytest.raises(problem, match=says):
        mine.rate(MARTA, WHO, PERIOD, [given])


def test_a_rubric_takes_only_its_points(mine):
    mine.send_review(MARTA, WHO, PERIOD, given=OWN)
    with pytest.raises(InvalidInput, match="0, 2, 3"):
        mine.rate(HEAD, WHO, PERIOD, [Given("reports", "on_time", 1)])


def test_each_step_is_taken_by_its_right_holder(mine):
    # The self-review is long late, so that the manager may go on; nobody else may.
    for other in (HR, PEER, STRANGER, ADMINISTRATOR):
        with pytest.raises(Refused):
            mine.send_review(other, WHO, PERIOD, given=OWN)
    mine.send_review(MARTA, WHO, PERIOD, given=OWN)
    for other in (MARTA, HR, PEER, STRANGER, ADMINISTRATOR):
        with pytest.raises(Refused):
            mine.send_review(other, WHO, PERIOD, given=BY_HEAD)
    mine.send_review(HEAD, WHO, PERIOD, given=BY_HEAD)
    for other in (MARTA, PEER, STRANGER, ADMINISTRATOR):
        with pytest.raises(Refused):
            mine.send_review(other, WHO, PERIOD)
    mine.send_review(HR, WHO, PERIOD)
    mark = mine.review(HR, WHO, PERIOD).fingerprint
    for other in (HEAD, HR, PEER, STRANGER, ADMINISTRATOR):
        with pytest.raises(Refused):
            mine.sign_review(other, WHO, PERIOD, mark)
    with pytest.raises(InvalidInput, match="changed since it was shown"):
        mine.sign_review(MARTA, WHO, PERIOD, "another")
    with pytest.raises(InvalidInput, match="remark"):
        mine.sign_review(MARTA, WHO, PERIOD, mark, agrees=False)


def test_nobody_is_two_sides_of_their_own_review(mine):
    """HR's own review is checked by somebody else: HR has no scorecard here, so the head of all is tried."""
    assert mine.may(HEAD, "manage_reviews", "person", "p0001").allowed
    with pytest.raises(Refused, match="own score"):
        mine.adjust_score(HEAD, "p0001", PERIOD, 1, reason="because")


def test_sent_back_with_a_reason_it_begins_again(mine):
    checked(mine)
    with pytest.raises(InvalidInput, match="reason"):
        mine.send_review_back(HR, WHO, PERIOD, "self_done", reason=" ")
    with pytest.raises(NotFound, match="state"):
        mine.send_review_back(HR, WHO, PERIOD, "signed", reason="further")
    with pytest.raises(Refused):
        mine.send_review_back(PEER, WHO, PERIOD, "not_begun", reason="not mine")
    mine.send_review_back(HR, WHO, PERIOD, "self_done", reason="Say why the reports were late.")
    shown = mine.review(HEAD, WHO, PERIOD)
    assert (shown.state, shown.send, shown.history[-1].words) == (
        ReviewState.SELF_DONE, ReviewStep.MANAGER, "Say why the reports were late."
    )  # fmt: skip
    before = score(mine)
    mine.rate(HEAD, WHO, PERIOD, [Given("reports", "on_time", 3)])
    assert score(mine) == before, "what is written again counts when it is sent again"
    mine.send_review(HEAD, WHO, PERIOD)
    assert score(mine) == pytest.approx(before + 0.4 * 110 / 3)


def test_peers_are_anonymous_and_count_from_three_on(mine):
    with pytest.raises(Refused):
        mine.name_peers(MARTA, WHO, PERIOD, ["p0101"])
    peers = ["p0101", "p0102", "p0201"]
    assert mine.name_peers(HEAD, WHO, PERIOD, peers) == 3
    with pytest.raises(Refused):
        mine.peer_form(Asker("p0202"), WHO, PERIOD)
    for peer, value in zip(peers, (5, 4, 3), strict=True):
        assert score(mine) is None, "two would give each other away"
        mine.rate_peer(Asker(peer), WHO, PERIOD, [Given("inspecting", "thoroughness", value)])
    assert score(mine) == pytest.approx(82.5)
    shown = mine.review(MARTA, WHO, PERIOD)
    assert shown.peers == ()
    assert shown.peers_asked == 3
    assert shown.sections[0].items[0].values == {Rater.PEERS: 4.0}
    assert not {word for word in peers if word in repr(shown)}, "who rated is nowhere in it"
    assert not read_journal(mine.store, action="rate").filter(pl.col("subject").str.contains(WHO)).height
    assert [peer for peer, _, done in mine.review(HEAD, WHO, PERIOD).peers if done] == peers
    # Whoever is not asked any more does not count any more.
    mine.name_peers(HR, WHO, PERIOD, peers[:2])
    assert score(mine) is None


def test_peers_are_found_by_name_by_whoever_names_them(mine):
    people = {row["person"]: row["label"] for row in mine.company().people.iter_rows(named=True)}
    found = mine.peers_found(HEAD, WHO, PERIOD, people["p0201"].split()[0].upper())
    assert "p0201" in [one.id for one in found], "somebody of another department, by a part of the name in any case"
    assert all(people[one.id] == one.name.label and one.note for one in found)
    assert [one.id for one in mine.peers_found(HR, WHO, PERIOD, "p0201")] == ["p0201"]
    assert mine.peers_found(HR, WHO, PERIOD, " ") == ()
    assert WHO not in [one.id for one in mine.peers_found(HR, WHO, PERIOD, WHO)], "nobody is their own peer"
    for asker in (MARTA, PEER):
        with pytest.raises(Refused):
            mine.peers_found(asker, WHO, PERIOD, "a")
    with pytest.raises(NotFound, match=f"Did you mean 'p0201', {people['p0201']}"):
        mine.name_peers(HR, WHO, PERIOD, ["p0101", people["p0201"][:-1]])
    with pytest.raises(NotFound, match="Did you mean 'p0201'"):
        mine.name_peers(HR, WHO, PERIOD, ["p02001"])


def test_adjustments_need_a_reason_and_above_the_limit_a_second_person(mine):
    before = score(mine, "p0101")
    with pytest.raises(InvalidInput, match="reason"):
        mine.adjust_score(HR, "p0101", PERIOD, 2, reason="")
    with pytest.raises(Refused):
        mine.adjust_score(Asker("p0002"), "p0101", PERIOD, 2, reason="mine")
    mine.adjust_score(HR, "p0101", PERIOD, -2, reason="Late handover", file=("note.txt", b"Handover of 3 May"))
    assert score(mine, "p0101") == pytest.approx(before - 2)
    large = mine.adjust_score(HR, "p0101", PERIOD, 8, reason="Took over a second shift")
    assert score(mine, "p0101") == pytest.approx(before - 2), "8 points wait for somebody else"
    with pytest.raises(Refused, match="Somebody else"):
        mine.answer_adjustment(HR, large, agree=True)
    for other in ("p0002", "p0101", "p0201"):
        with pytest.raises((Refused, NotFound)):
            mine.answer_adjustment(Asker(other), large, agree=True)
    mine.answer_adjustment(HEAD, large, agree=True)
    assert score(mine, "p0101") == pytest.approx(before + 6)
    with pytest.raises(Refused, match="already"):
        mine.answer_adjustment(HEAD, large, agree=False, reason="no")
    said = [render(line) for line in mine.score_why(HR, "p0101", PERIOD).lines]
    assert any("Late handover" in line and "−2" in line.replace("-", "−") for line in said)
    why = mine.score_why(HR, "p0101", PERIOD)
    brought = why.sections["contribution"].sum() + sum(change for _, change in why.steps)
    assert brought == pytest.approx(score(mine, "p0101"))
    assert any("Late handover" in render(line) for line in mine.progress(HR, "p0101", PERIOD).appraisal_why)


def test_a_coefficient_comes_before_points(mine):
    before = score(mine, "p0101")
    mine.adjust_score(HR, "p0101", PERIOD, 2, reason="Two points")
    number = mine.adjust_score(HR, "p0101", PERIOD, 1.05, reason="Hard year", kind="coefficient")
    assert score(mine, "p0101") == pytest.approx(before + 2)
    mine.answer_adjustment(HEAD, number, agree=True)
    assert score(mine, "p0101") == pytest.approx(before * 1.05 + 2)


def test_evidence_opens_for_whoever_reads_the_appraisal(mine):
    number = mine.adjust_score(HR, "p0101", PERIOD, -1, reason="Late", file=("note.txt", b"Handover of 3 May"))
    for asker in (HR, HEAD, Asker("p0101"), Asker("p0002")):
        assert mine.adjustment_evidence(asker, number).content == b"Handover of 3 May"
    for asker in (Asker("p0102"), Asker("p0201"), Asker("p0003"), Asker()):
        with pytest.raises(NotFound):
            mine.adjustment_evidence(asker, number)
    with pytest.raises(InvalidInput):
        mine.adjust_score(HR, "p0101", PERIOD, -1, reason="Late", file=("note.pdf", b"no pdf"))


def test_nobody_reads_a_review_they_may_not(mine):
    checked(mine)
    everybody = mine.company().people["person"].to_list()
    assert len(everybody) > 50
    for person in everybody:
        asker = Asker(person)
        reads = by_hand.role_of(person)["appraisals"] == "enterprise" or person == WHO
        for ask in (lambda a=asker: mine.review(a, WHO, PERIOD), lambda a=asker: mine.score_why(a, WHO, PERIOD)):
            if reads:
                ask()
            else:
                with pytest.raises(Refused):
                    ask()
        assert (WHO in mine.reviews(asker, PERIOD, wanted=Wanted(limit=1000)).rows["person"]) == reads


def test_late_ones_are_listed_with_days_and_counted_by_unit(ws):
    found = ws.reviews(HR, PERIOD, datetime.date(2014, 1, 31), Wanted(late=True, limit=1000))
    rows = {row["person"]: row for row in found.rows.iter_rows(named=True)}
    # HR has 30 days after 2013-12-31; the self-review 10.
    assert (rows["p0011"]["due"], rows["p0011"]["late"]) == (datetime.date(2014, 1, 30), 1)
    assert (rows["p0202"]["waits_for"], rows["p0202"]["late"], rows["p0202"]["back"]) == (
        "self", 21, "Say more about the second quarter."
    )  # fmt: skip
    assert "p0012" not in rows, "the signature has 40 days"
    assert found.units["late"].sum() == found.late == found.rows.height
    below = ws.reviews(Asker("p0002"), PERIOD, datetime.date(2014, 1, 31), Wanted(late=True, limit=1000))
    newark = {"EWR"} | {row["unit"] for row in by_hand.table("units") if row["parent"] == "EWR"}
    assert below.rows.height
    assert set(below.rows["unit"]) <= newark
    assert not ws.reviews(HR, PERIOD, datetime.date(2014, 1, 8)).late


def test_a_page_at_a_time(ws):
    whole = ws.reviews(HR, PERIOD, wanted=Wanted(limit=1000)).rows["person"].to_list()
    pages = [
        ws.reviews(HR, PERIOD, wanted=Wanted(offset=at, limit=7)).rows["person"].to_list() for at in range(0, 56, 7)
    ]
    assert [person for page in pages for person in page] == whole
    assert ws.reviews(HR, PERIOD, wanted=Wanted(word="yunque")).rows["person"].to_list() == ["p0011"]


def test_an_earlier_day_knows_what_was_known_then(ws):
    day = datetime.date(2014, 1, 10)
    assert ws.review(HR, "p0101", PERIOD, day).state is ReviewState.SELF_DONE
    assert ws.review(HR, "p0101", PERIOD).state is ReviewState.SIGNED
    assert score(ws, "p0011", day) != score(ws, "p0011")
    assert score(ws, "p0011", datetime.date(2014, 1, 5)) is None
    assert ws.review(HR, "p0011", PERIOD, day).send is None, "a past day takes no steps"


def test_duties_name_what_waits_and_for_whom(ws):
    def said(person: str) -> list[str]:
        return [render(duty.said) for duty in ws.todo(Asker(person)) if duty.page == "reviews"]

    assert said("p0012") == ["Your review for 2013 waits for your signature."]
    assert said("p0202") == ["Your self-review for 2013 is to be written."]
    assert any("The review of" in line for line in said("p0002"))
    assert said("p0005") == ["2 reviews for 2013 wait for you, 2 of them late."]
    assert said("p0101") == []


def test_the_examples_scores_are_those_of_goals_alone(ws):
    people = appraisals(ws, PERIOD).people.filter(pl.col("role") != "inspector")
    assert people["score"].equals(people["goal_score"])


def test_two_writers_at_the_same_moment_leave_one_order(mine):
    at = datetime.datetime(2014, 3, 1, 9, 0, tzinfo=datetime.UTC)
    writing.rate(mine, MARTA, WHO, PERIOD, OWN, at=at)
    writing.send(mine, MARTA, WHO, PERIOD, at=at)
    assert score(mine) is not None
    adjusting.adjust(mine, HR, WHO, PERIOD, adjusting.Wish(1, "one"), at=at)
    adjusting.adjust(mine, HR, WHO, PERIOD, adjusting.Wish(1, "two"), at=at)
    steps = appraisals(mine, PERIOD).steps.filter(pl.col("person") == WHO, pl.col("kind") == "adjustment")
    assert steps["reason"].to_list() == ["one", "two"]


def test_somebody_of_the_example_who_moved_in_july_is_scored_by_segment(ws):
    """p0228 inspected until June and leads a station since: what the station earned counts for its days alone."""
    company, moment = ws.company(), ws.moment(PERIOD, None)
    cast = Cast(company.people, company.assignments)
    done = appraise(
        results(ws, PERIOD), cast, company.scorecards, company.grades, moment.period, beside=Beside(by_segment=True)
    )
    rows = done.segments.select("person", "unit", "role", "days", "share").rows()
    assert rows == [("p0228", "NYC", "inspector", 181, 0.0), ("p0228", "LGA-F9", "station_manager", 184, 1.0)]
    others = pl.col("person") != "p0228"
    assert (
        done.people.filter(others)
        .drop("grade", "ruled_grade")
        .equals(
            appraise(results(ws, PERIOD), cast, company.scorecards, company.grades, moment.period)
            .people.filter(others)
            .drop("grade", "ruled_grade")
        )
    )
