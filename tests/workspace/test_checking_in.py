"""Check-ins as people make them on the example company: what is written, what is refused, who may, and what is read back."""

import datetime
import io
import shutil
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import quantiles

import polars as pl
import pytest

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.sources.attachments import KINDS, attachment
from kpiflow.storage import Fact, fact_history, read_journal
from kpiflow.workspace import ADMINISTRATOR, Asker, NeedsReason, Said, Takes, Unusual, Workspace
from kpiflow.workspace.months import months_begun
from kpiflow.workspace.reporting.checking_in import check_in
from kpiflow.workspace.reporting.sparks import sparks
from kpiflow.workspace.reporting.taking_values import told_from, usual_range
from kpiflow.workspace.results import results

MARCH = datetime.datetime(2013, 3, 14, 10, tzinfo=datetime.UTC)
YEAR_END = datetime.date(2013, 12, 31)

#: A duty manager at Newark with three of four steps reported; one at Kennedy who fell silent after the second.
DUTY, SILENT = Asker("p0101"), Asker("p0112")
HEAD, OTHER_HEAD, EXECUTIVE = Asker("p0002"), Asker("p0003"), Asker("p0001")


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company that a test may change."""
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    opened = Workspace.open(path, demo=True)
    yield opened
    opened.close()


def actual(ws: Workspace, goal: str, as_of: datetime.date | None = None) -> float | None:
    return results(ws, "2013", as_of).filter(pl.col("goal") == goal)["actual"].item()


def test_a_step_becomes_a_measurement_that_leads_back_to_the_check_in(mine):
    done = mine.check_in(SILENT, "p0112-handover", Said(step=3, confidence=8, words=" Both weeks done.\x00 "))
    assert actual(mine, "p0112-handover") == 3.0
    page = mine.goal(SILENT, "p0112-handover", "2013")
    assert f"check-in {done.check_in} by Ada Wagtail" in page.loads["source"].to_list()
    newest = mine.check_ins(SILENT, "p0112-handover").rows.row(0, named=True)
    assert (newest["load"], newest["outcome"], newest["shown"]) == (done.load, "measured", 3.0)
    assert newest["words"] == "Both weeks done."
    assert str(done.sentence[0]) == "Written: Two weeks without a gap for Dec 31, 2013."
    line = read_journal(mine.store, action="check_in").row(0, named=True)
    assert (line["who"], line["subject"]) == ("p0112", "p0112-handover")


def test_an_earlier_day_still_shows_what_was_believed_then(mine):
    mine.check_in(SILENT, "p0112-handover", Said(step=3))
    assert actual(mine, "p0112-handover", YEAR_END) == 2.0
    assert mine.check_ins(SILENT, "p0112-handover", YEAR_END).rows["step"].to_list() == [2, 1]


def test_another_value_for_a_day_needs_a_reason_and_keeps_the_first(mine):
    first = mine.check_in(SILENT, "p0112-handover", Said(step=3))
    with pytest.raises(NeedsReason, match=f"check-in {first.check_in} by Ada Wagtail"):
        mine.check_in(SILENT, "p0112-handover", Said(step=4))
    second = mine.check_in(SILENT, "p0112-handover", Said(step=4, reason="The audit was this morning"))
    facts = fact_history(mine.store, Fact("handover_steps", "JFK", "p0112", YEAR_END))
    assert facts["amount"].to_list() == [3, 4]
    assert facts["superseded_by"].to_list() == [second.load, None]
    rows = {row["check_in"]: row for row in mine.check_ins(SILENT, "p0112-handover").rows.iter_rows(named=True)}
    assert rows[first.check_in]["outcome"] == "corrected"
    assert (rows[second.check_in]["corrects"], rows[second.check_in]["reason"]) == (
        first.check_in,
        "The audit was this morning",
    )


def test_the_same_value_again_is_a_confirmation_and_no_new_measurement(mine):
    mine.check_in(SILENT, "p0112-handover", Said(step=3))
    again = mine.check_in(SILENT, "p0112-handover", Said(step=3, confidence=9))
    assert again.load is None
    assert mine.check_ins(SILENT, "p0112-handover").rows["outcome"][0] == "confirmed"


def test_a_rate_is_given_by_its_parts_and_added_up(mine):
    """On paper: Σ overtime hours of the year and 2,000 more, over Σ hours worked and 50,000 more, × 100."""
    before = results(mine, "2013").filter(pl.col("goal") == "p0002-overtime").row(0, named=True)
    mine.check_in(HEAD, "p0002-overtime", Said(numerator="2,000", denominator=50000, day=datetime.date(2013, 12, 15)))
    expected = 100 * (before["numerator"] + 2000) / (before["denominator"] + 50000)
    assert actual(mine, "p0002-overtime") == pytest.approx(expected, abs=1e-9)


def test_nothing_is_written_when_anything_is_refused(mine):
    before = mine.versions(None), read_journal(mine.store).height, mine.check_ins(SILENT, "p0112-handover").rows.height
    for said in (Said(step=3, confidence=11), Said(step=3, files=(("a.exe", b"MZ"),)), Said(step=9)):
        with pytest.raises(InvalidInput):
            mine.check_in(SILENT, "p0112-handover", said)
    after = mine.versions(None), read_journal(mine.store).height, mine.check_ins(SILENT, "p0112-handover").rows.height
    assert after == before


@pytest.mark.parametrize(
    ("who", "goal", "said", "match"),
    [
        (DUTY, "p0101-ontime", Said(value=80), "comes from a system"),
        (EXECUTIVE, "nyc-training", Said(value=3), "would count twice"),
        (EXECUTIVE, "nyc-service", Said(value=3), "no metric of its own"),
        (HEAD, "p0002-overtime", Said(numerator=3, denominator=1), "other way round"),
        (HEAD, "p0002-overtime", Said(numerator=-3, denominator=10), "below zero"),
        (HEAD, "p0002-overtime", Said(numerator=3, denominator=0), "more than 0"),
        (HEAD, "p0002-overtime", Said(numerator=3), "both"),
        (HEAD, "p0002-overtime", Said(value=4.2), "both"),
        (HEAD, "p0002-overtime", Said(numerator="many", denominator=9), "not a number"),
        (HEAD, "p0002-overtime", Said(numerator="nan", denominator=9), "not a number"),
        (HEAD, "p0002-overtime", Said(numerator="0.1234567", denominator=9), "six digits"),
        (SILENT, "p0112-handover", Said(step=1.5), "no step or level"),
        (SILENT, "p0112-handover", Said(step=3, day=datetime.date(2014, 1, 1)), "outside the cycle"),
        (SILENT, "p0112-handover", Said(step=3, day=datetime.date(2012, 12, 31)), "outside the cycle"),
        (SILENT, "p0112-handover", Said(), "Nothing was said"),
        (SILENT, "p0112-handover", Said(words="x" * 2001), "2,001 characters"),
        (SILENT, "p0112-handover", Said(confidence=0), "from 1"),
    ],
)
def test_what_cannot_be_is_refused_in_words(ws, who, goal, said, match):
    with pytest.raises(InvalidInput, match=match):
        ws.check_in(who, goal, said)


def test_a_day_that_has_not_come_is_refused(ws):
    with pytest.raises(InvalidInput, match="has not come yet"):
        check_in(ws, SILENT, "p0112-handover", Said(step=2, day=datetime.date(2013, 3, 15)), at=MARCH)


@pytest.mark.parametrize(
    ("who", "goal", "said"),
    [
        (SILENT, "p0112-handover", Said(step=1)),
        (HEAD, "p0002-overtime", Said(numerator=30000, denominator=60000, day=datetime.date(2013, 12, 15))),
    ],
    ids=["a step back", "ten times the usual"],
)
def test_a_probable_slip_is_asked_about_and_taken_when_it_is_meant(mine, who, goal, said):
    with pytest.raises(Unusual):
        mine.check_in(who, goal, said)
    meant = Said(**{**vars(said), "sure": True})
    assert mine.check_in(who, goal, meant).load is not None


@pytest.mark.parametrize("values", [[4.1, 4.3, 4.2, 4.4, 4.0], [100.0, 130.0, 90.0, 110.0], [7.0] * 6])
def test_the_usual_range_is_the_middle_half_and_three_widths(values):
    first, median, third = quantiles(values, n=4, method="inclusive")
    width = max(third - first, median / 10)
    assert usual_range(values, {}) == pytest.approx((first - 3 * width, third + 3 * width))


def test_two_of_what_is_counted_is_no_slip_after_many_ones():
    low, high = usual_range([1.0] * 8, {"measure": "count"})
    assert low <= 2.0 <= high < 10.0


def test_hours_that_were_never_below_nothing_are_not_usual_from_below_nothing():
    assert told_from(-1.0, [1.5, 2.0, 3.5, 5.0]) == 0.0
    assert told_from(-1.0, [-0.5, 2.0, 3.5, 5.0]) == -1.0, "early is below nothing"


def test_without_a_past_the_target_says_what_is_usual():
    assert usual_range([1.0], {"target": 80.0, "direction": "higher"}) == (8.0, 800.0)
    assert usual_range([], {"target": 80.0, "direction": "lower"}) == (0.0, 800.0)
    assert usual_range([], {"target": 80.0, "accrues": True}) == (None, None)


@pytest.mark.parametrize(
    ("who", "goal"),
    [
        (Asker("p0113"), "p0112-handover"),
        (HEAD, "p0101-handover"),
        (EXECUTIVE, "p0002-overtime"),
        (OTHER_HEAD, "ewr-overtime"),
        (DUTY, "ewr-overtime"),
        (Asker("p0005"), "p0101-handover"),
        (Asker("p0006"), "p0101-handover"),
        (Asker("p0007"), "p0101-handover"),
        (Asker(), "p0101-handover"),
    ],
)
def test_only_who_answers_for_a_goal_checks_in_on_it(ws, who, goal):
    with pytest.raises(Refused):
        ws.check_in(who, goal, Said(words="mine now"))


def test_who_leads_a_unit_checks_in_on_its_goals(mine):
    assert mine.check_in(HEAD, "ewr-overtime", Said(words="January needs six more")).load is None
    assert mine.check_in(EXECUTIVE, "nyc-plan", Said(step=4)).load is not None


def test_the_machine_writes_for_a_person_and_the_journal_says_so(mine):
    done = mine.check_in(ADMINISTRATOR, "p0112-handover", Said(step=3), person="p0112", who="root")
    line = read_journal(mine.store, action="check_in").row(0, named=True)
    assert (line["who"], '"for": "p0112"' in line["detail"]) == ("root", True)
    row = mine.check_ins(SILENT, "p0112-handover").rows.row(0, named=True)
    assert (row["check_in"], row["who"], row["person"]) == (done.check_in, "root", "p0112")
    with pytest.raises(Refused):
        mine.check_in(ADMINISTRATOR, "p0112-handover", Said(step=4), person="p0101")
    with pytest.raises(NotFound):
        mine.check_in(ADMINISTRATOR, "p0112-handover", Said(step=4), person="nobody")


def office(part: str, *more: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in ("[Content_Types].xml", part, *more):
            file.writestr(name, "<x/>")
    return packed.getvalue()


GENUINE = {
    "pdf": b"%PDF-1.7 ...", "png": b"\x89PNG\r\n\x1a\n...", "jpg": b"\xff\xd8\xff\xe0..", "jpeg": b"\xff\xd8\xff\xe1..",
    "webp": b"RIFF\x10\0\0\0WEBPVP8 ", "txt": "一切正常".encode(), "csv": "机场,数\nEWR,3\n".encode("gb18030"),
    "xlsx": office("xl/workbook.xml"), "docx": office("word/document.xml"),
}  # fmt: skip


def test_every_kind_of_file_is_known_by_its_content():
    assert set(GENUINE) == set(KINDS)
    for ending, content in GENUINE.items():
        assert attachment(f"proof.{ending.upper()}", content).media == KINDS[ending].media


@pytest.mark.parametrize("claimed", sorted(GENUINE))
@pytest.mark.parametrize("truly", sorted(GENUINE))
def test_a_name_is_not_believed(claimed, truly):
    same = KINDS[claimed].media == KINDS[truly].media or {claimed, truly} == {"txt", "csv"}
    # Readable bytes of any kind pass as text, which is how they are shown.
    if same or (claimed in ("txt", "csv") and truly == "pdf"):
        return
    with pytest.raises(InvalidInput, match="its content is not"):
        attachment(f"proof.{claimed}", GENUINE[truly])


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("run.exe", b"MZ\x90", "not of a kind"),
        ("page.html", b"<script>", "not of a kind"),
        ("noending", b"words", "not of a kind"),
        ("macro.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), "its content is not"),
        ("empty.txt", b"", "is empty"),
        ("large.txt", b"x" * (10 * 2**20 + 1), "at most 10"),
    ],
)
def test_what_is_not_taken_as_evidence(name, content, match):
    with pytest.raises(InvalidInput, match=match):
        attachment(name, content)


def test_evidence_is_read_back_by_those_who_may_read_the_goal(mine):
    content = GENUINE["pdf"] + bytes(range(256))
    done = mine.check_in(DUTY, "p0101-ontime", Said(words="see file", files=(("../../audit\u202efdp.pdf", content),)))
    (number,) = done.files
    for who in (DUTY, HEAD, EXECUTIVE, Asker("p0006"), ADMINISTRATOR):
        file = mine.evidence(who, number)
        assert (file.content, file.name, file.media) == (content, "auditfdp.pdf", "application/pdf")
    for who in (Asker("p0102"), OTHER_HEAD, Asker("p0209"), Asker("p0007"), Asker()):
        with pytest.raises(NotFound, match=f"no file {number} that you may open"):
            mine.evidence(who, number)
        with pytest.raises(Refused):
            mine.check_ins(who, "p0101-ontime")
    with pytest.raises(NotFound, match="no file 999 that you may open"):
        mine.evidence(DUTY, 999)


def test_a_question_waits_on_the_list_of_who_answers_until_it_is_answered(mine):
    asked = mine.ask(HEAD, "p0101-departure", "What is in the way?")
    waiting = [str(duty.said) for duty in mine.todo(DUTY) if duty.kind == "answer"]
    assert any("What is in the way?" in said for said in waiting)
    for number in (asked, asked + 1000):  # one they may not read, and one there is not
        with pytest.raises(NotFound, match=f"no question {number} that you may answer"):
            mine.answer(Asker("p0102"), number, "I know!")
    with pytest.raises(Refused):
        mine.answer(HEAD, asked, "never mind")
    with pytest.raises(InvalidInput):
        mine.answer(DUTY, asked, "   ")
    mine.answer(DUTY, asked, "The tow crews.")
    assert not [duty for duty in mine.todo(DUTY) if duty.kind == "answer" and "in the way" in str(duty.said)]
    with pytest.raises(Refused, match="has one already"):
        mine.answer(DUTY, asked, "Again.")
    thread = mine.check_ins(HEAD, "p0101-departure").thread
    assert thread["words"].to_list() == ["What is in the way?", "The tow crews."]


def test_a_question_about_a_unit_goes_to_who_leads_it(ws):
    assert ws.check_ins(EXECUTIVE, "ewr-ontime").asked[0] == "p0002"
    assert ws.check_ins(EXECUTIVE, "nyc-ontime").asked[0] == "p0001"


def test_whose_rows_are_closed_cannot_be_asked_about(ws):
    with pytest.raises(Refused):
        ws.ask(OTHER_HEAD, "p0101-ontime", "How so?")


def test_who_has_gone_quiet(ws):
    """p0112 was heard last on 11 June; on 1 October that is 112 days, and the metric stays fresh for 100."""
    day = datetime.date(2013, 10, 1)
    found = ws.quiet(OTHER_HEAD, "2013", day)
    row = found.filter(pl.col("goal") == "p0112-handover").row(0, named=True)
    assert (row["silent"], row["last_day"], row["fresh_for"]) == (112, datetime.date(2013, 6, 11), 100)
    assert (
        ws.quiet(OTHER_HEAD, "2013", datetime.date(2013, 9, 15)).filter(pl.col("goal") == "p0112-handover").is_empty()
    )
    assert ws.quiet(HEAD, "2013", day).filter(pl.col("goal") == "p0112-handover").is_empty(), "outside their reach"
    assert found["silent"].is_sorted(descending=True)


def test_words_alone_break_the_silence(mine):
    goal, day = "p0112-handover", datetime.date(2013, 10, 1)
    check_in(
        mine,
        SILENT,
        goal,
        Said(words="waiting for the audit"),
        at=datetime.datetime(2013, 9, 20, 9, tzinfo=datetime.UTC),
    )
    assert mine.quiet(OTHER_HEAD, "2013", day).filter(pl.col("goal") == goal).is_empty()


def test_an_outdated_goal_asks_for_a_value_until_it_has_one(mine):
    assert [duty.count for duty in mine.todo(SILENT) if duty.kind == "report"] == [1]
    desk = mine.staff_desk(SILENT, "p0112", "2013")
    assert (desk.goals["goal"][0], desk.goals["due"][0]) == ("p0112-handover", True)
    mine.check_in(SILENT, "p0112-handover", Said(step=3))
    assert not [duty for duty in mine.todo(SILENT) if duty.kind == "report"]
    assert not mine.staff_desk(SILENT, "p0112", "2013").goals["due"].any()


def test_a_desk_says_what_is_needed_and_what_it_pays(ws):
    """(76.84 × 365 − actual × 227) ÷ 138 must be held from 16 August on, rounded up to two digits."""
    day = datetime.date(2013, 8, 15)
    desk = ws.staff_desk(DUTY, "p0101", "2013", day)
    row = desk.goals.filter(pl.col("goal") == "p0101-ontime").row(0, named=True)
    needed = (76.84 * 365 - row["actual"] * 227) / 138
    assert row["needed_target"] == pytest.approx(needed, abs=1e-6)
    assert f"Keep at least {-(-round(needed * 100, 6) // 1) / 100:.2f} %" in str(desk.sentence[1])
    assert not desk.check_in, "a past day is only looked at"
    assert ws.staff_desk(DUTY, "p0101", "2013").check_in
    assert not ws.staff_desk(HEAD, "p0101", "2013").check_in


def test_a_desk_of_others_is_refused_outside_the_reach(ws):
    for ask in (ws.staff_desk, ws.outcomes):
        with pytest.raises(Refused):
            ask(Asker("p0102"), "p0101", "2013")


def test_outcomes_show_pay_only_to_who_may_read_it(ws):
    mine, theirs = ws.outcomes(DUTY, "p0101", "2013"), ws.outcomes(Asker("p0006"), "p0101", "2013")
    assert [str(way.name) for way in mine.ways] == ["As things stand", "As forecast", "All at target", "All at stretch"]
    assert mine.ways[0].pay == ws.progress(DUTY, "p0101", "2013").pay_total
    allowed = ws.progress(Asker("p0006"), "p0101", "2013").pay_total is not None
    assert all((way.pay is not None) == allowed for way in theirs.ways)


@pytest.mark.parametrize("as_of", [None, datetime.date(2013, 8, 15)])
def test_months_of_a_few_goals_are_those_of_the_whole_company(demo_store, tmp_path, as_of):
    """The quick way, per goal, against the slow one: every month of the whole company scored."""
    shutil.copy(demo_store, tmp_path / "a.duckdb")
    quick, slow = Workspace.open(tmp_path / "a.duckdb"), Workspace.open(tmp_path / "a.duckdb")
    own = quick.company(as_of).goals.filter(pl.col("owner").is_in(["p0101", "p0209", "p0002", "NYC"]))
    moment = quick.moment("2013", as_of)
    alone = dict(sparks(quick, own, moment, as_of).iter_rows())
    for month in months_begun(moment):
        results(slow, month.period, as_of)
    whole = dict(sparks(slow, own, moment, as_of).iter_rows())
    quick.close()
    slow.close()
    assert alone.keys() == whole.keys()
    for goal, values in alone.items():
        assert [one is None for one in values] == [one is None for one in whole[goal]], goal
        assert [one for one in values if one is not None] == pytest.approx(
            [one for one in whole[goal] if one is not None], abs=1e-8
        )


def test_every_check_in_of_the_example_is_by_who_may_make_it(ws):
    with ws.store.read() as cursor:
        made = cursor.sql("SELECT DISTINCT goal, person FROM check_in").fetchall()
    owners = {
        goal: (kind, owner)
        for goal, kind, owner in ws.company().goals.select("goal", "owner_kind", "owner").iter_rows()
    }
    assert len(made) > 90
    for goal, person in made:
        assert ws.may(Asker(person), "check_in", *owners[goal]).allowed, (goal, person)


def test_what_a_form_takes(ws):
    takes = {
        goal: ws.check_in_form(who, goal).takes
        for who, goal in (
            (DUTY, "p0101-handover"),
            (DUTY, "p0101-ontime"),
            (HEAD, "p0002-overtime"),
            (EXECUTIVE, "nyc-plan"),
            (EXECUTIVE, "nyc-overtime"),
        )
    }
    assert takes == {
        "p0101-handover": Takes.STEP,
        "p0101-ontime": Takes.WORDS,
        "p0002-overtime": Takes.PARTS,
        "nyc-plan": Takes.STEP,
        "nyc-overtime": Takes.WORDS,
    }
    before = ws.check_in_form(HEAD, "p0002-overtime").before
    assert (before["day"], before["amount"]) == (YEAR_END, Decimal(3041))
