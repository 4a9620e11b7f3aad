"""Which rows of a plan its examples hit, and that no payee can ever hit one that coverage does not know."""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.definitions.reading import read_company
from kpiflow.incentives.branches import BRANCHES, ONE_WAY, branches, matched
from kpiflow.incentives.components import COMPONENTS
from kpiflow.incentives.coverage import coverage, rows_hit
from kpiflow.incentives.examples import try_examples
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Plan, Who

ROOT = Path(__file__).parents[2]
BONUS = read_company(ROOT / "config").required().plans["service_bonus_2013"].model_copy(update={"who": Who()})


def missed(
    *components: dict[str, Any], given_: list[dict[str, Any]], inputs: dict[str, str]
) -> list[tuple[object, ...]]:
    """The places of what the examples of a plan do not hit; what they pay does not matter here."""
    facts = {"plan": "p", "label": "P", "starts": "2026-01-01", "currency": "CNY", "inputs": inputs,
             "components": [{"id": "basis", "kind": "basis", "of": "salary_month"}, *components],
             "examples": [{"given": {"salary_month": 100, **one}, "pays": 0} for one in given_]}  # fmt: skip
    plan = Plan.model_validate(facts)
    return [one.loc[1:] for one in coverage(plan, try_examples(plan)).missed]


def test_every_kind_of_step_says_which_ways_it_can_go() -> None:
    assert set(BRANCHES) | set(ONE_WAY) == set(COMPONENTS)
    assert not set(BRANCHES) & set(ONE_WAY)


#: A step, and the examples that hit everything but what is left over: numbers of one input `x`.
STEPS: list[tuple[dict[str, Any], str, list[Any], list[tuple[object, ...]]]] = [
    ({"kind": "table", "of": "x", "rows": [{"high": 10, "gives": 1}, {"low": 10, "gives": 2}]}, "number", [10], [("rows", 0)]),
    ({"kind": "table", "of": "x", "rows": [{"one_of": ["A", "B"], "gives": 1}], "otherwise": 0}, "text", ["B"], [("otherwise",)]),
    ({"kind": "factor", "of": "x", "curve": {"points": [[60, 1], [80, 2]]}}, "number", [59, 79.9], [("curve", "points", 1)]),
    ({"kind": "factor", "of": "x", "curve": {"points": [[0, 1], [80, 2]]}}, "number", [0, 80], []),
    ({"kind": "matrix", "down": "x", "across": "x", "down_from": [0, 5], "across_from": [0, 5], "cells": [[1, 2], [3, 4]]},
     "number", [0, 7], [("cells", 0, 1), ("cells", 1, 0)]),
    ({"kind": "gate", "of": "basis", "needs": {"of": "x", "at_least": 5}}, "number", [5], [("needs",)]),
    ({"kind": "cap", "of": "basis", "at": "x"}, "money", [99], [("at",)]),
    ({"kind": "rates", "of": "x", "tiers": [{"above": 0, "rate": 0.1}, {"above": 9, "rate": 0.2}]}, "money", [8], [("tiers", 1)]),
    ({"kind": "penalty", "of": "basis", "incidents": "x", "each": 1, "most": 3}, "count", [0, 2], [("most",)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "kind", "values", "left"), STEPS, ids=lambda value: value.get("kind") if isinstance(value, dict) else None
)
def test_what_no_example_hits_is_named(
    step: dict[str, Any], kind: str, values: list[Any], left: list[tuple[object, ...]]
) -> None:
    paid = (
        [{"id": "paid", "kind": "product", "of": ["basis", "s"]}]
        if step["kind"] in ("table", "factor", "matrix")
        else []
    )
    found = missed({"id": "s", **step}, *paid, given_=[{"x": value} for value in values], inputs={"x": kind})
    assert found == [(1, *loc) for loc in left]


@pytest.mark.parametrize(
    ("step", "row", "said"),
    [
        (STEPS[0][0], 2, "row 2"),
        (STEPS[1][0], 0, "no row fits: otherwise"),
        (STEPS[2][0], 1, "row 1"),
        (STEPS[4][0], 3, "line 2, column 1"),
        (STEPS[5][0], 2, "the condition is not met"),
        (STEPS[8][0], 2, "some incidents"),
        (STEPS[8][0], 3, "more than the most that is taken off"),
        ({"kind": "product", "of": ["basis"]}, 1, "None"),
        (STEPS[0][0], None, "None"),
    ],
)
def test_a_statement_says_in_words_which_case_applied(step: dict[str, Any], row: int | None, said: str) -> None:
    """The third cell of a matrix of two columns is line 2, column 1: whoever is paid by it finds it in the plan's text."""
    facts = {"plan": "p", "label": "P", "starts": "2026-01-01", "currency": "CNY", "inputs": {"x": "number"},
             "components": [{"id": "s", **step}], "examples": []}  # fmt: skip
    assert str(matched(Plan.model_validate(facts).components[0], row)) == said


def test_a_row_is_hit_by_the_example_that_falls_on_it() -> None:
    covered = {(one.component, *one.branch.rows): one.examples for one in coverage(BONUS, try_examples(BONUS)).branches}
    names = [one.name for one in BONUS.examples]
    lowest = names.index("Below the first point of both curves, with the lowest grade") + 1
    assert covered["personal", 5] == (lowest,)
    assert covered["company", 0] == (lowest,)


numbers = st.decimals(0, 200, places=2)


@given(
    attainment=st.decimals(0, 2, places=4), department=numbers, score=numbers, grade=st.sampled_from("ABCDE"),
    complaints=st.integers(0, 40), days=st.integers(1, 365),
)  # fmt: skip
def test_nobody_hits_a_row_that_coverage_does_not_know(
    attainment: Decimal, department: Decimal, score: Decimal, grade: str, complaints: int, days: int
) -> None:
    payee = pl.DataFrame({
        "person": ["p"], "salary_month": [Decimal(1000)], "bonus_share": [Decimal("0.1")], "attainment:nyc-ontime": [attainment],
        "score:@department": [department], "score": [score], "grade": [grade], "count:valid_complaints": [complaints],
        "days_employed": [days], "days_in_period": [365], "hired": [datetime.date(2013, 12, 31) - datetime.timedelta(days - 1)],
    })  # fmt: skip
    known = {step.id: {row for branch in branches(step) for row in branch.rows} for step in BONUS.components}
    for name, row in rows_hit(pay(BONUS, payee).row(0, named=True)):
        assert row in known[name]
