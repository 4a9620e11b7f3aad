"""Pay runs: from dry to final with two people, never changed, worked out again to the cent, put right by a later run."""

import datetime
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pypdf
import pytest

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.incentives.examples import as_payees
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Plan, Who
from kpiflow.incentives.statements import lines, statement
from kpiflow.incentives.typed import inputs_needed
from kpiflow.storage.journal import read_journal
from kpiflow.storage.pay_runs import Event as RunEvent
from kpiflow.storage.pay_runs import Parts, Run, add_event, add_run, read_part
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.commands import apply, create_store, load_facts
from kpiflow.workspace.pay_runs.answers import RunState
from kpiflow.workspace.pay_runs.reading import Part
from kpiflow.workspace.pay_runs.running import Terms, balances_of, inputs_of, lines_of
from kpiflow.workspace.pay_runs.stored import payees_of, wide_of
from kpiflow.workspace.paying import PayRun, paid_by, pay_rows, pay_run, statement_of
from tests.incentives.test_cases import plans as case_plans
from tests.workspace.shop import measured, opened

HR, EXECUTIVE, HEAD, STAFF, AUDITOR = (Asker(one) for one in ("p0005", "p0001", "p0002", "p0101", "p0006"))
PLAN = "service_bonus_2013"


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path):
    """A copy of the example company, whose run 1 waits for the second person."""
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    ws = Workspace.open(path)
    yield ws
    ws.close()


@pytest.fixture
def closed(mine: Workspace) -> Workspace:
    """The same with its year closed."""
    shut(mine)
    return mine


def shut(ws: Workspace) -> None:
    """Close what is open of the year, and then the year."""
    for period in ("2013-Q4", "2013"):
        ws.close_period(HR, period, reason="All is in")


def final(ws: Workspace, terms: Terms | None = None) -> int:
    """A run brought to the end."""
    run = ws.keep_pay_run(HR, PLAN, "2013", terms or Terms())
    ws.propose_pay(HR, run)
    ws.approve_pay(EXECUTIVE, run)
    assert ws.finalise_pay(HR, run).state is RunState.FINAL
    return run


def test_a_kept_run_holds_what_the_plan_pays(ws: Workspace):
    page, plain = ws.pay_run_page(HR, 1), pay_run(ws, PLAN, "2013", datetime.date(2014, 1, 8))
    assert (page.stored.state, page.people, page.total) == (RunState.PROPOSED, 47, plain.total)
    assert page.total == Decimal("267727.58")
    assert sum(page.units["payable"]) == page.total == sum(page.grades["payable"])
    assert page.histogram["people"].sum() == 47
    stored, direct = (
        ws.pay_statement(HR, "p0101", "2013", run=1),
        statement_of(ws, HR, "p0101", "2013", datetime.date(2014, 1, 8)),
    )
    assert stored.statement == direct, "the statement from the store is the statement of the run"


def test_lists_say_what_people_and_units_are_called_beside_their_ids(ws: Workspace):
    people = {row["person"]: row["label"] for row in ws.company().people.iter_rows(named=True)}
    units = {row["unit"]: row["label"] for row in ws.company().units.iter_rows(named=True)}
    for row in pay_rows(ws, pay_run(ws, PLAN, "2013", datetime.date(2014, 1, 8))):
        assert (row["name"], row["unit_name"]) == (people[row["person"]], units[row["unit"]])
    shown, steps = ws.pay_runs(HR, "2013"), ws.pay_run_page(HR, 1).steps
    assert {one.by: shown.names[one.by].label for one in shown.runs} == {one.by: people[one.by] for one in shown.runs}
    assert steps["label"].to_list() == [people[who] for who in steps["who"]]


def test_two_people_and_every_condition_before_a_run_is_final(closed: Workspace):
    run = closed.keep_pay_run(HR, PLAN, "2013")
    with pytest.raises(InvalidInput, match="First it has to be proposed"):
        closed.approve_pay(EXECUTIVE, run)
    closed.propose_pay(HR, run)
    with pytest.raises(Refused):
        closed.approve_pay(HR, run)
    with pytest.raises(Refused, match="second person"):
        closed.approve_pay(ADMINISTRATOR, run, who="p0005")
    with pytest.raises(InvalidInput, match="First it has to be approved"):
        closed.finalise_pay(HR, run)
    closed.approve_pay(EXECUTIVE, run)
    missing = closed.pay_run_page(HR, run).missing
    assert [one.met for one in missing] == [True] * 5
    approved = next(one.said for one in missing if "has approved it" in str(one.said))
    assert str(approved).startswith(closed.company().people.filter(pl.col("person") == "p0001")["label"][0])
    assert closed.finalise_pay(HR, run).state is RunState.FINAL
    for step in (closed.propose_pay, closed.finalise_pay):
        with pytest.raises(InvalidInput, match="final"):
            step(HR, run)
    with pytest.raises(InvalidInput, match="final"):
        closed.refuse_pay(EXECUTIVE, run, reason="too late")
    told = read_journal(closed.store, subject=f"{PLAN} 2013")["action"].to_list()
    assert [one for one in reversed(told) if one.startswith("pay")][-4:] == [
        "pay",
        "pay propose",
        "pay approve",
        "pay finalise",
    ]


def test_an_open_year_an_open_plan_and_a_second_run_are_refused(mine: Workspace):
    mine.approve_pay(EXECUTIVE, 1)
    with pytest.raises(InvalidInput, match="2013 is not closed"):
        mine.finalise_pay(HR, 1)
    shut(mine)
    with pytest.raises(InvalidInput, match="not made by the closed results"):
        mine.finalise_pay(HR, 1)
    final(mine)
    other = mine.keep_pay_run(HR, PLAN, "2013")
    mine.propose_pay(HR, other)
    mine.approve_pay(EXECUTIVE, other)
    with pytest.raises(InvalidInput, match="is final already"):
        mine.finalise_pay(HR, other)


def test_a_budget_is_kept_or_exceeded_with_a_reason(closed: Workspace):
    run = closed.keep_pay_run(HR, PLAN, "2013", Terms(budget=Decimal(200000)))
    closed.propose_pay(HR, run)
    closed.approve_pay(EXECUTIVE, run)
    with pytest.raises(InvalidInput, match="too much"):
        closed.finalise_pay(HR, run)
    done = closed.finalise_pay(HR, run, reason="Agreed by the board")
    assert (done.state, done.reason) == (RunState.FINAL, "Agreed by the board")


def test_a_proposed_run_is_taken_back_by_those_who_run_pay_until_it_is_approved(mine: Workspace):
    with pytest.raises(Refused):
        mine.withdraw_pay(EXECUTIVE, 1)
    assert mine.withdraw_pay(HR, 1, reason="December is not in").state is RunState.DRY
    with pytest.raises(InvalidInput, match="First it has to be proposed"):
        mine.approve_pay(EXECUTIVE, 1)
    mine.propose_pay(HR, 1)
    mine.approve_pay(EXECUTIVE, 1)
    with pytest.raises(InvalidInput, match="any more"):
        mine.withdraw_pay(HR, 1)


def test_a_run_is_refused_with_a_reason(mine: Workspace):
    with pytest.raises(InvalidInput, match="Say why"):
        mine.refuse_pay(EXECUTIVE, 1)
    assert mine.refuse_pay(EXECUTIVE, 1, reason="Complaints of December are missing").state is RunState.REFUSED
    with pytest.raises(InvalidInput, match="refused"):
        mine.approve_pay(EXECUTIVE, 1)


def test_a_final_run_stays_what_it_is_and_comes_out_the_same_again(closed: Workspace):
    run = final(closed)
    before = closed.pay_run_page(HR, run, Part(size=100)).rows
    # A measurement that comes in late changes what is known, and neither the run nor its repetition.
    row = {
        "metric": "valid_complaints", "unit": "EWR-9E", "person": "p0201", "day": datetime.date(2013, 12, 30),
        "entry": "late", "value": Decimal(3), "numerator": None, "denominator": None,
    }  # fmt: skip
    kinds = dict.fromkeys(("value", "numerator", "denominator"), pl.Decimal(18, 6))
    facts = pl.DataFrame([row], schema_overrides=kinds)
    load_facts(closed, facts, "late", who="feed", at=datetime.datetime.now(datetime.UTC))
    assert closed.pay_run_page(HR, run, Part(size=100)).rows.equals(before)
    found = closed.verify_pay(AUDITOR, run)
    assert (found.matches, found.intact, found.found) == (True, True, 0)
    assert statement_of(closed, HR, "p0201", "2013").amount == before.filter(pl.col("person") == "p0201")["payable"][0]


def test_a_changed_cent_in_the_store_is_found(mine: Workspace):
    with mine.store.write() as cursor:
        cursor.execute(
            "UPDATE pay_line SET value = value + 0.01 WHERE run = 1 AND person = 'p0101' AND component = 'gross'"
        )
    found = mine.verify_pay(HR, 1)
    assert not found.intact
    assert found.differences.select("person", "component").rows() == [("p0101", "gross")]


def test_the_difference_to_the_run_before_says_who_and_why(mine: Workspace):
    run = mine.keep_pay_run(HR, PLAN, "2013", Terms(as_of=datetime.date(2013, 10, 1)))
    found = mine.pay_difference(HR, run)
    now, then = (pay_run(mine, PLAN, "2013", datetime.date(*day)).wide for day in ((2013, 10, 1), (2014, 1, 8)))
    both = then.select("person", old="amount").join(
        now.select("person", new="amount"), on="person", how="full", coalesce=True
    )
    moved = both.filter(pl.col("old") != pl.col("new"))
    assert (found.other.run, found.counts) == (1, {"new": 0, "gone": 0, "changed": moved.height})
    assert sum(found.units["change"]) == found.after - found.before == sum(moved["new"]) - sum(moved["old"])
    first = found.rows.row(0, named=True)
    assert first["component"] == "gross"
    assert set(first["led_by"]) <= {"basis", "company", "department", "personal", "employed"}
    assert mine.pay_difference(HR, 1).other is None
    assert mine.pay_difference(HR, run, part=Part(start=10, size=5)).rows.height == 5


def test_who_reads_what_of_runs(closed: Workspace):
    for asker in (HEAD, STAFF):
        with pytest.raises(NotFound):
            closed.pay_run_page(asker, 1)
        assert closed.pay_runs(asker, "2013").runs == ()
        with pytest.raises(NotFound):
            closed.verify_pay(asker, 1)
    assert len(closed.pay_runs(AUDITOR, "2013").runs) == 1
    run = final(closed)
    mine, below = closed.pay_run_page(STAFF, run), closed.pay_run_page(HEAD, run)
    assert mine.rows["person"].to_list() == ["p0101"]
    assert set(below.rows["unit"].str.slice(0, 3)) == {"EWR"}
    assert closed.pay_runs(STAFF, "2013").totals[run] == closed.pay_statement(STAFF, "p0101", "2013").payable
    with pytest.raises(Refused):
        closed.pay_statement(STAFF, "p0102", "2013")
    with pytest.raises(Refused):
        closed.payroll_export(EXECUTIVE, run)


def test_payroll_files_agree_with_their_control_totals(closed: Workspace):
    run = final(closed)
    page = closed.pay_run_page(HR, run)
    read = pl.read_csv(closed.payroll_export(HR, run).content)
    people, total = read.filter(pl.col("record") == "pay"), read.filter(pl.col("record") == "total").row(0, named=True)
    assert (people.height, total["people"]) == (47, 47)
    assert round(people["payable"].sum(), 2) == total["payable"] == float(page.total)
    assert round(read.filter(pl.col("record") == "unit")["payable"].sum(), 2) == total["payable"]
    assert set(read["fingerprint"]) == {page.stored.content}
    made = closed.payroll_export(HR, run, form="parquet").content
    plain = pl.read_parquet(io.BytesIO(made))
    assert plain["payable"].sum() == page.total
    control = json.loads(pl.read_parquet_metadata(io.BytesIO(made))["kpiflow"])
    assert (control["payable"], control["people"], control["run"]) == (
        str(page.total.quantize(Decimal("0.01"))),
        47,
        run,
    )
    book = openpyxl.load_workbook(io.BytesIO(closed.payroll_export(HR, run, form="xlsx").content))
    assert book["payroll"].max_row == 48
    assert book["control"].cell(book["control"].max_row, 5).value.startswith("=ROUND(SUM(")
    assert read_journal(closed.store, action="export_payroll").height == 3


def test_only_a_draft_says_that_it_is_one(mine: Workspace):
    with pytest.raises(InvalidInput, match="not final"):
        mine.payroll_export(HR, 1)
    read = pl.read_csv(mine.payroll_export(HR, 1, draft=True).content)
    assert set(read["status"]) == {"DRAFT - NOT FOR PAYMENT"}


def test_a_name_cannot_become_a_formula(mine: Workspace):
    with mine.store.write() as cursor:
        cursor.execute("UPDATE pay_amount SET role = '=HYPERLINK(\"http://x\")' WHERE run = 1 AND person = 'p0101'")
    read = pl.read_csv(mine.payroll_export(HR, 1, draft=True).content)
    assert read.filter(pl.col("person") == "p0101")["role"][0] == '\'=HYPERLINK("http://x")'
    book = openpyxl.load_workbook(io.BytesIO(mine.payroll_export(HR, 1, form="xlsx", draft=True).content))
    cells = [cell for line in book["payroll"].iter_rows() for cell in line if "HYPERLINK" in str(cell.value)]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize(
    ("language", "pages"), [("en", ("Pay statement",)), ("zh", ("薪酬单",)), ("both", ("薪酬单", "Pay statement"))]
)
def test_a_statement_is_printed_with_every_line_and_what_it_rests_on(
    ws: Workspace, language: str, pages: tuple[str, ...]
):
    made = ws.statement_file(HR, "p0101", "2013", language=language, run=1)
    assert made.content == ws.statement_file(HR, "p0101", "2013", language=language, run=1).content
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.content)).pages).replace(
        "\u00a0", " "
    )
    for word in (
        *pages,
        "4,477.45",
        "8,280.00",
        "service_bonus_2013/complaints",
        ws.pay_run_page(HR, 1).stored.content[:16],
    ):
        assert word in text, word


QUARTERLY = {
    "plan": "quarterly", "label": "Quarterly", "who": {"roles": ["seller"]}, "starts": "2026-01-01", "currency": "CNY",
    "every": "quarter",
    "components": [
        {"id": "target", "kind": "basis", "of": 1000},
        {"id": "result", "kind": "factor", "of": "score", "curve": {"points": [[0, 0], [100, 1]]}},
        {"id": "paid", "kind": "product", "of": ["target", "result"]},
    ],
    "examples": [
        {"name": "half", "given": {"score": 50}, "pays": 500}, {"name": "full", "given": {"score": 100}, "pays": 1000},
        {"name": "none", "given": {"score": 0}, "pays": 0}, {"name": "below", "given": {"score": -1}, "pays": 0},
    ],
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path):
    """The shop with a plan that pays for quarters, published by two people, and a first quarter measured."""
    ws = opened(tmp_path)
    folder = tmp_path / "config"
    (folder / "plans").mkdir(exist_ok=True)
    (folder / "plans" / "quarterly.yaml").write_text(json.dumps(QUARTERLY), encoding="utf-8")
    apply(ws, folder, who="planner", reason="Pay by the quarter")
    ws.publish_plan(ADMINISTRATOR, "quarterly", reason="New", who="hr")
    ws.approve_plan(Asker("boss", machine=True), "quarterly", reason="Fine")
    rows = [("sales", who, "2026-02-15", 20) for who in ("ann", "ben", "cyd")]
    rows += [("returns", who, "2026-02-15", 4) for who in ("ann", "ben", "cyd")]
    measured(ws, "first quarter", "2026-04-02", *rows)
    yield ws
    ws.close()


def paid_for(ws: Workspace, period: str) -> int:
    ws.close_period(ADMINISTRATOR, period, reason="All is in", who="hr")
    run = ws.keep_pay_run(ADMINISTRATOR, "quarterly", period, who="hr")
    ws.propose_pay(ADMINISTRATOR, run, who="hr")
    ws.approve_pay(ADMINISTRATOR, run, who="boss")
    ws.finalise_pay(ADMINISTRATOR, run, who="hr")
    return run


def payable(ws: Workspace, run: int) -> dict[str, tuple[Decimal | None, Decimal]]:
    rows = ws.pay_run_page(ADMINISTRATOR, run).rows
    return {row["person"]: (row["amount"], row["adjustment"]) for row in rows.iter_rows(named=True)}


def test_what_becomes_known_later_is_an_adjustment_of_the_next_run_once(shop: Workspace):
    first = paid_for(shop, "2026-Q1")
    before = payable(shop, first)
    # Four more pieces of February come in after the quarter was paid.
    measured(shop, "late", "2026-05-02", ("sales", "ann", "2026-02-16", 4), ("sales", "ann", "2026-05-01", 25),
             ("returns", "ann", "2026-05-01", 4))  # fmt: skip
    due = statement_now(shop, "ann")
    assert due > before["ann"][0]
    second = paid_for(shop, "2026-Q2")
    lines_ = read_part(shop.store, "pay_adjustment", second)
    row = lines_.filter(pl.col("person") == "ann").row(0, named=True)
    assert (row["of_run"], row["paid"], row["due"], row["amount"]) == (
        first,
        before["ann"][0],
        due,
        due - before["ann"][0],
    )
    assert payable(shop, second)["ann"][1] == due - before["ann"][0]
    assert payable(shop, first) == before
    said = shop.pay_statement(Asker("ann"), "ann", "2026-Q2")
    assert said.payable == said.statement.amount + due - before["ann"][0]
    assert shop.verify_pay(ADMINISTRATOR, second).matches
    third = shop.keep_pay_run(ADMINISTRATOR, "quarterly", "2026-Q3")
    assert read_part(shop.store, "pay_adjustment", third).filter(pl.col("of_run") == first).is_empty(), "paid once"


def statement_now(ws: Workspace, person: str) -> Decimal:
    """What the first quarter would pay by all that is known now, although it is closed."""
    wide = paid_by(ws, ws.company().plans["quarterly"], "2026-Q1", None, anew=True)
    return wide.filter(pl.col("person") == person)["amount"][0]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory):
    """A store that holds nothing but the runs put into it."""
    path = tmp_path_factory.mktemp("shelf") / "shelf.duckdb"
    create_store(path)
    ws = Workspace.open(path)
    yield ws
    ws.close()


@pytest.mark.parametrize("plan", case_plans(), ids=lambda plan: plan.plan)
def test_rows_of_every_kind_of_plan_come_back_from_the_store_as_they_were(shelf: Workspace, plan: Plan):
    """Inputs, components, rows, balances and segments: a statement of the stored row is that of the row."""
    everyone = plan.model_copy(update={"who": Who()})
    example = next((one for one in plan.examples if one.people), plan.examples[0])
    wide = pay(everyone, as_payees(inputs_needed(plan), example))
    if "person" not in wide.columns:
        wide = wide.with_columns(person=pl.lit("p1"))
    wide = wide.with_columns(
        pl.lit(None, dtype=pl.String).alias(name) for name in ("unit", "role") if name not in wide.columns
    )
    made = PayRun(everyone, "2026", wide, lines(everyone, wide), Decimal(0))
    amounts = wide.select(
        "person", "unit", "role", "amount", adjustment=pl.lit(0), payable=pl.col("amount").fill_null(0)
    )
    parts = Parts({"pay_amount": amounts, "pay_line": lines_of(made), "pay_input": inputs_of(everyone, wide),
                   "pay_balance": balances_of(everyone, wide)})  # fmt: skip
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    rules = everyone.model_dump_json()
    run = Run(
        plan.plan,
        plan.version,
        plan.fingerprint,
        rules,
        "2026",
        at,
        None,
        plan.currency,
        wide.height,
        Decimal(0),
        None,
        "",
    )
    with shelf.store.write() as cursor:
        number = add_run(cursor, run, parts)
        add_event(cursor, number, RunEvent(at, "hr", "final"))
    back = wide_of(shelf, number)
    for one in wide["person"]:
        rows = (frame.filter(pl.col("person") == one).row(0, named=True) for frame in (back, wide))
        was, now = (statement(everyone, row, "2026") for row in rows)
        assert was == now
    again = pay(everyone, payees_of(everyone, back))
    assert again.sort("person")["amount"].to_list() == wide.sort("person")["amount"].to_list()
    carried = read_part(shelf.store, "pay_balance", number)
    left = {(row["person"], row["component"]): row["amount"] for row in carried.to_dicts()}
    expected = {
        (row["person"], step.id): row[f"{step.id}_left"]
        for row in wide.iter_rows(named=True) for step in plan.components if row.get(f"{step.id}_left") is not None
    }  # fmt: skip
    assert left == expected


KILLED = """
import os, signal, sys
from pathlib import Path
import kpiflow.workspace.pay_runs.running as running
from kpiflow.workspace import Asker, Workspace
ws = Workspace.open(Path(sys.argv[1]))
def killed(*given):
    os.kill(os.getpid(), signal.SIGKILL)
running.add_event = killed
ws.keep_pay_run(Asker("p0005"), "service_bonus_2013", "2013")
"""


def test_a_run_that_is_killed_while_it_is_written_leaves_nothing(demo_store: Path, tmp_path: Path):
    """The process dies after every amount and line was written, and before the run has its first step."""
    path = tmp_path / "killed.duckdb"
    shutil.copy(demo_store, path)
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], env=os.environ, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    ws = Workspace.open(path)
    try:
        for table in ("pay_run", "pay_amount", "pay_line", "pay_input", "pay_event"):
            with ws.store.read() as cursor:
                assert cursor.sql(f"SELECT count(*) FROM {table} WHERE run > 1").fetchall() == [(0,)], table
        assert ws.keep_pay_run(HR, PLAN, "2013") == 2
    finally:
        ws.close()


def test_the_second_person_is_told_to_look(ws: Workspace):
    said = [duty for duty in ws.todo(EXECUTIVE) if duty.page == "pay"]
    assert [duty.choices for duty in said] == [{"period": "2013", "run": "1"}]
    assert not [duty for duty in ws.todo(HR) if duty.page == "pay"]
