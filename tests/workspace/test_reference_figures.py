"""The figures everybody can check: counted from the flights, as published in the tables beside the example's tests."""

import datetime
from pathlib import Path

import polars as pl
import pytest

from kpiflow.workspace import Workspace
from kpiflow.workspace.results import results

REFERENCE = Path(__file__).parents[1] / "example" / "reference"


@pytest.mark.parametrize(
    ("goal", "percent", "flights"),
    [
        ("nyc-ontime", 73.42, 336776),
        ("ewr-ontime", 71.40, 120835),
        ("jfk-ontime", 74.79, 111279),
        ("lga-ontime", 74.27, 104662),
    ],
)
def test_on_time_rates_are_counted_over_all_scheduled_flights(
    ws: Workspace, goal: str, percent: float, flights: int
) -> None:
    row = results(ws, "2013").filter(pl.col("goal") == goal).row(0, named=True)
    assert round(row["actual"], 2) == percent
    assert row["denominator"] == flights


def test_every_carrier_and_month_is_as_in_the_reference_table(ws: Workspace) -> None:
    table = pl.read_csv(REFERENCE / "nyc2013_by_carrier_origin_month.csv")
    found = []
    for month in range(1, 13):
        rows = results(ws, f"2013-{month:02d}").filter(
            pl.col("metric") == "ontime_rate", pl.col("goal").str.count_matches("-") == 2
        )
        found.append(
            rows.select(unit="scope", month=pl.lit(month, dtype=pl.Int64), ours=pl.col("numerator"), of="denominator")
        )
    wanted = table.with_columns(unit=pl.col("origin") + "-" + pl.col("carrier")).join(
        pl.concat(found), on=["unit", "month"], how="left"
    )
    assert wanted.filter(pl.col("ontime") != pl.col("ours")).is_empty()
    assert wanted.filter(pl.col("flights") != pl.col("of")).is_empty()
    assert wanted["ours"].null_count() == 0


def test_the_tree_adds_up_to_its_root(ws: Workspace) -> None:
    rows = results(ws, "2013")
    children = rows.filter(pl.col("parent") == "nyc-service", pl.col("commitment") == "committed")
    weight = pl.col("weight")
    mean = children.select((pl.col("points") * weight).sum() / weight.sum()).item()
    assert rows.filter(pl.col("goal") == "nyc-service")["points"].item() == pytest.approx(mean, abs=1e-9)


def test_an_owners_scores_add_up_to_the_owners_score(ws: Workspace) -> None:
    rows = results(ws, "2013").filter(pl.col("sheet").is_null(), pl.col("commitment") == "committed")
    sums = rows.filter(pl.col("share").is_not_null()).group_by("owner_kind", "owner").agg(pl.col("share").sum())
    assert sums.filter((pl.col("share") - 1).abs() > 1e-9).is_empty()


def test_a_past_day_is_seen_as_it_was_known_then(ws: Workspace) -> None:
    day = datetime.date(2013, 6, 20)
    row = results(ws, "2013", day).filter(pl.col("goal") == "nyc-ontime").row(0, named=True)
    # Weeks are recorded on the Monday after them: on Thursday 20 June the last known day is Sunday the 16th.
    assert row["last_day"] == datetime.date(2013, 6, 16)
    facts = pl.read_csv(REFERENCE / "nyc2013_by_carrier_origin_month.csv")
    whole_months = facts.filter(pl.col("month") <= 5)["flights"].sum()
    six_months = facts.filter(pl.col("month") <= 6)["flights"].sum()
    assert whole_months < row["denominator"] < six_months
