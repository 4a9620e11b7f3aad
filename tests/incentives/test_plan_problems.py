"""What is wrong with a plan is found before anybody is paid: names, units, tables, steps without effect."""

import re

import pytest
from pydantic import ValidationError

from kpiflow.errors import ConfigurationError, Level
from kpiflow.incentives.components import COMPONENTS, AnyComponent
from kpiflow.incentives.components.cap import Cap
from kpiflow.incentives.components.rates import Rates
from kpiflow.incentives.examples import try_examples
from kpiflow.incentives.inputs import company_inputs
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import inputs_needed, plan_problems

BASIS = {"id": "basis", "kind": "basis", "of": "salary_month"}


def plan(*components: dict[str, object], **more: object) -> Plan:
    """A plan of these components."""
    facts = {"plan": "p", "label": "P", "starts": "2026-01-01", "currency": "CNY", "components": components, **more}
    return Plan.model_validate(facts)


def said(one: Plan, known: set[str] | None = None) -> list[tuple[int | None, str]]:
    """Every problem of a plan as its component's position and its English words."""
    return [(problem.index, str(problem.message)) for problem in plan_problems(one, known)]


def test_money_times_money_is_refused() -> None:
    one = plan(BASIS, {"id": "paid", "kind": "product", "of": ["basis", "salary_month"]})
    assert said(one) == [(1, "Money times money is not an amount. Multiply one amount by ratios.")]


def test_points_are_not_a_ratio() -> None:
    one = plan(BASIS, {"id": "paid", "kind": "product", "of": ["basis", "score"]})
    way_out = "Make the points a ratio first, with a step of kind quotient: by 100, or by 1 for so much a point."
    assert said(one) == [(1, f"Money times points is not an amount. {way_out}")]
    for by, paid in ((100, "800"), (1, "80000")):
        part = {"id": "part", "kind": "quotient", "of": "score", "by": by}
        example = {"given": {"salary_month": 1000, "score": 80}, "pays": paid}
        led = plan(BASIS, part, {"id": "paid", "kind": "product", "of": ["basis", "part"]}, examples=[example])
        assert said(led) == []
        assert [one.differences for one in try_examples(led)] == [{}]


def test_an_unknown_name_brings_the_nearest_one() -> None:
    one = plan(BASIS, {"id": "paid", "kind": "product", "of": ["basis", "bonus_shar"]})
    assert said(one) == [(1, "There is no input or component 'bonus_shar'. Did you mean 'bonus_share'?")]


def test_a_goal_the_company_does_not_have_brings_the_nearest_one() -> None:
    known = company_inputs(["EWR"], ["department"], ["ewr-ontime"], ["valid_complaints"])
    one = plan(BASIS, {"id": "paid", "kind": "product", "of": ["basis", "attainment:ewr-ontim"]})
    assert said(one, known) == [
        (1, "There is no input or component 'attainment:ewr-ontim'. Did you mean 'attainment:ewr-ontime'?")
    ]
    assert said(plan(BASIS, {"id": "paid", "kind": "product", "of": ["basis", "attainment:ewr-ontime"]}), known) == []


def test_a_step_cannot_use_what_is_worked_out_later() -> None:
    one = plan({"id": "paid", "kind": "product", "of": ["basis", "bonus_share"]}, BASIS)
    assert said(one)[0] == (0, "'basis' is worked out later. Move it before this step.")


def test_rows_of_a_table_may_not_overlap_or_leave_a_gap() -> None:
    rows = [{"high": 60, "gives": 0}, {"low": 50, "high": 80, "gives": 1}, {"low": 90, "gives": 2}]
    one = plan(
        BASIS,
        {"id": "t", "kind": "table", "of": "score", "rows": rows},
        {"id": "paid", "kind": "product", "of": ["basis", "t"]},
    )
    assert said(one) == [
        (1, "Rows 1 and 2 overlap. Ranges may share an edge, not more."),
        (1, "Between 80 and 90 no row fits. Close the gap, or say otherwise."),
    ]


def test_two_rows_for_one_grade_are_found() -> None:
    rows = [{"one_of": ["A", "B"], "gives": 1}, {"one_of": ["B"], "gives": 2}]
    one = plan(
        BASIS,
        {"id": "t", "kind": "table", "of": "grade", "rows": rows},
        {"id": "paid", "kind": "product", "of": ["basis", "t"]},
    )
    assert said(one) == [(1, "Rows 1 and 2 both fit B.")]


def test_a_plan_pays_money_and_every_step_counts() -> None:
    one = plan(BASIS, {"id": "own", "kind": "factor", "of": "score", "curve": {"points": [[0, 0], [100, 1]]}})
    problems = plan_problems(one)
    assert [(problem.index, problem.level) for problem in problems] == [(1, Level.ERROR), (0, Level.WARNING)]
    with pytest.raises(ConfigurationError, match="must be money"):
        inputs_needed(one)


def test_weights_that_do_not_add_up_are_asked_about() -> None:
    split = {"id": "s", "kind": "weighted", "parts": [{"of": "fte", "weight": 0.5}, {"of": "coverage", "weight": 0.4}]}
    one = plan(BASIS, split, {"id": "paid", "kind": "product", "of": ["basis", "s"]})
    assert [(p.level, str(p.message)) for p in plan_problems(one)] == [
        (Level.WARNING, "The weights add up to 0.9, not 1.")
    ]


def test_a_penalty_takes_nothing_from_wages() -> None:
    with pytest.raises(ValidationError, match="wage_recovery, which needs a legal_cap and evidence"):
        plan(BASIS, {"id": "loss", "kind": "penalty", "incidents": "count:M", "each": 1, "affects": "wage_recovery"})


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, "legal_cap"),
        ({"legal_cap": "CN20", "minimum_wage": 2000}, "Did you mean 'CN-20'"),
        ({"legal_cap": "CN-20"}, "protects the minimum wage"),
        ({"legal_cap": "SG-25", "carries": True}, "allows one deduction"),
    ],
)
def test_what_is_taken_from_wages_names_a_law(more: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        plan(
            {"id": "loss", "kind": "wage_recovery", "loss": 100, "evidence": "inquiry", **more},
            inputs={"inquiry": "text"},
        )


@pytest.mark.parametrize("kind", ["basis", "product", "wage_recovery"])
def test_evidence_cannot_be_left_out(kind: str) -> None:
    with pytest.raises(ValidationError):
        plan({"id": "loss", "kind": kind, "loss": 100, "legal_cap": "SG-25"})


def test_points_times_money_in_a_pool_is_no_amount() -> None:
    weight = {"id": "weight", "kind": "product", "of": ["score", "salary_month"]}
    one = plan(weight, {"id": "paid", "kind": "pool", "amount": 100, "of": "weight"})
    assert said(one)[0][1].startswith("Money times points is not an amount.")


def test_only_amounts_are_paid_at_most_as_calculated() -> None:
    one = plan({"id": "paid", "kind": "pool", "amount": 100, "of": "score", "share": "at_most"})
    assert said(one) == [(0, "'score' must be an amount of money, but it is points.")]


def test_a_balance_is_carried_only_by_a_step_that_keeps_one() -> None:
    one = plan(BASIS, {"id": "paid", "kind": "sum", "plus": ["basis", "carried:basis"]})
    assert said(one)[0][0] == 1
    assert "'carried:basis'" in said(one)[0][1]
    kept = plan(
        BASIS, {"id": "bank", "kind": "bonus_bank"}, {"id": "paid", "kind": "sum", "plus": ["bank", "bank_left"]}
    )
    assert said(kept, set()) == []


def test_a_gate_is_of_the_level_it_says() -> None:
    needs = {"of": "grade", "one_of": ["A"]}
    one = plan(BASIS, {"id": "gate", "kind": "gate", "needs": needs, "level": "score"})
    assert said(one) == [(1, "A gate for the score works on points, but 'basis' is an amount of money.")]


def test_segments_are_folded_before_the_person_is_paid() -> None:
    assert said(plan(BASIS, segments=True)) == [
        (None, "A plan paid by segments says where they are added up: write a step of kind fold.")
    ]
    fold = {"id": "year", "kind": "fold", "of": "basis"}
    assert said(plan(BASIS, fold)) == [(1, "Only a plan with segments: true has segments to fold.")]
    mixed = {"id": "paid", "kind": "sum", "plus": ["year", "basis"]}
    assert said(plan(BASIS, fold, mixed, segments=True)) == [
        (2, "'basis' has a value for each segment. Fold it first.")
    ]
    again = {"id": "twice", "kind": "fold", "of": "year"}
    assert said(plan(BASIS, fold, again, segments=True)) == [
        (2, "A fold adds up a step written before the first fold; 'year' is none.")
    ]
    bank = {"id": "bank", "kind": "bonus_bank"}
    early = plan(BASIS, bank, {"id": "year", "kind": "fold", "of": "bank"}, segments=True)
    assert (1, "'bank' is for whole people, not for segments. Write it after the fold.") in said(early)


def test_another_currency_is_converted_at_a_stated_rate() -> None:
    abroad = {"inputs": {"sales": "money"}, "currencies": {"sales": "USD"}}
    sold = {"id": "sold", "kind": "exchange", "of": "sales"}
    assert said(plan({"id": "sold", "kind": "basis", "of": "sales"}, **abroad)) == [
        (0, "'sales' is in USD. Convert it with a step of kind exchange first.")
    ]
    assert said(plan(sold, **abroad)) == [(0, "There is no rate for USD. State it under exchange, with its day.")]
    assert said(plan(sold, inputs={"sales": "money"})) == [
        (0, "'sales' is in the plan's own currency. Say its own under currencies.")
    ]


def test_a_grade_with_two_rows_and_an_incident_counted_twice_are_found() -> None:
    row = {"grade": "A", "low": 0, "high": 1, "gives_low": 0, "gives_high": 1}
    off = {"incidents": "count:M", "each": 1}
    one = plan(
        BASIS,
        {"id": "curve", "kind": "grade_curve", "rows": [row, row]},
        {"id": "gross", "kind": "product", "of": ["basis", "curve"]},
        {"id": "off", "kind": "penalties", "of_kinds": [off, off]},
    )
    assert said(one) == [(1, "A has two rows."), (3, "'count:M' is taken off twice.")]


def test_a_share_limit_on_money_says_of_what() -> None:
    one = plan(BASIS, {"id": "gate", "kind": "gate", "needs": {"of": "grade", "one_of": ["A"]}, "limit": "50%"})
    assert said(one) == [(1, "A limit of 0.5 on an amount of money says of what: set base to an amount.")]


def test_absent_names_an_input_of_the_plan() -> None:
    one = plan(
        BASIS,
        {"id": "off", "kind": "penalty", "incidents": "count:complaints", "each": 1},
        absent={"count:complaint": 0},
    )
    assert said(one) == [(None, "absent: the plan reads no 'count:complaint'. Did you mean 'count:complaints'?")]


def test_inputs_are_listed_once_in_the_order_they_are_read() -> None:
    one = plan(BASIS, {"id": "paid", "kind": "product", "of": ["basis", "bonus_share", "attainment:G", "bonus_share"]})
    assert [(asked.name, asked.word, asked.of) for asked in inputs_needed(one)] == [
        ("salary_month", "salary_month", None),
        ("bonus_share", "bonus_share", None),
        ("attainment:G", "attainment", "G"),
    ]


def test_every_kind_is_in_the_register_and_in_the_union() -> None:
    names = [kind.__name__ for kind in COMPONENTS]
    assert names == sorted(names)
    assert set(AnyComponent.__args__[0].__args__) == set(COMPONENTS)  # type: ignore[attr-defined]


def test_a_plan_survives_being_written_and_read_again() -> None:
    one = plan(
        BASIS,
        {
            "id": "own",
            "kind": "factor",
            "of": "score",
            "curve": {"points": [[0, "10%"], [100, 1]], "below": 0.25, "above": "extend"},
        },
        {"id": "paid", "kind": "product", "of": ["basis", "own", 0.1]},
        absent={"score": 50},
        examples=[{"given": {"score": None, "hired": "2026-01-01"}, "pays": None}],
    )
    assert Plan.model_validate(one.model_dump(mode="json")) == one
    assert Plan.model_validate(one.model_dump(mode="json", exclude_defaults=True)).fingerprint == one.fingerprint


def test_a_fingerprint_is_of_what_decides_an_amount() -> None:
    one = plan(BASIS)
    assert plan(BASIS, segments=False, label_zh="方案", examples=[{"pays": None}]).fingerprint == one.fingerprint
    assert plan({**BASIS, "months": 13}).fingerprint != one.fingerprint


@pytest.mark.parametrize(
    ("step", "inputs", "problem"),
    [
        (
            {"kind": "quotient", "of": "score", "by": "salary_month"},
            {},
            "points divided by an amount of money has no meaning in a plan.",
        ),
        ({"kind": "quotient", "of": "score", "by": "unit"}, {}, "a text cannot be divided."),
        (
            {"kind": "rates", "of": "attained", "tiers": [{"above": 0, "rate": 1}]},
            {"attained": "ratio"},
            "Rates apply to an amount of money or to a count, but 'attained' is a ratio.",
        ),
        (
            {
                "kind": "rates",
                "of": "cars",
                "base": "quota",
                "tiers": [{"above": 0, "rate": 1}, {"above": 1, "rate": 2}],
            },
            {"cars": "count", "quota": "money"},
            "a count and an amount of money cannot be added or compared.",
        ),
    ],
    ids=["points by money", "by a text", "rates of a ratio", "cars by a quota in money"],
)
def test_what_cannot_be_divided_or_paid_by_tiers_is_refused(
    step: dict[str, object], inputs: dict[str, str], problem: str
) -> None:
    assert said(plan({"id": "s", **step}, inputs=inputs))[0] == (0, problem)


def test_a_name_is_for_an_input_that_the_plan_declares() -> None:
    paid = {"id": "paid", "kind": "basis", "of": "quota"}
    named = {"inputs": {"quota": "money"}, "called": {"qouta": {"label": "Quota"}}}
    assert said(plan(paid, **named)) == [(None, "called: the plan reads no 'qouta'. Did you mean 'quota'?")]


def test_what_its_inputs_are_called_withdraws_no_published_plan() -> None:
    paid = {"id": "paid", "kind": "basis", "of": "quota"}
    plain = plan(paid, inputs={"quota": "money"})
    assert plan(paid, inputs={"quota": "money"}, called={"quota": {"label": "Quota"}}).fingerprint == plain.fingerprint


def test_the_schema_tells_fields_that_take_a_name_from_those_that_take_a_number() -> None:
    cap, rates = (one.model_json_schema() for one in (Cap, Rates))
    assert [choice.get("pattern") for choice in cap["properties"]["at"]["anyOf"]] == [None, None]
    rate = rates["$defs"]["Tier"]["properties"]["rate"]
    [text] = [choice for choice in rate["anyOf"] if choice["type"] == "string"]
    for written in ("80%", "0.8", "1,200", "-3", "5‰", "1e-3"):
        assert re.fullmatch(text["pattern"], written)
    assert not re.fullmatch(text["pattern"], "quota")
    assert rate["description"] == "Which share of the amount, or how much apiece."


def test_steps_that_need_each_other_are_named() -> None:
    one = plan(
        {"id": "first", "kind": "product", "of": ["salary_month", "second"]},
        {"id": "second", "kind": "quotient", "of": "third", "by": 2},
        {"id": "third", "kind": "quotient", "of": "first", "by": "salary_month"},
        {"id": "paid", "kind": "product", "of": ["salary_month", "paid"]},
    )
    assert said(one)[:2] == [
        (0, "'first' and 'second' need each other, so neither can come first."),
        (1, "'second' and 'third' need each other, so neither can come first."),
    ]
    assert (3, "'paid' cannot be worked out from itself.") in said(one)


@pytest.mark.parametrize(
    ("step", "value"),
    [
        ({"kind": "basis", "of": "salary_month", "share": 10}, "10 is 1,000 %"),
        ({"kind": "gate", "of": "basis", "needs": {"of": "attainment:G", "at_least": 80}}, "80 is 8,000 %"),
        ({"kind": "eligibility", "of": "basis", "needs": [{"of": "fte", "at_least": 50}]}, "50 is 5,000 %"),
        ({"kind": "funding", "of": "basis", "share": 12.5}, "12.5 is 1,250 %"),
        ({"kind": "rates", "of": "basis", "tiers": [{"above": 0, "rate": 5}]}, "5 is 500 %"),
    ],
)
def test_a_forgotten_percent_sign_is_asked_about(step: dict[str, object], value: str) -> None:
    one = plan(BASIS, {"id": "paid", **step})
    assert [text for _, text in said(one) if "nothing uses it" not in text] == [
        f"{value} here. Write {value.split(maxsplit=1)[0]}% if that is meant."
    ]
    assert {problem.level for problem in plan_problems(one)} == {Level.WARNING}


def test_percents_of_a_curve_a_table_and_a_matrix_are_asked_about_and_points_are_not() -> None:
    curve = {"id": "f", "kind": "factor", "of": "attainment:G", "curve": {"points": [[80, 0.5], [100, 1]]}}
    gives = {"id": "t", "kind": "table", "of": "grade", "rows": [{"one_of": ["A"], "gives": 120}], "otherwise": 0}
    fine = {"id": "s", "kind": "factor", "of": "score", "curve": {"points": [[60, 0.5], [100, 1]]}}
    cell = {"id": "m", "kind": "matrix", "down": "score", "across": "fte", "down_from": [60], "across_from": [0.5]}
    one = plan(
        BASIS, curve, gives, fine, {**cell, "cells": [[90]]},
        {"id": "paid", "kind": "product", "of": ["basis", "f", "t", "s", "m"]},
    )  # fmt: skip
    assert said(one) == [
        (1, "80 is 8,000 % here. Write 80% if that is meant."),
        (2, "120 is 12,000 % here. Write 120% if that is meant."),
        (4, "90 is 9,000 % here. Write 90% if that is meant."),
    ]


def test_a_rate_below_0_is_asked_about() -> None:
    one = plan({"id": "paid", "kind": "rates", "of": "salary_month", "tiers": [{"above": 0, "rate": "-6%"}]})
    assert said(one) == [(0, "A rate below 0 takes away from what was earned. Is that meant?")]


def test_an_input_that_no_step_reads_is_not_proposed_for_itself() -> None:
    one = plan(BASIS, inputs={"sales": "money"}, absent={"sales": 0, "slaes": 0})
    assert said(one) == [
        (None, "absent: the plan reads no 'sales'."),
        (None, "absent: the plan reads no 'slaes'. Did you mean 'sales'?"),
    ]
