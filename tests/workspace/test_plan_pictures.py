"""The pictures of a plan's steps: a drawn line passes where the exact reference pays, and a grid has every row."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts import pay_curve
from dashboards.charts.paper import Ink
from kpiflow.definitions.company import Company
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.reference import pay_one
from kpiflow.language import render
from kpiflow.workspace.plans.pictures import Grid, Line
from kpiflow.workspace.plans.wording import steps_said
from tests.definitions.test_round_trips import STARTER


def said(step: dict[str, Any], company: Company = STARTER):
    """The first step of a plan that multiplies a salary by it, and the plan."""
    plan = Plan.model_validate({
        "plan": "p", "label": "P", "starts": "2026-01-01", "currency": "CNY", "inputs": {"x": "number"},
        "components": [{"id": "s", **step}, {"id": "paid", "kind": "product", "of": ["salary_month", "s"]}],
    })  # fmt: skip
    return steps_said(plan, company)[0].picture, plan


@st.composite
def curves(draw: st.DrawFn) -> dict[str, Any]:
    xs = sorted(draw(st.sets(st.integers(1, 200), min_size=2, max_size=5)))
    ys = draw(st.lists(st.integers(0, 30), min_size=len(xs), max_size=len(xs)))
    step = draw(st.booleans())
    return {
        "points": [[x, y / 10] for x, y in zip(xs, ys, strict=True)],
        "interpolation": "step" if step else "linear",
        "below": draw(st.sampled_from(["zero", "first", 0.3])),
        "above": "cap" if step else draw(st.sampled_from(["cap", "extend"])),
    }


@given(curves(), st.floats(0.001, 0.999))
def test_a_line_is_drawn_where_the_reference_pays(curve: dict[str, Any], place: float) -> None:
    line, plan = said({"kind": "factor", "of": "x", "curve": curve})
    assert isinstance(line, Line)
    assert [x for x, _ in line.corners] == sorted(x for x, _ in line.corners)
    for (x0, y0), (x1, y1) in pairwise(line.corners):
        if x1 - x0 < 1e-6:
            continue  # a step straight up
        x = round(x0 + (x1 - x0) * place, 6)
        ratio = pay_one(plan, {"x": Fraction(str(x)).limit_denominator(10**6).__float__(), "salary_month": 1})["s"]
        assert ratio is not None
        assert float(ratio) == pytest.approx(y0 + (y1 - y0) * (x - x0) / (x1 - x0), abs=1e-4)


def test_grids_have_every_row_and_what_they_give() -> None:
    table, _ = said({"kind": "table", "of": "grade", "rows": [{"one_of": ["A", "B"], "gives": 1.2}], "otherwise": 0})
    assert isinstance(table, Grid)
    assert [[render(cell, "en") for cell in row] for row in table.rows] == [["A, B", "120 %"], ["otherwise", "0 %"]]
    matrix, _ = said({"kind": "matrix", "down": "x", "across": "score", "down_from": [0, 5], "across_from": [0, 60, 80],
                      "cells": [[0, 0.5, 1], [0.5, 1, 1.5]]})  # fmt: skip
    assert isinstance(matrix, Grid)
    assert [render(head, "en") for head in matrix.heads] == ["x ↓  own score →", "from 0", "from 60", "from 80"]
    assert [render(cell, "en") for cell in matrix.rows[1]] == ["from 5", "50 %", "100 %", "150 %"]


@pytest.mark.parametrize(("language", "word"), [("en", "own score"), ("zh", "个人得分")])
def test_a_figure_names_what_it_is_about_and_shows_the_points_as_written(language: str, word: str) -> None:
    line, _ = said({"kind": "factor", "of": "score", "curve": {"points": [[60, "60%"], [100, "100%"]]}})
    assert isinstance(line, Line)
    figure = pay_curve.draw(line, Ink(), language)
    assert list(figure.data[1].x) == [60, 100]
    assert list(figure.layout.xaxis.ticktext) == ["60", "100"]
    assert word in figure.layout.xaxis.title.text
    assert "60" in render(pay_curve.alt(line, language), language)


@pytest.mark.parametrize(
    ("step", "english", "chinese"),
    [
        (
            {"kind": "rates", "of": "salary_month", "base": "quota",
             "tiers": [{"above": 0, "rate": 0.05}, {"above": 0.5, "rate": 0.1}]},
            "monthly salary at above CN¥0.00: 5 % and above 50 % of Quota: 10 %; each slice at its own rate.",
            "定额的 50% 以上 10%",
        ),
        (
            {"kind": "rates", "of": "x", "tiers": [{"above": 0, "rate": 0}, {"above": 10, "rate": 2.5}]},
            "x at above 0: CN¥0.00 and above 10: CN¥2.50; each slice at its own rate.",
            "10 以上 ¥2.50",
        ),
        ({"kind": "quotient", "of": "salary_month", "by": 21.75}, "monthly salary ÷ 21.75", "月薪 ÷ 21.75"),
        (
            {"kind": "quotient", "of": "salary_month", "by": "quota", "otherwise": 1},
            "monthly salary ÷ Quota; where there is nothing to divide by: 100 %",
            "月薪 ÷ 定额；除数不大于 0 时为 100%",
        ),
        (
            {"kind": "matrix", "interpolation": "linear", "down": "x", "across": "x", "down_from": [1], "across_from": [2],
             "cells": [[1]]},
            "By x and x: from 1 and from 2: 100 %; on straight lines between them; before the first: nothing.",
            "其间线性插值",
        ),
    ],
    ids=["of a quota", "apiece", "by a number", "otherwise", "on lines"],
)  # fmt: skip
def test_the_rule_is_told_in_both_languages(step: dict[str, Any], english: str, chinese: str):
    plan = Plan.model_validate({
        "plan": "p", "label": "P", "starts": "2026-01-01", "currency": "CNY", "inputs": {"x": "count", "quota": "money"},
        "called": {"quota": {"label": "Quota", "label_zh": "定额"}}, "components": [{"id": "s", **step}],
    })  # fmt: skip
    rule = steps_said(plan, STARTER)[0].rule
    assert render(rule, "en") == english
    assert chinese in render(rule, "zh")


def test_what_is_paid_apiece_is_told_and_not_drawn_and_a_share_of_money_is_both():
    tiers = [{"above": 0, "rate": 1}, {"above": 10, "rate": 2}]
    apiece, plan = said({"kind": "rates", "of": "x", "tiers": tiers})
    assert apiece is None
    assert "above 10: CN¥2.00" in render(steps_said(plan, STARTER)[0].rule, "en")
    share, plan = said({"kind": "rates", "of": "salary_month", "tiers": tiers})
    assert isinstance(share, Line)
    assert share.points == ((0, 1), (10, 2))
    assert "above CN¥10.00: 200 %" in render(steps_said(plan, STARTER)[0].rule, "en")
