"""What a plan's inputs are called that are looked up elsewhere: by the labels of goals, units, people and metrics."""

import datetime
from collections.abc import Mapping

import polars as pl

from kpiflow.definitions.company import Company
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.reading import Called
from kpiflow.incentives.typed import inputs_needed
from kpiflow.language import Name
from kpiflow.workspace.books import Books
from kpiflow.workspace.labels import name_of

#: Where the label of what is looked up is found, by the word before the colon: tables with their keys, the first that has it.
_TABLES = {
    "points": (("goals", "goal"),),
    "attainment": (("goals", "goal"),),
    "actual": (("goals", "goal"),),
    "score": (("units", "unit"), ("people", "person")),
    "coverage": (("units", "unit"), ("people", "person")),
}


def label_of(company: Company, word: str, of: str) -> Name | None:
    """Return what a goal, unit, person or metric is called that an input looks up; None where there is none."""
    if word in ("count", "amount"):
        metric = company.metrics.get(of)
        return None if metric is None else Name(metric.label, metric.label_zh)
    for table, key in _TABLES.get(word, ()):
        found = company.table(table).filter(pl.col(key) == of)
        if found.height:
            return name_of(found.row(0, named=True))
    return None


def called(ws: Books, plan: Plan, as_of: datetime.date | None = None) -> Called:
    """Return what tells the name of each looked-up input, for the row of anybody: `@department` is that of their own unit."""
    company = ws.company(as_of)
    asked = [one for one in inputs_needed(plan) if one.of]
    fixed = {one.name: label_of(company, one.word, str(one.of)) for one in asked}
    near = {one.name: _near(ws, str(one.of), as_of) for one in asked if str(one.of).startswith("@")}

    def tell(name: str, row: Mapping[str, object]) -> Name | None:
        return near[name].get(str(row.get("unit"))) if name in near else fixed.get(name)

    return tell


def _near(ws: Books, of: str, as_of: datetime.date | None) -> dict[str, Name]:
    """Return, for each unit, what the nearest unit of a kind is called, itself or above it."""
    units = ws.company(as_of).units.select(ancestor="unit", place_kind="kind", label="label", label_zh="label_zh")
    tree = ws.unit_tree(as_of).join(units, on="ancestor")
    found = tree.filter(pl.lit(of == "@unit") & (pl.col("up") == 0) | (pl.col("place_kind") == of[1:]))
    nearest = found.sort("unit", "up").unique("unit", keep="first")
    return {row["unit"]: name_of(row) for row in nearest.iter_rows(named=True)}
