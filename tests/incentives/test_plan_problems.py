"""What is wrong with a plan is found before anybody is paid: names, units, tables, steps without effect."""

import pytest
from pydantic import ValidationError

from kpiflow.errors import ConfigurationError, Level
from kpiflow.incentives.components import COMPONENTS, AnyComponent
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
    assert said(one) == [(1, "an amount of money times points has no meaning in a plan.")]


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


@pytest.mark.parametrize(
    ("more", "reason"), [({}, "needs a legal_cap"), ({"legal_cap": "CN-1994-16"}, "cannot be run yet")]
)
def test_deductions_from_wages_are_refused(more: dict[str, str], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        plan(
            BASIS,
            {"id": "loss", "kind": "penalty", "incidents": "count:M", "each": 1, "affects": "wage_recovery", **more},
        )


def test_a_share_limit_on_money_says_of_what() -> None:
    one = plan(BASIS, {"id": "gate", "kind": "gate", "needs": {"of": "grade", "one_of": ["A"]}, "limit": "50%"})
    assert said(one) == [(1, "A limit of 0.5 on an amount of money says of what: set base to an amount.")]


def test_absent_names_an_input_of_the_plan() -> None:
    one = plan(
        BASIS,
        {"id": "off", "kind": "penalty", "incidents": "count:complaints", "each": 1},
        absent={"count:complaint": 0},
    )
    assert said(one) == [(None, "absent: 'count:complaint' is not an input of the plan. Nearest: 'count:complaints'.")]


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
