"""The tables that stages hand on are what their schemas say, on the whole example company."""

from kpiflow.frames.appraisals import Appraisals, AppraisalSections
from kpiflow.frames.goals import Goals, Targets
from kpiflow.frames.organisation import Assignments, People, Units
from kpiflow.frames.pay import Payees, PayLines
from kpiflow.frames.results import GoalResults
from kpiflow.workspace import Workspace
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.payees import payees
from kpiflow.workspace.paying import pay_run
from kpiflow.workspace.results import results


def test_the_companys_tables_keep_their_contracts(ws: Workspace) -> None:
    company = ws.company()
    for schema, frame in (
        (Units, company.units),
        (People, company.people),
        (Assignments, company.assignments),
        (Goals, company.goals),
        (Targets, company.targets),
    ):
        assert schema.is_valid(frame), schema.__name__


def test_results_keep_their_contract(ws: Workspace) -> None:
    for period in ("2013", "2013-06"):
        assert GoalResults.is_valid(results(ws, period).drop("sheet"), cast=True)


def test_payees_keep_their_contract_whole_and_by_segments(ws: Workspace) -> None:
    plan = ws.company().plans["service_bonus_2013"]
    for one in (plan, plan.model_copy(update={"segments": True})):
        found = payees(ws, [], "2013", None, plan=one)
        assert not found.is_empty()
        assert Payees.is_valid(found.select(Payees.column_names()))


def test_appraisals_and_pay_lines_keep_their_contracts(ws: Workspace) -> None:
    found = appraisals(ws, "2013")
    assert Appraisals.is_valid(found.people)
    assert AppraisalSections.is_valid(found.sections)
    assert PayLines.is_valid(pay_run(ws, "service_bonus_2013", "2013").lines)
