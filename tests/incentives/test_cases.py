"""Every plan in cases/ is sound, and both interpreters pay its examples exactly as written."""

from decimal import Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from kpiflow.incentives.examples import Tried, try_examples
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import plan_problems

CASES = Path(__file__).parent / "cases"
COMPANY_PLANS = Path(__file__).parents[2] / "config" / "plans"


def plans() -> list[Plan]:
    """Return the plans of the cases and of the example company."""
    found = [one for file in sorted(CASES.glob("*.yaml")) for one in YAML(typ="safe").load(file)]
    found += [YAML(typ="safe").load(file) for file in sorted(COMPANY_PLANS.glob("*.yaml"))]
    return [Plan.model_validate(one) for one in found]


@pytest.mark.parametrize("plan", plans(), ids=lambda plan: plan.plan)
def test_the_examples_of_a_plan_hold(plan: Plan) -> None:
    assert [str(problem.message) for problem in plan_problems(plan)] == []
    assert plan.examples
    for tried in try_examples(plan):
        assert not tried.differences, f"{tried.example.name or tried.example.given}: {dict(tried.differences)}"
        assert_adds_up(tried)


def assert_adds_up(tried: Tried) -> None:
    """The amounts of a statement's lines add up to what is paid."""
    said = tried.statement
    if said.amount is None:
        assert said.reason is not None
    else:
        assert sum((line.amount for line in said.lines if line.amount is not None), Decimal(0)) == said.amount
