"""How long a scenario takes at the size of the bench: each kind of edit, looked at for the first time, on a warm base.

Every run tries another value, so that no answer is kept from the one before. What a scenario of the heaviest kind comes to is
checked against the main job on a company that really has the edit.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from bench.policy import CYCLE, PLAN
from kpiflow.storage.store import Store
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.books import Books
from kpiflow.workspace.paying import paid_by
from kpiflow.workspace.scenarios.answers import Part, Supposition
from kpiflow.workspace.scenarios.edits import read_edits
from kpiflow.workspace.scenarios.evaluating import evaluated

#: How often each kind is tried.
TRIES = 3

#: Each kind of edit, as its number varies from try to try.
KINDS: dict[str, Callable[[int], dict[str, Any]]] = {
    "one goal's target": lambda n: {"edit": "goals", "goal": "p000010-1", "to": 42 + n / 10},
    "the targets of a metric": lambda n: {"edit": "goals", "metric": "ontime_rate", "times": 1.01 + n / 100},
    "a curve of 200,000 goals": lambda n: {
        "edit": "curve",
        "curve": {"curve": "anchors", "kind": "linear", "on": "actual",
                  "through": [["threshold", 50 + n], ["target", 100], ["stretch", 130]]},
    },
    "results of a metric": lambda n: {"edit": "ends", "metric": "orders_done", "times": 1.01 + n / 100},
    "a section's weight": lambda n: {"edit": "section", "scorecard": "specialist", "section": "quality", "weight": 50 + n},
    "a grade's edge": lambda n: {"edit": "grade", "scale": "a_to_e", "grade": "B", "at_least": 94 - n / 10},
    "a number of the plan": lambda n: {"edit": "plan", "plan": PLAN, "path": "penalty.each", "value": 2 + n},
}  # fmt: skip


def scenarios(path: Path, _: float) -> dict[str, Any]:
    """Time every kind of edit until the effect for somebody who reads everybody is there."""
    with Store.open(path) as store:
        ws = Workspace(store)
        began = time.perf_counter()
        ws.scenario_effect(ADMINISTRATOR, _so())
        warm = time.perf_counter() - began
        # The first scenario of a kind that touches many goals keeps what was measured for all later ones.
        ws.scenario_effect(ADMINISTRATOR, _so({"edit": "goals", "metric": "ontime_rate", "times": 1.005}))
        took: dict[str, list[float]] = {}
        cost: dict[str, list[float]] = {}
        for name, kind in KINDS.items():
            for n in range(TRIES):
                wall, processor = time.perf_counter(), time.process_time()
                ws.scenario_effect(ADMINISTRATOR, _so(kind(n)), Part(show="all"))
                took.setdefault(name, []).append(time.perf_counter() - wall)
                cost.setdefault(name, []).append(time.process_time() - processor)
    return {"warm": warm, "took": took, "cost": cost}


def _so(*edits: dict[str, Any]) -> Supposition:
    return Supposition(CYCLE, read_edits(list(edits)))


def same_as_made(store: Store) -> None:
    """Raise AssertionError unless the targets of a metric, supposed, pay what they pay in books that really have them."""
    ws = Books(store)
    rows = evaluated(ws, _so(KINDS["the targets of a metric"](1))).rows
    company = ws.company()
    on_metric = pl.col("metric") == "ontime_rate"
    target = pl.when(on_metric).then((pl.col("target") * 1.02).round_sig_figs(15)).otherwise("target")
    real = Books(store)
    goals = company.goals.with_columns(target=target)
    real.kept(("company", real.known(None).definitions), lambda: replace(company, goals=goals))
    paid = paid_by(real, company.plans[PLAN], CYCLE, None)
    both = paid.select("person", "amount").join(rows.select("person", "amount_after"), on="person")
    assert both.height == paid.height
    assert both.filter(pl.col("amount").ne_missing(pl.col("amount_after"))).is_empty()
