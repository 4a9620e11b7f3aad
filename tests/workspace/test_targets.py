"""Targets set at the executive's desk: phasing and periods with hand-computed months, the years before, goals added and closed."""

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
from kpiflow.storage.documents import definitions_version
from kpiflow.workspace import ADMINISTRATOR, LOCALES, Asker, Filter, NewGoal, Part, Wish, Workspace, render
from kpiflow.workspace.commands import apply, create_store, known_words, load_facts
from kpiflow.workspace.history import journal_rows
from kpiflow.workspace.paying import pay_run
from kpiflow.workspace.results import results
from tests.cases.small_store import write_company, write_measurements

EXECUTIVE, HEAD_OF_EWR, DUTY_MANAGER, AUDITOR = Asker("p0001"), Asker("p0002"), Asker("p0101"), Asker("p0006")

#: The example's season, January to December, and the target of the flights of 2013.
SEASON = (94, 87, 101, 99, 102, 103, 107, 107, 98, 103, 97, 99)
FLIGHTS = 331_726
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTHS = [f"2013-{number:02d}" for number in range(1, 13)]


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the example company that a test may change."""
    path = tmp_path / "mine.duckdb"
    shutil.copy(demo_store, path)
    opened = Workspace.open(path, demo=True)
    yield opened
    opened.close()


def words(messages: tuple[object, ...]) -> str:
    return " ".join(render(message) for message in messages)  # type: ignore[arg-type]


def goal_of(ws: Workspace, goal: str) -> dict:
    return ws.company().goals.filter(pl.col("goal") == goal).row(0, named=True)


# How a target is spread


def test_another_phasing_asks_for_what_the_days_and_the_season_say(ws: Workspace) -> None:
    """Before: the season's indices added up. After: days. Both by hand, in fractions; the year's end stays the same."""
    shown = ws.preview_change(EXECUTIVE, "nyc-flights", {}, "2013", spread=Wish("even"))
    before = [Fraction(FLIGHTS * sum(SEASON[: n + 1]), sum(SEASON)) for n in range(12)]
    after = [Fraction(FLIGHTS * sum(DAYS[: n + 1]), 365) for n in range(12)]
    assert shown.months["period"].to_list() == MONTHS
    assert shown.months["before"].to_list() == pytest.approx([float(one) for one in before], abs=1e-6)
    assert shown.months["after"].to_list() == pytest.approx([float(one) for one in after], abs=1e-6)
    assert shown.months["eased"].to_list() == [now < was for was, now in zip(before, after, strict=True)]
    assert shown.phasing.rows() == [("nyc-flights", "traffic", "even")]
    assert shown.eased
    assert shown.goals.is_empty(), "over the whole year nothing changes"
    half = ws.preview_change(EXECUTIVE, "nyc-flights", {}, "2013-01", spread=Wish("even")).goals
    row = half.filter(pl.col("goal") == "nyc-flights").row(0, named=True)
    # January: 94 of 1,197 parts are 26,050.3; 31 of 365 days are 28,174.0.
    assert (row["before_target"], row["after_target"]) == pytest.approx((26_050.33, 28_173.99), abs=0.01)


def test_targets_written_per_period_are_made_as_shown_and_read_back(mine: Workspace) -> None:
    monthly = {month: 27_000 + 100 * number for number, month in enumerate(MONTHS)}
    shown = mine.preview_change(EXECUTIVE, "nyc-flights", {"target": 330_600}, "2013", spread=Wish("explicit", monthly))
    assert shown.written.select("period", "after").rows() == list(monthly.items())
    assert shown.months["after"].to_list() == [sum(list(monthly.values())[: n + 1]) for n in range(12)]
    assert "add up to" not in words(shown.sentence), "27,000 to 28,100 are 330,600 in all"
    made = mine.make_change(EXECUTIVE, shown, reason="Counted anew")
    assert made.goals == 1
    assert goal_of(mine, "nyc-flights")["phasing"] == "explicit"
    written = mine.company().targets.filter(pl.col("goal") == "nyc-flights")
    assert dict(written.select("period", "target").iter_rows()) == monthly
    row = results(mine, "2013-03").filter(pl.col("goal") == "nyc-flights").row(0, named=True)
    assert row["target"] == 27_000 + 27_100 + 27_200
    line = next(line for line in journal_rows(mine) if line["entry"] == made.entry)
    assert json.loads(line["detail"])["phasing"] == [{"goal": "nyc-flights", "before": "traffic", "after": "explicit"}]
    told = mine.target_form(EXECUTIVE, "nyc-flights", "2013").history
    assert "Counted anew" in told["reason"].to_list()
    assert {"target", "phasing", "target 2013-01"} <= set(told["field"])


def test_leaving_targets_per_period_takes_them_away_and_moving_one_later_is_easier(mine: Workspace) -> None:
    """The system of five steps is written per month; steps that come later ask for less meanwhile."""
    held = mine.company().targets.filter(pl.col("goal") == "nyc-system")
    later = mine.preview_change(EXECUTIVE, "nyc-system", {}, "2013", spread=Wish(None, {"2013-02": 0}))
    assert later.months.filter("eased")["period"].to_list() == ["2013-02"]
    with pytest.raises(InvalidInput, match="2013-02"):
        mine.make_change(EXECUTIVE, later)
    assert mine.make_change(EXECUTIVE, later, reason="The auditor comes in March").goals == 1
    away = mine.preview_change(EXECUTIVE, "nyc-system", {}, "2013", spread=Wish("flat"))
    assert away.written.filter(pl.col("after").is_null()).height == held.height
    assert not away.months["eased"].any(), "all year five steps is more than any month asked for"
    mine.make_change(EXECUTIVE, away)
    assert mine.company().targets.filter(pl.col("goal") == "nyc-system").is_empty()


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("evne"), "even"),
        (Wish("even", {"2013-01": 5}), "explicit"),
        (Wish("explicit", {"2013-13": 5}), "2013-1"),
        (Wish("explicit", {"2013-01": "a few"}), "not a number"),
    ],
)
def test_a_spread_that_cannot_be_is_refused_in_words(ws: Workspace, wish: Wish, said: str) -> None:
    with pytest.raises((InvalidInput, NotFound), match=said):
        ws.preview_change(ADMINISTRATOR, "nyc-flights", {}, "2013", spread=wish)


def test_a_spread_without_its_targets_is_an_obstacle(ws: Workspace) -> None:
    shown = ws.preview_change(ADMINISTRATOR, "nyc-flights", {}, "2013", spread=Wish("explicit"))
    assert "no row" in words(shown.obstacles)


def test_a_plan_that_changed_meanwhile_is_not_written_over(mine: Workspace) -> None:
    shown = mine.preview_change(EXECUTIVE, "nyc-flights", {}, "2013", spread=Wish("even"))
    mine.make_change(EXECUTIVE, mine.preview_change(EXECUTIVE, "nyc-ontime", {"target": 79}, "2013"))
    version = definitions_version(mine.store)
    with pytest.raises(InvalidInput, match="has changed"):
        mine.make_change(EXECUTIVE, shown, reason="Too late")
    assert definitions_version(mine.store) == version


# What it costs


def test_the_cost_of_pay_after_a_change_is_the_cost_once_it_is_made(mine: Workspace) -> None:
    plan = "service_bonus_2013"
    before = pay_run(mine, plan, "2013").total
    shown = mine.preview_change(EXECUTIVE, "nyc-ontime", {"target": 75}, "2013")
    assert (shown.pay_before, shown.currency) == (before, "USD")
    assert shown.pay_after > before, "an easier target pays more"
    mine.make_change(EXECUTIVE, shown, reason="A test")
    assert pay_run(mine, plan, "2013").total == shown.pay_after


def test_the_cost_of_pay_is_for_those_who_read_everybodys(ws: Workspace) -> None:
    shown = ws.preview_change(HEAD_OF_EWR, "ewr-ua-ontime", {"target": 80}, "2013")
    assert shown.pay_before is shown.pay_after is None


# The list


def test_each_sees_the_goals_whose_targets_are_theirs_to_set(ws: Workspace) -> None:
    first = ws.target_desk(EXECUTIVE, "2013")
    assert first.unit == "NYC"
    assert first.rows["owner"].unique().to_list() == ["NYC"]
    assert {choice.id for choice in first.units} == {"EWR", "JFK", "LGA"}
    own = ws.target_desk(HEAD_OF_EWR, "2013", Part(size=1000)).rows
    assert own.height == ws.target_desk(HEAD_OF_EWR, "2013").total
    assert "EWR" not in own["owner"].to_list(), "nobody sets the targets they answer for"
    assert own.filter(pl.col("owner_kind") == "unit")["owner"].str.starts_with("EWR-").all()
    assert ws.target_desk(HEAD_OF_EWR, "2013", Part(unit="JFK")).total == 0
    for nobody in (DUTY_MANAGER, AUDITOR, Asker()):
        with pytest.raises(Refused):
            ws.target_desk(nobody, "2013")


def test_the_list_is_paged_and_found_by_words(ws: Workspace) -> None:
    pages = [
        ws.target_desk(HEAD_OF_EWR, "2013", Part(start=start, size=50)).rows["goal"].to_list()
        for start in (0, 50, 100, 150)
    ]
    every = [goal for page in pages for goal in page]
    assert len(every) == len(set(every)) == ws.target_desk(HEAD_OF_EWR, "2013").total
    found = ws.target_desk(HEAD_OF_EWR, "2013", Part(text="EWR-UA-on")).rows["goal"].to_list()
    assert found == ["ewr-ua-ontime"]


def test_without_an_earlier_cycle_the_page_says_so(ws: Workspace) -> None:
    shown = ws.target_desk(EXECUTIVE, "2013")
    assert shown.earlier == ()
    assert "begins with 2013" in words(shown.sentence)


# Goals added and closed


def test_a_goal_is_checked_before_it_is_added_and_counts_afterwards(mine: Workspace) -> None:
    """A second goal of weight 15 among objectives of 100: every share becomes 100 ÷ 115 of what it was."""
    new = NewGoal("NYC", "departure_d0_rate", parent="nyc-service", target="60%", weight=15)
    shown = mine.preview_goal(EXECUTIVE, new, "2013")
    assert not shown.obstacles
    row = shown.goals.filter(pl.col("place") == "changed").row(0, named=True)
    assert (row["goal"], row["before_points"]) == (shown.goal, None)
    before = results(mine, "2013").filter(pl.col("goal") == "nyc-service")["points"][0]
    above = shown.goals.filter(pl.col("goal") == "nyc-service").row(0, named=True)
    assert above["after_points"] == pytest.approx((before * 100 + row["after_points"] * 15) / 115, abs=1e-9)
    made = mine.make_goal(EXECUTIVE, shown)
    assert made.goals == 1
    assert results(mine, "2013").filter(pl.col("goal") == "nyc-service")["points"][0] == above["after_points"]
    assert next(line for line in journal_rows(mine) if line["entry"] == made.entry)["action"] == "add_goal"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (NewGoal("NYC", "ontime_rat", target=80), "ontime_rate"),
        (NewGoal("NYCC", "ontime_rate", target=80), "NYC"),
        (NewGoal("NYC", "ontime_rate"), "target"),
        (NewGoal("NYC", "ontime_rate", target=80, parent="nyc-servce"), "nyc-service"),
        (NewGoal("NYC", "ontime_rate", target=80, weight=-1), "weight"),
        (NewGoal("NYC", "ontime_rate", target=80, goal="nyc-ontime"), "already"),
    ],
)
def test_a_goal_that_cannot_be_is_refused_in_words(ws: Workspace, new: NewGoal, said: str) -> None:
    with pytest.raises((InvalidInput, NotFound), match=said):
        ws.preview_goal(EXECUTIVE, new, "2013")


def test_a_goal_the_checks_call_wrong_is_not_added(mine: Workspace) -> None:
    shown = mine.preview_goal(EXECUTIVE, NewGoal("NYC", "satisfaction", target=85, curve="target_or_progress"), "2013")
    assert shown.obstacles, "its curve names anchors that are not given"
    with pytest.raises(InvalidInput):
        mine.make_goal(EXECUTIVE, shown)


def test_a_closed_goal_keeps_its_points_and_its_targets_are_closed(mine: Workspace) -> None:
    before = results(mine, "2013").filter(pl.col("goal") == "nyc-training").select("points", "score").row(0)
    shown = mine.preview_close(EXECUTIVE, "nyc-training", "2013")
    with pytest.raises(InvalidInput, match="reason"):
        mine.make_goal(EXECUTIVE, shown, reason=" ")
    mine.make_goal(EXECUTIVE, shown, reason="All trained")
    assert results(mine, "2013").filter(pl.col("goal") == "nyc-training").select("points", "score").row(0) == before
    with pytest.raises(NotFound):
        mine.preview_change(EXECUTIVE, "nyc-training", {"target": 10}, "2013")
    assert "nyc-training" not in mine.target_desk(EXECUTIVE, "2013", Part(size=100)).rows["goal"].to_list()


def test_a_goal_whose_points_come_from_open_ones_is_not_closed(mine: Workspace) -> None:
    shown = mine.preview_close(EXECUTIVE, "nyc-reliability", "2013")
    assert "still open" in words(shown.obstacles)


@pytest.mark.parametrize("who", [HEAD_OF_EWR, DUTY_MANAGER, AUDITOR, Asker()])
def test_nobody_adds_closes_or_changes_above_their_reach(mine: Workspace, who: Asker) -> None:
    version = definitions_version(mine.store)
    with pytest.raises(Refused):
        mine.preview_goal(who, NewGoal("EWR", "ontime_rate", target=80), "2013")
    with pytest.raises(Refused):
        mine.preview_close(who, "ewr-ontime", "2013")
    with pytest.raises(Refused):
        mine.make_goal(who, mine.preview_close(EXECUTIVE, "ewr-ontime", "2013"), reason="No")
    with pytest.raises(Refused):
        mine.make_change(
            who, mine.preview_change(ADMINISTRATOR, "ewr-flights", {}, "2013", spread=Wish("even")), reason="No"
        )
    assert definitions_version(mine.store) == version


# The strategy and what is off track


def test_the_parts_of_the_strategy_come_to_the_whole(ws: Workspace) -> None:
    shown = ws.strategy(EXECUTIVE, "2013")
    goals = shown.nodes.filter(pl.col("what") == "goal")
    weights = ws.company().goals.filter(pl.col("parent") == "nyc-service").select("goal", "weight")
    tops = goals.filter(pl.col("layer") == 0).join(weights, on="goal").select("weight", "weight_right")
    assert [part for part, _ in tops.iter_rows()] == pytest.approx([weight / 100 for _, weight in tops.iter_rows()])
    leaves = goals.filter(pl.col("layer") == goals["layer"].max())
    assert leaves["weight"].sum() == pytest.approx(1.0)
    assert shown.nodes.filter(pl.col("what") == "owner")["owner"].sort().to_list() == ["EWR", "JFK", "LGA"]
    ends = set(shown.nodes["id"])
    assert set(shown.links["source"]) | set(shown.links["target"]) <= ends
    below = ws.strategy(EXECUTIVE, "2013", "EWR")
    assert below.links.filter(pl.col("how") == "supports")["source"].unique().to_list() == ["ewr-complaints"]
    with pytest.raises(NotFound, match="EWR"):
        ws.strategy(EXECUTIVE, "2013", "EWRR")


def test_the_strategy_shows_nobody_else_to_those_who_read_only_their_own(ws: Workspace) -> None:
    for unit in ("EWR-9E", "EWR", "NYC"):
        people = ws.strategy(DUTY_MANAGER, "2013", unit).nodes.filter(pl.col("owner_kind") == "person")["owner"]
        assert set(people) <= {"p0101"}


def test_what_is_off_track_is_paged_whole_and_in_order(ws: Workspace) -> None:
    pages = [ws.portfolio(EXECUTIVE, "2013", Filter(start=start)) for start in range(0, 180, 20)]
    rows = pl.concat([page.rows for page in pages])
    every = results(ws, "2013").filter(
        pl.col("owner_kind") == "unit", pl.col("metric").is_not_null(), pl.col("rollup") == "own",
        pl.col("status").is_in(["behind", "at_risk"]),
    )  # fmt: skip
    assert rows.height == pages[0].total == every.height
    assert set(rows["goal"]) == set(every["goal"])
    assert rows["pace"].is_sorted()
    assert all(len(page.causes) == page.rows.height for page in pages)


def test_the_cause_of_a_station_is_its_months_by_the_flights(ws: Workspace) -> None:
    """By hand: each month's cancellations beyond 1.5 % of its flights; the two worst months and their part of all."""
    goal = "ewr-mq-cancelled"
    page = ws.portfolio(EXECUTIVE, "2013", Filter(unit="EWR-MQ", metric="cancelled_rate"))
    place = page.rows["goal"].to_list().index(goal)
    short = {}
    for month in MONTHS:
        row = results(ws, month).filter(pl.col("goal") == goal).row(0, named=True)
        short[month] = max(0.0, row["numerator"] - 0.015 * row["denominator"])
    worst = sorted(short, key=lambda month: -short[month])[:2]
    part = sum(short[month] for month in worst) / sum(short.values())
    assert render(page.causes[place]) == f"{part * 100:.0f} % of the shortfall fell in {' and '.join(sorted(worst))}."
    off = [
        month
        for month in MONTHS
        if results(ws, month).filter(pl.col("goal") == goal)["status"][0] in ("behind", "at_risk")
    ]
    assert page.rows["since"][place] in off


def test_the_filters_and_the_reach_leave_out_the_rest(ws: Workspace) -> None:
    part = ws.portfolio(EXECUTIVE, "2013", Filter(unit="JFK", metric="ontime_rate", size=100)).rows
    assert part["metric"].unique().to_list() == ["ontime_rate"]
    assert part["owner"].str.starts_with("JFK").all()
    assert ws.portfolio(AUDITOR, "2013").rows["asks"].is_null().all(), "who may not ask is offered nobody to ask"


def test_the_last_word_and_the_question_stand_beside_the_goal(mine: Workspace) -> None:
    mine.ask(EXECUTIVE, "ewr-mq-cancelled", "What will you do?")
    row = mine.portfolio(EXECUTIVE, "2013", Filter(unit="EWR-MQ", metric="cancelled_rate")).rows.row(0, named=True)
    assert (row["words"], row["said_by"]) == ("What will you do?", "Ada Skylark")


def test_two_who_read_the_same_share_an_answer_and_others_do_not(ws: Workspace) -> None:
    assert ws.overview(EXECUTIVE, "2013") is ws.overview(Asker("p0005"), "2013")
    assert ws.overview(EXECUTIVE, "2013") is not ws.overview(DUTY_MANAGER, "2013")
    assert ws.overview(DUTY_MANAGER, "2013").headline.pay_total is None


def test_at_most_fifty_goals_are_offered_and_all_can_be_found(ws: Workspace) -> None:
    assert len(ws.goal_choices(EXECUTIVE, "2013")) == 50
    assert "ewr-ua-ontime" in [choice.id for choice in ws.goal_choices(EXECUTIVE, "2013", text="on-time ewr united")]
    assert ws.goal_choices(EXECUTIVE, "2013", text="到港准点 ewr")[0].id == "ewr-ontime"
    hidden = [choice.id for choice in ws.goal_choices(DUTY_MANAGER, "2013", text="p0002-ontime")]
    assert hidden == []


def test_the_year_ahead_is_told_while_it_runs_and_not_after(ws: Workspace) -> None:
    summer = datetime.date(2013, 8, 15)
    shown = ws.ahead(EXECUTIVE, "2013", summer)
    assert shown is not None
    told = ws.forecasts(EXECUTIVE, "2013", shown.goals["goal"].to_list(), summer).select("goal", wanted="forecast")
    both = shown.goals.join(told, on="goal")
    assert both.filter(pl.col("forecast").ne_missing(pl.col("wanted"))).is_empty()
    assert shown.pay is not None
    assert ws.ahead(DUTY_MANAGER, "2013", summer).pay is None
    assert ws.ahead(EXECUTIVE, "2013", datetime.date(2014, 1, 5)) is None


def test_all_of_it_can_be_said_in_every_language(ws: Workspace) -> None:
    shown = ws.preview_change(EXECUTIVE, "nyc-flights", {"target": 330_000}, "2013", spread=Wish("even"))
    added = ws.preview_goal(EXECUTIVE, NewGoal("NYC", "departure_d0_rate", target=60), "2013")
    closed = ws.preview_close(EXECUTIVE, "nyc-reliability", "2013")
    causes = tuple(cause for cause in ws.portfolio(EXECUTIVE, "2013").causes if cause)
    told = (*shown.sentence, *added.sentence, *closed.sentence, *causes, *ws.strategy(EXECUTIVE, "2013").sentence)
    for message in told:
        english, chinese = (render(message, locale) for locale in LOCALES)
        assert english != chinese
        assert "{" not in chinese


def test_the_years_before_stand_beside_a_target_the_latest_first(tmp_path: Path) -> None:
    """Three cycles: 2024 measured 10 + 20, 2025 measured 40, 2026 is the present one."""
    case = {
        "case": "three years",
        "calendar": [{"cycle": str(year), "starts": f"{year}-01-01"} for year in (2024, 2025, 2026)],
        "metrics": [{"metric": "sales", "direction": "higher"}],
        "goals": [{"goal": "sell", "metric": "sales", "target": 50}],
        "measurements": [
            {"metric": "sales", "day": day, "value": value}
            for day, value in (("2024-02-01", 10), ("2024-12-31", 20), ("2025-06-01", 40), ("2026-01-05", 3))
        ],
    }
    store = tmp_path / "case.duckdb"
    create_store(store)
    ws = Workspace.open(store)
    try:
        apply(
            ws,
            write_company(case, tmp_path / "config"),
            who="test",
            at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        )
        at = datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)
        taken = read_tidy(write_measurements(case, tmp_path / "data.csv"), known_words(ws.company()))
        load_facts(ws, taken.facts.drop("row"), "data.csv", who="test", at=at)
        shown = ws.target_desk(ADMINISTRATOR, "2026", Part(), datetime.date(2026, 12, 31))
        assert shown.earlier == ("2025", "2024")
        assert shown.rows["earlier"].to_list() == [[40.0, 30.0]]
        assert shown.rows["actual"].to_list() == [3.0]
    finally:
        ws.close()


def test_the_form_of_a_goal_that_sums_up_what_is_below_it_has_its_weight_alone(ws: Workspace) -> None:
    shown = ws.target_form(ADMINISTRATOR, "nyc-reliability", "2013")
    assert (shown.row["metric"], shown.fields) == (None, ("weight",))
