"""Targets split and changed through the door: shown before made, made as shown, nothing lost, nobody outside their reach."""

import csv
import datetime
import json
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.sources.tidy import read_tidy
from kpiflow.storage.documents import definitions_version, row_history
from kpiflow.workspace import ADMINISTRATOR, LOCALES, Asker, Workspace, render
from kpiflow.workspace.commands import apply, create_store, known_words, load_facts
from kpiflow.workspace.history import journal_rows
from kpiflow.workspace.results import results
from tests.cases.small_store import write_company, write_measurements

REFERENCE = Path(__file__).parents[1] / "example" / "reference"
EXECUTIVE, HEAD_OF_EWR, DUTY_MANAGER = Asker("p0001"), Asker("p0002"), Asker("p0101")
AIRPORTS = ("EWR", "JFK", "LGA")


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company that a test may change."""
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    opened = Workspace.open(path, demo=True)
    yield opened
    opened.close()


def flights(column: str, **where: str) -> dict[str, int]:
    """Published counts summed over the months: airport → count, or carrier → count of one airport (origin="EWR")."""
    table = pl.read_csv(REFERENCE / "nyc2013_by_carrier_origin_month.csv")
    for name, value in where.items():
        table = table.filter(pl.col(name) == value)
    key = "carrier" if where else "origin"
    return dict(table.group_by(key).agg(pl.col(column).sum()).iter_rows())


def target_of(ws: Workspace, goal: str, day: datetime.date | None = None) -> float | None:
    return ws.company(day).goals.filter(pl.col("goal") == goal)["target"].item()


def words(messages: tuple[object, ...]) -> str:
    return " ".join(render(message) for message in messages)  # type: ignore[arg-type]


# Published figures


@pytest.mark.parametrize(("airport", "published"), [("EWR", 76.68), ("JFK", 77.99), ("LGA", 78.30)])
def test_the_volume_weighted_mean_of_the_stations_targets_gives_the_airports(
    ws: Workspace, airport: str, published: float
) -> None:
    """Each station's target is its airline's published national rate of 2013, weighted by the flights it scheduled."""
    targets = dict(
        pl.read_csv(REFERENCE / "nyc2013_by_carrier.csv").select("carrier", "bts_national_2013_target").iter_rows()
    )
    counts = flights("flights", origin=airport)
    mean = sum(targets[carrier] * count for carrier, count in counts.items()) / sum(counts.values())
    found = ws.reconciliation(ADMINISTRATOR, f"{airport.lower()}-ontime", "2013")
    assert found.row["weighted_mean"] == pytest.approx(mean, abs=1e-9)
    assert round(mean, 2) == published == found.row["target"]
    assert found.row["state"] == "balanced"
    assert found.children["volume"].sum() == sum(counts.values())
    assert "as asked" in words(found.sentence)


def test_a_rate_shifted_from_where_everybody_stood_is_as_published(ws: Workspace) -> None:
    """77.62 − 73.42 = 4.20 points more than each airport's rate of 2013 (71.40, 74.79 and 74.27 %)."""
    shown = ws.preview_split(ADMINISTRATOR, "nyc-ontime", "shift", "2013")
    done, all_of = flights("ontime"), flights("flights")
    distance = Fraction("77.62") - Fraction(100 * sum(done.values()), sum(all_of.values()))
    for airport in AIRPORTS:
        wanted = Fraction(100 * done[airport], all_of[airport]) + distance
        assert dict(shown.lines.select("owner", "target").iter_rows())[airport] == round(float(wanted), 2)
    assert shown.weighted_mean == pytest.approx(77.62, abs=0.005)
    assert shown.assigned is None


def test_a_split_by_last_years_volume_is_by_the_flights_operated(ws: Workspace) -> None:
    scheduled, cancelled = flights("flights"), flights("cancelled")
    operated = {airport: scheduled[airport] - cancelled[airport] for airport in AIRPORTS}
    shown = ws.preview_split(ADMINISTRATOR, "nyc-flights", "by_last_year", "2013")
    for owner, target, exact in shown.lines.select("owner", "target", "exact").iter_rows():
        wanted = Fraction(331_726) * operated[owner] / sum(operated.values())
        assert exact == pytest.approx(float(wanted), abs=1e-6)
        assert abs(Fraction(int(target)) - wanted) < 1
    assert shown.lines["target"].sum() == 331_726
    assert "2013 so far" in words(shown.sentence)


# Laws


@pytest.mark.parametrize("method", ["equal", "by_weight", "by_headcount", "by_last_year"])
@pytest.mark.parametrize("terms", [{}, {"locked": ["JFK"]}, {"amounts": {"ewr-flights": "118000"}}])
def test_a_split_that_was_made_leaves_nothing_unassigned(mine: Workspace, method: str, terms: dict) -> None:
    shown = mine.preview_split(ADMINISTRATOR, "nyc-flights", method, "2013", **terms)
    mine.make_split(ADMINISTRATOR, shown, who="test", reason="A new split")
    found = mine.reconciliation(ADMINISTRATOR, "nyc-flights", "2013").row
    assert (found["assigned"], found["unassigned"], found["over_assigned"]) == (331_726, 0, 0)
    assert found["state"] == "balanced"
    if "locked" in terms:
        assert target_of(mine, "jfk-flights") == 109_609
    if "amounts" in terms and method != "by_weight":  # there, what is written down is a weight
        assert target_of(mine, "ewr-flights") == 118_000


@pytest.mark.parametrize("method", ["same", "shift"])
def test_a_rate_that_was_split_has_the_mean_that_was_asked(mine: Workspace, method: str) -> None:
    shown = mine.preview_split(ADMINISTRATOR, "nyc-ontime", method, "2013")
    mine.make_split(ADMINISTRATOR, shown, reason="A new split")
    found = mine.reconciliation(ADMINISTRATOR, "nyc-ontime", "2013").row
    assert found["state"] == "balanced"
    assert found["weighted_mean"] == pytest.approx(shown.weighted_mean, abs=1e-9)


def test_what_was_shown_is_what_is_seen_after_making_it(mine: Workspace) -> None:
    shown = mine.preview_change(EXECUTIVE, "nyc-ontime", {"target": "79.3%"}, "2013", resplit=True)
    made = mine.make_change(EXECUTIVE, shown)
    assert (made.goals, made.owners) == (shown.changes.height, shown.touched)
    goals = mine.company().goals
    after = shown.changes.join(goals.select("goal", now="target"), on="goal")
    assert after.filter(pl.col("after") != pl.col("now")).is_empty()
    scored = results(mine, "2013").select("goal", "points", "status", "target")
    compared = shown.goals.join(scored, on="goal")
    assert compared.height == shown.goals.height > 70
    for name in ("points", "status", "target"):
        assert compared.filter(pl.col(f"after_{name}").ne_missing(pl.col(name))).is_empty()


def test_asking_writes_nothing(mine: Workspace) -> None:
    before = definitions_version(mine.store), len(journal_rows(mine, 1000)), mine.company().goals
    shown = mine.preview_split(ADMINISTRATOR, "nyc-flights", "equal", "2013", buffer="5%")
    assert mine.preview_change(ADMINISTRATOR, "nyc-ontime", {"target": 60}, "2013", resplit=True).obstacles
    assert shown.effect.changes.height
    assert definitions_version(mine.store) == before[0]
    assert len(journal_rows(mine, 1000)) == before[1]
    assert mine.company().goals.equals(before[2])


def test_a_change_of_the_parent_alone_changes_nothing_below(mine: Workspace) -> None:
    before = mine.company().goals
    shown = mine.preview_change(ADMINISTRATOR, "nyc-ontime", {"target": 79.3}, "2013")
    assert shown.resplit.filter(pl.col("target") != pl.col("target_before")).height == 73
    mine.make_change(ADMINISTRATOR, shown)
    after = mine.company().goals
    assert set(after.join(before, on=after.columns, how="anti", nulls_equal=True)["goal"]) == {"nyc-ontime"}
    assert mine.reconciliation(ADMINISTRATOR, "nyc-ontime", "2013").row["state"] == "easier"


def test_the_old_version_stays_readable_and_the_journal_says_who_why_and_what(mine: Workspace) -> None:
    shown = mine.preview_split(EXECUTIVE, "nyc-flights", "equal", "2013")
    made = mine.make_split(EXECUTIVE, shown, reason="  Runway works at Newark ")
    assert target_of(mine, "ewr-flights", datetime.date(2013, 12, 31)) == 119_024
    # 331,726 = 3 × 110,575 + 1, and the one left over goes to the first.
    assert target_of(mine, "ewr-flights") == 110_576
    versions = row_history(mine.store, "goals", {"goal": "ewr-flights"})
    assert versions["target"].to_list() == [119_024, target_of(mine, "ewr-flights")]
    assert versions["retired_by"].to_list() == [made.change, None]
    line = next(line for line in journal_rows(mine) if line["entry"] == made.entry)
    said = {name: line[name] for name in ("who", "action", "subject", "reason")}
    assert said == {
        "who": "p0001", "action": "split_target", "subject": "nyc-flights", "reason": "Runway works at Newark",
    }  # fmt: skip
    detail = json.loads(line["detail"])
    assert detail["change"] == made.change
    assert {(one["goal"], one["before"]) for one in detail["changes"]} == {
        ("ewr-flights", 119_024.0),
        ("jfk-flights", 109_609.0),
        ("lga-flights", 103_093.0),
    }


def test_the_sentences_can_be_said_in_every_language(ws: Workspace) -> None:
    shown = ws.preview_split(ADMINISTRATOR, "nyc-flights", "by_headcount", "2013", locked=["EWR"], buffer=0.03)
    reconciled = ws.reconciliation(ADMINISTRATOR, "nyc-flights", "2013")
    for message in (*shown.sentence, *shown.why.values(), *reconciled.sentence):
        english, chinese = (render(message, locale) for locale in LOCALES)
        assert english != chinese
        assert "{" not in chinese


# Buffers and splitting the same way again


def test_a_declared_buffer_is_remembered_and_kept_when_the_target_changes(mine: Workspace) -> None:
    shown = mine.preview_split(ADMINISTRATOR, "nyc-flights", "by_last_year", "2013", buffer="5%", locked=["LGA"])
    mine.make_split(ADMINISTRATOR, shown, reason="Stretch")
    found = mine.reconciliation(ADMINISTRATOR, "nyc-flights", "2013")
    assert (found.row["state"], found.row["buffer"], found.row["over_assigned"]) == ("buffered", 0.05, 0)
    assert found.row["assigned"] == round(331_726 * 1.05)
    assert mine.reconciliation(ADMINISTRATOR, "nyc-flights", "2013", datetime.date(2014, 2, 1)).row["buffer"] == 0
    again = mine.preview_change(ADMINISTRATOR, "nyc-flights", {"target": 340_000}, "2013", resplit=True)
    offered = again.resplit.filter(pl.col("parent") == "nyc-flights")
    assert dict(offered.select("owner", "basis").iter_rows()) == {
        "EWR": "by_last_year",
        "JFK": "by_last_year",
        "LGA": "locked",
    }
    assert offered["target"].sum() == 357_000
    mine.make_change(ADMINISTRATOR, again)
    found = mine.reconciliation(ADMINISTRATOR, "nyc-flights", "2013")
    assert (found.row["state"], found.row["assigned"]) == ("buffered", 357_000)
    assert target_of(mine, "lga-flights") == 103_093


# What cannot be done, and why


def test_nobody_outside_reach_sees_or_changes_a_target(mine: Workspace) -> None:
    with pytest.raises(Refused, match="p0232"):
        mine.preview_change(DUTY_MANAGER, "p0232-ontime", {"target": 70}, "2013")
    with pytest.raises(Refused, match="p0232"):
        mine.preview_split(DUTY_MANAGER, "lga-ua-ontime", "same", "2013")
    with pytest.raises(Refused, match="p0232"):
        mine.reconciliation(DUTY_MANAGER, "p0232-ontime", "2013")
    hidden = mine.reconciliation(DUTY_MANAGER, "lga-ua-ontime", "2013")
    assert hidden.row["children"] == 1
    assert hidden.children.is_empty()
    assert "not shown: 1" in words(hidden.sentence)
    # Goals of units may be looked at by everybody, but rows of people outside reach are left out of what they do.
    shown = mine.preview_change(DUTY_MANAGER, "lga-ua-ontime", {"target": 80}, "2013")
    assert set(shown.resplit["owner_kind"]) <= {"unit"}
    with pytest.raises(Refused, match="None of your roles may set targets"):
        mine.make_change(DUTY_MANAGER, shown)


def test_a_head_hands_down_what_is_theirs_and_sets_no_target_of_their_own(mine: Workspace) -> None:
    own = mine.preview_change(HEAD_OF_EWR, "ewr-ontime", {"target": 70}, "2013")
    with pytest.raises(Refused, match="one level above"):
        mine.make_change(HEAD_OF_EWR, own, reason="Easier for me")
    others = mine.preview_change(HEAD_OF_EWR, "jfk-ontime", {"target": 79}, "2013")
    with pytest.raises(Refused, match="JFK is outside"):
        mine.make_change(HEAD_OF_EWR, others)
    below = mine.preview_split(HEAD_OF_EWR, "ewr-flights", "by_last_year", "2013")
    assert mine.make_split(HEAD_OF_EWR, below, reason="By volume").change


@pytest.mark.parametrize(("goal", "easier", "harder"), [("nyc-ontime", 75, 79), ("nyc-cancelled", 1.8, 1.2)])
def test_an_easier_target_needs_a_reason_by_its_metrics_direction(
    mine: Workspace, goal: str, easier: float, harder: float
) -> None:
    shown = mine.preview_change(ADMINISTRATOR, goal, {"target": easier}, "2013")
    assert "needs a reason" in words(shown.sentence)
    assert goal not in words(shown.sentence), "a goal is called by its name, not by its id"
    for reason in (None, " "):
        with pytest.raises(InvalidInput, match="Give a reason"):
            mine.make_change(ADMINISTRATOR, shown, reason=reason)
    assert mine.make_change(ADMINISTRATOR, shown, reason="A second runway is closed").change
    stretched = mine.preview_change(ADMINISTRATOR, goal, {"target": harder}, "2013")
    assert mine.make_change(ADMINISTRATOR, stretched).change


def test_a_target_beyond_its_own_threshold_is_refused_with_what_to_mend(mine: Workspace) -> None:
    shown = mine.preview_change(ADMINISTRATOR, "nyc-ontime", {"target": 60}, "2013")
    with pytest.raises(InvalidInput, match=r"threshold 67\.62 is on the wrong side"):
        mine.make_change(ADMINISTRATOR, shown, reason="Even so")
    both = mine.preview_change(ADMINISTRATOR, "nyc-ontime", {"target": 60, "threshold": "50%"}, "2013")
    assert mine.make_change(ADMINISTRATOR, both, reason="Both together").goals == 1


def test_a_plan_that_changed_since_it_was_shown_is_not_written_over(mine: Workspace) -> None:
    first = mine.preview_split(ADMINISTRATOR, "nyc-flights", "equal", "2013")
    second = mine.preview_change(ADMINISTRATOR, "nyc-ontime", {"target": 79}, "2013")
    mine.make_change(ADMINISTRATOR, second)
    with pytest.raises(InvalidInput, match="has changed since"):
        mine.make_split(ADMINISTRATOR, first, reason="Late")
    assert target_of(mine, "ewr-flights") == 119_024


def test_a_look_at_a_past_day_cannot_be_made(mine: Workspace) -> None:
    shown = mine.preview_split(ADMINISTRATOR, "nyc-flights", "equal", "2013", as_of=datetime.date(2013, 6, 30))
    with pytest.raises(InvalidInput, match="today's plan"):
        mine.make_split(ADMINISTRATOR, shown, reason="Hindsight")


def test_making_what_is_so_already_writes_nothing(mine: Workspace) -> None:
    shown = mine.preview_change(ADMINISTRATOR, "nyc-ontime", {"target": 77.62}, "2013")
    before = len(journal_rows(mine, 1000))
    assert mine.make_change(ADMINISTRATOR, shown).change is None
    assert len(journal_rows(mine, 1000)) == before


@pytest.mark.parametrize(
    ("call", "near"),
    [
        ({"goal": "nyc-flight", "method": "equal"}, "nyc-flights"),
        ({"goal": "nyc-flights", "method": "by_lastyear"}, "by_last_year"),
        ({"goal": "nyc-flights", "method": "equal", "locked": ["jfk-flight"]}, "jfk-flights"),
        ({"goal": "nyc-flights", "method": "fixed", "amounts": {"EWQ": 1}}, "EWR"),
        ({"goal": "nyc-flights", "method": "equal", "period": "20133"}, "2013"),
    ],
)
def test_a_word_nobody_knows_is_answered_with_the_nearest(ws: Workspace, call: dict, near: str) -> None:
    asked = {"period": "2013"} | call
    goal, method, period = (asked.pop(name) for name in ("goal", "method", "period"))
    with pytest.raises(NotFound, match=f"Did you mean '{near}'"):
        ws.preview_split(ADMINISTRATOR, goal, method, period, **asked)
    with pytest.raises(NotFound, match="Did you mean 'target'"):
        ws.preview_change(ADMINISTRATOR, "nyc-flights", {"targt": 1}, "2013")


@pytest.mark.parametrize(
    ("goal", "method", "terms", "said"),
    [
        ("nyc-ontime", "equal", {}, "is a rate"),
        ("nyc-service", "equal", {}, "has no metric"),
        ("nyc-flights", "fixed", {}, "Nothing is written down"),
        ("nyc-flights", "equal", {"locked": ["EWR"], "amounts": {"EWR": 1}}, "locked and have an amount"),
        ("nyc-flights", "equal", {"amounts": {"EWR": 1, "ewr-flights": 2}}, "Two amounts"),
        ("nyc-flights", "equal", {"amounts": {"EWR": "many"}}, "not a number"),
        ("nyc-flights", "equal", {"amounts": {"EWR": "50%"}}, "a sign"),
        ("nyc-flights", "equal", {"buffer": "5"}, "5% or 0.05"),
        ("ewr-ua-flights", "equal", {}, "nobody to split"),
    ],
)
def test_what_cannot_be_split_says_why(ws: Workspace, goal: str, method: str, terms: dict, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        ws.preview_split(ADMINISTRATOR, goal, method, "2013", **terms)


def test_by_fixed_amounts_the_others_keep_theirs_and_the_gap_is_shown(ws: Workspace) -> None:
    shown = ws.preview_split(ADMINISTRATOR, "nyc-flights", "fixed", "2013", amounts={"EWR": 110_000})
    assert shown.lines["target"].to_list() == [110_000, 109_609, 103_093]
    assert shown.unassigned == 331_726 - 110_000 - 109_609 - 103_093
    assert shown.effect.changes["goal"].to_list() == ["ewr-flights"]


# Small companies: what a split knows of last year

TWO_YEARS = {
    "case": "two years",
    "calendar": [{"cycle": "2025", "starts": "2025-01-01"}, {"cycle": "2026", "starts": "2026-01-01"}],
    "units": [{"unit": "company", "label": "The company"}]
    + [{"unit": name, "parent": "company", "label": name} for name in ("north", "south")],
    "metrics": [
        {"metric": "orders", "direction": "higher"},
        {"metric": "prompt", "direction": "higher", "kind": "ratio", "measure": "percent"},
    ],
    "goals": [
        {"goal": metric, "kind": "kpi", "metric": metric, "weight": 50, "target": target, "children": [
            {"goal": f"{name}-{metric}", "owner": name, "kind": "kpi", "metric": metric, "weight": 50, "target": target}
            for name in ("north", "south")]}
        for metric, target in (("orders", 100), ("prompt", 90))
    ],
}  # fmt: skip


def facts(day: str, north: tuple[float, float], south: tuple[float, float] | None) -> list[dict]:
    """Orders, and prompt ones of all, of both places on a day."""
    found = []
    for unit, counts in (("north", north), ("south", south)):
        if counts is not None:
            found.append({"metric": "orders", "unit": unit, "day": day, "value": counts[1]})
            found.append(
                {"metric": "prompt", "unit": unit, "day": day, "numerator": counts[0], "denominator": counts[1]}
            )
    return found


def opened(folder: Path, case: dict) -> Workspace:
    create_store(folder / "small.duckdb")
    ws = Workspace.open(folder / "small.duckdb")
    at = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
    apply(ws, write_company(case, folder / "config"), who="test", at=at)
    if case.get("measurements"):
        taken = read_tidy(write_measurements(case, folder / "facts.csv"), known_words(ws.company()))
        load_facts(ws, taken.facts.drop("row"), "facts.csv", who="test", at=at)
    return ws


@pytest.mark.parametrize(
    ("last_year", "this_year", "year", "wanted"),
    [
        (((30, 60), (10, 20)), ((9, 10), (9, 30)), "2025", [75, 25]),
        (((30, 60), None), ((9, 10), (9, 30)), "2026", [25, 75]),
        (None, ((9, 10), (9, 30)), "2026", [25, 75]),
    ],
)
def test_last_year_counts_when_it_knows_everybody(
    tmp_path: Path, last_year: tuple | None, this_year: tuple, year: str, wanted: list[int]
) -> None:
    measured = [*facts("2025-05-05", *last_year)] if last_year else []
    ws = opened(tmp_path, TWO_YEARS | {"measurements": [*measured, *facts("2026-02-02", *this_year)]})
    shown = ws.preview_split(ADMINISTRATOR, "orders", "by_last_year", "2026")
    assert shown.lines["target"].to_list() == wanted
    assert f"those of {year}" in words(shown.sentence)
    assert ("2025 does not have them for everyone" in words(shown.sentence)) == (year == "2026")
    moved = ws.preview_split(ADMINISTRATOR, "prompt", "shift", "2026")
    assert moved.weighted_mean == pytest.approx(90, abs=0.005)
    ws.make_split(ADMINISTRATOR, moved, reason="Easier for some")
    found = ws.reconciliation(ADMINISTRATOR, "prompt", "2026").row
    assert (found["state"], found["volumes_of"]) == ("balanced", year)
    ws.close()


def test_without_any_measurement_a_split_by_volume_says_whose_is_missing(tmp_path: Path) -> None:
    ws = opened(tmp_path, TWO_YEARS)
    with pytest.raises(InvalidInput, match="north-orders and south-orders"):
        ws.preview_split(ADMINISTRATOR, "orders", "by_last_year", "2026")
    shown = ws.preview_split(ADMINISTRATOR, "orders", "equal", "2026")
    assert shown.lines["target"].to_list() == [50, 50]
    ws.close()


def test_a_plan_is_handed_down_while_it_is_still_a_draft_and_once_closed_it_stays(tmp_path: Path) -> None:
    goals = json.loads(json.dumps(TWO_YEARS["goals"]))
    goals[0]["stage"] = "draft"
    for child in goals[0]["children"]:
        child["stage"] = "draft"
    goals[1]["stage"] = "closed"
    ws = opened(tmp_path, TWO_YEARS | {"goals": goals})
    shown = ws.preview_split(ADMINISTRATOR, "orders", "equal", "2026")
    assert "Nothing in this period changes" in words(shown.sentence)
    ws.make_split(ADMINISTRATOR, shown, reason="First round")
    assert ws.reconciliation(ADMINISTRATOR, "orders", "2026").row["state"] == "balanced"
    with pytest.raises(NotFound):
        ws.preview_change(ADMINISTRATOR, "prompt", {"target": 91}, "2026")
    ws.close()


def test_only_committed_children_share_what_a_committed_goal_asks(tmp_path: Path) -> None:
    goals = json.loads(json.dumps(TWO_YEARS["goals"]))
    dream = goals[0]["children"][0] | {"goal": "dream", "commitment": "aspirational"}
    goals[0]["children"].append(dream)
    ws = opened(tmp_path, TWO_YEARS | {"goals": goals})
    shown = ws.preview_split(ADMINISTRATOR, "orders", "equal", "2026")
    assert shown.lines["goal"].to_list() == ["north-orders", "south-orders"]
    ws.close()


def test_the_published_table_is_the_one_that_is_meant() -> None:
    """336,776 flights, 8,255 of them cancelled: the counts these tests rest on."""
    with (REFERENCE / "nyc2013_by_carrier_origin_month.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert sum(int(row["flights"]) for row in rows) == 336_776
    assert sum(int(row["cancelled"]) for row in rows) == 8_255
