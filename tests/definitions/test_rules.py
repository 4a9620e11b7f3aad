"""Every rule that a model states itself has a translation, and one with facts keeps them in it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kpiflow
from kpiflow.definitions.sentences import sentence
from kpiflow.definitions.written import Written
from kpiflow.errors import BrokenRule
from kpiflow.incentives.plan import Plan
from kpiflow.language import msg, render

ROOT = Path(kpiflow.__file__).parent

#: A plan that is sound, to be broken in one place.
SOUND = {
    "plan": "one", "label": "One", "starts": "2026-01-01", "currency": "CNY",
    "components": [{"id": "paid", "kind": "basis", "of": "salary_month"}],
}  # fmt: skip


def stated() -> Iterator[tuple[str, ast.expr]]:
    """Where models of the floor of meaning and of incentives say that something is wrong, and what they say."""
    for path in sorted([*(ROOT / "core").rglob("*.py"), *(ROOT / "incentives").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text())):
            raised = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(raised, ast.Call) and getattr(raised.func, "id", None) == "ValueError":
                yield f"{path.relative_to(ROOT)}:{node.lineno}", raised.args[0]


def said(error: ValueError, language: str) -> str:
    """What a reader is told of an error that a model raised."""
    return render(sentence({"type": "value_error", "loc": (), "msg": str(error), "ctx": {"error": error}},
                           Written({}, 1), {}), language)  # fmt: skip


def test_every_rule_that_a_model_states_has_a_translation():
    rules = list(stated())
    assert len(rules) > 30
    for place, text in rules:
        assert isinstance(text, ast.Constant), (
            f"{place}: a rule with facts in it is a BrokenRule, which keeps them apart"
        )
        broken = ValueError(text.value)
        assert said(broken, "zh") != said(broken, "en"), f"{place}: in definitions.rules and in the catalogue"


def test_a_broken_rule_keeps_its_facts_in_both_languages():
    broken = BrokenRule(msg("Each component needs an id of its own; twice: {ids}.", ids="paid"))
    assert said(broken, "en") == "Each component needs an id of its own; twice: paid."
    assert said(broken, "zh") == "每个步骤都须有自己的编号；重复的有：paid。"


@pytest.mark.parametrize(
    ("component", "english"),
    [({"id": "paid", "kind": "basis", "of": "salary_month"}, "twice: paid"),
     ({"id": "off", "kind": "wage_recovery", "loss": 10, "evidence": "note", "legal_cap": "CN-2"}, "Did you mean 'CN-20'?"),
     ({"id": "off", "kind": "wage_recovery", "loss": 10, "evidence": "note", "legal_cap": "CN-20"}, "CN-20 protects the minimum")],
)  # fmt: skip
def test_a_plan_that_breaks_a_rule_says_it_in_both_languages(component: dict[str, object], english: str):
    plan = {**SOUND, "components": [*SOUND["components"], component]}  # type: ignore[misc]
    with pytest.raises(ValueError, match="validation error") as caught:
        Plan.model_validate(plan)
    error = caught.value.errors()[0]  # type: ignore[attr-defined]
    told = [render(sentence(error, Written({}, 1), {}), language) for language in ("en", "zh")]
    assert english in told[0]
    assert told[1] != told[0]
