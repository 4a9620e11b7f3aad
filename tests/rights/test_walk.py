"""Every role × every question and change of the door: refused where the table says so, and no row of anybody out of reach."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.language import Message, Name, msg
from kpiflow.sources.workbooks import Mapping as Way
from kpiflow.sources.workbooks import Question as Asked
from kpiflow.storage.documents import definitions_version
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.appeals.answers import About, Filing, Line
from kpiflow.workspace.calibration.answers import Group, GroupKind
from kpiflow.workspace.handing_down.desk_answers import Draft
from kpiflow.workspace.handing_down.target_answers import NewGoal
from kpiflow.workspace.intake.answers import Ways
from kpiflow.workspace.lists.measured import FactsWanted
from kpiflow.workspace.lists.part import Part
from kpiflow.workspace.reporting.spoken import Said
from kpiflow.workspace.rights import ENTRIES
from kpiflow.workspace.scenarios.answers import Supposition
from kpiflow.workspace.unseen import Unseen
from tests.rights import by_hand
from tests.rights.by_hand import SUBJECTS, Subject

PERIOD = "2013"
ALL_ROWS = Part(most=10_000)
ENTRY = {entry.name: entry for entry in ENTRIES}


def goals_of() -> dict[Subject, str]:
    """One goal with a metric of each subject that owns one."""
    found: dict[Subject, str] = {}
    for row in by_hand.table("goals"):
        kind, _, owner = row["owner"].partition(":")
        if row["metric"] and row["target"] and row["scope"] in (row["owner"], ""):
            found.setdefault(Subject(kind, owner), row["goal"])
    return found


GOALS = goals_of()


class NothingToTry(Exception):
    """What would be tried cannot even be prepared by somebody who may do everything."""


def ready(prepare: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """What somebody who may do everything was shown, for another person to try to make."""
    try:
        return prepare(ADMINISTRATOR, *given, **more)
    except InvalidInput as why:
        raise NothingToTry from why


#: What somebody who may do everything was shown of a plan, by the store, the plan's version and what was asked.
SHOWN: dict[tuple[Any, ...], Any] = {}


def shown(prepare: Callable[..., Any], *given: Any) -> Any:
    """As `ready`, for what depends on the plan alone: worked out once for all who try, until somebody's change is made."""
    store = prepare.__self__.store
    asked = (store.path, definitions_version(store), prepare.__name__, repr(given))
    if asked not in SHOWN:
        SHOWN[asked] = ready(prepare, *given)
    return SHOWN[asked]


Call = Callable[[Workspace, Asker, Subject, str], Any]

#: The smallest file that can be taken in.
TIDY = b"metric,unit,day,value\nflights_operated,EWR-9E,2013-01-31,12\n"

#: How each question and change is asked: about a subject, or a goal of it.
CALLS: Mapping[str, Call] = {
    "overview": lambda ws, a, s, g: ws.overview(a, PERIOD),
    "goal": lambda ws, a, s, g: ws.goal(a, g, PERIOD),
    "progress": lambda ws, a, s, g: ws.progress(a, s.owner, PERIOD),
    "reconciliation": lambda ws, a, s, g: ws.reconciliation(a, g, PERIOD),
    "forecasts": lambda ws, a, s, g: ws.forecasts(a, PERIOD),
    "outlook": lambda ws, a, s, g: ws.outlook(a, g, PERIOD),
    "what_if": lambda ws, a, s, g: ws.what_if(a, s.owner, PERIOD, {}),
    "preview_split": lambda ws, a, s, g: ws.preview_split(a, g, "same", PERIOD),
    "preview_change": lambda ws, a, s, g: ws.preview_change(a, g, {"weight": 7}, PERIOD),
    "make_split": lambda ws, a, s, g: ws.make_split(a, shown(ws.preview_split, g, "same", PERIOD), reason="tried"),
    "make_change": lambda ws, a, s, g: ws.make_change(
        a, shown(ws.preview_change, g, {"weight": 7}, PERIOD), reason="tried"
    ),
    "cycle": lambda ws, a, s, g: ws.cycle(a, PERIOD),
    "fairness": lambda ws, a, s, g: ws.fairness(a, PERIOD),
    "goal_choices": lambda ws, a, s, g: ws.goal_choices(a, PERIOD, most=10_000),
    "target_desk": lambda ws, a, s, g: ws.target_desk(a, PERIOD),
    "target_form": lambda ws, a, s, g: ws.target_form(a, g, PERIOD),
    "preview_goal": lambda ws, a, s, g: ws.preview_goal(
        a, NewGoal(s.owner, "satisfaction", owner_kind=s.kind, target=90), PERIOD
    ),
    "preview_close": lambda ws, a, s, g: ws.preview_close(a, g, PERIOD),
    "make_goal": lambda ws, a, s, g: ws.make_goal(a, shown(ws.preview_close, g, PERIOD), reason="tried"),
    "strategy": lambda ws, a, s, g: ws.strategy(a, PERIOD),
    "ahead": lambda ws, a, s, g: ws.ahead(a, PERIOD),
    "portfolio": lambda ws, a, s, g: ws.portfolio(a, PERIOD),
    "staff_desk": lambda ws, a, s, g: ws.staff_desk(a, s.owner, PERIOD),
    "outcomes": lambda ws, a, s, g: ws.outcomes(a, s.owner, PERIOD),
    "check_in_form": lambda ws, a, s, g: ws.check_in_form(a, g),
    "check_in": lambda ws, a, s, g: ws.check_in(a, g, Said(words="tried")),
    "check_ins": lambda ws, a, s, g: ws.check_ins(a, g),
    "ask": lambda ws, a, s, g: ws.ask(a, g, "tried?"),
    "quiet": lambda ws, a, s, g: ws.quiet(a, PERIOD),
    "assigned_goals": lambda ws, a, s, g: ws.assigned_goals(a, PERIOD),
    "drafted": lambda ws, a, s, g: ws.drafted(a, g, PERIOD),
    "preview_proposal": lambda ws, a, s, g: ws.preview_proposal(a, g, PERIOD, Draft("same")),
    "propose": lambda ws, a, s, g: ws.propose(a, ready(ws.preview_proposal, g, PERIOD, Draft("same"))),
    "proposals": lambda ws, a, s, g: ws.proposals(a, PERIOD),
    "assignable": lambda ws, a, s, g: ws.assignable(a, g, PERIOD),
    "resplit_offers": lambda ws, a, s, g: ws.resplit_offers(a, PERIOD),
    "sheet": lambda ws, a, s, g: ws.sheet(a, g, PERIOD),
    "team": lambda ws, a, s, g: ws.team(a, PERIOD),
    "scores": lambda ws, a, s, g: ws.scores(a, PERIOD),
    "score_why": lambda ws, a, s, g: ws.score_why(a, s.owner, PERIOD),
    "scores_export": lambda ws, a, s, g: ws.scores_export(a, PERIOD),
    "scores_fingerprint": lambda ws, a, s, g: ws.scores_fingerprint(a, PERIOD),
    "review": lambda ws, a, s, g: ws.review(a, s.owner, PERIOD),
    "reviews": lambda ws, a, s, g: ws.reviews(a, PERIOD),
    "adjust_score": lambda ws, a, s, g: ws.adjust_score(a, s.owner, PERIOD, 0, reason="tried"),
    "timeline": lambda ws, a, s, g: ws.timeline(a, g),
    "todo": lambda ws, a, s, g: ws.todo(a),
    "letter": lambda ws, a, s, g: ws.letter(a, s.kind, s.owner, PERIOD),
    "letters": lambda ws, a, s, g: ws.letters(a, PERIOD),
    "draw_up_letter": lambda ws, a, s, g: ws.draw_up_letter(a, s.kind, s.owner, PERIOD),
    "sign_letter": lambda ws, a, s, g: ws.sign_letter(a, s.kind, s.owner, PERIOD, "not this letter"),
    "disputable": lambda ws, a, s, g: ws.disputable(a, s.owner, PERIOD),
    "file_appeal": lambda ws, a, s, g: ws.file_appeal(a, s.owner, PERIOD, Filing(Line(About.SCORE), "tried")),
    "appeals": lambda ws, a, s, g: ws.appeals(a, PERIOD),
    "appeal": lambda ws, a, s, g: ws.appeal(a, 1),
    "distribution": lambda ws, a, s, g: ws.distribution(a, PERIOD),
    "calibrations": lambda ws, a, s, g: ws.calibrations(a, PERIOD),
    "calibration": lambda ws, a, s, g: ws.calibration(a, 1),
    "open_calibration": lambda ws, a, s, g: ws.open_calibration(a, PERIOD, Group(GroupKind.LIST, people=("p0209",))),
    "finalise_calibration": lambda ws, a, s, g: ws.finalise_calibration(a, 1),
    "drop_calibration": lambda ws, a, s, g: ws.drop_calibration(a, 1, reason="tried"),
    "calibrated_grade": lambda ws, a, s, g: ws.calibrated_grade(a, s.owner, PERIOD),
    "api_tokens": lambda ws, a, s, g: ws.api_tokens(a),
    "make_api_token": lambda ws, a, s, g: ws.make_api_token(a, f"tried {a.name}", ["goals:read"]),
    "revoke_api_token": lambda ws, a, s, g: ws.revoke_api_token(a, 999_999, reason="tried"),
    "revoke_api_tokens": lambda ws, a, s, g: ws.revoke_api_tokens(a, reason="tried"),
    "backup_standing": lambda ws, a, s, g: ws.backup_standing(a),
    "check_in_once": lambda ws, a, s, g: ws.check_in_once(a, g, Said(words="tried")),
    "accounts": lambda ws, a, s, g: ws.accounts(a),
    "roles_to_give": lambda ws, a, s, g: ws.roles_to_give(a),
    "add_account": lambda ws, a, s, g: ws.add_account(a, "somebody", person=None, roles=[]),
    "invite_account": lambda ws, a, s, g: ws.invite_account(a, "somebody"),
    "close_account": lambda ws, a, s, g: ws.close_account(a, "somebody"),
    "open_account": lambda ws, a, s, g: ws.open_account(a, "somebody"),
    "give_roles": lambda ws, a, s, g: ws.give_roles(a, "somebody", ["auditor"]),
    "link_account": lambda ws, a, s, g: ws.link_account(a, "somebody", None),
    "end_sessions": lambda ws, a, s, g: ws.end_sessions(a, "somebody"),
    "live_sources": lambda ws, a, s, g: ws.live_sources(a),
    "look_at_source": lambda ws, a, s, g: ws.look_at_source(a, "weather"),
    "pull_source": lambda ws, a, s, g: ws.pull_source(a, "weather"),
    "source_runs": lambda ws, a, s, g: ws.source_runs(a),
    "source_rejects": lambda ws, a, s, g: ws.source_rejects(a, 1),
    "webhooks": lambda ws, a, s, g: ws.webhooks(a),
    "webhook_deliveries": lambda ws, a, s, g: ws.webhook_deliveries(a),
    "add_webhook": lambda ws, a, s, g: ws.add_webhook(a, "https://127.0.0.1/hook", ["period.closed"]),
    "end_webhook": lambda ws, a, s, g: ws.end_webhook(a, 1),
    "test_webhook": lambda ws, a, s, g: ws.test_webhook(a, 1),
    "rotate_webhook": lambda ws, a, s, g: ws.rotate_webhook(a, 1),
    "webhook_delivery_count": lambda ws, a, s, g: ws.webhook_delivery_count(a),
    "redeliver": lambda ws, a, s, g: ws.redeliver(a, 1, 1),
    "listed_periods": lambda ws, a, s, g: ws.listed_periods(a),
    "listed_units": lambda ws, a, s, g: ws.listed_units(a),
    "listed_people": lambda ws, a, s, g: ws.listed_people(a, part=ALL_ROWS),
    "listed_metrics": lambda ws, a, s, g: ws.listed_metrics(a),
    "listed_goals": lambda ws, a, s, g: ws.listed_goals(a, PERIOD, part=ALL_ROWS),
    "listed_tree": lambda ws, a, s, g: ws.listed_tree(a, PERIOD, part=ALL_ROWS),
    "listed_scores": lambda ws, a, s, g: ws.listed_scores(a, PERIOD, part=ALL_ROWS),
    "listed_statements": lambda ws, a, s, g: ws.listed_statements(a, part=ALL_ROWS),
    "listed_statement_lines": lambda ws, a, s, g: ws.listed_statement_lines(a, part=ALL_ROWS),
    "final_statement": lambda ws, a, s, g: ws.final_statement(a, s.owner),
    "listed_letters": lambda ws, a, s, g: ws.listed_letters(a, PERIOD, part=ALL_ROWS),
    "listed_check_ins": lambda ws, a, s, g: ws.listed_check_ins(a, part=ALL_ROWS),
    "listed_measurements": lambda ws, a, s, g: ws.listed_measurements(
        a, wanted=FactsWanted("satisfaction"), part=ALL_ROWS
    ),
    "listed_journal": lambda ws, a, s, g: ws.listed_journal(a, part=ALL_ROWS),
    "readiness": lambda ws, a, s, g: ws.readiness(a, "2013-Q4"),
    "closing_findings": lambda ws, a, s, g: ws.closing_findings(a, "2013-Q4", "goals_without_data"),
    "closings": lambda ws, a, s, g: ws.closings(a),
    "adjustments": lambda ws, a, s, g: ws.adjustments(a, "2013-Q4"),
    "look_through": lambda ws, a, s, g: ws.look_through(a, "2013-Q4"),
    "close_period": lambda ws, a, s, g: ws.close_period(a, "2013-Q4", reason="tried"),
    "ask_reopening": lambda ws, a, s, g: ws.ask_reopening(a, "2013-Q3", reason="tried"),
    "confirm_reopening": lambda ws, a, s, g: ws.confirm_reopening(a, "2013-Q3"),
    "withdraw_reopening": lambda ws, a, s, g: ws.withdraw_reopening(a, "2013-Q3"),
    "verify_closing": lambda ws, a, s, g: ws.verify_closing(a, "2013-Q3"),
    "letter_pdf": lambda ws, a, s, g: ws.letter_pdf(a, s.kind, s.owner, PERIOD),
    "scenarios": lambda ws, a, s, g: ws.scenarios(a),
    "scenario": lambda ws, a, s, g: ws.scenario(a, 1),
    "said_of": lambda ws, a, s, g: ws.said_of(a, Supposition(PERIOD)),
    "scenario_effect": lambda ws, a, s, g: ws.scenario_effect(a, 1),
    "scenario_why": lambda ws, a, s, g: ws.scenario_why(a, 1, a.person or ""),
    "compare_scenarios": lambda ws, a, s, g: ws.compare_scenarios(a, [1, 2]),
    "tryable": lambda ws, a, s, g: ws.tryable(a),
    "plan_parameters": lambda ws, a, s, g: ws.plan_parameters(a, "service_bonus_2013"),
    "save_scenario": lambda ws, a, s, g: ws.save_scenario(a, "tried", Supposition(PERIOD)),
    "preview_scenario": lambda ws, a, s, g: ws.preview_scenario(a, 1),
    "pay_runs": lambda ws, a, s, g: ws.pay_runs(a, PERIOD),
    "pay_run_page": lambda ws, a, s, g: ws.pay_run_page(a, 1),
    "pay_difference": lambda ws, a, s, g: ws.pay_difference(a, 1),
    "keep_pay_run": lambda ws, a, s, g: ws.keep_pay_run(a, "service_bonus_2013", PERIOD),
    "propose_pay": lambda ws, a, s, g: ws.propose_pay(a, 1),
    "approve_pay": lambda ws, a, s, g: ws.approve_pay(a, 1),
    "withdraw_pay": lambda ws, a, s, g: ws.withdraw_pay(a, 1),
    "refuse_pay": lambda ws, a, s, g: ws.refuse_pay(a, 1),
    "finalise_pay": lambda ws, a, s, g: ws.finalise_pay(a, 1),
    "verify_pay": lambda ws, a, s, g: ws.verify_pay(a, 1),
    "pay_statement": lambda ws, a, s, g: ws.pay_statement(a, s.owner, PERIOD),
    "pay_statements": lambda ws, a, s, g: ws.pay_statements(a, s.owner, PERIOD),
    "statement_file": lambda ws, a, s, g: ws.statement_file(a, s.owner, PERIOD, form="xlsx"),
    "payroll_export": lambda ws, a, s, g: ws.payroll_export(a, 1, draft=True),
    "plans": lambda ws, a, s, g: ws.plans(a),
    "plan": lambda ws, a, s, g: ws.plan(a, "service_bonus_2013"),
    "plan_impact": lambda ws, a, s, g: ws.plan_impact(a, "service_bonus_2013", PERIOD),
    "look_at": lambda ws, a, s, g: ws.look_at(a, TIDY, "tidy.csv"),
    "intake_answered": lambda ws, a, s, g: ws.intake_answered(
        a, Ways({"tidy": Way()}), "tidy", Asked("unit", msg("unit"), written="X"), "EWR"
    ),
    "preview_intake": lambda ws, a, s, g: ws.preview_intake(a, TIDY, "tidy.csv", Ways()),
    "load_workbook": lambda ws, a, s, g: ws.load_workbook(a, TIDY, "tidy.csv", Ways()),
    "mappings": lambda ws, a, s, g: ws.mappings(a),
    "save_mapping": lambda ws, a, s, g: ws.save_mapping(a, "tried", Ways({"tidy": Way()}), file="tidy.csv"),
    "close_mapping": lambda ws, a, s, g: ws.close_mapping(a, "tried"),
    "unit_template": lambda ws, a, s, g: ws.unit_template(a, s.owner, PERIOD),
    "look_at_tables": lambda ws, a, s, g: ws.look_at_tables(a, TIDY, "tidy.csv"),
    "look_at_inputs": lambda ws, a, s, g: ws.look_at_inputs(a, TIDY, "tidy.csv"),
    "make_tables": lambda ws, a, s, g: ws.make_tables(a, ready(ws.look_at_tables, TIDY, "tidy.csv")),
    "tables_workbook": lambda ws, a, s, g: ws.tables_workbook(a),
    "publish_plan": lambda ws, a, s, g: ws.publish_plan(a, "service_bonus_2013", reason="tried"),
    "approve_plan": lambda ws, a, s, g: ws.approve_plan(a, "service_bonus_2013"),
}

#: Tried by tests of their own, because asking needs something that is there already; each name is where.
ELSEWHERE = {
    "write_measurements": "tests/web/test_api_writing.py",
    "peer_form": "tests/workspace/test_reviews.py",
    "rate": "tests/workspace/test_reviews.py",
    "rate_peer": "tests/workspace/test_reviews.py",
    "send_review": "tests/workspace/test_reviews.py",
    "send_review_back": "tests/workspace/test_reviews.py",
    "sign_review": "tests/workspace/test_reviews.py",
    "peers_found": "tests/workspace/test_reviews.py",
    "name_peers": "tests/workspace/test_reviews.py",
    "answer_adjustment": "tests/workspace/test_reviews.py",
    "adjustment_evidence": "tests/workspace/test_reviews.py",
    "ratings_template": "tests/workspace/test_ratings_workbook.py",
    "load_ratings": "tests/workspace/test_ratings_workbook.py",
    "evidence": "tests/workspace/test_checking_in.py",
    "answer": "tests/workspace/test_checking_in.py",
    "answer_proposal": "tests/workspace/test_proposing.py",
    "assign": "tests/workspace/test_proposing.py",
    "unassign": "tests/workspace/test_proposing.py",
    "read_sheet": "tests/workspace/test_sheets.py",
    "verify_scores": "tests/workspace/test_score_files.py",
    "mark_scenario": "tests/workspace/test_scenarios.py",
    "apply_scenario": "tests/workspace/test_scenarios.py",
    "propose_scenario": "tests/workspace/test_scenarios_proposed.py",
    "move_grades": "tests/workspace/test_calibration.py",
    "withdraw_appeal": "tests/workspace/test_appeals.py",
    "appeal_file": "tests/workspace/test_appeals.py",
    "ask_remark": "tests/workspace/test_appeals.py",
    "remark_appeal": "tests/workspace/test_appeals.py",
    "answer_appeal": "tests/workspace/test_appeals.py",
}

#: Changes that may be refused to whoever has the right, because of how the letter stands.
STATE_DECIDES = {
    "adjust_score",
    "draw_up_letter",
    "sign_letter",
    "finalise_calibration",
    "drop_calibration",
    "confirm_reopening",
}

#: A unit's own target is split by its head, and set one level above.
OF_OWN_UNIT = {"make_split", "drafted", "preview_proposal", "propose", "assignable", "sheet"}


def expected(person: str, name: str, subject: Subject) -> bool:
    """Whether the table lets a person ask this about somebody."""
    entry = ENTRY[name]
    if entry.about == "company":
        return by_hand.may_at_all(person, entry.action)
    if name in ("letter", "letter_pdf"):
        return by_hand.within(person, by_hand.role_of(person)["appraisals"], subject)
    if name == "sign_letter" and by_hand.may_at_all(person, "sign_letter"):
        return by_hand.may(person, "sign_letter", subject) or by_hand.may(person, "set_target", subject)
    if name == "preview_split":
        return by_hand.may(person, entry.action, subject) and all(
            by_hand.may(person, entry.action, owner) for owner in below(GOALS[subject])
        )
    if name in OF_OWN_UNIT and by_hand.may_at_all(person, entry.action):
        own_unit = subject.kind == "unit" and subject.owner == by_hand.assigned()[person]["unit"]
        return own_unit or by_hand.may(person, entry.action, subject)
    return by_hand.may(person, entry.action, subject)


def below(goal: str) -> list[Subject]:
    """Whose goals lie right below a goal: a split shows what each of them gets."""
    owners = [row["owner"].partition(":") for row in by_hand.table("goals") if row["parent"] == goal]
    return [Subject(kind, owner) for kind, _, owner in owners]


def subjects_for(name: str) -> list[Subject]:
    """Whom a question can be about."""
    about = ENTRY[name].about
    if about == "company":
        return [Subject("unit", "NYC")]
    if about == "person":
        return [one for one in SUBJECTS if one.kind == "person"]
    if about == "goal":
        return [one for one in SUBJECTS if one in GOALS]
    return list(SUBJECTS)


def said(answer: object) -> Iterator[str]:  # noqa: C901 — one branch for each kind of thing
    """Every word in an answer, however deep."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, pl.DataFrame):
        for column in answer:
            if column.dtype in (pl.String, pl.Enum) or isinstance(column.dtype, pl.Categorical | pl.Enum):
                yield from (str(one) for one in column.drop_nulls())
            elif isinstance(column.dtype, pl.List | pl.Struct) or column.dtype == pl.Object:
                yield from said(column.to_list())
    elif isinstance(answer, Message):
        yield from said(list(answer.facts.values()))
    elif isinstance(answer, Name | Enum | bytes):
        return
    elif isinstance(answer, Mapping):
        yield from said(list(answer))
        yield from said(list(answer.values()))
    elif isinstance(answer, list | tuple | set | frozenset):
        for one in answer:
            yield from said(one)
    elif is_dataclass(answer):
        for one in fields(answer):
            yield from said(getattr(answer, one.name))


def people_in(answer: object) -> set[str]:
    """Everybody who is named in an answer, by their id."""
    return {one for word in said(answer) for one in re.findall(r"\bp0\d{3}\b", word)}


#: Answers that name others by right: both sides of a letter, whoever changed or asked something.
NAMES_OTHERS = {
    "review",
    "reviews",
    "calibrations",  # whoever opened or ended a session
    "calibration",  # the same, and who takes part
    "letter",
    "letters",
    "listed_letters",
    "listed_check_ins",  # whoever made it
    "listed_statements",  # whoever approved the run
    "listed_statement_lines",
    "final_statement",
    "draw_up_letter",
    "sign_letter",
    "source_runs",  # whoever asked a source
    "timeline",
    "check_ins",
    "proposals",
    "todo",
    "portfolio",
    "closings",  # whoever closed a period
    "readiness",
    "scenarios",
    "scenario",
    "compare_scenarios",
    "preview_scenario",
    "plans",
    "plan",
}


def test_every_entry_is_walked_here_or_elsewhere():
    assert set(CALLS) | set(ELSEWHERE) == set(ENTRY)
    for name, place in ELSEWHERE.items():
        assert name in (Path(__file__).parents[2] / place).read_text(encoding="utf-8"), f"{name} is not in {place}"


@pytest.fixture(scope="module")
def mine(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A copy of the example company that changes may be tried on."""
    path = tmp_path_factory.mktemp("walk") / "mine.duckdb"
    shutil.copy(demo_store, path)
    opened = Workspace.open(path, demo=True)
    yield opened
    opened.close()


#: What changes or closes goals comes last, so that everything else is tried on goals that are there.
IN_TURN = sorted(CALLS, key=lambda name: (ENTRY[name].writes, name == "make_goal"))


@pytest.mark.parametrize("role", by_hand.PEOPLE)
@pytest.mark.parametrize("name", IN_TURN)
def test_refused_where_the_table_says_so(mine, role, name):
    person = by_hand.PEOPLE[role]
    wrong = []
    for subject in subjects_for(name):
        allowed = expected(person, name, subject)
        try:
            answer = CALLS[name](mine, Asker(person), subject, GOALS.get(subject, ""))
        except Unseen:
            continue  # there is none, or they may not see it: the same words for both
        except Refused as refusal:
            if allowed and name not in STATE_DECIDES:
                wrong.append(f"{subject}: refused although the table allows it: {refusal.message}")
            continue
        except NothingToTry:
            continue
        except (InvalidInput, NotFound) as problem:
            # It came past the rights and something else was in the way; "not found" tells a stranger nothing.
            if not allowed and isinstance(problem, InvalidInput):
                wrong.append(f"{subject}: not refused: {problem.message}")
            continue
        if not allowed:
            wrong.append(f"{subject}: answered although the table refuses it")
        reach = mine.reach(Asker(person))
        strangers = people_in(answer) - (reach.people or people_in(answer)) - {person}
        if name not in NAMES_OTHERS and strangers and reach.people is not None:
            wrong.append(f"{subject}: names {sorted(strangers)[:5]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", CALLS)
def test_nobody_is_told_nothing_about_anybody(ws, name):
    """Somebody with neither person nor role: the session of an account that stands for nobody."""
    subject = subjects_for(name)[-1]
    try:
        answer = CALLS[name](ws, Asker(account="stranger"), subject, GOALS.get(subject, ""))
    except (Refused, NotFound, NothingToTry):
        return
    assert not people_in(answer)
    assert not ENTRY[name].writes


@pytest.mark.parametrize("role", by_hand.PEOPLE)
def test_scores_grades_and_pay_on_progress_are_shown_by_right(ws, role):
    person = by_hand.PEOPLE[role]
    for subject in subjects_for("progress"):
        if not by_hand.may(person, "read_goals", subject):
            continue
        shown = ws.progress(Asker(person), subject.owner, PERIOD)
        whole = ws.progress(ADMINISTRATOR, subject.owner, PERIOD)
        graded, paid = (by_hand.may(person, what, subject) for what in ("read_appraisal", "read_pay"))
        assert (shown.appraisal is not None) == (graded and whole.appraisal is not None), subject
        assert (shown.pay_total is not None) == (paid and whole.pay_total is not None), subject
        assert bool(shown.pays) == (paid and bool(whole.pays)), subject


def test_the_cost_of_pay_is_for_those_who_read_all_pay(ws):
    for role, person in by_hand.PEOPLE.items():
        shown = ws.overview(Asker(person), PERIOD).headline.pay_total
        assert (shown is not None) == (by_hand.role_of(person)["pay"] == "enterprise"), role
