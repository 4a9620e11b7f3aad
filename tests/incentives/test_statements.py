"""A statement can be read by the person it is about: formula, matched row, nearest unmet condition, reason."""

import datetime
from decimal import Decimal

import polars as pl
import pytest

from kpiflow.errors import InvalidInput, NotFound
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import Statement, lines, statement, to_json

PLAN = Plan.model_validate({
    "plan": "bonus", "label": "Bonus", "starts": "2026-01-01", "currency": "CNY",
    "who": {"roles": ["agent"], "units": ["EWR"]},
    "absent": {"count:complaints": 0},
    "components": [
        {"id": "basis", "kind": "basis", "of": "salary_month", "months": 12, "share": "bonus_share",
         "label": "Basis", "label_zh": "基数"},
        {"id": "own", "kind": "table", "of": "score", "rows": [{"high": 60, "gives": 0.5}, {"low": 60, "gives": 1}]},
        {"id": "gross", "kind": "product", "of": ["basis", "own"]},
        {"id": "gate", "kind": "gate", "needs": {"of": "attainment:G", "at_least": "80%"}, "limit": 0.5, "base": "basis"},
        {"id": "complaints", "kind": "penalty", "incidents": "count:complaints", "each": 200, "most": 1000},
    ],
})  # fmt: skip


def payees(**more: object) -> pl.DataFrame:
    """One agent of a station below EWR."""
    facts = {"person": "p1", "unit": "EWR-UA", "units": ["EWR-UA", "EWR", "NYC"], "role": "agent",
             "salary_month": Decimal("10000.00"),
             "bonus_share": 0.1, "score": 70.0, "attainment:G": 0.794, "count:complaints": 2}  # fmt: skip
    row = {**facts, **more}
    schema = {"salary_month": pl.Decimal(18, 2), "score": pl.Float64, "count:complaints": pl.Int64}
    return pl.DataFrame({name: [value] for name, value in row.items()}, schema_overrides=schema)


def said(**more: object) -> Statement:
    """The statement of that agent."""
    return statement(PLAN, pay(PLAN, payees(**more)).row(0, named=True), "2026")


def test_the_lines_lead_from_the_basis_to_the_amount() -> None:
    one = said()
    assert one.amount == Decimal("5600.00")  # half of 12,000 because of the gate, less two complaints
    assert [(line.line, line.component, line.value, line.amount) for line in one.lines] == [
        (1, "basis", Decimal("12000.00"), None),
        (2, "own", Decimal(1), None),
        (3, "gross", Decimal("12000.00"), Decimal("12000.00")),
        (4, "gate", Decimal("6000.00"), Decimal("-6000.00")),
        (5, "complaints", Decimal("5600.00"), Decimal("-400.00")),
    ]


def test_the_nearest_condition_not_met_is_named() -> None:
    gate = said().lines[3]
    assert str(gate.unmet) == "needed at least 80 %, had 79.4 %"
    assert gate.row == 2
    assert said(**{"attainment:G": 0.8}).lines[3].unmet is None
    assert str(said(score=59.5).lines[1].unmet) == "needed 60 for 1, had 59.5"


def test_the_formula_shows_its_numbers() -> None:
    formulas = {line.component: str(line.formula) for line in said().lines}
    assert formulas["basis"] == "CN¥10,000.00 × 12 × 10 %"
    assert formulas["gross"] == "CN¥12,000.00 × 1"
    assert formulas["complaints"] == "2 × CN¥200.00"


def test_a_near_miss_is_never_rounded_into_a_hit() -> None:
    assert str(said(score=59.9999999).lines[1].unmet) == "needed 60 for 1, had 59.9999999"
    assert str(said(**{"attainment:G": 0.7999999}).lines[3].unmet) == "needed at least 80 %, had 79.99999 %"


def test_what_is_not_known_is_named_and_pays_nothing_out() -> None:
    one = said(score=None)
    assert one.amount is None
    assert str(one.reason) == "Nothing is paid out, because this is not known: own score."


def test_what_is_assumed_is_said() -> None:
    notes = [str(note) for note in said(**{"count:complaints": None}).notes]
    assert notes == ["Nothing is known of: number of complaints. It counts as 0."]
    assert said().notes == ()


def test_the_json_form_keeps_every_digit_as_text() -> None:
    form = to_json(said(), "zh")
    assert (form["person"], form["period"], form["amount"], form["currency"]) == ("p1", "2026", "5600.00", "CNY")
    assert isinstance(form["lines"], list)
    assert form["lines"][0]["label"] == "基数"
    assert form["lines"][4]["amount"] == "-400.00"


def test_a_plan_pays_only_those_it_is_for() -> None:
    assert pay(PLAN, payees(role="manager")).is_empty()
    assert pay(PLAN, payees(units=["JFK-UA", "JFK", "NYC"])).is_empty()


def test_everybodys_lines_are_one_table() -> None:
    both = pl.concat([payees(), payees(person="p2", score=10.0)])
    table = lines(PLAN, pay(PLAN, both))
    assert table.columns == ["person", "line", "component", "kind", "value", "amount", "row"]
    assert table.filter(person="p2", component="own")["row"].to_list() == [1]
    assert table.group_by("person").agg(pl.col("amount").sum()).sort("person")["amount"].to_list() == [
        Decimal(5600),
        Decimal(5600),
    ]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(NotFound, match="attainment:G"):
        pay(PLAN, payees().drop("attainment:G"))


def test_amounts_too_large_to_stay_exact_are_refused() -> None:
    with pytest.raises(InvalidInput, match="too large"):
        pay(PLAN, payees(salary_month=Decimal("9999999999999999.99")).with_columns(bonus_share=pl.lit(10.0**9)))


def test_rates_of_a_day_are_exact_for_floats_too() -> None:
    assert said(
        salary_month=Decimal("1234.56"), bonus_share=0.07, score=99.0, **{"attainment:G": 1.0}
    ).amount == Decimal("637.03")


def test_a_hire_date_may_be_unknown() -> None:
    plan = Plan.model_validate({
        "plan": "b", "label": "B", "starts": "2026-01-01", "currency": "CNY",
        "components": [{"id": "basis", "kind": "basis", "of": 100}, {"id": "time", "kind": "proration", "none_from": "2026-10-01"},
                       {"id": "paid", "kind": "product", "of": ["basis", "time"]}],
    })  # fmt: skip
    days = {"days_employed": [365] * 3, "days_in_period": [365] * 3}
    hired = [datetime.date(2026, 9, 30), datetime.date(2026, 10, 1), None]
    assert pay(plan, pl.DataFrame({**days, "hired": hired}))["amount"].to_list() == [Decimal(100), Decimal(0), None]
