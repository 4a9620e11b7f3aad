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

HR = Asker("p0005")


def _shares(plan: Plan) -> bool:
    """Whether something is shared out among everybody."""
    return any(step.needs_everybody for step in plan.components)


def test_every_kind_of_component_is_a_formula():
    assert set(COMPONENTS) == set(FORMULAS)


@pytest.mark.parametrize("plan", case_plans(), ids=lambda plan: plan.plan)
def test_the_examples_of_published_plans_come_out_the_same(plan: Plan, tmp_path: Path):
    """Every line of every example, not only the payout; the first one's workbook serves the others, with their inputs.

    A workbook of segments, or with what others come to, serves its own example only.
    """
    wrong, book = {}, None
    live = not plan.segments and not _shares(plan)
    for tried in try_examples(plan):
        book = book if book and live else book_of(plan, tried.row, tmp_path)
        inputs = {cell: tried.row[name] for name, cell in book.inputs.items()} if live else None
        found = differences(plan, tried.row, book.calculated(inputs))
        if found:
            wrong[tried.example.name or str(tried.example.given)] = found
    assert not wrong


@pytest.mark.parametrize("plan", [one for one in case_plans() if _shares(one)], ids=lambda plan: plan.plan)
def test_what_is_shared_comes_out_the_same_for_the_last_of_the_people_too(plan: Plan, tmp_path: Path):
    """The cents left over go to some and not to others, and the first is as a rule among those they go to."""
    for tried in try_examples(plan):
        row = tried.rows[-1]
        assert not differences(plan, row, book_of(plan, row, tmp_path).calculated()), tried.example


def test_another_weight_takes_its_part_of_the_pool(tmp_path: Path):
    """With the others' 300 points as they are, 200 points instead of 100 are 200/500 of the pool and not 100/400."""
    plan = Plan.model_validate({
        "plan": "fund", "label": "Fund", "starts": "2026-01-01", "currency": "CNY",
        "components": [{"id": "paid", "kind": "pool", "amount": "1000", "of": "score"}],
    })  # fmt: skip
    row = pay(plan, pl.DataFrame({"person": ["a", "b", "c"], "score": [100.0, 100.0, 200.0]})).row(0, named=True)
    book = book_of(plan, row, tmp_path)
    assert book.formulas.defined_names["paid_others"].attr_text == "Shared!$C$5"
    assert book.is_formula(f"{VALUE}{FIRST}")
    assert book.calculated().at(f"{VALUE}{FIRST}") == 250
    assert book.calculated({book.inputs["score"]: 200}).at(f"{VALUE}{FIRST}") == 400
    assert book.calculated({"C5": 900}, "SHARED").at(f"{VALUE}{FIRST}") == 100


def test_another_salary_in_one_segment_changes_what_would_be_paid(tmp_path: Path):
    plan = Plan.model_validate({
        "plan": "posts", "label": "Posts", "starts": "2026-01-01", "currency": "CNY", "segments": True,
        "components": [{"id": "basis", "kind": "basis", "of": "salary_month", "share": "bonus_share"},
                       {"id": "days", "kind": "proration", "day_count": "actual_365"},
                       {"id": "in_post", "kind": "product", "of": ["basis", "days"]},
                       {"id": "year", "kind": "fold", "of": "in_post"}],
    })  # fmt: skip

    def paid(first: int) -> dict[str, object]:
        posts = {"person": ["p", "p"], "segment": [1, 2], "salary_month": [float(first), 110000.0], "bonus_share": [0.1, 0.15],
                 "days_employed": [90, 275]}  # fmt: skip
        return pay(plan, pl.DataFrame(posts)).row(0, named=True)

    book = book_of(plan, paid(100000), tmp_path)
    # Title in row 3, heads of the inputs in row 4: the salary is the first input.
    assert book.formulas["Segments"]["A5"].value == "salary_month"
    assert not differences(plan, paid(100000), book.calculated())
    # 120,000 × 10 % × 90/365 and 110,000 × 15 % × 275/365, each to the cent.
    assert paid(120000)["year"] == Decimal("2958.90") + Decimal("12431.51")
    assert not differences(plan, paid(120000), book.calculated({"C5": 120000}, "SEGMENTS"))


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
