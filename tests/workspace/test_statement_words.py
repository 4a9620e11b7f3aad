"""A statement read by somebody who trusts nothing: its own words and figures, and a pocket calculator, give every amount."""

import re
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from kpiflow.language import render
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.paying import pay_run

PLAN, PERIOD = "service_bonus_2013", "2013"
CENT, TEN = Decimal("0.01"), Decimal("1e-10")

#: A number as a statement writes it, with or without currency, grouping and percent.
NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)( %)?")


def numbers(text: str) -> list[Decimal]:
    """Return the numbers of a line in their order; percent as parts of one."""
    return [Decimal(digits.replace(",", "")) / (100 if percent else 1) for digits, percent in NUMBER.findall(text)]


def lines(ws: Workspace, person: str, language: str = "en") -> dict[str, tuple[str, Decimal | None, Decimal | None]]:
    """Return the formula, value and amount of each line of somebody's statement."""
    said = ws.pay_statement(ADMINISTRATOR, person, PERIOD).statement
    return {one.component: (render(one.formula, language), one.value, one.amount) for one in said.lines}


def on_the_line(text: str) -> Decimal:
    """Work a factor out again by what its line shows: after the name, the result and the two points around it."""
    had, x0, y0, x1, y1 = numbers(text)[-5:]
    return (y0 + (had - x0) / (x1 - x0) * (y1 - y0)).quantize(TEN)


def test_every_amount_comes_out_of_the_figures_that_stand_on_the_statement(ws: Workspace):
    people = pay_run(ws, PLAN, PERIOD).wide.filter(pl.col("amount").is_not_null())["person"].to_list()
    assert len(people) > 30
    gates, factors = set(), 0
    for person in people:
        said = lines(ws, person)
        basis = said["basis"]
        salary, months, share = numbers(basis[0])
        assert (salary * months * share).quantize(CENT, ROUND_HALF_UP) == basis[1], person
        for name in ("company", "department"):
            if "on the line" in said[name][0]:
                factors += 1
                assert on_the_line(said[name][0]) == said[name][1].quantize(TEN), (person, name, said[name][0])
        assert numbers(said["personal"][0])[-1] == said["personal"][1], person
        product = Decimal(1)
        for factor in numbers(said["gross"][0]):
            product *= factor
        # Between the figures that are shown and those that are kept lie ten digits, so the cent can only differ at a half.
        assert abs(product - said["gross"][1]) <= Decimal("0.005001"), person
        so_far, gate = said["gross"][1], said["own_gate"]
        gates.add("not met" in gate[0])
        if "not met" in gate[0]:
            half, target = numbers(gate[0])[-2:]
            so_far = min(so_far, (half * target).quantize(CENT, ROUND_HALF_UP))
        assert gate[1] == so_far, person
        twice, target = numbers(said["ceiling"][0])[-2:]
        so_far = min(so_far, (twice * target).quantize(CENT, ROUND_HALF_UP))
        assert said["ceiling"][1] == so_far, person
        assert sum(amount or 0 for _, _, amount in said.values()) == said["complaints"][1], person
    assert gates == {True, False}
    assert factors > 30


def test_a_line_names_whose_result_it_takes_in_both_languages(ws: Workspace):
    # Moved from one airport to another in the year; graded E; below the gate.
    said, told = lines(ws, "p0228"), lines(ws, "p0228", "zh")
    assert said["company"][0].startswith("attainment of On-time arrivals · NYC 94.58")
    assert said["department"][0].startswith("score of LaGuardia (LGA) 81.6"), "the unit the year ended in"
    assert said["personal"][0] == "grade E is row 5 of the table (E): 0"
    assert said["own_gate"][0] == "own score at least 60: not met, at most 0.5 × $8,928.00"
    assert "纽约 的达成率 94.58" in told["company"][0]
    assert "拉瓜迪亚机场（LGA） 的得分 81.6" in told["department"][0]
    assert told["own_gate"][0] == "个人得分不低于 60：未满足，最多 0.5 × US$8,928.00"
    for name, (text, value, amount) in said.items():
        assert numbers(text) == numbers(told[name][0].replace("US$", "$")), name
        assert (value, amount) == told[name][1:], name


def test_a_gate_that_is_met_says_with_what(ws: Workspace):
    assert lines(ws, "p0111")["own_gate"][0] == "own score at least 60: met with 103.5"
