"""The same job as a careful analyst would write it in pandas: group, merge, and whole columns at a time."""

import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from bench.policy import CYCLE_DAYS, ENDS, METRICS, STARTS

#: What the job needs of each table, so that nothing is read for nothing.
GOALS = "goal, parent, owner, owner_kind, scope, metric, weight, threshold, target, stretch, curve, rollup"


def pandas_job(path: Path) -> tuple[dict[str, pd.DataFrame], dict[str, float]]:
    """Return goals, people and paid, and the seconds spent reading and working."""
    began = time.perf_counter()
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET enable_progress_bar = false")
        facts = connection.sql(
            "SELECT series, day, amount::DOUBLE AS amount, base::DOUBLE AS base FROM measurement"
        ).df()
        tables = {
            name: connection.sql(f'SELECT * FROM "{name}"').df()
            for name in ("series", "units", "people", "assignments")
        }
        goals = connection.sql(f"SELECT {GOALS} FROM goals").df()
    read = time.perf_counter()
    goals = _scored(_measured(goals, _observed(facts, tables["series"]), tables["units"]))
    goals = _rolled_up(goals)
    people = _appraised(goals, tables["people"], tables["assignments"])
    paid = _paid(goals, people, tables["units"])
    done = time.perf_counter()
    return {"goals": goals, "people": people, "paid": paid}, {"reading": read - began, "working": done - read}


def _observed(facts: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Sum measurements per series and name them."""
    sums = facts.groupby("series", sort=False).agg(
        amount=("amount", "sum"), base=("base", "sum"), rows=("amount", "size"), last_day=("day", "max")
    )
    return sums.reset_index().merge(series, on="series")


def _measured(goals: pd.DataFrame, observed: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Give every goal its actual: a person's own sums, or the sums of a unit's whole subtree."""
    sums = ["amount", "base", "rows"]
    mine = (
        observed.groupby(["metric", "person"], sort=False)[sums].sum().reset_index().rename(columns={"person": "scope"})
    )
    level = observed.groupby(["metric", "unit"], sort=False)[sums].sum().reset_index()
    parent = units.set_index("unit")["parent"]
    found = [mine]
    while len(level):
        found.append(level.rename(columns={"unit": "scope"}))
        level = level.assign(unit=level["unit"].map(parent)).dropna(subset="unit")
        level = level.groupby(["metric", "unit"], sort=False)[sums].sum().reset_index()
    actuals = pd.concat(found).groupby(["metric", "scope"], sort=False).sum().reset_index()
    scale = actuals["metric"].map(
        {one.metric: {"percent": 100, "permille": 1000}.get(one.measure, 0) for one in METRICS}
    )
    actuals["actual"] = np.where(scale > 0, actuals["amount"] / actuals["base"] * scale, actuals["amount"])
    return goals.merge(actuals[["metric", "scope", "actual"]], on=["metric", "scope"], how="left")


def _scored(goals: pd.DataFrame) -> pd.DataFrame:
    """Work out attainment and points by the convention and curve of each goal."""
    actual, target = goals["actual"].round(10), goals["target"]
    lower = goals["metric"].isin([one.metric for one in METRICS if one.direction == "lower"])
    goals["attainment"] = np.where(lower, target / actual, actual / target).round(10)
    sign = np.where(goals["stretch"] >= goals["threshold"], 1.0, -1.0)
    x, t0, t1, t2 = (sign * column for column in (actual, goals["threshold"], target, goals["stretch"]))
    line = np.select(
        [x < t0, x > t2, x < t1], [0.0, 120.0, 60 + (x - t0) * 40 / (t1 - t0)], 100 + (x - t1) * 20 / (t2 - t1)
    )
    capped = np.clip(goals["attainment"] * 100, None, 120)
    deducted = np.clip(150 - 0.1 * actual, 0, None)
    curve = goals["curve"]
    points = np.select([curve == "anchors", curve == "capped", curve == "deduction"], [line, capped, deducted], np.nan)
    goals["points"] = np.where(actual.isna(), np.nan, points).round(10)
    return goals


def _rolled_up(goals: pd.DataFrame) -> pd.DataFrame:
    """Roll points up the tree level by level, and share everybody's sheet out."""
    parent = goals.set_index("goal")["parent"]
    depth, above = pd.Series(0, index=goals.index), goals["parent"]
    while above.notna().any():
        depth += above.notna()
        above = above.map(parent)
    goals["depth"] = depth
    points = goals.set_index("goal")["points"]
    for level in range(int(depth.max()), 0, -1):
        part = goals.loc[goals["depth"] == level, ["goal", "parent", "weight"]]
        part = part.assign(points=part["goal"].map(points)).dropna(subset="points")
        sums = (
            part.assign(gained=part["points"] * part["weight"])
            .groupby("parent", sort=False)[["gained", "weight"]]
            .sum()
        )
        points.loc[sums.index] = (sums["gained"] / sums["weight"]).round(10)
    goals["points"] = goals["goal"].map(points)
    top = goals["parent"].map(goals.set_index("goal")["owner"]) != goals["owner"]
    sheet = goals["parent"].where(~top, "")
    known = goals["weight"].where(goals["points"].notna(), 0.0)
    total = known.groupby([goals["owner"], sheet], sort=False).transform("sum")
    goals["share"] = (known / total).where(goals["points"].notna()).round(10)
    goals["score"] = (goals["points"] * goals["share"]).round(10)
    goals["top"] = top
    return goals


def _appraised(goals: pd.DataFrame, people: pd.DataFrame, assignments: pd.DataFrame) -> pd.DataFrame:
    """Score everybody by the two sections of the scorecard and give a grade."""
    own = goals[(goals["owner_kind"] == "person") & goals["points"].notna()]
    section = np.where(own["metric"].isin(["ontime_rate", "fault_rate", "complaints"]), "quality", "volume")
    own = own.assign(section=section, gained=own["points"] * own["weight"])
    sums = own.groupby(["owner", "section"], sort=False)[["gained", "weight"]].sum().reset_index()
    sums["value"] = (sums["gained"] / sums["weight"]).round(10)
    sums["counts"] = np.where(sums["section"] == "quality", 60.0, 40.0)
    sums["gained"] = sums["value"] * sums["counts"]
    totals = sums.groupby("owner", sort=False)[["gained", "counts"]].sum()
    score = (totals["gained"] / totals["counts"]).round(10)
    staff = people.merge(assignments[["person", "unit", "role"]], on="person")
    staff["score"] = staff["person"].map(score)
    shown = np.floor(staff["score"].round(10) * 100 + 0.5 + 1e-7) / 100
    edges = [shown >= 100, shown >= 95, shown >= 85, shown >= 70, shown.notna()]
    staff["grade"] = np.select(edges, list("ABCDE"), "")
    return staff


def _paid(goals: pd.DataFrame, staff: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Work out the bonus in whole cents."""
    first, last = pd.Timestamp(STARTS), pd.Timestamp(ENDS)
    begins, ends = staff["hired"].clip(lower=first), staff["left"].fillna(last).clip(upper=last)
    staff = staff.assign(days=(ends - begins).dt.days + 1)
    staff = staff[staff["days"] > 0].sort_values("person")
    parent = units.set_index("unit")["parent"]
    department = staff["unit"].map(parent).map(parent)
    top = goals[(goals["owner_kind"] == "unit") & goals["top"]].groupby("owner", sort=False)["score"].sum().round(10)
    company = goals.loc[goals["goal"] == "ENT00000-1", "attainment"].iloc[0]
    company_factor = np.interp(company, [0.9, 1, 1.1], [0.5, 1, 1.5], left=0.0)
    department_factor = np.interp(department.map(top), [60, 100, 120], [0.6, 1, 1.2], left=0.0).round(10)
    personal = staff["grade"].map({"A": 1.2, "B": 1.1, "C": 1.0, "D": 0.6, "E": 0.0})
    basis = _cents(staff["salary_month"].astype(float) * 12 * staff["bonus_share"])
    gross = _cents(basis * round(float(company_factor), 10) * department_factor * personal * staff["days"] / CYCLE_DAYS)
    gated = np.where(staff["score"] >= 80, gross, np.minimum(gross, _cents(basis * 0.5)))
    capped = np.minimum(gated, basis * 2)
    complaints = goals.loc[goals["metric"] == "complaints"].set_index("scope")["actual"]
    penalty = np.minimum(staff["person"].map(complaints).fillna(0.0), 500.0)
    return staff.assign(amount=np.maximum(capped - penalty, 0.0))


def _cents(amount: pd.Series) -> pd.Series:
    """Round money to cents, halves up."""
    return np.floor(amount * 100 + 0.5 + 1e-6) / 100
