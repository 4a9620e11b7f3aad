"""Everything the guide to plans shows can be written as it stands: its plans pay what they say, its steps are steps."""

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from kpiflow.incentives.components import COMPONENTS, AnyComponent
from kpiflow.incentives.examples import try_examples
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.typed import plan_problems

GUIDE = (Path(__file__).parents[2] / "docs" / "plans.md").read_text(encoding="utf-8")
WRITTEN = [YAML(typ="safe").load(block) for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)]
PLANS = [one for one in WRITTEN if isinstance(one, dict)]
STEPS = [step for one in WRITTEN if isinstance(one, list) for step in one]


@pytest.mark.parametrize("written", PLANS, ids=lambda one: one["plan"])
def test_its_plans_pay_what_they_say(written: dict[str, object]) -> None:
    plan = Plan.model_validate(written)
    assert plan_problems(plan) == []
    assert plan.examples
    assert [tried.differences for tried in try_examples(plan) if not tried.holds] == []


@pytest.mark.parametrize("step", STEPS, ids=lambda one: one["id"])
def test_its_steps_are_steps(step: dict[str, object]) -> None:
    TypeAdapter(AnyComponent).validate_python(step)


def test_it_shows_every_kind() -> None:
    shown = {step["kind"] for step in STEPS} | {step["kind"] for plan in PLANS for step in plan["components"]}
    shown |= {"adjustment_factor"} if "kind: adjustment_factor" in GUIDE else set()
    assert shown == {kind.model_fields["kind"].annotation.__args__[0] for kind in COMPONENTS}
