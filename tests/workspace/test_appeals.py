"""Appeals: filed down to a measurement, read by few, decided by a second person, corrected, worked out again, journalled."""

import datetime
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.incentives.reference import pay_everybody
from kpiflow.storage import read_journal
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.appeals.answers import About, Appeal, AppealState, Correction, Filing, Line, Verdict
from kpiflow.workspace.appeals.deadlines import last_day_to_file
from kpiflow.workspace.appeals.disputing import disputable
from kpiflow.workspace.appeals.plan_inputs import MadeOf, may_correct, shown_to
from kpiflow.workspace.pay_runs.deciding import Step, take
from kpiflow.workspace.paying import paid_by

PERIOD, PLAN = "2013", "service_bonus_2013"
EXECUTIVE, HEAD, HEAD_OF_JFK, HR, AUDITOR = (Asker(one) for one in ("p0001", "p0002", "p0003", "p0005", "p0006"))
EARLY, NIGHT = Asker("p0111"), Asker("p0103")

#: The appeals of the example: one open, about a complaint counted against the early shift; one dismissed.
OPEN, DISMISSED = 1, 2


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company to appeal in."""
    opened = Workspace.open(Path(shutil.copy(demo_store, tmp_path / "mine.duckdb")), demo=True)
    yield opened
    opened.close()


def score(ws: Workspace, person: str) -> float:
    return ws.score_why(ADMINISTRATOR, person, PERIOD).row["score"]


def test_only_the_author_those_who_answer_and_those_asked_read_an_appeal(ws):
    assert ws.appeal(EARLY, OPEN).line.person == "p0111"
    assert ws.appeal(HR, OPEN).line.number == OPEN
    assert ws.appeal(HEAD_OF_JFK, OPEN).line.number == OPEN, "asked for a remark"
    for stranger in (EXECUTIVE, HEAD, AUDITOR, NIGHT, Asker(account="nobody"), Asker("p0112")):
        with pytest.raises(NotFound):
            ws.appeal(stranger, OPEN)
        assert OPEN not in [line.number for line in ws.appeals(stranger, PERIOD).lines]
    assert [line.number for line in ws.appeals(NIGHT, PERIOD).lines] == [DISMISSED]
    assert ws.appeals(AUDITOR, PERIOD).total == 0


def test_appeal_file_is_as_private_as_the_appeal(ws):
    file = ws.appeal(HR, OPEN).files["file"].item()
    for reader in (EARLY, HR, HEAD_OF_JFK):
        assert b"security check" in ws.appeal_file(reader, file).content
    for stranger in (HEAD, NIGHT, AUDITOR):
        with pytest.raises(NotFound, match="no file"):
            ws.appeal_file(stranger, file)


def test_the_list_has_the_open_ones_first_and_counts_the_late(ws):
    found = ws.appeals(HR, PERIOD)
    assert [line.number for line in found.lines] == [OPEN, DISMISSED]
    assert (found.total, found.waiting, found.late) == (2, 1, 1)
    assert found.lines[0].due == datetime.date(2014, 1, 23), "fifteen days after it was filed on the 8th"
    then = ws.appeals(HR, PERIOD, datetime.date(2014, 1, 8))
    assert [(line.number, line.state) for line in then.lines] == [
        (DISMISSED, AppealState.OPEN),
        (OPEN, AppealState.OPEN),
    ]
    assert then.late == 0
    assert ws.appeals(HR, PERIOD, datetime.date(2014, 1, 1)).total == 0


def filing(**line: object) -> Filing:
    return Filing(Line(**line), "This is not right")


def test_everything_a_score_is_made_of_can_be_disputed(mine):
    found = mine.disputable(NIGHT, "p0103", PERIOD)
    assert found.score == pytest.approx(score(mine, "p0103"))
    goal = next(one.id for one in found.goals if one.id == "p0103-inspection")
    months = mine.disputable(NIGHT, "p0103", PERIOD, goal=goal)
    assert months.months.height == 12
    rows = mine.disputable(NIGHT, "p0103", PERIOD, goal=goal, month="2013-06").rows
    assert rows["day"].dt.month().unique().to_list() == [6]
    lines = [
        filing(about=About.SCORE), filing(about=About.GRADE), filing(about=About.SECTION, section=found.sections[0].id),
        filing(about=About.GOAL, goal=goal), filing(about=About.MONTH, goal=goal, month="2013-06"),
        filing(about=About.MEASUREMENT, goal=goal, month="2013-06",
               **rows.select("metric", "unit", "person", "day", "entry").row(0, named=True)),
        filing(about=About.PAY, component=found.pay[0].id),
    ]  # fmt: skip
    for one in lines:
        number = mine.file_appeal(NIGHT, "p0103", PERIOD, one)
        assert mine.appeal(NIGHT, number).disputed == replace(one.line, plan=PLAN if one.line.component else None)
    said = read_journal(mine.store, action="file_appeal", who="p0103")
    assert json.loads(said["detail"][0])["line"] == {"about": "pay", "component": found.pay[0].id, "plan": PLAN}


def test_what_is_not_there_cannot_be_disputed(mine):
    for one in (
        filing(about=About.GOAL, goal="p0101-ontime"),
        filing(about=About.MONTH, goal="p0103-inspection", month="2014-01"),
        filing(about=About.SECTION, section="punctualit"),
        filing(about=About.PAY, component="gift"),
        filing(about=About.MEASUREMENT, goal="p0103-inspection", month="2013-06", metric="inspection_score", unit="EWR-B6",
               person="p0102", day=datetime.date(2013, 6, 18)),
    ):  # fmt: skip
        with pytest.raises((NotFound, InvalidInput)):
            mine.file_appeal(NIGHT, "p0103", PERIOD, one)
    with pytest.raises(InvalidInput, match="in words"):
        mine.file_appeal(NIGHT, "p0103", PERIOD, Filing(Line(About.SCORE), " \n"))
    with pytest.raises(InvalidInput, match="content is not"):
        mine.file_appeal(NIGHT, "p0103", PERIOD, Filing(Line(About.SCORE), "See", (("note.pdf", b"no pdf"),)))
    assert mine.appeals(NIGHT, PERIOD).total == 1, "nothing of these was written"


def test_one_appeals_for_oneself(mine):
    for asker in (HEAD, HR, EARLY):
        with pytest.raises(Refused):
            mine.file_appeal(asker, "p0103", PERIOD, filing(about=About.SCORE))
        with pytest.raises(Refused):
            mine.disputable(asker, "p0103", PERIOD)


def test_the_time_to_appeal_ends_with_days_after_the_closing(mine):
    assert last_day_to_file(mine, PERIOD, "p0103") is None, "the year is open"
    until = last_day_to_file(mine, "2013-Q1", "p0103")
    assert until is not None
    assert until < mine.today()
    with pytest.raises(Refused, match="ended on"):
        mine.file_appeal(NIGHT, "p0103", "2013-Q1", filing(about=About.SCORE))


def test_ask_remark_opens_the_appeal_to_the_one_asked_and_remark_appeal_answers(mine):
    with pytest.raises(Refused):
        mine.ask_remark(EARLY, OPEN, "p0112")
    with pytest.raises(NotFound):
        mine.ask_remark(HEAD, OPEN, "p0002")
    with pytest.raises(NotFound):
        mine.remark_appeal(HEAD, OPEN, "I was not asked")
    with pytest.raises(Refused):
        mine.remark_appeal(HR, OPEN, "I decide, I do not remark")
    assert mine.appeal(HR, OPEN).line.state is AppealState.ASKED
    assert any("your remark" in str(duty.said) for duty in mine.todo(HEAD_OF_JFK))
    mine.remark_appeal(HEAD_OF_JFK, OPEN, "The queue was indeed the airport's")
    assert mine.appeal(HR, OPEN).line.state is AppealState.OPEN
    assert not any("your remark" in str(duty.said) for duty in mine.todo(HEAD_OF_JFK))
    assert mine.appeal(EARLY, OPEN).events[-1].words == "The queue was indeed the airport's"


def test_answer_appeal_is_for_a_second_person_without_a_hand_in_it(mine):
    verdict = Verdict(AppealState.DISMISSED, "No")
    for asker in (EARLY, HEAD_OF_JFK):
        with pytest.raises(Refused):
            mine.answer_appeal(asker, OPEN, verdict)
    with pytest.raises(NotFound):
        mine.answer_appeal(HEAD, OPEN, verdict)
    with pytest.raises(Refused, match="own appeal"):
        mine.answer_appeal(ADMINISTRATOR, OPEN, verdict, who="p0111")
    with pytest.raises(Refused, match="reports to you"):
        mine.answer_appeal(ADMINISTRATOR, OPEN, verdict, who="p0003")
    with pytest.raises(InvalidInput, match="reason"):
        mine.answer_appeal(HR, OPEN, Verdict(AppealState.UPHELD, ""))
    with pytest.raises(NotFound, match="outcome"):
        mine.answer_appeal(HR, OPEN, Verdict(AppealState.WITHDRAWN, "Gone"))
    mine.answer_appeal(HR, OPEN, verdict)
    with pytest.raises(Refused, match="ended"):
        mine.answer_appeal(HR, OPEN, verdict)


def test_who_calibrated_a_grade_does_not_decide_the_appeal_about_it(mine):
    mine.finalise_calibration(EXECUTIVE, 1)
    number = mine.file_appeal(NIGHT, "p0103", PERIOD, filing(about=About.GRADE))
    for who in ("p0001", "p0002"):
        with pytest.raises(Refused, match=r"decided the grade|reports to you"):
            mine.answer_appeal(ADMINISTRATOR, number, Verdict(AppealState.UPHELD, "Yes"), who=who)
    mine.answer_appeal(HR, number, Verdict(AppealState.DISMISSED, "The reason given holds"))


def test_an_upheld_measurement_is_corrected_and_everything_is_worked_out_again(mine):
    """On paper: 2 points less taken off a goal that is half of a section of 30 %, so 2 × 15/30 × 30 % = 0.3 points more."""
    before = score(mine, "p0111")
    line = mine.appeal(HR, OPEN).disputed
    mine.answer_appeal(HR, OPEN, Verdict(AppealState.UPHELD, "It was not ours", Correction(value="0")))
    shown = mine.appeal(EARLY, OPEN)
    assert shown.line.state is AppealState.UPHELD
    assert shown.changed.score == (pytest.approx(before), pytest.approx(score(mine, "p0111")))
    assert shown.changed.score[1] - shown.changed.score[0] == pytest.approx(0.3)
    assert shown.versions.select("value", "reason").rows() == [(1.0, f"Appeal {OPEN}"), (0.0, None)]
    assert shown.versions["source"][-1] == f"appeal {OPEN}"
    total = mine.goal(HR, line.goal, PERIOD).row["actual"]
    known = mine.goal(HR, line.goal, PERIOD, datetime.date(2014, 1, 31)).row["actual"]
    assert total == known - 1, "as known before the decision the complaint still counts"
    said = read_journal(mine.store, action="recompute_appeal", subject="p0111")
    detail = json.loads(said["detail"].item())
    assert detail["after"]["score"] == pytest.approx(score(mine, "p0111"))
    assert "pay" not in said["detail"].item(), "who reads the journal need not read pay"


def test_pay_before_and_after_is_for_those_who_read_pay(mine):
    mine.answer_appeal(HR, OPEN, Verdict(AppealState.UPHELD, "It was not ours", Correction(value=Decimal(0))))
    assert mine.appeal(HR, OPEN).changed.pay is not None
    assert mine.appeal(EARLY, OPEN).changed.pay is not None, "their own"
    paid = mine.progress(EARLY, "p0111", PERIOD).pay_total
    assert [one.after for one in mine.appeal(EARLY, OPEN).changed.pay] == [paid]
    other = mine.file_appeal(NIGHT, "p0103", PERIOD, filing(about=About.SCORE))
    assert mine.appeal(HR, other).changed is None


def test_an_upheld_score_is_adjusted_with_the_appeal_as_its_reason(mine):
    """Within the limit of five points an adjustment counts at once; beyond it, once a second person agrees."""
    before = score(mine, "p0103")
    number = mine.file_appeal(NIGHT, "p0103", PERIOD, filing(about=About.SCORE))
    with pytest.raises(InvalidInput, match="corrects nothing"):
        mine.answer_appeal(HR, number, Verdict(AppealState.DISMISSED, "No", points=1.5))
    mine.answer_appeal(HR, number, Verdict(AppealState.PARTLY, "February counts half", points=1.5))
    shown = mine.appeal(NIGHT, number)
    assert shown.changed.score == (pytest.approx(before), pytest.approx(before + 1.5))
    assert read_journal(mine.store, action="adjust_score")["reason"].to_list() == [
        f"Appeal {number}: February counts half"
    ]


@pytest.mark.parametrize(
    ("correction", "said"),
    [(Correction(value="1"), "already"), (Correction(value="x"), "not a number"),
     (Correction(numerator=1, denominator=2), "one value"), (Correction(value="1e30"), "cannot|can be kept")],
)  # fmt: skip
def test_a_correction_that_fits_nothing_writes_nothing(mine, correction, said):
    with pytest.raises(InvalidInput, match=said):
        mine.answer_appeal(HR, OPEN, Verdict(AppealState.UPHELD, "Yes", correction))
    assert mine.appeal(HR, OPEN).line.ended_at is None


def test_a_dismissal_and_a_whole_score_correct_no_measurement(mine):
    with pytest.raises(InvalidInput, match="corrects nothing"):
        mine.answer_appeal(HR, OPEN, Verdict(AppealState.DISMISSED, "No", Correction(value=0)))
    number = mine.file_appeal(NIGHT, "p0103", PERIOD, filing(about=About.SCORE))
    with pytest.raises(InvalidInput, match="Only a measurement or plan input"):
        mine.answer_appeal(HR, number, Verdict(AppealState.UPHELD, "Yes", Correction(value=0)))


def test_a_rate_is_corrected_by_its_parts(mine):
    rows = mine.disputable(NIGHT, "p0103", PERIOD, goal="p0103-ontime", month="2013-06").rows
    row = rows.filter(pl.col("numerator") < pl.col("denominator")).row(0, named=True)
    fact = {name: row[name] for name in ("metric", "unit", "person", "day", "entry")}
    one = Filing(Line(About.MEASUREMENT, goal="p0103-ontime", month="2013-06", **fact), "It landed in time")
    number = mine.file_appeal(NIGHT, "p0103", PERIOD, one)
    with pytest.raises(InvalidInput, match="both"):
        mine.answer_appeal(HR, number, Verdict(AppealState.UPHELD, "Yes", Correction(value=100)))
    whole = Correction(numerator=row["denominator"], denominator=row["denominator"])
    mine.answer_appeal(HR, number, Verdict(AppealState.PARTLY, "Yes", whole))
    assert mine.appeal(NIGHT, number).versions["value"][-1] == pytest.approx(100)


def test_withdraw_appeal_is_for_its_author_alone(mine):
    for asker in (HR, HEAD_OF_JFK):
        with pytest.raises(Refused):
            mine.withdraw_appeal(asker, OPEN)
    mine.withdraw_appeal(EARLY, OPEN, "The station has explained it")
    assert mine.appeal(HR, OPEN).line.state is AppealState.WITHDRAWN
    assert not any("for a decision" in str(duty.said) for duty in mine.todo(HR))
    with pytest.raises(Refused, match="ended"):
        mine.answer_appeal(HR, OPEN, Verdict(AppealState.UPHELD, "Too late"))


def paid(ws: Workspace, person: str, **otherwise: object) -> Decimal:
    """What the exact interpreter makes of somebody's inputs, with some of them otherwise."""
    plan = ws.company().plans[PLAN]
    row = paid_by(ws, plan, PERIOD, None).filter(pl.col("person") == person).row(0, named=True)
    exact = pay_everybody(plan, [{**row, **otherwise}])[0]["amount"]
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def both(shown: Appeal) -> list[tuple[Decimal | None, Decimal | None]]:
    """What each plan paid before and after a correction."""
    return [(one.before, one.after) for one in shown.changed.pay]


def test_a_salary_a_plan_took_is_disputed_corrected_and_paid_by(mine):
    salary = mine.company().people.filter(pl.col("person") == "p0111")["salary_month"].item()
    found = {one.name: one for one in mine.disputable(EARLY, "p0111", PERIOD).inputs}
    assert found["salary_month"].made_of is MadeOf.GIVEN
    due = paid(mine, "p0111", salary_month=salary + 1000)
    number = mine.file_appeal(EARLY, "p0111", PERIOD, filing(about=About.INPUT, input="salary_month"))
    with pytest.raises(InvalidInput, match="no value"):
        mine.answer_appeal(HR, number, Verdict(AppealState.UPHELD, "Yes", Correction(value="a lot")))
    mine.answer_appeal(HR, number, Verdict(AppealState.UPHELD, "It rose", Correction(value=f"{salary + 1000:,}")))
    shown = mine.appeal(EARLY, number)
    assert both(shown) == [(paid(mine, "p0111", salary_month=salary), due)]
    assert mine.company().people.filter(pl.col("person") == "p0111")["salary_month"].item() == salary + 1000
    assert f"{salary + 1000:,.2f}" in str(shown.changed.corrected)
    said = read_journal(mine.store, action="decide_appeal", subject="p0111")["detail"].item()
    assert json.loads(said)["corrected"]["input"] == "salary_month"
    assert str(salary + 1000) not in said, "who reads the journal need not read pay"


def test_a_count_a_plan_took_leads_to_the_measurements_it_counts(mine):
    count = {one.name: one for one in mine.disputable(EARLY, "p0111", PERIOD).inputs}["count:valid_complaints"]
    assert count.made_of is MadeOf.MEASURED
    number = mine.file_appeal(EARLY, "p0111", PERIOD, filing(about=About.INPUT, input=count.name))
    with pytest.raises(InvalidInput, match="counted from measurements"):
        mine.answer_appeal(HR, number, Verdict(AppealState.UPHELD, "Yes", Correction(value=0)))
    months = mine.disputable(EARLY, "p0111", PERIOD, counted=count.name).months["period"]
    assert months.len() == 12
    rows = [
        (month, row)
        for month in months
        for row in mine.disputable(EARLY, "p0111", PERIOD, counted=count.name, month=month).rows.iter_rows(named=True)
    ]
    wide = paid_by(mine, mine.company().plans[PLAN], PERIOD, None).filter(pl.col("person") == "p0111")
    before = wide[count.name].item()
    assert sum(row["value"] for _, row in rows) == before, "all that is counted can be disputed"
    month, row = next((month, row) for month, row in rows if row["value"])
    fact = {name: row[name] for name in ("metric", "unit", "person", "day", "entry")}
    disputed = Filing(Line(About.MEASUREMENT, input=count.name, month=month, **fact), "It was not ours")
    number = mine.file_appeal(EARLY, "p0111", PERIOD, disputed)
    mine.answer_appeal(HR, number, Verdict(AppealState.UPHELD, "It was not", Correction(value=0)))
    after = paid_by(mine, mine.company().plans[PLAN], PERIOD, None).filter(pl.col("person") == "p0111")
    assert after[count.name].item() == before - float(row["value"])


def test_only_who_runs_pay_and_reads_it_corrects_what_somebody_is_paid_by(ws):
    assert may_correct(ws, HR, "p0111").allowed
    for asker in (EXECUTIVE, HEAD, AUDITOR, EARLY, NIGHT):
        assert not may_correct(ws, asker, "p0111").allowed
    others = disputable(ws, ADMINISTRATOR, "p0111", PERIOD).inputs
    assert {one.shown for one in shown_to(ws, NIGHT, "p0111", others)} == {None}


def test_a_correction_in_a_closed_year_shows_what_is_known_now_and_the_days_to_appeal_begin_with_the_statement(mine):
    for period in ("2013-Q4", PERIOD):
        mine.close_period(HR, period, reason="All is in")
    closing = last_day_to_file(mine, PERIOD, "p0111")
    salary = mine.company().people.filter(pl.col("person") == "p0111")["salary_month"].item()
    due, was = paid(mine, "p0111", salary_month=salary * 2), mine.pay_statement(HR, "p0111", PERIOD).statement.amount
    run = mine.keep_pay_run(HR, PLAN, PERIOD)
    mine.propose_pay(HR, run)
    mine.approve_pay(EXECUTIVE, run)
    days = datetime.timedelta(10)
    take(mine, HR, run, Step("finalise"), at=datetime.datetime.now(datetime.UTC) + days)
    assert last_day_to_file(mine, PERIOD, "p0111") == closing + days
    assert last_day_to_file(mine, PERIOD, "p0001") == closing, "the run does not pay her"
    number = mine.file_appeal(EARLY, "p0111", PERIOD, filing(about=About.INPUT, input="salary_month"))
    mine.answer_appeal(HR, number, Verdict(AppealState.UPHELD, "It is double", Correction(value=salary * 2)))
    assert both(mine.appeal(EARLY, number)) == [(was, due)]
    assert mine.pay_statement(HR, "p0111", PERIOD, run=run).statement.amount == was, "what was paid stays"
