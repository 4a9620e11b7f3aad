"""Calibration sessions: who may do what, a second person, targets that bind, what is applied, and what is told to whom."""

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from kpiflow.core.distributing import Enforcement
from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.storage import read_journal
from kpiflow.storage.calibration import Move, Opened, add_moves, add_session, decided, final_version
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.calibration.answers import By, Group, GroupKind, Moved, SessionState, Wishes

PERIOD = "2013"
EXECUTIVE, HEAD, OTHER_HEAD, HR, STAFF = (Asker(one) for one in ("p0001", "p0002", "p0003", "p0005", "p0101"))

#: The session of the example, over Newark.
OPEN = 1


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company to calibrate in."""
    opened = Workspace.open(Path(shutil.copy(demo_store, tmp_path / "mine.duckdb")), demo=True)
    yield opened
    opened.close()


def grades(ws: Workspace) -> dict[str, str]:
    return dict(appraisals(ws, PERIOD).people.drop_nulls("grade").select("person", "grade").iter_rows())


def at_jfk(ws: Workspace, **wishes: object) -> int:
    return ws.open_calibration(HR, PERIOD, Group(GroupKind.UNIT, "JFK"), Wishes(**wishes))


def test_an_open_session_changes_nobodys_grade(mine):
    before = grades(mine)
    session = mine.calibration(HR, OPEN)
    moved = session.rows.filter(pl.col("before") != pl.col("grade"))
    assert set(moved["person"]) == {"p0102", "p0103"}
    assert all(before[row["person"]] == row["before"] for row in moved.iter_rows(named=True))


def test_a_final_session_decides_the_grade_everywhere_and_keeps_the_one_before(mine):
    before, scores = grades(mine), appraisals(mine, PERIOD).people.select("person", "score")
    assert mine.finalise_calibration(EXECUTIVE, OPEN) == 2
    after = grades(mine)
    assert {who: (before[who], after[who]) for who in before if before[who] != after[who]} == {
        "p0102": ("D", "C"),
        "p0103": ("E", "D"),
    }
    assert appraisals(mine, PERIOD).people.select("person", "score").equals(scores), "a calibration moves no score"
    listed = mine.scores(HR, PERIOD).rows
    assert listed.filter(person="p0103")["grade"].item() == "D"
    told = mine.calibrated_grade(Asker("p0103"), "p0103", PERIOD)
    assert (told.before, told.after, told.who) == ("E", "D", "p0002")
    assert "night shift" in told.reason
    why = [str(line) for line in mine.score_why(Asker("p0103"), "p0103", PERIOD).lines]
    assert why[-1] == "Calibrated: grade E became D."


def test_as_known_before_it_was_final_the_old_grade_stands(mine):
    day = datetime.date(2014, 2, 1)
    before = appraisals(mine, PERIOD, day).people.filter(person="p0103")["grade"].item()
    mine.finalise_calibration(EXECUTIVE, OPEN)
    assert appraisals(mine, PERIOD, day).people.filter(person="p0103")["grade"].item() == before == "E"
    assert mine.calibration(HR, OPEN, day).line.state is SessionState.OPEN
    assert mine.calibration(HR, OPEN).line.state is SessionState.FINAL
    with pytest.raises(NotFound):
        mine.calibration(HR, OPEN, datetime.date(2014, 1, 1))


def test_a_second_person_makes_it_final(mine):
    with pytest.raises(Refused, match="opened this session"):
        mine.finalise_calibration(HR, OPEN)
    with pytest.raises(Refused, match="None of your roles"):
        mine.finalise_calibration(HEAD, OPEN)
    with pytest.raises(Refused, match="opened this session"):
        mine.finalise_calibration(ADMINISTRATOR, OPEN, who="p0005")
    with pytest.raises(Refused, match="moved grades"):
        mine.finalise_calibration(ADMINISTRATOR, OPEN, who="p0002")
    mine.finalise_calibration(ADMINISTRATOR, OPEN, who="the works council's chair")
    with pytest.raises(Refused, match="ended already"):
        mine.finalise_calibration(EXECUTIVE, OPEN)


def test_nobody_sees_their_own_calibration_before_it_is_final(mine):
    assert mine.calibrated_grade(Asker("p0103"), "p0103", PERIOD) is None
    with pytest.raises(Refused):
        mine.calibration(Asker("p0103"), OPEN)
    shown = mine.calibration(HEAD, OPEN)
    assert "p0002" not in shown.rows["person"].to_list()
    assert "p0002" not in shown.suggestions["person"].to_list()
    assert shown.raters["people"].sum() == shown.rows.height, "nor through what their own rater gave"
    with pytest.raises(NotFound):
        mine.calibration(OTHER_HEAD, OPEN)
    assert mine.calibrations(OTHER_HEAD, PERIOD) == []


def test_move_grades_needs_a_right_a_reason_and_a_grade(mine):
    good = Moved("p0101", "B", "The strike was in their favour")
    for asker in (OTHER_HEAD, STAFF):
        with pytest.raises((Refused, NotFound)):
            mine.move_grades(asker, OPEN, [good])
    with pytest.raises(InvalidInput, match="with a reason"):
        mine.move_grades(HR, OPEN, [Moved("p0101", "B", "  ")])
    with pytest.raises(NotFound, match="no grade 'F'"):
        mine.move_grades(HR, OPEN, [Moved("p0101", "F", "why not")])
    with pytest.raises(Refused, match="own grade"):
        mine.move_grades(HEAD, OPEN, [Moved("p0002", "A", "I was good")])
    with pytest.raises(NotFound):
        mine.move_grades(HR, OPEN, [Moved("p0111", "A", "of another station")])
    with pytest.raises(InvalidInput, match="already"):
        mine.move_grades(HR, OPEN, [good, Moved("p0203", "A", "as it is")])
    assert mine.calibration(HR, OPEN).log.height == 2, "all or none: the good move of that try was not written"
    assert mine.move_grades(HR, OPEN, [good, Moved("p0101", "A", "On second thoughts")]) == 2
    said = read_journal(mine.store, action="move_grade", subject="p0101")
    assert said["reason"].to_list() == ["On second thoughts", "The strike was in their favour"]


def test_one_person_is_in_one_open_session(mine):
    with pytest.raises(InvalidInput, match=r"open session already \(1\)"):
        mine.open_calibration(HR, PERIOD, Group(GroupKind.ROLE, "duty_manager"))
    mine.drop_calibration(HR, OPEN, reason="Newark is looked at with the others")
    number = mine.open_calibration(HR, PERIOD, Group(GroupKind.ROLE, "duty_manager"))
    assert mine.calibration(HR, number).rows.height == 9
    assert grades(mine)["p0103"] == "E", "what was dropped has no effect"
    with pytest.raises(InvalidInput, match="ended already"):
        mine.drop_calibration(HR, OPEN, reason="again")


def test_a_unit_too_small_for_its_target_is_merged_into_the_one_above(mine):
    mine.drop_calibration(HR, OPEN, reason="to begin again")
    number = mine.open_calibration(HR, PERIOD, Group(GroupKind.UNIT, "EWR-9E"), Wishes("balanced"))
    shown = mine.calibration(HR, number)
    assert shown.rows.height == 16
    assert "fewer than 5 people" in str(shown.merged)
    alone = mine.open_calibration(HR, PERIOD, Group(GroupKind.UNIT, "JFK-9E"))
    assert mine.calibration(HR, alone).rows.height == 1, "without a target nothing has to be merged"


def test_an_enforced_target_holds_the_session_up_until_it_is_met_or_excepted(mine, monkeypatch):
    company = mine.company()
    strict = company.distributions["balanced"].model_copy(update={"enforcement": Enforcement.ENFORCED})
    monkeypatch.setitem(company.distributions, "strict", strict.model_copy(update={"distribution": "strict"}))
    number = at_jfk(mine, target="strict")
    shown = mine.calibration(HR, number)
    assert not shown.met
    with pytest.raises(InvalidInput, match="enforced and not met"):
        mine.finalise_calibration(EXECUTIVE, number)
    for row in shown.suggestions.iter_rows(named=True):
        mine.move_grades(HR, number, [Moved(row["person"], row["to"], "Nearest to the edge")])
    after = mine.calibration(HR, number)
    assert after.met, "what is suggested meets the target"
    assert after.suggestions.is_empty()
    mine.finalise_calibration(EXECUTIVE, number)
    other = mine.open_calibration(HR, PERIOD, Group(GroupKind.UNIT, "LGA"), Wishes("strict"))
    assert mine.finalise_calibration(EXECUTIVE, other, exception="The board accepts it this year") == 0
    line = next(one for one in mine.calibrations(HR, PERIOD) if one.session == other)
    assert line.reason == "The board accepts it this year"


def test_the_target_is_kept_as_it_was_when_the_session_was_opened(mine, monkeypatch):
    company = mine.company()
    monkeypatch.delitem(company.distributions, "balanced")
    assert mine.calibration(HR, OPEN).target.distribution == "balanced"


def test_a_closed_period_is_not_calibrated(mine):
    with pytest.raises(InvalidInput, match="closed"):
        mine.open_calibration(HR, "2013-Q1", Group(GroupKind.UNIT, "JFK"))


def test_strange_groups_are_answered_with_the_nearest_word(mine):
    for group, word in ((Group(GroupKind.UNIT, "JFKK"), "JFK"), (Group(GroupKind.ROLE, "duty_manger"), "duty_manager")):
        with pytest.raises(NotFound, match=word):
            mine.open_calibration(HR, PERIOD, group)
    with pytest.raises(NotFound, match="balanced"):
        at_jfk(mine, target="balance")
    with pytest.raises(NotFound):
        at_jfk(mine, participants=("p9999",))


def test_the_picture_counts_as_the_list_of_scores_does(ws):
    listed = ws.scores(HR, PERIOD).grades.filter(pl.col("people") > 0)
    for by in By:
        shown = ws.distribution(HR, PERIOD, by=by)
        assert dict(shown.everybody.filter(pl.col("people") > 0).select("grade", "people").iter_rows()) == dict(
            listed.select("grade", "people").iter_rows()
        )
    by_unit = ws.distribution(HR, PERIOD).groups
    assert by_unit["people"].sum() == listed["people"].sum(), "everybody is in exactly one unit"


def test_a_head_sees_the_grades_below_and_staff_none(ws):
    shown = ws.distribution(HEAD, PERIOD)
    assert set(shown.groups["group"]) <= {"NYC", "EWR"}
    with pytest.raises(Refused):
        ws.distribution(STAFF, PERIOD)


def test_leniency_is_none_where_grades_are_those_of_the_scores(ws):
    assert set(ws.distribution(HR, PERIOD, by=By.RATER).leniency["leniency"]) == {0.0}


def test_leniency_shows_what_a_calibration_gave(mine):
    """Two of Newark's people went up one step each: 2 ÷ the people of that rater."""
    mine.finalise_calibration(EXECUTIVE, OPEN)
    found = mine.distribution(HR, PERIOD, by=By.RATER).leniency.filter(group="p0002").row(0, named=True)
    assert found["leniency"] == pytest.approx(2 / found["people"])


def test_the_last_of_two_final_sessions_counts(tmp_path):
    """On the store alone: A → B in the first, then A → C in the second, which knew B."""
    from kpiflow.storage import Store
    from kpiflow.storage.calibration import End, add_end

    noon = datetime.datetime(2014, 1, 1, 12, tzinfo=datetime.UTC)
    with Store.create(tmp_path / "s.duckdb") as store:
        with store.write() as cursor:
            for number, (was, to) in enumerate((("A", "B"), ("B", "C"))):
                at = noon + datetime.timedelta(days=number)
                people = pl.DataFrame({"person": ["p"], "grade": [was], "score": [99.0]})
                session = add_session(cursor, Opened(PERIOD, "list", "", None, None, (), "hr", at), people)
                add_moves(cursor, session, [Move("p", was, to, "because")], "hr", at)
                add_end(cursor, session, End(True, False, "ceo", at))
        with store.read() as cursor:
            assert decided(cursor, PERIOD)["after"].to_list() == ["C"]
            assert decided(cursor, PERIOD, noon.date())["after"].to_list() == ["B"]
            assert decided(cursor, "2014").is_empty()
            assert (final_version(cursor), final_version(cursor, noon.date())) == (2, 1)


def test_hr_and_the_second_person_find_it_in_their_to_do(mine):
    said = [str(duty.said) for duty in mine.todo(EXECUTIVE)]
    assert any("waits for a second person" in one for one in said)
    assert not any("waits for a second person" in str(duty.said) for duty in mine.todo(HR))
