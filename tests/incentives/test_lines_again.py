"""Whoever has only the statement and a calculator comes to the same numbers: each line brings what it was worked out from."""

from decimal import Decimal

import pytest

from kpiflow.language import render
from tests.incentives.test_statements import plan_of, told

PAID = {"id": "paid", "kind": "basis", "of": "salary_month"}
TABLE = [{"high": 10, "gives": 0}, {"low": 10, "high": 20, "gives": 50}, {"low": 20, "gives": 80}]


def line(step: dict[str, object], n: int = 0, **row: object) -> str:
    """The formula of a step in English, the amount of the plan being the monthly salary."""
    kinds = {"sold": "money", "quota": "money", "late": "count", "rate": "ratio", "other": "ratio"}
    plan = plan_of(*([step, PAID] if n == 0 else [PAID, step]), inputs=kinds)
    given = {"salary_month": 100} | row
    values = {name: Decimal(str(value)) for name, value in given.items()}
    return render(told(plan, **values).lines[n].formula, "en")


@pytest.mark.parametrize(
    ("tie", "late", "range_"),
    [
        ("upper", 9, "row 1 of the table (below 10): CN¥0.00"),
        ("upper", 10, "row 2 of the table (from 10 to below 20): CN¥50.00"),
        ("upper", 20, "row 3 of the table (from 20): CN¥80.00"),
        ("lower", 10, "row 1 of the table (up to 10): CN¥0.00"),
        ("lower", 20, "row 2 of the table (above 10 up to 20): CN¥50.00"),
        ("lower", 21, "row 3 of the table (above 20): CN¥80.00"),
    ],
)
def test_a_row_of_a_table_says_from_where_to_where_it_goes(tie: str, late: int, range_: str) -> None:
    step = {"id": "t", "kind": "table", "of": "late", "tie": tie, "unit": "money", "rows": TABLE}
    assert line(step, late=late) == f"late {late} is {range_}"


def test_a_line_that_goes_on_brings_the_two_points_it_goes_through() -> None:
    curve = {"points": [["67%", 0], ["100%", "20%"], ["101%", "21%"]], "above": "extend"}
    said = line({"id": "f", "kind": "factor", "of": "rate", "curve": curve}, rate="1.3")
    assert said == "rate 130 % on the line from 100 % → 0.2 to 101 % → 0.21, continued"


def test_a_cell_brings_where_its_line_and_column_begin() -> None:
    edges = {"down": "rate", "across": "other", "down_from": ["90%", "100%"], "across_from": ["95%", "105%"]}
    step = {"id": "m", "kind": "matrix", **edges, "cells": [["20%", "80%"], ["60%", "130%"]]}
    assert line(step, rate="0.95", other="1.06").endswith("is line 1 (from 90 %), column 2 (from 105 %): 0.8")
    between = line({**step, "interpolation": "linear"}, rate="0.95", other="1")
    assert between.endswith("20 % (90 %, 95 %), 80 % (90 %, 105 %), 60 % (100 %, 95 %), and 130 % (100 %, 105 %)")


def test_a_rate_brings_where_its_tier_begins_or_the_line_it_lies_on() -> None:
    tiers = [{"above": 0, "rate": "5%"}, {"above": 100000, "rate": "10%"}]
    flat = {"id": "c", "kind": "rates", "of": "sold", "spread": "flat", "tiers": tiers}
    assert line(flat, sold=100000) == "CN¥100,000.00 × 10 % (tier 2, from CN¥100,000.00)"
    assert line({**flat, "tie": "lower"}, sold=100001) == "CN¥100,001.00 × 10 % (tier 2, above CN¥100,000.00)"
    on_a_line = line({**flat, "spread": "interpolated"}, sold=50000)
    assert on_a_line == "CN¥50,000.00 × 7.5 % (on the line from CN¥0.00 → 5 % to CN¥100,000.00 → 10 %)"
    shares = [{"above": 0, "rate": "5%"}, {"above": "50%", "rate": "10%"}]
    by_quota = line(
        {"id": "c", "kind": "rates", "of": "sold", "base": "quota", "tiers": shares}, sold=24000, quota=30000
    )
    assert by_quota == "CN¥15,000.00 × 5 % + CN¥9,000.00 × 10 % (tier 2, from 50 % × quota CN¥30,000.00)"


def test_a_loss_is_charged_to_the_bank_whole_and_a_debt_repaid_no_further_than_it_goes() -> None:
    bank = {"id": "bank", "kind": "bonus_bank", "above": 50}
    held = {"carried:bank": Decimal("-30.00")}
    assert line(bank, 1, salary_month="-20.00", **held).startswith(
        "-CN¥20.00 is charged to the bank whole; it held -CN¥30.00"
    )
    said = line({**bank, "only_repays": True}, 1, salary_month="100.00", **held)
    assert said.startswith(
        "CN¥100.00, of which 100 % of what lies above CN¥50.00 goes to the bank as far as it is in debt"
    )


def test_a_draw_brings_the_share_that_is_recovered_and_of_what() -> None:
    draw = {"id": "draw", "kind": "draw", "amount": 3000, "least": 4000, "share": "50%"}
    said = line(draw, 1, salary_month="6000.00", **{"carried:draw": Decimal("5000.00")})
    assert said.startswith(
        "CN¥6,000.00 earned, 50 % of what exceeds CN¥4,000.00 goes to what is owed; CN¥5,000.00 was owed"
    )


@pytest.mark.parametrize(
    ("mode", "places", "how"),
    [
        ("half_up", 0, "to the nearest 1, halves up"),
        ("half_even", 2, "to the nearest 0.01, halves to the even one"),
        ("up", -1, "up to the next 10"),
        ("down", -2, "down to the 100 before"),
    ],
)
def test_a_rounding_of_its_own_is_said(mode: str, places: int, how: str) -> None:
    to = {"places": places, "mode": mode}
    assert line({"id": "r", "kind": "round", "rounding": to}, 1, salary_month="1234.56") == f"CN¥1,234.56 rounded {how}"
    cap = line({"id": "c", "kind": "cap", "at": 1000.5, "rounding": to}, 1, salary_month="1234.56")
    assert cap == f"CN¥1,234.56 is more than CN¥1,000.50: capped{'' if places > 2 else f', rounded {how}'}"


def test_two_numbers_of_the_plan_are_divided_as_they_are_written() -> None:
    assert line({"id": "q", "kind": "quotient", "of": 7000000, "by": 10150000}) == "7,000,000 ÷ 10,150,000"
