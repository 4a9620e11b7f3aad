"""Questions of fairness asked of a store: what is found, within whose sight, and by whose right."""

import datetime
from contextlib import closing

import polars as pl
import pytest

from kpiflow.core.fairness import FairnessCheck
from kpiflow.errors import NotFound, Refused
from kpiflow.language import render
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.commands import load_facts
from kpiflow.workspace.fairness.near import near_edges, near_targets
from tests.workspace.shop import facts, measured, opened

HR, EXECUTIVE, HEAD, DUTY_MANAGER, AUDITOR = (Asker(one) for one in ("p0005", "p0001", "p0002", "p0101", "p0006"))


def question(ws: Workspace, check: FairnessCheck, asker: Asker = ADMINISTRATOR, period: str = "2013"):
    """One of the questions of a period."""
    return next(one for one in ws.fairness(asker, period).questions if one.check is check)


def test_every_check_asks_in_both_languages(ws):
    shown = ws.fairness(HR, "2013")
    assert [one.check for one in shown.questions] == list(FairnessCheck)
    for one in shown.questions:
        for message in (one.title, one.asks, one.rule, *(row.said for row in one.rows)):
            english, chinese = render(message, "en"), render(message, "zh")
            assert english
            assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese), english


def test_thin_data_is_what_a_walk_over_the_results_finds(ws):
    from kpiflow.workspace.results import results

    weight, thin = {}, {}
    for row in results(ws, "2013").to_dicts():
        own = row["owner_kind"] == "person" and row["commitment"] == "committed" and row["rollup"] == "own"
        if own and row["points"] is not None and row["weight"] > 0:
            weight[row["owner"]] = weight.get(row["owner"], 0) + row["weight"]
            if row["denominator"] is not None and row["denominator"] < 30:
                thin[row["owner"]] = thin.get(row["owner"], 0) + row["weight"]
    told = {person for person, part in thin.items() if part / weight[person] >= 0.25}
    found = question(ws, FairnessCheck.THIN_DATA)
    assert {row.choices["person"] for row in found.rows} >= told
    assert found.found >= len(told) > 0


@pytest.mark.parametrize("asker", [HEAD, DUTY_MANAGER, AUDITOR, Asker()])
def test_only_whoever_has_the_right_asks(ws, asker):
    with pytest.raises(Refused):
        ws.fairness(asker, "2013")


def test_an_unknown_period_is_said_with_the_nearest(ws):
    with pytest.raises(NotFound, match="2013-Q4"):
        ws.fairness(HR, "2013-Q9")


def test_late_entries_are_those_written_long_after_and_shortly_before_now(tmp_path):
    with closing(opened(tmp_path / "shop")) as ws:
        measured(ws, "in time", "2026-02-02", ("sales", "ann", "2026-01-09", 40))
        assert question(ws, FairnessCheck.LATE_ENTRIES, period="2026").found == 0
        now = datetime.datetime.now(datetime.UTC)
        load_facts(ws, facts(("sales", "ann", "2026-01-10", 40)), "a late list", who="north", at=now)
        found = question(ws, FairnessCheck.LATE_ENTRIES, period="2026")
        assert [(one.choices, one.page) for one in found.rows] == [({"person": "ann"}, "progress")]
        said = render(found.rows[0].said, "en")
        assert "1 entry about Jan 10, 2026, written on" in said, "one day is said once"


def test_scores_near_an_edge_are_counted_on_their_own_scale(ws):
    company = ws.company()
    people = pl.DataFrame(
        [("N", "duty_manager", 90.0), ("N", "duty_manager", 89.5), ("N", "duty_manager", 88.9), ("N", None, 90.0)],
        schema=["unit", "scorecard", "score"],
        orient="row",
    )
    found = near_edges(people, company.scorecards, company.grades, 1.0)
    assert found.select("grade", "edge", "above").rows() == [("B", 90.0, True), ("B", 90.0, False)]


def test_goals_near_their_target_are_met_by_the_direction_of_the_metric(ws):
    metrics = ws.company().metrics
    rows = [
        ("ontime_rate", 80.4, 80.0, 500.0),
        ("cancelled_rate", 2.01, 2.0, 500.0),
        ("handover_steps", 3.0, 3.0, None),
    ]
    goals = pl.DataFrame(rows, schema=["metric", "actual", "target", "denominator"], orient="row")
    assert near_targets(goals, metrics, 0.01).rows() == [("ontime_rate", True), ("cancelled_rate", False)]
