"""The difference of two companies, field by field, with the targets that become easier shown as such."""

import dataclasses
from pathlib import Path

import polars as pl

from kpiflow.definitions.difference import difference
from kpiflow.errors import Level
from kpiflow.language import render
from tests.definitions.companies import read

GOALS = """goals:
  - {goal: G1, label: On time, owner: EWR, metric: ontime_rate, target: 80, weight: 60}
  - {goal: G2, label: Cancelled, owner: EWR, metric: cancelled_rate, target: 2, weight: 40}
  - {goal: G3, label: Stock, owner: JFK, metric: stock, low: 10, high: 20}
"""


def test_nothing_changes(tmp_path: Path) -> None:
    company = read(tmp_path, {}).required()
    changes = difference(company, company)
    assert changes.empty
    assert [str(one) for one in changes.messages()] == ["Nothing changes."]


def test_everything_is_added_to_no_company(tmp_path: Path) -> None:
    company = read(tmp_path, {}).required()
    counts = difference(None, company).counts
    assert counts["goal", "added"] == 1
    assert counts["unit", "added"] == 4
    assert counts["metric", "added"] == 4
    assert {change for _, change in counts} == {"added"}


def test_fields_old_and_new_and_what_is_easier(tmp_path: Path) -> None:
    before = read(tmp_path / "a", {"goals.yaml": GOALS}).required()
    eased = (
        GOALS.replace("target: 80", "target: 78")
        .replace("target: 2,", "target: 3,")
        .replace("low: 10", "low: 5")
        .replace("weight: 60", "weight: 59")
    )
    after = read(tmp_path / "b", {"goals.yaml": eased}).required()
    assert [str(one) for one in difference(before, after).messages()] == [
        "~ goal G1: target 80 → 78 (easier to reach)",
        "~ goal G1: weight 60 → 59",
        "~ goal G2: target 2 → 3 (easier to reach)",
        "~ goal G3: low 10 → 5 (easier to reach)",
    ]
    back = difference(after, before)
    assert back.eased.is_empty()
    assert back.changes.height == 4


def test_added_and_removed_rows_and_definitions(tmp_path: Path) -> None:
    before = read(tmp_path, {"goals.yaml": GOALS}).required()
    metrics = {name: one for name, one in before.metrics.items() if name != "flights"}
    after = dataclasses.replace(
        before,
        metrics=metrics | {"stock": before.metrics["stock"].model_copy(update={"label": "Spares"})},
        goals=before.goals.filter(pl.col("goal") != "G3"),
    )
    assert [render(one, "en") for one in difference(before, after).messages()] == [
        "− metric flights",
        "~ metric stock: label Stock → Spares",
        "− goal G3",
    ]


def test_a_long_difference_is_cut_with_a_count(tmp_path: Path) -> None:
    company = read(tmp_path, {}).required()
    said = [str(one) for one in difference(None, company).messages(limit=3)]
    assert len(said) == 4
    assert said[-1].startswith("… and ")


def test_problems_on_screen_have_no_file(tmp_path: Path) -> None:
    from kpiflow.definitions.checks import CHECKS
    from kpiflow.definitions.places import nowhere

    company = read(tmp_path, {}).required()
    broken = dataclasses.replace(company, goals=company.goals.with_columns(metric=pl.lit("flihgts")))
    found = [problem for check in CHECKS for problem in check(broken, nowhere(broken))]
    assert [(problem.path, problem.line, problem.level) for problem in found] == [("goals", 1, Level.ERROR)]
