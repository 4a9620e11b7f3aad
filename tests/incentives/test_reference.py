"""The fast path and the fractions pay the same, to the cent, over random plans and random people."""

from decimal import Decimal
from fractions import Fraction

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.core.company import Rounding
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.reference import pay_one
from kpiflow.incentives.statements import lines

RATIOS = st.decimals(min_value=0, max_value=3, places=3)
MODES = st.sampled_from(list(Rounding))
COMPARISONS = st.sampled_from(["at_least", "more_than", "at_most", "less_than"])
SCORES = (
    st.none() | st.sampled_from([Decimal(60), Decimal(90), Decimal("59.9999999999")]) | st.decimals(0, 140, places=2)
)


@st.composite
def curves(draw: st.DrawFn) -> dict[str, object]:
    """A curve through one to four points, with every kind of end."""
    xs = sorted(draw(st.sets(st.decimals(0, 140, places=1), min_size=1, max_size=4)))
    interpolation = draw(st.sampled_from(["linear", "step"]))
    ends = (
        ["cap"]
        + (["extend"] if interpolation == "linear" and len(xs) > 1 else [])
        + ([Decimal("1.7")] if interpolation == "linear" else [])
    )
    return {
        "points": [[x, draw(RATIOS)] for x in xs],
        "interpolation": interpolation,
        "tie": draw(st.sampled_from(["upper", "lower"])),
        "below": draw(st.sampled_from(["zero", "first", Decimal("0.25")])),
        "above": draw(st.sampled_from(ends)),
    }


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan with a basis, two factors, a table, proration, a product or a split, and modifiers in any order."""
    edge = draw(st.decimals(1, 120, places=1))
    modifiers = [
        {"id": "gate", "kind": "gate", "needs": {"of": "points:G", draw(COMPARISONS): edge},
         "limit": draw(RATIOS), "base": "basis"},
        {"id": "cap", "kind": "cap", "at": draw(RATIOS), "base": "basis"},
        {"id": "floor", "kind": "floor", "at": draw(st.decimals(0, 2000, places=2))},
        {"id": "penalty", "kind": "penalty", "incidents": "count:M", "each": draw(st.decimals("0.01", 500, places=2)), "most": 900},
        {"id": "share_penalty", "kind": "penalty", "incidents": "count:M", "each": draw(st.decimals("0.001", 1, places=3)),
         "base": "basis"},
        {"id": "rounding", "kind": "round", "rounding": {"places": draw(st.integers(-2, 1)), "mode": draw(MODES)}},
    ]  # fmt: skip
    chosen = draw(st.permutations(modifiers).flatmap(lambda order: st.integers(0, 6).map(lambda n: list(order)[:n])))
    return Plan.model_validate({
        "plan": "random", "label": "Random", "starts": "2026-01-01", "currency": "CNY",
        "rounding": {"places": draw(st.sampled_from([0, 1, 2])), "mode": draw(st.sampled_from(list(Rounding)))},
        "absent": draw(st.sampled_from([{}, {"score": 75}])),
        "components": [
            {"id": "basis", "kind": "basis", "of": "salary_month", "months": draw(st.sampled_from([1, 12, 13])),
             "share": "bonus_share"},
            {"id": "one", "kind": "factor", "of": "score", "curve": draw(curves())},
            {"id": "two", "kind": "factor", "of": "points:G", "curve": draw(curves())},
            {"id": "three", "kind": "table", "of": "score", "tie": draw(st.sampled_from(["upper", "lower"])),
             "rows": [{"high": 60, "gives": draw(RATIOS)}, {"low": 60, "high": 90, "gives": draw(RATIOS)},
                      {"low": 90, "gives": draw(RATIOS)}]},
            {"id": "time", "kind": "proration", "by": draw(st.sampled_from(["days", "days_and_fte", "fte"])),
             "day_count": draw(st.sampled_from(["period", "actual_365", "actual_actual"]))},
            {"id": "split", "kind": "weighted", "parts": [{"of": "one", "weight": 0.6}, {"of": "two", "weight": 0.4}]},
            {"id": "gross", "kind": "product",
             "of": draw(st.sampled_from([["basis", "one", "time"], ["time", "split", "basis"],
                                                                           ["basis", "two", "three", "time"],
                                        ["basis", "three"]]))},
            *chosen,
        ],
    })  # fmt: skip


PEOPLE = st.fixed_dictionaries({
    "salary_month": st.none() | st.decimals(0, 99_999, places=2),
    "bonus_share": st.decimals(0, 1, places=3),
    "score": SCORES,
    "points:G": SCORES,
    "count:M": st.none() | st.integers(0, 12).map(Decimal),
    "fte": st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.8")]),
    "days_employed": st.integers(0, 366).map(Decimal),
    "days_in_period": st.sampled_from([Decimal(366), Decimal(90), Decimal(365)]),
    "days_in_year": st.sampled_from([Decimal(365), Decimal(366)]),
})  # fmt: skip


@given(plans(), st.lists(PEOPLE, min_size=1, max_size=6))
def test_both_interpreters_pay_the_same_to_the_cent(plan: Plan, people: list[dict[str, Decimal | None]]) -> None:
    schema = {name: pl.Decimal(38, 2 if name == "salary_month" else 10) for name in people[0]}
    payees = pl.DataFrame(people, schema=schema).with_columns(person=pl.int_range(pl.len()).cast(pl.String))
    wide = pay(plan, payees)
    for row, given_to in zip(wide.iter_rows(named=True), people, strict=True):
        for name, expected in pay_one(plan, given_to).items():
            found = None if row[name] is None else Fraction(row[name])
            assert found == expected, f"{name}: {found} is not {expected}"


@given(plans(), st.lists(PEOPLE, min_size=1, max_size=6))
def test_the_lines_of_everybody_add_up(plan: Plan, people: list[dict[str, Decimal | None]]) -> None:
    schema = {name: pl.Decimal(38, 2 if name == "salary_month" else 10) for name in people[0]}
    payees = pl.DataFrame(people, schema=schema).with_columns(person=pl.int_range(pl.len()).cast(pl.String))
    wide = pay(plan, payees)
    sums = lines(plan, wide).group_by("person").agg(pl.col("amount").sum())
    both = wide.select("person", paid="amount").join(sums, on="person").filter(pl.col("paid").is_not_null())
    assert both.filter(pl.col("paid") != pl.col("amount")).is_empty()
