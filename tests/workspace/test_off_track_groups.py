"""What is off track in groups: nothing is left out, nothing told twice, and each cause is the one that counting by hand gives."""

import datetime

import polars as pl
import pytest

from kpiflow.language import render
from kpiflow.workspace import Filter, Workspace
from kpiflow.workspace.books import Asker
from kpiflow.workspace.results import results
from kpiflow.workspace.shortfall import shortfall_by_month

EXECUTIVE, STAFF = Asker("p0001"), Asker("p0101")


def off(ws: Workspace) -> pl.DataFrame:
    """What is off track of units, looked up without the door."""
    return results(ws, "2013").filter(
        pl.col("owner_kind") == "unit", pl.col("metric").is_not_null(), pl.col("rollup") == "own",
        pl.col("status").is_in(["behind", "at_risk"]),
    )  # fmt: skip


def test_the_groups_of_a_kind_come_to_the_whole(ws: Workspace) -> None:
    shown = ws.portfolio(EXECUTIVE, "2013")
    rows = off(ws)
    behind = rows.filter(pl.col("status") == "behind").height
    for groups in (shown.by_metric, shown.by_unit):
        assert sum(one.count for one in groups) == rows.height == shown.total
        assert sum(one.behind for one in groups) == behind
        order = [(one.behind, one.count) for one in groups]
        assert order == sorted(order, reverse=True), "the worst comes first"
    counted = dict(rows.group_by("metric").len().iter_rows())
    assert {one.id: one.count for one in shown.by_metric} == counted


def test_each_group_shows_its_own_goals_the_furthest_behind_first(ws: Workspace) -> None:
    shown, rows = ws.portfolio(EXECUTIVE, "2013"), off(ws).sort("pace", "goal")
    for one in shown.by_metric:
        worst = rows.filter(pl.col("metric") == one.id)["goal"].head(one.rows.height).to_list()
        assert one.rows["goal"].to_list() == worst
        assert len(one.causes) == one.rows.height
    newark = next(one for one in shown.by_unit if one.id == "EWR")
    assert newark.count == rows.filter(pl.col("owner").str.starts_with("EWR")).height
    assert newark.who is not None, "a department has a head"
    assert newark.who.label == "Bruno Kestrel"


def test_the_cause_of_a_metric_is_counted_in_flights(ws: Workspace) -> None:
    """By hand: the flights each airport cancelled beyond what its target allows, as parts of all of them."""
    metric = next(one for one in ws.portfolio(EXECUTIVE, "2013").by_metric if one.id == "cancelled_rate")
    airports = results(ws, "2013").filter(pl.col("parent") == "nyc-cancelled", pl.col("owner_kind") == "unit")
    beyond = {
        row["owner"]: max(0.0, row["numerator"] - row["expected"] / 100 * row["denominator"])
        for row in airports.iter_rows(named=True)
    }
    worst = max(beyond, key=lambda unit: beyond[unit])
    part = beyond[worst] / sum(beyond.values())
    assert worst == "LGA"
    assert render(metric.why) == f"LaGuardia (LGA) explains {part * 100:.0f} % of the miss."


def test_a_chosen_unit_is_told_by_what_lies_right_below_it(ws: Workspace) -> None:
    shown = ws.portfolio(EXECUTIVE, "2013", Filter(unit="EWR"))
    assert sum(one.count for one in shown.by_unit) == shown.total
    assert {one.id for one in shown.by_unit if not one.itself} <= set(
        ws.company().units.filter(pl.col("parent") == "EWR")["unit"]
    )
    assert [one.id for one in shown.by_unit if one.itself] == ["EWR"]


def test_a_single_group_is_no_grouping(ws: Workspace) -> None:
    shown = ws.portfolio(EXECUTIVE, "2013", Filter(metric="cancelled_rate"))
    assert shown.by_metric == ()
    assert len(shown.by_unit) > 1


@pytest.mark.parametrize("day", [None, datetime.date(2013, 7, 15)])
def test_groups_hold_nothing_that_the_list_would_not(ws: Workspace, day: datetime.date | None) -> None:
    every = ws.portfolio(STAFF, "2013", Filter(size=1000), day)
    listed = set(every.rows["goal"])
    for one in (*every.by_metric, *every.by_unit):
        assert set(one.rows["goal"]) <= listed


def test_what_is_said_of_groups_has_its_chinese(ws: Workspace) -> None:
    shown = ws.portfolio(EXECUTIVE, "2013")
    for one in (*shown.by_metric, *shown.by_unit):
        if one.why is not None:
            assert render(one.why, "zh") != render(one.why, "en")


def test_a_month_nothing_came_for_yet_has_no_part_in_the_shortfall():
    """Monthly sums that come at the month's end: while November runs, it fell short of nothing."""
    days = [datetime.date(2026, 9, 30), datetime.date(2026, 10, 31), datetime.date(2026, 10, 31)]
    months = pl.DataFrame({
        "goal": ["g"] * 3, "period": ["2026-09", "2026-10", "2026-11"], "actual": [80.0, 170.0, 170.0],
        "expected": [90.0, 190.0, 260.0], "denominator": [None] * 3, "last_day": days,
    }, schema_overrides={"denominator": pl.Float64})  # fmt: skip
    goal = pl.DataFrame({"goal": ["g"], "direction": ["higher"], "accrues": [True], "accrual": ["to_date"]})
    short = shortfall_by_month(months, goal)
    assert dict(short.select("period", "short").iter_rows()) == {"2026-09": 10.0, "2026-10": 10.0}
