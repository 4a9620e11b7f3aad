"""A statement can be read by the person it is about: formula, matched row, nearest unmet condition, reason."""

import datetime
from decimal import Decimal

import polars as pl
import pytest

from kpiflow.errors import InvalidInput, NotFound
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import Statement, lines, statement, to_json
from kpiflow.language import render

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


def test_the_next_grade_that_gives_more_is_named_and_a_region_is_nothing_to_be_met() -> None:
    def looked_up(of: str, had: str, *rows: tuple[list[str], float]) -> str | None:
        table = {
            "id": "own",
            "kind": "table",
            "of": of,
            "rows": [{"one_of": words, "gives": gives} for words, gives in rows],
        }
        basis, product = PLAN.components[0], {"id": "gross", "kind": "product", "of": ["basis", "own"]}
        plan = Plan.model_validate({**PLAN.model_dump(exclude={"components", "absent"}), "components": [basis, table, product],
                                    "inputs": {"region": "text"}})  # fmt: skip
        return statement(plan, pay(plan, payees(**{of: had})).row(0, named=True), "2026").lines[1].unmet

    rows = (["A"], 1.5), (["B+", "B"], 1.2), (["C"], 1.0), (["D"], 0.6)
    assert str(looked_up("grade", "D", *rows)) == "needed C for 1, had D"
    assert str(looked_up("grade", "C", *rows)) == "needed B+ / B for 1.2, had C"
    assert looked_up("grade", "A", *rows) is None
    assert looked_up("region", "D", *rows) is None


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


@pytest.mark.parametrize(
    ("score", "value", "how"),
    [
        (130, "1.75", "grade A: own score 130 between 120 → 1.5 and 140 → 2"),
        (140, "2", "grade A: own score 140 between 120 → 1.5 and 140 → 2"),
        (150, "2", "grade A: own score 150 lies outside 120 to 140, so it counts as 140, which gives 2"),
        (90, "1.5", "grade A: own score 90 lies outside 120 to 140, so it counts as 120, which gives 1.5"),
    ],
)
def test_a_score_outside_the_bounds_of_its_grade_says_what_it_counts_as(score: float, value: str, how: str) -> None:
    row = {"grade": "A", "low": 120, "high": 140, "gives_low": 1.5, "gives_high": 2}
    curve, product = (
        {"id": "own", "kind": "grade_curve", "rows": [row]},
        {"id": "gross", "kind": "product", "of": ["basis", "own"]},
    )
    plan = Plan.model_validate({**PLAN.model_dump(exclude={"components", "absent"}),
                                "components": [PLAN.components[0], curve, product]})  # fmt: skip
    line = statement(plan, pay(plan, payees(score=float(score), grade="A")).row(0, named=True), "2026").lines[1]
    assert (line.value, str(line.formula)) == (Decimal(value), how)


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


def plan_of(*components: dict[str, object], **more: object) -> Plan:
    """A plan of these steps."""
    facts = {"plan": "b", "label": "B", "starts": "2026-01-01", "currency": "CNY", "components": components, **more}
    return Plan.model_validate(facts)


def told(plan: Plan, **row: object) -> Statement:
    """The statement of one payee."""
    return statement(plan, pay(plan, pl.DataFrame({name: [value] for name, value in row.items()})).row(0, named=True))


def test_a_balance_says_what_was_carried_and_what_stays() -> None:
    plan = plan_of(
        {"id": "earned", "kind": "basis", "of": "salary_month"}, {"id": "held", "kind": "refundable_cap", "at": 24000}
    )
    one = told(plan, salary_month=Decimal("30000.00"), **{"carried:held": Decimal("2000.00")})
    assert str(one.lines[1].formula) == (
        "CN¥30,000.00 + CN¥2,000.00 withheld before is more than CN¥24,000.00: CN¥8,000.00 is withheld until there is room"
    )
    assert one.lines[1].amount == Decimal(-6000)
    first = told(plan, salary_month=Decimal("10000.00"))  # no column at all: nothing was ever carried
    assert (first.amount, first.notes) == (Decimal("10000.00"), ())


def test_who_is_not_eligible_reads_why_and_the_lines_still_add_up() -> None:
    plan = plan_of(
        {"id": "basis", "kind": "basis", "of": 1000},
        {"id": "own", "kind": "factor", "of": "score", "curve": {"points": [[0, 0], [100, 1]]}},
        {"id": "more", "kind": "product", "of": ["basis", "own"]},
        {"id": "both", "kind": "sum", "plus": ["basis", "more"]},
        {"id": "eligible", "kind": "eligibility", "hired_before": "2026-10-01"},
    )
    one = told(plan, score=None, hired=datetime.date(2026, 10, 1))
    assert (one.amount, one.reason) == (Decimal(0), None)
    assert str(one.lines[-1].formula) == "not eligible: hired on Oct 1, 2026, not before Oct 1, 2026"
    assert str(one.lines[-1].unmet) == "hired on Oct 1, 2026, not before Oct 1, 2026"
    assert [line.amount for line in one.lines] == [Decimal(1000), None, None, None, Decimal(-1000)]


def test_a_pool_shows_the_share_and_waits_for_everybody() -> None:
    plan = plan_of({"id": "paid", "kind": "pool", "amount": 100, "of": "score"})
    people = pl.DataFrame({"person": ["a", "b"], "score": [30.0, 60.0]})
    both = [statement(plan, row) for row in pay(plan, people).iter_rows(named=True)]
    assert [one.amount for one in both] == [Decimal("33.33"), Decimal("66.67")]
    assert str(both[0].lines[0].formula) == "CN¥100.00 × 30 ÷ 90"
    waiting = pay(plan, people.with_columns(score=pl.Series([30.0, None])))
    one = statement(plan, waiting.row(0, named=True))
    assert str(one.lines[0].formula) == "the pool waits: own score is not known of everybody"
    assert str(one.reason) == "Nothing is paid out yet, because not everybody's share in it is known."


def test_a_pool_of_different_amounts_is_refused() -> None:
    plan = plan_of({"id": "paid", "kind": "pool", "amount": "salary_month", "of": "score"})
    with pytest.raises(InvalidInput, match="'salary_month' is not the same for everybody"):
        pay(plan, pl.DataFrame({"person": ["a", "b"], "score": [1.0, 2.0], "salary_month": [1, 2]}))


def test_segments_have_lines_of_their_own() -> None:
    plan = plan_of(
        {"id": "basis", "kind": "basis", "of": "salary_month", "label": "Basis", "label_zh": "基数"},
        {"id": "year", "kind": "fold", "of": "basis", "label": "Year"},
        segments=True,
    )
    day = datetime.date
    rows = pl.DataFrame({
        "person": ["a", "a", "b"], "segment": [2, 1, 1], "salary_month": [20, 10, 5],
        "segment_from": [day(2026, 7, 1), day(2026, 1, 1), day(2026, 1, 1)],
        "segment_to": [day(2026, 12, 31), day(2026, 6, 30), day(2026, 12, 31)],
    })  # fmt: skip
    wide = pay(plan, rows)
    one = statement(plan, wide.filter(person="a").row(0, named=True))
    assert [(line.line, str(line.label.label), line.segment, line.amount) for line in one.lines] == [
        (1, "Basis (2026-01-01 – 2026-06-30)", 1, Decimal(10)),
        (2, "Basis (2026-07-01 – 2026-12-31)", 2, Decimal(20)),
        (3, "Year", None, None),
    ]
    assert str(one.lines[2].formula) == "CN¥10.00 + CN¥20.00"
    table = lines(plan, wide).filter(person="a").sort("line")
    assert table.select("line", "segment", "amount").rows() == [
        (1, 1, Decimal(10)), (2, 2, Decimal(20)), (3, None, None)
    ]  # fmt: skip


def test_a_grade_changed_by_a_veto_is_the_text_of_its_line() -> None:
    plan = plan_of(
        {"id": "ruled", "kind": "veto", "when": {"of": "count:serious", "at_least": 2}, "becomes": "D"},
        {"id": "own", "kind": "table", "of": "ruled", "rows": [{"one_of": ["D"], "gives": 1}], "otherwise": 2},
        {"id": "basis", "kind": "basis", "of": 100},
        {"id": "paid", "kind": "product", "of": ["basis", "own"]},
    )
    one = told(plan, grade="A", **{"count:serious": 2})
    assert (one.lines[0].text, one.lines[0].value, one.amount) == ("D", None, Decimal(100))
    assert str(one.lines[0].formula) == "A becomes D, because number of serious is 2 (at least 2)"


def test_a_recovery_from_wages_quotes_its_law() -> None:
    plan = plan_of(
        {
            "id": "loss",
            "kind": "wage_recovery",
            "loss": 3000,
            "evidence": "inquiry",
            "legal_cap": "CN-20",
            "minimum_wage": 2000,
        },
        inputs={"inquiry": "text"},
    )
    formula = str(told(plan, salary_month=Decimal("5000.00"), inquiry="2026-7").lines[0].formula)
    assert "at most 20 % of CN¥5,000.00; CN¥2,000.00 is not taken" in formula
    assert "劳部发〔1994〕489号" in formula
    assert (
        str(told(plan, salary_month=5000, inquiry=None).lines[0].formula)
        == "no evidence is on record, so nothing is taken"
    )


def test_a_gate_says_what_it_is_for() -> None:
    plan = plan_of(
        {"id": "basis", "kind": "basis", "of": 100},
        {"id": "own", "kind": "factor", "of": "score", "curve": {"points": [[0, 0], [100, 1]]}, "label": "Own factor"},
        {
            "id": "held",
            "kind": "gate",
            "level": "goal",
            "of": "own",
            "needs": {"of": "grade", "one_of": ["A"]},
            "limit": "50%",
        },
        {"id": "paid", "kind": "product", "of": ["basis", "held"]},
    )
    assert (
        str(told(plan, score=90, grade="B").lines[2].formula)
        == "for the goal (Own factor): grade one of A: not met, at most 0.5"
    )


def test_whole_months_are_counted_on_the_statement() -> None:
    plan = plan_of(
        {"id": "basis", "kind": "basis", "of": 1200},
        {"id": "served", "kind": "proration", "by": "months", "start_by_day": 15, "end_from_day": 16},
        {"id": "paid", "kind": "product", "of": ["basis", "served"]},
    )
    day = datetime.date
    one = told(plan, segment_from=day(2026, 4, 16), segment_to=day(2026, 12, 31))
    assert (str(one.lines[1].formula), one.amount) == ("Apr 16, 2026 to Dec 31, 2026: 8 of 12 months", Decimal(800))
    nobody = told(plan, segment_from=None, segment_to=day(2026, 12, 31))
    assert str(nobody.lines[1].formula) == "first day that counts is not known"


BY_QUOTA = plan_of(
    {"id": "commission", "kind": "rates", "of": "sold", "base": "quota", "before": "earlier",
     "tiers": [{"above": 0, "rate": "5%"}, {"above": "50%", "rate": "10%"}, {"above": 1, "rate": "15%"}]},
    {"id": "cakes", "kind": "rates", "of": "count", "tiers": [{"above": 0, "rate": 0}, {"above": 10, "rate": 2.5}]},
    {"id": "attained", "kind": "quotient", "of": "sold", "by": "quota", "label": "Attainment", "label_zh": "完成率"},
    {"id": "present", "kind": "quotient", "of": "score", "by": "days", "otherwise": 1},
    {"id": "cell", "kind": "matrix", "interpolation": "linear", "down": "attained", "across": "count", "down_from": [0, 1],
     "across_from": [0, 40], "cells": [[0, "50%"], ["100%", "200%"]]},
    {"id": "all", "kind": "sum", "plus": ["commission", "cakes"]},
    {"id": "paid", "kind": "product", "of": ["all", "present", "cell"]},
    inputs={"sold": "money", "quota": "money", "earlier": "money", "count": "count", "days": "points"},
    called={"quota": {"label": "Quota", "label_zh": "定额"}, "earlier": {"label": "Sold earlier"}},
)  # fmt: skip


def by_quota(**more: object) -> Statement:
    """What somebody reads who sold 25,000 after 10,000, on a quota of 30,000."""
    money = {"sold": Decimal(25000), "quota": Decimal(30000), "earlier": Decimal(10000), **more}
    given = {name: value if value is None else value.quantize(Decimal("0.01")) for name, value in money.items()}
    return told(BY_QUOTA, **given, count=23, score=90, days=Decimal(0))


def test_each_slice_of_a_commission_is_shown_with_its_rate() -> None:
    formulas = [str(line.formula) for line in by_quota().lines]
    assert formulas[0] == (
        "CN¥5,000.00 × 5 % + CN¥15,000.00 × 10 % + CN¥5,000.00 × 15 %, after Sold earlier CN¥10,000.00 "
        "(tier 3, from 100 % × Quota CN¥30,000.00)"
    )
    assert formulas[1] == "10 × CN¥0.00 + 13 × CN¥2.50 (tier 2, from 10)"
    assert by_quota().lines[0].value == 2500


def test_a_quotient_says_what_it_divides_and_what_holds_without() -> None:
    formulas = [str(line.formula) for line in by_quota().lines]
    assert formulas[2] == "CN¥25,000.00 ÷ CN¥30,000.00"
    assert formulas[3] == "days is 0, so without dividing: 100 %"
    assert formulas[4].endswith(
        "from line 1, column 1 on straight lines between 0 % (0 %, 0), 50 % (0 %, 40), 100 % (100 %, 0), and 200 % (100 %, 40)"
    )


def test_where_nothing_can_be_divided_by_the_reason_names_it_in_both_languages() -> None:
    one = by_quota(quota=Decimal(0))
    assert one.amount is None
    assert str(one.reason) == (
        "Nothing is paid out: Attainment cannot be worked out (Quota is CN¥0.00: nothing can be divided by it)."
    )
    assert "无法计算完成率（定额为" in render(one.reason, "zh")
    assert str(by_quota(quota=None).reason) == "Nothing is paid out, because this is not known: Quota."
