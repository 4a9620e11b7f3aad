"""The fast path and the fractions agree on everything that keeps balances, shares pools, asks for conditions or folds segments."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kpiflow.incentives.kinds import Kind
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.reference import pay_everybody
from kpiflow.incentives.statements import lines, statement
from kpiflow.incentives.typed import inputs_needed
from tests.incentives.test_reference import COMPARISONS, MODES, RATIOS

MONEY = st.decimals(-5_000, 99_999, places=2)
AMOUNTS = st.decimals(0, 50_000, places=2)
SHARES = st.decimals(0, 1, places=3)
DAYS = st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31))
SCORES = st.none() | st.sampled_from([Decimal(60), Decimal(80), Decimal(100)]) | st.decimals(0, 140, places=2)
#: What is divided is unknown of many: it is part of the amount of every other plan only.
ADDED = st.lists(st.sampled_from(["by_quota", "apiece", "in_part", "by_cell"]), unique=True) | st.just([])
LINEAR = st.sampled_from(["step", "linear"])
HEAD = {"plan": "random", "label": "Random", "starts": "2026-01-01", "currency": "CNY"}

PEOPLE = st.fixed_dictionaries({
    "earned": st.none() | MONEY, "sold": AMOUNTS, "sold_before": AMOUNTS, "paid_before": AMOUNTS, "recomputed": AMOUNTS,
    "score": SCORES, "attainment:G": st.none() | st.decimals(0, 2, places=3), "grade": st.none() | st.sampled_from("ABCDE"),
    "count:M": st.integers(0, 9).map(Decimal), "count:N": st.none() | st.integers(0, 3).map(Decimal),
    "hired": st.none() | DAYS, "left": st.none() | DAYS, "days_employed": st.integers(0, 365).map(Decimal),
    "salary_month": st.decimals(0, 20_000, places=2), "foreign": MONEY, "inquiry": st.none() | st.just("2026-7"),
    "unit": st.sampled_from(["X", "Y"]), "segment_from": DAYS, "fte": st.sampled_from([Decimal(1), Decimal("0.6")]),
    "carried:capped": st.none() | AMOUNTS, "carried:draw": st.none() | AMOUNTS, "carried:bank": st.none() | MONEY,
    "carried:back": st.none() | AMOUNTS, "carried:loss": st.none() | AMOUNTS,
})  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, object]:
    """A condition on a goal, a count or a grade."""
    return draw(st.sampled_from([
        {"of": "attainment:G", draw(COMPARISONS): draw(st.decimals(0, 2, places=1))},
        {"of": "count:M", draw(COMPARISONS): draw(st.integers(0, 9))},
        {"of": "grade", "one_of": ["A", "B"]}, {"of": "grade", "none_of": ["E"]},
    ]))  # fmt: skip


@st.composite
def modifiers(draw: st.DrawFn) -> list[dict[str, object]]:
    """Some of the modifiers, in any order."""
    side = draw(st.sampled_from(["above", "below"]))
    every = [
        {"id": "faster", "kind": "accelerator", "when": draw(conditions()), "times": draw(RATIOS)},
        {"id": "steeper", "kind": "accelerator", "beyond": draw(RATIOS), "base": "basis", "slope": draw(RATIOS), "side": side},
        {"id": "bent", "kind": "accelerator", "when": draw(conditions()), "beyond": draw(AMOUNTS), "slope": draw(RATIOS)},
        {"id": "capped", "kind": "refundable_cap", "at": draw(RATIOS), "base": "basis"},
        {"id": "draw", "kind": "draw", "amount": draw(AMOUNTS), "share": draw(st.decimals("0.001", 1, places=3)),
         **draw(st.sampled_from([{}, {"least": Decimal(4000)}, {"recoverable": False}]))},
        {"id": "bank", "kind": "bonus_bank", "above": draw(RATIOS), "base": "basis", "share": draw(SHARES),
         "parts": draw(st.integers(1, 7)), "only_repays": draw(st.booleans()),
         "forfeits": draw(st.none() | st.decimals("-0.2", "1.2", places=3) | st.just("attainment:G"))},
        {"id": "back", "kind": "clawback", "paid_before": "paid_before", "recomputed": "recomputed"},
        {"id": "corrected", "kind": "adjustment", "paid_before": "paid_before", "recomputed": "recomputed"},
        {"id": "off", "kind": "penalties", "most": draw(st.none() | st.decimals("0.1", 1, places=2)), "base": "basis",
         "of_kinds": [{"incidents": "count:M", "each": draw(st.decimals("0.001", 1, places=3)),
                       "most": draw(st.none() | st.just("0.3"))},
                      {"incidents": "count:N", "each": "0.05"}]},
        {"id": "held", "kind": "gate", "level": "total", "needs": draw(conditions()), "limit": draw(RATIOS), "base": "basis"},
        {"id": "whole", "kind": "round", "rounding": {"places": draw(st.integers(-2, 1)), "mode": draw(MODES)}},
        {"id": "eligible", "kind": "eligibility", "hired_before": "2026-10-01", "employed_on": "2026-06-30", "least_days": 90,
         "grades": ["A", "B", "C"]},
    ]  # fmt: skip
    return draw(st.permutations(every).flatmap(lambda order: st.integers(0, 7).map(lambda n: list(order)[:n])))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan with rates, a grade curve, a veto, a funding, a currency, a recovery, modifiers, and perhaps a pool."""
    spread = draw(st.sampled_from(["marginal", "flat", "interpolated"]))
    before = draw(st.sampled_from([{}, {"before": "sold_before"}]))
    earlier = {"earlier": draw(st.sampled_from(["keep", "recalculate"]))} if before and spread != "marginal" else {}
    edges = sorted(draw(st.sets(st.decimals(1, 40_000, places=2), min_size=1, max_size=3)))
    lows = [0, 60, 80, 100]
    per = draw(st.sampled_from([{}, {"per": "unit"}]))
    pool = draw(st.sampled_from(["amount", "score", "at_most", "factor", None]))
    chosen = draw(modifiers())
    rounding = {"places": draw(st.sampled_from([0, 1, 2, 3])), "mode": draw(MODES)}
    last = chosen[-1]["id"] if chosen else "gross"
    ends: dict[str | None, list[dict[str, object]]] = {
        "amount": [{"id": "shared", "kind": "pool", "amount": "fund", "of": last, **per,
                    "unknown": draw(st.sampled_from(["waits", "left_out"]))}],
        "score": [{"id": "shared", "kind": "pool", "amount": draw(AMOUNTS), "of": "score", **per, "unknown": "left_out"}],
        "at_most": [{"id": "shared", "kind": "pool", "amount": "fund", "of": last, "share": "at_most"}],
        "factor": [{"id": "fit", "kind": "adjustment_factor", "of": last, "budget": "fund", "lowest": draw(SHARES)},
                   {"id": "fitted", "kind": "product", "of": [last, "fit"]}],
        None: [],
    }  # fmt: skip
    return Plan.model_validate({
        **HEAD, "rounding": rounding,
        "inputs": {"earned": "money", "sold": "money", "sold_before": "money", "paid_before": "money", "recomputed": "money",
                   "foreign": "money", "inquiry": "text"},
        "currencies": {"foreign": "USD"}, "exchange": {"USD": {"rate": "7.1014", "day": "2026-01-01"}},
        "absent": draw(st.sampled_from([{}, {"score": 75}])),
        "components": [
            {"id": "fund", "kind": "funding", "of": draw(AMOUNTS), "share": draw(SHARES), "reserve": draw(SHARES),
             "most": draw(st.none() | AMOUNTS)},
            {"id": "own_fund", "kind": "funding", "of": "sold", "share": "10%", "needs": draw(conditions()), "otherwise": "1%"},
            {"id": "basis", "kind": "basis", "of": "earned"},
            {"id": "abroad", "kind": "exchange", "of": "foreign"},
            {"id": "commission", "kind": "rates", "of": "sold", "spread": spread, "tie": draw(st.sampled_from(["upper", "lower"])),
             "tiers": [{"above": edge, "rate": draw(RATIOS)} for edge in [0, *edges]], **before, **earlier},
            {"id": "by_quota", "kind": "rates", "of": "sold", "base": "earned",
             "spread": draw(st.sampled_from(["marginal", "flat"])), "tie": draw(st.sampled_from(["upper", "lower"])),
             "tiers": [{"above": edge, "rate": draw(RATIOS)} for edge in (0, draw(SHARES) + 1, 3)]},
            {"id": "apiece", "kind": "rates", "of": "count:M", "spread": spread,
             "rounding": draw(st.none() | st.just({"places": 0})),
             "tiers": [{"above": edge, "rate": draw(AMOUNTS)} for edge in (0, draw(st.decimals("0.5", 4, places=1)), 7)]},
            {"id": "part", "kind": "quotient", "of": draw(st.sampled_from(["sold", "earned", 100])), "by": "recomputed",
             "otherwise": draw(st.none() | RATIOS)},
            {"id": "each_one", "kind": "quotient", "of": "earned", "by": draw(st.sampled_from(["count:M", 12, "part"])),
             "otherwise": draw(st.none() | RATIOS)},
            {"id": "cell", "kind": "matrix", "down": "attainment:G", "across": "score", "interpolation": draw(LINEAR),
             "down_from": [draw(SHARES), "1.1", "1.7"], "across_from": [60, draw(st.decimals(61, 99, places=1))],
             "cells": [[draw(RATIOS), draw(RATIOS)] for _ in range(3)]},
            {"id": "by_cell", "kind": "product", "of": ["basis", "cell"]},
            {"id": "in_part", "kind": "product", "of": ["each_one", "part", "count:M"]},
            {"id": "ruled", "kind": "veto", "when": draw(conditions()),
             **draw(st.sampled_from([{"becomes": "D"}, {"at_best": "C", "order": list("ABCDE")}]))},
            {"id": "multiple", "kind": "grade_curve", "grade": "ruled",
             "rows": [{"grade": grade, "low": low, "high": low + draw(st.sampled_from([7, 20])), "gives_low": draw(RATIOS),
                       "gives_high": draw(RATIOS)} for grade, low in zip("DCBA", lows, strict=True)],
             "otherwise": draw(st.none() | RATIOS)},
            {"id": "served", "kind": "proration", "by": draw(st.sampled_from(["months", "months_and_fte"])),
             "start_by_day": draw(st.integers(1, 31)), "end_from_day": draw(st.integers(1, 31)),
             "months": draw(st.sampled_from([3, 12]))},
            {"id": "result", "kind": "product", "of": ["basis", "multiple", "served"]},
            {"id": "loss", "kind": "wage_recovery", "loss": "paid_before", "evidence": "inquiry", "minimum_wage": 2000,
             **draw(st.sampled_from([{"legal_cap": "CN-20", "carries": True}, {"legal_cap": "CN-SZ-30"},
                                     {"legal_cap": "SG-25", "other_deductions": "recomputed"}]))},
            {"id": "gross", "kind": "sum", "plus": ["result", "commission", "abroad", "own_fund", *draw(ADDED)], "minus": ["loss"]},
            *chosen, *ends[pool],
        ],
    })  # fmt: skip


def as_frame(plan: Plan, people: list[dict[str, object]]) -> pl.DataFrame:
    """People as the columns a plan expects, money in cents, the rest with ten digits."""
    types = {Kind.DATE: pl.Date, Kind.TEXT: pl.String, Kind.MONEY: pl.Decimal(38, 2)}
    columns = [
        pl.Series(asked.name, [one.get(asked.name) for one in people], dtype=types.get(asked.kind, pl.Decimal(38, 10)))
        for asked in inputs_needed(plan)
    ]
    return pl.DataFrame([pl.Series("person", [one["person"] for one in people], dtype=pl.String), *columns])


def assert_same(row: Mapping[str, object], expected: Mapping[str, object]) -> None:
    """Every value of a row is what the fractions gave."""
    for name, value in expected.items():
        found = row[name]
        assert (Fraction(found) if isinstance(found, Decimal) else found) == value, f"{name}: {found} is not {value}"


def numbered(people: list[dict[str, object]]) -> list[dict[str, object]]:
    """Give people ids, and a last day that is not before the first."""
    return [{**one, "person": f"p{n}", "segment_to": datetime.date(2026, 12, 31)} for n, one in enumerate(people)]


@settings(max_examples=40)
@given(plans(), st.lists(PEOPLE, min_size=1, max_size=6))
def test_both_interpreters_agree_and_the_lines_of_every_kind_add_up(
    plan: Plan, people: list[dict[str, object]]
) -> None:
    payees = numbered(people)
    wide = pay(plan, as_frame(plan, payees))
    sums = dict(lines(plan, wide).group_by("person").agg(pl.col("amount").sum()).iter_rows())
    for row, expected in zip(wide.iter_rows(named=True), pay_everybody(plan, payees), strict=True):
        assert_same(row, expected)
        said = statement(plan, row)
        if said.amount is not None:
            assert sums[row["person"]] == said.amount
            assert sum((line.amount for line in said.lines if line.amount is not None), Decimal(0)) == said.amount
        assert all(str(line.formula) for line in said.lines)


@settings(max_examples=12)
@given(plans(), st.lists(PEOPLE, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_people_never_matters(plan: Plan, people: list[dict[str, object]], chance: object) -> None:
    payees = as_frame(plan, numbered(people))
    order = list(range(payees.height))
    chance.shuffle(order)  # type: ignore[attr-defined]
    assert pay(plan, payees[order]).sort("person").equals(pay(plan, payees).sort("person"))


@settings(max_examples=60)
@given(st.lists(st.none() | st.decimals(-10, 1000, places=2), min_size=1, max_size=9), st.decimals(0, 10_000, places=2))
def test_a_pool_is_shared_to_the_last_cent(weights: list[Decimal | None], pool: Decimal) -> None:
    shared = {"id": "paid", "kind": "pool", "amount": pool, "of": "weight", "unknown": "left_out"}
    plan = Plan.model_validate({**HEAD, "inputs": {"weight": "money"}, "components": [shared]})
    people = [{"person": f"p{n}", "weight": weight} for n, weight in enumerate(weights)]
    paid = pay(plan, as_frame(plan, people))["amount"]
    some = any(weight is not None and weight > 0 for weight in weights)
    assert (paid.drop_nulls().sum() or 0) == (pool if some else 0)
    assert paid.null_count() == weights.count(None)


@settings(max_examples=30)
@given(st.lists(MONEY, min_size=1, max_size=6), st.sampled_from(["capped", "draw", "bank"]), AMOUNTS)
def test_nothing_is_lost_from_run_to_run(earned: list[Decimal], kind: str, point: Decimal) -> None:
    steps = {
        "capped": {"id": "capped", "kind": "refundable_cap", "at": point},
        "draw": {"id": "draw", "kind": "draw", "amount": point},
        "bank": {"id": "bank", "kind": "bonus_bank", "above": point, "share": "0.37", "parts": 3},
    }
    basis = {"id": "basis", "kind": "basis", "of": "earned"}
    plan = Plan.model_validate({**HEAD, "inputs": {"earned": "money"}, "components": [basis, steps[kind]]})
    paid, carried = Decimal(0), Decimal(0)
    for amount in earned:
        [row] = pay(plan, as_frame(plan, [{"person": "p", "earned": amount, f"carried:{kind}": carried}])).to_dicts()
        paid, carried = paid + row["amount"], row[f"{kind}_left"]
    kept = -carried if kind == "draw" else carried  # a draw is owed to the company
    assert paid + kept == sum(earned)


SEGMENTS = st.lists(
    st.fixed_dictionaries({
        "salary_month": st.none() | st.decimals(0, 20_000, places=2), "bonus_share": SHARES,
        "role": st.sampled_from(["agent", "head"]),
        "days_employed": st.integers(0, 366).map(Decimal), "segment_from": DAYS, "segment_to": DAYS,
    }),
    min_size=1, max_size=3,
)  # fmt: skip


def segment(days: int) -> dict[str, object]:
    """A year's segment with the highest salary and so many days."""
    new_year, last = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
    return {"salary_month": Decimal(20_000), "bonus_share": Decimal(1), "role": "agent", "days_employed": Decimal(days),
            "segment_from": new_year, "segment_to": last}  # fmt: skip


@example([(Decimal(100), [segment(366), segment(0)]), (None, [segment(0)])], Decimal("0.3333333333"), "half_up")
@settings(max_examples=25)
@given(st.lists(st.tuples(SCORES, SEGMENTS), min_size=1, max_size=4), RATIOS, MODES)
def test_segments_fold_alike(
    people: list[tuple[Decimal | None, list[dict[str, object]]]], ratio: Decimal, mode: str
) -> None:
    plan = Plan.model_validate({
        **HEAD, "segments": True, "rounding": {"mode": mode},
        "components": [
            {"id": "basis", "kind": "basis", "of": "salary_month", "share": "bonus_share"},
            {"id": "post", "kind": "table", "of": "role",
             "rows": [{"one_of": ["agent"], "gives": 1}, {"one_of": ["head"], "gives": ratio}]},
            {"id": "part", "kind": "proration", "day_count": "actual_365"},
            {"id": "gross", "kind": "product", "of": ["basis", "post", "part"]},
            {"id": "served", "kind": "proration", "by": "months"},
            {"id": "extra", "kind": "product", "of": ["basis", "served"]},
            {"id": "year", "kind": "fold", "of": "gross"},
            {"id": "mean", "kind": "fold", "of": "basis", "how": "mean_by_days"},
            {"id": "last_post", "kind": "fold", "of": "post", "how": "last"},
            {"id": "extras", "kind": "fold", "of": "extra"},
            {"id": "own", "kind": "factor", "of": "score", "curve": {"points": [[0, 0], [100, 1]]}},
            {"id": "more", "kind": "product", "of": ["mean", "own", "last_post"]},
            {"id": "long", "kind": "factor", "of": "days_employed", "curve": {"points": [[0, 0], [365, 1]]}},
            {"id": "days", "kind": "product", "of": ["mean", "long"]},
            {"id": "all", "kind": "sum", "plus": ["year", "more", "days", "extras"]},
            {"id": "shared", "kind": "pool", "amount": 1000, "of": "all", "unknown": "left_out"},
            {"id": "paid", "kind": "sum", "plus": ["shared", "year", "extras"]},
        ],
    })  # fmt: skip
    given_to = [{"person": f"p{n}", "score": score, "segments": rows} for n, (score, rows) in enumerate(people)]
    flat = [
        {"person": one["person"], "score": one["score"], "segment": Decimal(n), **row}
        for one in given_to
        for n, row in enumerate(one["segments"], start=1)  # type: ignore[arg-type]
    ]
    numbers = pl.Series("segment", [row["segment"] for row in flat], dtype=pl.Decimal(38, 0))
    wide = pay(plan, as_frame(plan, flat).with_columns(numbers))
    assert wide.height == len(people)
    for row, expected in zip(wide.iter_rows(named=True), pay_everybody(plan, given_to), strict=True):
        assert_same(row, expected)
        said = statement(plan, row)
        assert len(said.lines) == 6 * len(row["segments"]) + 11
        if said.amount is not None:
            assert sum((line.amount for line in said.lines if line.amount is not None), Decimal(0)) == said.amount
    sums = dict(lines(plan, wide).group_by("person").agg(pl.col("amount").sum()).iter_rows())
    assert all(sums[row["person"]] == row["amount"] for row in wide.iter_rows(named=True) if row["amount"] is not None)
