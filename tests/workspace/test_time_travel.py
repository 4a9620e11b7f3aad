"""Looking at an earlier day gives what a store that stopped on that day gives: nothing later shines through, nothing is lost."""

import datetime
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpiflow.errors import InvalidInput
from kpiflow.storage.check_ins import check_ins_of
from kpiflow.storage.letters import LetterKey, letter_signatures, letter_standings, letter_versions
from kpiflow.storage.proposals import read_lines
from kpiflow.storage.remarks import remarks_of
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.handing_down.reconciliation import reconciliation_rows
from kpiflow.workspace.listing import score_rows
from kpiflow.workspace.scores.exporting import scores_fingerprint
from tests.workspace.shop_year import DAYS, year

BOSS, HR, NORTH, ANN = (Asker(who) for who in ("boss", "hr", "north", "ann"))
KEY = LetterKey("person", "ann", "2026")


def plain(value: Any) -> Any:
    """An answer as values that can be compared: frames as rows, dataclasses as dictionaries."""
    if isinstance(value, pl.DataFrame):
        return [value.columns, [plain(row) for row in value.rows()]]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value if isinstance(value, (int, float, str, type(None), datetime.date)) else str(value)


def letters(ws: Workspace, day: datetime.date) -> Any:
    with ws.store.snapshot() as cursor:
        return [
            letter_versions(cursor, KEY, day),
            letter_signatures(cursor, KEY, day),
            letter_standings(cursor, "2026", day),
        ]


#: What is asked, by name; each is given the store and the day it is looked from.
QUESTIONS = {
    "overview": lambda ws, day: ws.overview(HR, "2026", day),
    "overview of a month": lambda ws, day: ws.overview(HR, "2026-03", day),
    "goal": lambda ws, day: ws.goal(HR, "ann-sales", "2026", day),
    "goal above": lambda ws, day: ws.goal(HR, "all-sales", "2026-Q1", day),
    "progress": lambda ws, day: ws.progress(ANN, "ann", "2026", day),
    "every score": lambda ws, day: score_rows(ws, ADMINISTRATOR, "2026", as_of=day),
    "appraisals": lambda ws, day: appraisals(ws, "2026", day).people,
    "list of scores": lambda ws, day: ws.scores(HR, "2026", day),
    "why a score": lambda ws, day: ws.score_why(HR, "ann", "2026", day),
    "fingerprint": lambda ws, day: scores_fingerprint(ws, HR, "2026", day),
    "reconciliation": lambda ws, day: reconciliation_rows(ws, ADMINISTRATOR, "2026", day),
    "timeline": lambda ws, day: ws.timeline(ANN, "ann-sales", day),
    "timeline above": lambda ws, day: ws.timeline(HR, "all-sales", day),
    "proposals": lambda ws, day: read_lines(ws.store, as_of=day),
    "proposals of the desk": lambda ws, day: ws.proposals(BOSS, "2026", day),
    "check-ins": lambda ws, day: check_ins_of(ws.store, "ann-sales", day),
    "questions": lambda ws, day: remarks_of(ws.store, "ann-sales", day),
    "letters": letters,
    "quiet goals": lambda ws, day: ws.quiet(HR, "2026", day),
    # What a check-in would take is always that of today, and so are the names beside; what was said is that of the day.
    "check-ins of the page": lambda ws, day: ws.check_ins(ANN, "ann-sales", day).rows.drop("who_label", "who_label_zh"),
    "a letter": lambda ws, day: ws.letter(ANN, "person", "ann", "2026", day),
    "the letters": lambda ws, day: ws.letters(HR, "2026", day),
    "outlook": lambda ws, day: ws.outlook(HR, "ann-sales", "2026", day),
    "forecasts": lambda ws, day: ws.forecasts(HR, "2026", as_of=day),
    "strategy": lambda ws, day: ws.strategy(BOSS, "2026", as_of=day),
    "portfolio": lambda ws, day: ws.portfolio(BOSS, "2026", as_of=day),
    "targets": lambda ws, day: ws.target_desk(BOSS, "2026", as_of=day),
    "ahead": lambda ws, day: ws.ahead(BOSS, "2026", day),
    "desk of ann": lambda ws, day: ws.staff_desk(ANN, "ann", "2026", day),
    "outcomes of ann": lambda ws, day: ws.outcomes(ANN, "ann", "2026", day),
    "to do of ann": lambda ws, day: ws.todo(ANN, day),
    "to do of the head": lambda ws, day: ws.todo(NORTH, day),
    "assigned goals": lambda ws, day: ws.assigned_goals(BOSS, "2026", day),
    "the team": lambda ws, day: ws.team(NORTH, "2026", as_of=day),
    "periods": lambda ws, day: ws.periods(day),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory):
    """The store in which the whole year has happened."""
    ws = year(tmp_path_factory.mktemp("whole"))
    yield ws
    ws.close()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_day_is_what_a_store_that_stopped_on_it_says(whole: Workspace, tmp_path: Path, day: datetime.date):
    stopped = year(tmp_path / "stopped", day.isoformat())
    try:
        for name, question in QUESTIONS.items():
            assert plain(question(whole, day)) == plain(question(stopped, day)), f"{name} as of {day}"
    finally:
        stopped.close()


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in ("periods", "quiet goals", "ahead")])
def test_each_question_can_tell_days_apart(whole: Workspace, name: str):
    """A question that always gave the same answer would pass above without looking at the day."""
    answers = [plain(QUESTIONS[name](whole, day)) for day in (DAYS[0], DAYS[-1])]
    assert answers[0] != answers[1]


def test_before_there_was_a_company_nothing_is_shown(whole: Workspace):
    with pytest.raises(InvalidInput, match="2025"):
        whole.overview(HR, "2026", datetime.date(2025, 12, 1))
