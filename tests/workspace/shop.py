"""A shop of seven people for tests that change things: written as files, applied on a day of their choosing, and measured."""

import datetime
import json
from pathlib import Path

import polars as pl

from kpiflow.workspace import Workspace
from kpiflow.workspace.commands import apply, create_store, load_facts

#: The day the plan was made, before its year.
PLANNED = datetime.datetime(2025, 12, 15, 9, 0, tzinfo=datetime.UTC)

PEOPLE = {
    "boss": ("Bo Ss", "SHOP", "chief"),
    "hr": ("Hana Ito", "SHOP", "hr"),
    "north": ("Nora North", "NORTH", "head"),
    "ann": ("Ann Ｗide", "NORTH", "seller"),
    "ben": ("Ben Low", "NORTH", "seller"),
    "south": ("Saul South", "SOUTH", "head"),
    "cyd": ("Cyd Far", "SOUTH", "seller"),
}

#: Whoever is not here reports to the boss.
MANAGERS = {"ann": "north", "ben": "north", "cyd": "south"}

ROLES = {
    "chief": {"reads": "enterprise", "appraisals": "enterprise", "actions": ["set_target", "split_target", "export_scores"]},
    "hr": {"reads": "enterprise", "appraisals": "enterprise", "actions": ["export_scores", "comment", "manage_letters"]},
    "head": {"reads": "subtree", "appraisals": "subtree", "actions": ["split_target", "export_scores", "check_in", "sign_letter"]},
    "seller": {"actions": ["check_in", "agree_goal", "sign_letter"]},
}  # fmt: skip

METRICS = [
    {"metric": "sales", "label": "Sales", "definition": "Pieces sold.", "measure": "count", "kind": "cumulative",
     "direction": "higher", "time_agg": "sum", "tree_agg": "sum", "fresh_for": 400},
    {"metric": "returns", "label": "Returns", "definition": "Pieces returned of those sold.", "measure": "percent",
     "kind": "ratio", "direction": "lower", "fresh_for": 400},
]  # fmt: skip


def config(folder: Path, *, ann: float = 100, label: str = "Ann Ｗide", actions: tuple[str, ...] = ()) -> Path:
    """Write the shop's configuration: `ann` is the target of ann's sales, `label` her name, `actions` more of the sellers'."""
    goals = [
        {"goal": "all-sales", "owner": "SHOP", "metric": "sales", "target": 300, "label": "Sales"},
        *({"goal": f"{who}-sales", "parent": "all-sales", "owner": who, "metric": "sales", "target": ann if who == "ann" else 100,
           "weight": 60, "label": "Sales"} for who in ("ann", "ben", "cyd")),
        *({"goal": f"{who}-returns", "parent": "all-sales", "owner": who, "metric": "returns", "target": 4, "weight": 40,
           "label": "Returns", **({"missing": "zero"} if who == "cyd" else {})} for who in ("ann", "ben", "cyd")),
    ]  # fmt: skip
    sections = [
        {"section": "money", "label": "Money", "weight": 60, "metrics": ["sales"]},
        {"section": "care", "label": "Care", "weight": 40, "metrics": ["returns"]},
    ]
    roles = {**ROLES, "seller": {"actions": [*ROLES["seller"]["actions"], *actions]}}
    files = {
        "company": {"company": "shop", "label": "The shop", "enterprise": "SHOP"},
        "calendar": {"cycles": [{"cycle": "2026", "starts": "2026-01-01"}]},
        "units": {"units": [{"unit": "SHOP", "label": "The shop"}, {"unit": "NORTH", "label": "North", "parent": "SHOP"},
                            {"unit": "SOUTH", "label": "South", "parent": "SHOP"}]},
        "people": {"people": [{"person": who, "label": label if who == "ann" else name} for who, (name, _, _) in PEOPLE.items()]},
        "assignments": {"assignments": [{"person": who, "unit": unit, "role": role, "fte": 1, "starts": "2026-01-01",
                                          "manager": MANAGERS.get(who, "boss") if who != "boss" else None}
                                        for who, (_, unit, role) in PEOPLE.items()]},
        "roles": {"roles": [{"role": role, "label": role, **said} for role, said in roles.items()]},
        "metrics": {"metrics": METRICS},
        "grades": {"grades": [{"scale": "ab", "label": "A or B", "bands": [{"grade": "A", "at_least": 80, "label": "A"},
                                                                             {"grade": "B", "label": "B"}]}]},
        "scorecards": {"scorecards": [{"scorecard": "seller", "label": "Seller", "roles": ["seller"], "grades": "ab",
                                       "sections": sections}]},
        "goals": {"goals": goals},
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    return folder


def opened(folder: Path, **settings: object) -> Workspace:
    """Make the shop's store in a folder, with its plan and nothing measured."""
    path = folder / "shop.duckdb"
    create_store(path)
    ws = Workspace.open(path)
    apply(ws, config(folder / "config", **settings), who="planner", at=PLANNED, reason="The first plan")  # type: ignore[arg-type]
    return ws


def facts(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    """Return measurements: metric, person, day and value; of returns the value is how many of 100 came back."""
    kinds = {"value": pl.Decimal(18, 6), "numerator": pl.Decimal(18, 6), "denominator": pl.Decimal(18, 6)}
    return pl.DataFrame(
        [
            {
                "metric": metric, "unit": PEOPLE[person][1], "person": person, "day": datetime.date.fromisoformat(day), "entry": "",
                "value": value if metric == "sales" else None, "numerator": value if metric == "returns" else None,
                "denominator": 100 if metric == "returns" else None,
            }
            for metric, person, day, value in rows
        ]
    ).with_columns(pl.col(name).cast(kind) for name, kind in kinds.items())  # fmt: skip


def measured(
    ws: Workspace, source: str, at: str, *rows: tuple[str, str, str, float], reason: str | None = None
) -> None:
    """Load measurements as they came in at six in the morning of a day."""
    moment = datetime.datetime.combine(datetime.date.fromisoformat(at), datetime.time(6), tzinfo=datetime.UTC)
    load_facts(ws, facts(*rows), source, who="feed", at=moment, reason=reason)


def moment(day: str, hour: int = 10) -> datetime.datetime:
    """Return an hour of a day."""
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(hour), tzinfo=datetime.UTC)
