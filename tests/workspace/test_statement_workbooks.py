"""The workbook of a statement gives the figures of the run, worked out again by a program that is not ours."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from kpiflow.incentives.components import COMPONENTS
from kpiflow.incentives.examples import try_examples
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import sound
from kpiflow.workspace import Asker, Workspace
from kpiflow.workspace.pay_runs.excel.formulas import FORMULAS
from kpiflow.workspace.pay_runs.excel.workbook import FIRST
from tests.incentives.test_cases import plans as case_plans
from tests.incentives.test_reference import PEOPLE, plans
from tests.workspace.recalculated import VALUE, Book, book_of, differences

#: Kinds that no formula over one person's figures can give: they share out among all, or come from segments.
CONSTANTS = {"pool", "adjustment_factor", "fold"}

HR = Asker("p0005")


def test_every_kind_of_component_is_a_formula_or_said_to_be_a_constant():
    kinds = {one.model_fields["kind"].annotation.__args__[0]: one for one in COMPONENTS}
    assert {name for name, one in kinds.items() if one not in FORMULAS} == CONSTANTS


@pytest.mark.parametrize("plan", case_plans(), ids=lambda plan: plan.plan)
def test_the_examples_of_published_plans_come_out_the_same(plan: Plan, tmp_path: Path):
    """Every line of every example, not only the payout; the first one's workbook serves the others, with their inputs."""
    wrong, book, live = {}, None, all(type(step) in FORMULAS for step in plan.components)
    for tried in try_examples(plan):
        book = book if book and live else book_of(plan, tried.row, tmp_path)
        found = differences(
            plan, tried.row, book.calculated({cell: tried.row[name] for name, cell in book.inputs.items()})
        )
        if found:
            wrong[tried.example.name or str(tried.example.given)] = found
    assert not wrong


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(plans(), PEOPLE)
def test_random_plans_and_people_come_out_the_same(tmp_path: Path, plan: Plan, person: dict[str, Decimal | None]):
    schema = {name: pl.Decimal(38, 2 if name == "salary_month" else 10) for name in person}
    wide = pay(plan, pl.DataFrame([person], schema=schema).with_columns(person=pl.lit("p")))
    row = wide.row(0, named=True)
    assert not differences(plan, row, book_of(plan, row, tmp_path).calculated())


def test_everybody_of_the_example_company_comes_out_the_same(ws: Workspace, tmp_path: Path):
    """One workbook, with each person's inputs written over the first one's: the plan is the same for all."""
    first = ws.pay_statement(HR, "p0101", "2013", run=1)
    book = Book(ws.statement_file(HR, "p0101", "2013", form="xlsx", run=1).content, tmp_path)
    plan, where = Plan.model_validate_json(first.plan_json), book.inputs
    assert set(where) == set(sound(plan).inputs)
    people = ws.pay_run_page(HR, 1).rows["person"].to_list()
    for person in people[:20]:
        row = ws.pay_statement(HR, person, "2013", run=1).wide
        found = book.calculated({cell: row[name] for name, cell in where.items()})
        assert not differences(plan, row, found), person


def test_changing_an_input_changes_what_would_be_paid(ws: Workspace, tmp_path: Path):
    book = Book(ws.statement_file(HR, "p0101", "2013", form="xlsx", run=1).content, tmp_path)
    last = f"{VALUE}{FIRST + 8}"
    assert all(book.is_formula(f"{VALUE}{FIRST + n}") for n in range(9))
    assert book.calculated().at(last) == pytest.approx(4477.45, abs=1e-9)
    # 19 complaints take off 500, the most; without any it is not taken off.
    assert book.calculated({book.inputs["count:valid_complaints"]: 0}).at(last) == pytest.approx(4977.45, abs=1e-9)


def test_texts_cannot_become_formulas(ws: Workspace, tmp_path: Path):
    """A plan's words reach the workbook as texts, even those that look like a formula."""
    plan = Plan.model_validate(
        {
            "plan": "odd", "label": "Odd", "starts": "2026-01-01", "currency": "CNY",
            "components": [{"id": "all", "kind": "basis", "of": "salary_month", "label": "=1+1"},
                           {"id": "word", "kind": "table", "of": "grade", "rows": [{"one_of": ['A"&"B'], "gives": 2}]},
                           {"id": "paid", "kind": "product", "of": ["all", "word"]}],
        }
    )  # fmt: skip
    payees = pl.DataFrame({"person": ["=cmd()"], "salary_month": [100.0], "grade": ['A"&"B']})
    row = pay(plan, payees).row(0, named=True)
    book = book_of(plan, row, tmp_path)
    assert book.formulas["Statement"]["B6"].value == "=1+1"
    assert book.formulas["Statement"]["B6"].data_type == "s"
    assert not differences(plan, row, book.calculated())
