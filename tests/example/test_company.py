"""The example company in `config/` is sound, says everything twice (English and 中文), and can be made again."""

from pathlib import Path

import polars as pl
import pytest

from kpiflow.definitions.company import Company
from kpiflow.definitions.reading import read_company
from kpiflow.errors import Level
from kpiflow.sources.example.invented import invented_facts
from kpiflow.sources.example.reported import REPORTED, reported
from kpiflow.sources.example.tables import TABLES, written
from kpiflow.sources.flights import flight_facts, flights_by_day

CONFIG = Path(__file__).parents[2] / "config"
REFERENCE = Path(__file__).parent / "reference"


def reported_facts() -> pl.DataFrame:
    """What people report as check-ins, in the columns of the other facts."""
    rows = reported().filter(pl.col("metric").is_not_null()).with_columns(person="scope", entry=pl.lit(""))
    return rows.select(invented_facts().columns)


@pytest.fixture(scope="module")
def company() -> Company:
    return read_company(CONFIG).required()


def test_no_check_finds_an_error():
    problems = [str(problem) for problem in read_company(CONFIG).problems if problem.level is Level.ERROR]
    assert problems == []


@pytest.mark.parametrize("file", TABLES)
def test_making_the_tables_again_gives_the_same_files(file):
    """After a change in kpiflow/sources/example: `python -m kpiflow.sources.example.tables config`."""
    assert (CONFIG / file).read_text(encoding="utf-8") == written(file)


def test_everything_measured_has_its_unit_and_person(company):
    facts = pl.concat([flight_facts(), invented_facts(), reported_facts()])
    assert set(facts["unit"].unique()) <= set(company.units["unit"])
    assert set(facts["person"].drop_nulls().unique()) <= set(company.people["person"])
    fetched = {source.fixed.metric for source in company.sources.values()}
    assert set(facts["metric"].unique()) | fetched == set(company.metrics)


def test_everything_has_its_name_in_both_languages(company):
    named = [*company.metrics.values(), *company.curves.values(), *company.scorecards.values(), *company.roles.values()]
    named += [band for scale in company.grades.values() for band in scale.bands]
    assert [one for one in named if not one.label or not one.label_zh] == []
    assert [name for name, metric in company.metrics.items() if not metric.definition or not metric.definition_zh] == []
    for table in (company.units, company.people, company.goals):
        assert table.select(pl.col("label", "label_zh").null_count()).row(0) == (0, 0)


def test_station_targets_are_the_national_rates_of_their_airline(company):
    national = dict(
        pl.read_csv(REFERENCE / "nyc2013_by_carrier.csv").select("carrier", "bts_national_2013_target").iter_rows()
    )
    stations = company.goals.filter((pl.col("metric") == "ontime_rate") & pl.col("owner").str.contains("-"))
    assert stations.height == 35
    assert {(owner, target) for owner, target in stations.select("owner", "target").iter_rows()} == {
        (owner, national[owner[4:]]) for owner in stations["owner"]
    }


def test_targets_above_are_the_volume_weighted_mean_of_the_stations(company):
    """From the reference file alone: Σ flights × target ÷ Σ flights, two decimals."""
    flights = pl.read_csv(REFERENCE / "nyc2013_by_carrier_origin_month.csv")
    national = pl.read_csv(REFERENCE / "nyc2013_by_carrier.csv").select("carrier", target="bts_national_2013_target")
    weighed = flights.join(national, on="carrier").with_columns(product=pl.col("flights") * pl.col("target"))
    expected = {"nyc-ontime": round(weighed["product"].sum() / weighed["flights"].sum(), 2)}
    for (airport,), rows in weighed.group_by("origin"):
        expected[f"{str(airport).lower()}-ontime"] = round(rows["product"].sum() / rows["flights"].sum(), 2)
    ours = company.goals.filter(pl.col("goal").is_in(list(expected)))
    assert dict(ours.select("goal", "target").iter_rows()) == pytest.approx(expected, abs=0.0001)


def test_planned_flights_add_up_at_every_level(company):
    goals = company.goals.filter((pl.col("metric") == "flights_operated") & (pl.col("owner_kind") == "unit"))
    planned = dict(goals.select("goal", "target").iter_rows())
    below = goals.filter(pl.col("parent").is_in(list(planned))).group_by("parent").agg(pl.col("target").sum())
    assert below.height == 4
    assert all(planned[parent] == total for parent, total in below.iter_rows())


def test_every_sheet_adds_up_to_100(company):
    """An owner's sheet is what hangs under nothing of its own; the aspiration carries no weight on it."""
    above = company.goals.select(parent="goal", above="owner")
    tops = company.goals.join(above, on="parent", how="left").filter(pl.col("above").ne_missing(pl.col("owner")))
    sheets = tops.group_by("owner_kind", "owner").agg(pl.col("weight").sum())
    assert sheets.height == 1 + 3 + 35 + 35 + 3 + 9
    assert set(sheets["weight"]) == {100.0}


def test_every_family_adds_up_to_100(company):
    share = pl.coalesce("rollup_weight", "weight").sum().round(6)
    families = company.goals.filter(pl.col("parent").is_not_null()).group_by("parent").agg(share)
    assert {parent: total for parent, total in families.iter_rows() if total != 100} == {}


def test_every_kind_of_goal_and_rollup_is_shown(company):
    goals = company.goals.cast({"kind": pl.String, "rollup": pl.String, "commitment": pl.String})
    assert set(goals["kind"]) == {"objective", "kpi", "key_result", "milestone", "rubric"}
    assert set(goals["rollup"]) == {"own", "children", "worst"}
    assert set(goals["commitment"]) == {"committed", "aspirational"}
    assert set(goals["attainment"].drop_nulls()) >= {"inverse", "mirror", "baseline", "band", "ratio"}
    used = {company.curves[name].kind for name in goals["curve"].drop_nulls()}
    assert used >= {
        "proportional",
        "linear",
        "tiers",
        "per_percent",
        "deduction",
        "best_of",
        "milestones",
        "rubric",
        "okr",
    }
    assert set(company.curves) == set(goals["curve"].drop_nulls())


def test_every_person_with_goals_has_a_scorecard_that_takes_them_all(company):
    roles = company.assignments.filter(pl.col("ends").is_null()).select(owner="person", role="role")
    goals = company.goals.filter(pl.col("owner_kind") == "person").join(roles, on="owner")
    for (role,), sheet in goals.group_by("role"):
        card = next(card for card in company.scorecards.values() if role in card.roles)
        assert set(sheet["metric"]) == {metric for section in card.sections for metric in section.metrics}
    assert goals["owner"].n_unique() == 35 + 3 + 9


def test_a_rate_of_73_against_77_is_not_on_pace(company):
    """Green must mean something: 73.42 of 77.62 is 94.6 %, which is behind."""
    target = company.goals.filter(pl.col("goal") == "nyc-ontime")["target"].item()
    reached = 73.42 / target
    status = next(rule.status for rule in company.statuses if rule.at_least is None or reached >= rule.at_least)
    assert status.value == "behind"


def test_units_are_the_stations_that_flew(company):
    stations = company.units.filter(pl.col("kind") == "station")
    assert set(stations["unit"]) == set(flights_by_day()["unit"])
    assert set(company.units.filter(pl.col("kind") == "department")["unit"]) == {"EWR", "JFK", "LGA"}
    assert company.profile.enterprise == "NYC"
    assert company.profile.example


def test_what_people_report_comes_in_once(company):
    """The facts of the reported metrics are those invented for them, each as a check-in and none in a week's load."""
    invented = invented_facts().filter(pl.col("metric").is_in(REPORTED)).drop("person").sort(pl.all())
    ours = reported_facts().filter(pl.col("metric").is_in(REPORTED)).drop("person").sort(pl.all())
    assert ours.equals(invented)
    assert all(company.metrics[name].reported_by == "owner" for name in reported_facts()["metric"].unique())


def test_what_is_counted_for_pay_is_not_typed_in_by_who_is_paid(company):
    """A person's goals with weight come from systems, but for the heads' overtime, which weighs 5."""
    own = company.goals.filter((pl.col("owner_kind") == "person") & (pl.col("weight") > 0))
    typed = [row for row in own.iter_rows(named=True) if company.metrics[row["metric"]].reported_by == "owner"]
    assert {(row["metric"], row["weight"]) for row in typed} == {("overtime_share", 5.0)}
