"""Formulas of derived metrics: what they may hold, and what they come to."""

import polars as pl
import pytest

from kpiflow.errors import InvalidInput
from kpiflow.scoring.formulas import compile_formula, names_in


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("a + b * 2", 7),
        ("(a + b) * 2", 8),
        ("-a / b", -1 / 3),
        ("max(a, b, 2)", 3),
        ("min(a, b)", 1),
        ("10 if a < b else 20", 10),
        ("10 if a >= b or b > 2 and a > 0 else 20", 10),
        ("10 if a + 0.1 + 0.2 >= 1.3 else 20", 10),
        ("10 if 0 < a < b else 20", 10),
        ("a / (b - 3)", None),
        ("a / (b - 3) if b > 3 else 5", 5),
        ("max(a, b / (b - 3))", None),
    ],
)
def test_value(formula, value):
    frame = pl.DataFrame({"a": [1.0], "b": [3.0]})
    found = frame.select(x=compile_formula(formula))["x"].to_list()[0]
    assert found is value is None or abs(found - value) < 1e-12


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('true')",
        "a.b",
        "a[0]",
        "open('x')",
        "max(a)",
        "max(*a)",
        "min(a, key=b)",
        "lambda: 1",
        "[a for a in b]",
        "'text'",
        "True",
        "a ** 999",
        "1 if a == b else 2",
        "a if b else c",
        "(a < b) + 1",
        "a; b",
        "a +",
        "",
        "x" * 501,
        "(" * 300 + "a" + ")" * 300,
    ],
)
def test_nothing_else_is_read(formula):
    with pytest.raises(InvalidInput):
        names_in(formula)


def test_ids_in_the_order_they_appear():
    assert names_in("late / (late + early) if early > 0 else max(missed, 1)") == ("late", "early", "missed")
