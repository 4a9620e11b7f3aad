"""The forecast on the example company's real year: better than straight lines, calibrated, and blind to the future."""

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bench.forecast import backtest, by_metric, summed
from kpiflow.workspace import ADMINISTRATOR, Asker, NotFound, Refused, Workspace, render
from kpiflow.workspace.commands import load_facts
from kpiflow.workspace.listing import appraisal_rows
from kpiflow.workspace.outlooks import what_if
from kpiflow.workspace.paying import statement_of
from kpiflow.workspace.results import results

JULY = datetime.date(2013, 7, 15)
MANAGER = "p0209"

#: Groups with fewer forecasts than this say too little to be held to anything.
LARGE = 100


@pytest.fixture(scope="module")
def tested(ws: Workspace) -> pl.DataFrame:
    return by_metric(backtest(ws))


@pytest.fixture
def own_copy(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    path = tmp_path / "copy.duckdb"
    shutil.copy(demo_store, path)
    opened = Workspace.open(path)
    yield opened
    opened.close()


def test_it_beats_the_straight_line(tested: pl.DataFrame) -> None:
    assert summed(tested)["ratio"] < 0.9
    worse = tested.filter(pl.col("forecasts") >= LARGE, pl.col("error") > pl.col("straight") * 1.001)
    assert worse.is_empty(), "On a large group of goals the forecast is worse than a straight line."


def test_its_interval_holds_what_it_promises(tested: pl.DataFrame) -> None:
    """An interval of 80 % that holds 60 % of ends, or 95 %, says something else than it claims."""
    assert 0.75 <= summed(tested)["inside"] <= 0.9


def test_the_future_never_leaks(ws: Workspace, own_copy: Workspace) -> None:
    """What is measured and recorded after a day does not change what was forecast on it."""
    before = ws.forecasts(ADMINISTRATOR, "2013", None, JULY)
    units = ws.company().units.filter(pl.col("unit").str.contains("-"))["unit"]
    later = pl.DataFrame(
        {"metric": "flights_operated", "unit": units, "person": None, "day": datetime.date(2013, 8, 1), "entry": "x",
         "value": 5000, "numerator": None, "denominator": None},
        schema_overrides={"person": pl.String, "value": pl.Decimal(18, 6), "numerator": pl.Decimal(18, 6),
                          "denominator": pl.Decimal(18, 6)},
    )  # fmt: skip
    load_facts(own_copy, later, "later.csv", who="test", at=datetime.datetime(2013, 8, 2, 8, tzinfo=datetime.UTC))
    changed = datetime.date(2013, 8, 15)
    assert not _same(
        ws.forecasts(ADMINISTRATOR, "2013", None, changed), own_copy.forecasts(ADMINISTRATOR, "2013", None, changed)
    )
    assert _same(before, own_copy.forecasts(ADMINISTRATOR, "2013", None, JULY))


def _same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    columns = ["goal", "forecast", "low", "high"]
    return one.select(columns).sort("goal").equals(other.select(columns).sort("goal"))


def test_one_goal_is_forecast_as_among_all(ws: Workspace) -> None:
    whole = ws.forecasts(ADMINISTRATOR, "2013", None, JULY)
    few = ws.forecasts(ADMINISTRATOR, "2013", ["nyc-ontime", f"{MANAGER}-valid"], JULY)
    assert few.equals(whole.filter(pl.col("goal").is_in(few["goal"].implode())))
    assert few.height == 2


def test_too_young_a_year_says_how_much_is_missing(ws: Workspace) -> None:
    shown = ws.outlook(ADMINISTRATOR, "nyc-ontime", "2013", datetime.date(2013, 1, 20))
    assert shown.absent is not None
    assert render(shown.absent) == "Not enough history for a forecast: 2 weeks of 8 needed."
    assert shown.sentence == ()
    assert shown.row["forecast"] is None


def test_a_year_that_is_over_is_what_it_was(ws: Workspace) -> None:
    rows = ws.forecasts(ADMINISTRATOR, "2013").drop_nulls("forecast")
    actual = rows.join(results(ws, "2013").select("goal", was="actual"), on="goal")
    assert actual.height > 400
    assert actual.filter((pl.col("forecast") != pl.col("was")) | (pl.col("low") != pl.col("high"))).is_empty()
    assert set(rows["method"]) == {"ended"}


def test_steps_and_levels_are_not_forecast_from_those_before(ws: Workspace) -> None:
    kinds = ws.company().goals.filter(pl.col("kind").cast(pl.String).is_in(["milestone", "rubric"]))
    august = ws.forecasts(ADMINISTRATOR, "2013", kinds["goal"].to_list(), datetime.date(2013, 8, 15))
    measured = august.filter(pl.col("absent") != "not_own")
    assert measured.height > 20
    assert set(measured["absent"]) == {"judged"}
    assert measured["forecast"].null_count() == measured.height
    over = ws.forecasts(ADMINISTRATOR, "2013", ["p0101-handover"])
    assert over["forecast"].to_list() == [3.0]


def test_the_outlook_is_said_in_both_languages(ws: Workspace) -> None:
    shown = ws.outlook(ADMINISTRATOR, "nyc-ontime", "2013", JULY)
    english = " ".join(render(one) for one in (*shown.sentence, *shown.needs))
    assert "Forecast for Dec 31, 2013" in english
    assert "For the stretch: at least" in english
    assert all(render(one, "zh") != render(one) for one in (*shown.sentence, *shown.needs, *shown.basis))


def test_months_ahead_lead_to_the_forecast_of_what_piles_up(ws: Workspace) -> None:
    shown = ws.outlook(ADMINISTRATOR, "nyc-flights", "2013", JULY)
    assert shown.months["period"].to_list() == [f"2013-{month:02}" for month in range(8, 13)]
    assert shown.months["forecast"][-1] == pytest.approx(shown.row["forecast"])
    assert shown.months["target"][-1] == shown.row["target"]
    assert shown.months["forecast"].is_sorted()


def test_nobody_reads_the_forecast_of_somebody_outside_their_reach(ws: Workspace) -> None:
    staff = Asker("p0101")
    seen = ws.forecasts(staff, "2013", None, JULY)["goal"]
    assert not [goal for goal in seen if goal.startswith(MANAGER)]
    assert ws.forecasts(staff, "2013", [f"{MANAGER}-ontime"], JULY).is_empty()
    with pytest.raises(Refused):
        ws.outlook(staff, f"{MANAGER}-ontime", "2013", JULY)
    with pytest.raises(Refused):
        ws.what_if(staff, MANAGER, "2013", {}, JULY)


def test_if_goals_end_where_they_ended_nothing_changes(ws: Workspace) -> None:
    """An independent way to the same numbers: the score and pay of the year as the main job has them."""
    mine = results(ws, "2013").filter(pl.col("owner") == MANAGER, pl.col("actual").is_not_null())
    found = ws.what_if(ADMINISTRATOR, MANAGER, "2013", dict(mine.select("goal", "actual").iter_rows()))
    scored = next(row for row in appraisal_rows(ws, ADMINISTRATOR, "2013") if row["person"] == MANAGER)
    paid = statement_of(ws, ADMINISTRATOR, MANAGER, "2013")
    assert paid is not None
    assert found.score == pytest.approx(scored["score"], abs=1e-9)
    assert (found.grade, found.pay) == (scored["grade"], paid.amount)
    assert found.goals.filter((pl.col("points") - pl.col("points_now")).abs() > 1e-9).is_empty()


def test_a_better_end_earns_what_the_curve_says(ws: Workspace) -> None:
    rows = ws.forecasts(ADMINISTRATOR, "2013", [f"{MANAGER}-ontime"], JULY).row(0, named=True)
    goal = results(ws, "2013", JULY).filter(pl.col("goal") == f"{MANAGER}-ontime").row(0, named=True)
    at_target = ws.what_if(ADMINISTRATOR, MANAGER, "2013", {goal["goal"]: goal["target"]}, JULY)
    at_stretch = ws.what_if(ADMINISTRATOR, MANAGER, "2013", {goal["goal"]: goal["stretch"]}, JULY)
    points = [found.goals.filter(pl.col("goal") == goal["goal"])["points"][0] for found in (at_target, at_stretch)]
    assert points == [rows["points_target"], rows["points_stretch"]] == [100.0, 120.0]
    assert at_stretch.score is not None
    assert at_target.score is not None
    # Only this goal moved, so the score moves by its share of the twenty points.
    assert at_stretch.score - at_target.score == pytest.approx(20 * goal["share"], abs=1e-9)


@pytest.mark.parametrize("person", [MANAGER, "p0101", "p0002"])
def test_endings_worked_out_together_are_those_worked_out_alone(ws: Workspace, monkeypatch, person: str) -> None:
    """The plan's own copies against a whole run of payees for each ending, with one goal and with several moved."""
    mine = results(ws, "2013").filter(
        pl.col("owner") == person,
        pl.col("rollup") == "own",
        pl.col("target").is_not_null(),
        pl.col("metric").is_not_null(),
    )
    single = [{row["goal"]: row["target"] * factor} for row in mine.iter_rows(named=True) for factor in (0.8, 1.0)]
    endings = [{}, *single, dict(mine.select("goal", "target").iter_rows())]
    together = what_if.what_ifs(ws, ADMINISTRATOR, person, "2013", endings)
    monkeypatch.setattr(what_if, "_paid_together", what_if._paid_apart)
    alone = [ws.what_if(ADMINISTRATOR, person, "2013", ends) for ends in endings]
    for one, other in zip(together, alone, strict=True):
        assert (one.score, one.grade, one.pay) == (pytest.approx(other.score, abs=1e-9), other.grade, other.pay)
        assert_frame_equal(one.goals, other.goals, check_exact=False)
    assert len({one.score for one in together}) > 1


def test_a_goal_of_somebody_else_cannot_be_supposed(ws: Workspace) -> None:
    with pytest.raises(NotFound, match=f"{MANAGER}-ontime"):
        ws.what_if(ADMINISTRATOR, MANAGER, "2013", {"p0210-ontime": 90.0}, JULY)
