"""The shop with a plan: a share of the salary, more of it from a margin of 1,000 on. Every figure is done in the head."""

import json
from pathlib import Path
from typing import Any

from kpiflow.workspace import Workspace
from kpiflow.workspace.commands import apply, create_store
from tests.workspace import shop

#: Half a month's salary; half of that below a margin of 1,000, half as much again from there on.
PLAN: dict[str, Any] = {
    "plan": "margin_bonus",
    "label": "Margin bonus",
    "label_zh": "毛利奖金",
    "version": 1,
    "who": {"roles": ["seller"]},
    "starts": "2026-01-01",
    "currency": "CNY",
    "inputs": {"margin": "money"},
    "components": [
        {"id": "basis", "kind": "basis", "of": "salary_month", "months": 1, "share": "50%", "label": "Basis"},
        {"id": "level", "kind": "table", "of": "margin", "label": "Level",
         "rows": [{"high": 1000, "gives": 0.5}, {"low": 1000, "gives": 1.5}]},
        {"id": "paid", "kind": "product", "of": ["basis", "level"], "label": "Bonus"},
    ],
    "examples": [
        {"name": "low", "given": {"salary_month": 1000, "margin": "999.99"}, "expect": {"level": 0.5}, "pays": 250},
        {"name": "high", "given": {"salary_month": 1000, "margin": 1000}, "pays": 750},
    ],
}  # fmt: skip

SALARIES = {"ann": 1000, "ben": 2000, "cyd": 3000}

MARGINS = 'person,input,period,value\nann,margin,2026,1500\nben,margin,2026,"1,000"\ncyd,margin,2026,10\n'


def plan(**changes: Any) -> dict[str, Any]:
    """The plan with some fields written otherwise."""
    return {**PLAN, **changes}


def table(*gives: float) -> list[dict[str, Any]]:
    """The components with other multiples below and from a margin of 1,000."""
    rows = [{"high": 1000, "gives": gives[0]}, {"low": 1000, "gives": gives[1]}]
    return [PLAN["components"][0], {**PLAN["components"][1], "rows": rows}, PLAN["components"][2]]


def config(folder: Path, *plans: dict[str, Any], **files: str) -> Path:
    """Write the shop with these plans, salaries, margins and other files."""
    shop.config(folder)
    roles = json.loads((folder / "roles.yaml").read_text(encoding="utf-8"))
    for role in roles["roles"]:
        if role["role"] == "hr":
            role |= {"pay": "enterprise", "actions": [*role["actions"], "publish_plan", "approve_plan"]}
        if role["role"] == "chief":
            role |= {"pay": "enterprise", "actions": [*role["actions"], "approve_plan"]}
        if role["role"] == "head":
            role |= {"pay": "subtree"}
    (folder / "roles.yaml").write_text(json.dumps(roles, ensure_ascii=False), encoding="utf-8")
    people = json.loads((folder / "people.yaml").read_text(encoding="utf-8"))
    for person in people["people"]:
        person["salary_month"] = SALARIES.get(person["person"], 5000)
    (folder / "people.yaml").write_text(json.dumps(people, ensure_ascii=False), encoding="utf-8")
    (folder / "plans").mkdir(exist_ok=True)
    for one in plans or (PLAN,):
        (folder / "plans" / f"{one['plan']}.yaml").write_text(
            json.dumps(one, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    (folder / "inputs.csv").write_text(MARGINS, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def opened(folder: Path, *plans: dict[str, Any], **files: str) -> Workspace:
    """Make the shop's store with these plans."""
    create_store(folder / "shop.duckdb")
    ws = Workspace.open(folder / "shop.duckdb")
    again(ws, folder, *plans, **files)
    return ws


def again(ws: Workspace, folder: Path, *plans: dict[str, Any], **files: str) -> None:
    """Apply the shop with other plans."""
    apply(ws, config(folder / "config", *plans, **files), who="planner", reason="another plan")
