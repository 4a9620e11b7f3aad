"""What pages receive: sentences, sums that add up, and only the rows the person asking may see."""

import datetime

import polars as pl
import pytest

from kpiflow.core.calendar import Calendar, Cycle
from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.scoring.moment import Moment
from kpiflow.workspace import ADMINISTRATOR, LOCALES, Asker, Filter, Workspace, render
from kpiflow.workspace.handing_down.reconciliation import reconciliation_rows
from kpiflow.workspace.listing import appraisal_rows, score_rows
from kpiflow.workspace.outlooks.needed import needed as needed_of
from kpiflow.workspace.paying import pay_run, statement_of
from kpiflow.workspace.results import results
from kpiflow.workspace.treemap import LEVELS

EXECUTIVE, DEPARTMENT_HEAD, DUTY_MANAGER = Asker("p0001"), Asker("p0002"), Asker("p0101")


def test_the_overview_opens_with_the_costliest_miss(ws: Workspace) -> None:
    answer = ws.overview(EXECUTIVE, "2013")
    said = " ".join(render(message) for message in answer.sentence)
    assert "73.42 %" in said
    assert "77.62 %" in said
    assert "explains" in said


def test_a_waterfall_adds_up_to_the_change_of_the_score(ws: Workspace) -> None:
    answer = ws.overview(EXECUTIVE, "2013-06")
    assert answer.headline.score is not None
    assert answer.headline.score_before is not None
    change = answer.headline.score - answer.headline.score_before
    assert answer.moved["change"].sum() == pytest.approx(change, abs=1e-8)


def test_the_picture_of_the_tree_has_one_root_and_parts_that_fill_it(ws: Workspace) -> None:
    tree = ws.overview(EXECUTIVE, "2013").tree
    assert tree["parent"].null_count() == 1
    parts = (
        tree.group_by("parent")
        .agg(pl.col("weight").sum())
        .join(tree.select(parent="goal", whole="weight"), on="parent")
    )
    assert parts.filter((pl.col("weight") - pl.col("whole")).abs() > 1e-9).is_empty()


def test_the_picture_holds_the_upper_levels_each_with_its_part_of_the_whole(ws: Workspace) -> None:
    tree = ws.overview(EXECUTIVE, "2013").tree
    company = ws.company()
    rows = {row["goal"]: row for row in results(ws, "2013").to_dicts()}
    own = {
        goal: row["rollup_weight"] if row["rollup_weight"] is not None else row["weight"] for goal, row in rows.items()
    }
    enterprise = company.profile.enterprise
    tops = {
        goal
        for goal, row in rows.items()
        if (row["owner_kind"], row["owner"]) == ("unit", enterprise)
        and row["parent"] is None
        and row["commitment"] == "committed"
    }

    def way(goal: str) -> list[str]:
        """The goal and all above it, as long as they are there."""
        above = rows[goal]["parent"]
        return [goal] if above is None else [goal, *(way(above) if above in rows else ["nowhere"])]

    def part(goal: str) -> float:
        """What a goal is of the whole, from the top down, one goal at a time."""
        above = rows[goal]["parent"]
        beside = tops if goal in tops else {one for one, row in rows.items() if row["parent"] == above}
        whole = sum(own[one] for one in beside)
        return (own[goal] / whole if whole > 0 else 1 / len(beside)) * (1.0 if goal in tops else part(above))

    held = {goal: way(goal) for goal in rows}
    expected = {
        goal: part(goal)
        for goal, above in held.items()
        if above[-1] in tops
        and (len(above) <= LEVELS or (rows[goal]["owner_kind"], rows[goal]["owner"]) == ("unit", enterprise))
    }
    assert max(len(above) for above in held.values() if above[-1] in tops) >= LEVELS
    assert dict(tree.select("goal", "weight").iter_rows()) == pytest.approx({company.profile.company: 1.0, **expected})


def test_the_first_period_has_nothing_before_it(ws: Workspace) -> None:
    answer = ws.overview(EXECUTIVE, "2013-01")
    assert answer.headline.score_before is None
    assert answer.moved.is_empty()
    assert answer.period_before is None


def test_children_contribute_what_the_parent_has(ws: Workspace) -> None:
    page = ws.goal(EXECUTIVE, "nyc-service", "2013")
    assert page.children.filter("counted")["contribution"].sum() == pytest.approx(page.row["points"], abs=1e-8)


def test_reasons_are_said_in_every_language(ws: Workspace) -> None:
    page = ws.goal(EXECUTIVE, "nyc-ontime", "2013")
    for locale in LOCALES:
        said = [render(line, locale) for reason in page.why for line in reason.lines]
        assert any("247,246" in line and "336,776" in line and "73.42" in line for line in said)
    assert render(page.why[0].title, "zh") != render(page.why[0].title, "en")


def test_what_is_needed_for_the_next_status_reaches_it(ws: Workspace) -> None:
    """The stated actual, put through the goal's own convention, gives exactly the pace the rule asks for."""
    row = results(ws, "2013").filter(pl.col("goal") == "nyc-ontime").row(0, named=True)
    lines = [render(line) for reason in ws.goal(EXECUTIVE, "nyc-ontime", "2013").why for line in reason.lines]
    assert any(f"For On pace it takes {row['expected']:.2f} %" in line for line in lines)


def test_the_rows_behind_a_number_are_all_counted(ws: Workspace) -> None:
    page = ws.goal(EXECUTIVE, "ewr-ua-ontime", "2013")
    assert page.row_count == page.row["rows"]
    assert page.loads["rows"].sum() == page.row_count
    assert set(page.rows["unit"]) == {"EWR-UA"}


def test_an_unknown_goal_or_period_offers_the_nearest(ws: Workspace) -> None:
    with pytest.raises(NotFound, match="nyc-ontime"):
        ws.goal(EXECUTIVE, "nyc-ontme", "2013")
    with pytest.raises(NotFound, match="2013-Q2"):
        ws.overview(EXECUTIVE, "2013-Q22")


def test_before_the_company_was_defined_there_is_a_clear_answer(ws: Workspace) -> None:
    with pytest.raises(InvalidInput, match="no company had been defined yet"):
        ws.overview(EXECUTIVE, "2013", datetime.date(2012, 1, 1))


def test_nobody_sees_the_goals_or_pay_of_people_outside_their_reach(ws: Workspace) -> None:
    everybody = set(ws.company().people["person"])
    for person in everybody:
        asker, reach = Asker(person), ws.reach(Asker(person))
        allowed = everybody if reach.people is None else reach.people
        seen = {row["owner"] for row in score_rows(ws, asker, "2013") if row["owner_kind"] == "person"}
        assert seen <= allowed
        assert {row["person"] for row in appraisal_rows(ws, asker, "2013")} <= allowed
        assert person in allowed
        for other in everybody - allowed:
            with pytest.raises(Refused, match=other):
                ws.progress(asker, other, "2013")
            with pytest.raises(Refused):
                statement_of(ws, asker, other, "2013")


def test_staff_read_themselves_and_a_head_reads_the_department(ws: Workspace) -> None:
    assert ws.reach(DUTY_MANAGER).people == {"p0101"}
    below = ws.unit_tree(None).filter(pl.col("ancestor") == "EWR")["unit"]
    current = ws.company().assignments.filter(pl.col("ends").is_null(), pl.col("unit").is_in(below.implode()))
    assert ws.reach(DEPARTMENT_HEAD).people == set(current["person"])
    assert ws.reach(EXECUTIVE).people is None


def test_a_persons_goal_outside_reach_is_refused_with_the_reason(ws: Workspace) -> None:
    theirs = next(row["goal"] for row in score_rows(ws, ADMINISTRATOR, "2013", owner="p0209"))
    with pytest.raises(Refused, match=r"There is no goal '.*', or you may not see it"):
        ws.goal(DUTY_MANAGER, theirs, "2013")
    assert theirs not in {choice.id for choice in ws.goal_choices(DUTY_MANAGER, "2013")}


def test_a_units_goal_shows_no_measurements_of_people_outside_reach(ws: Workspace) -> None:
    everything = ws.goal(ADMINISTRATOR, "ewr-9e-ontime", "2013")
    mine = ws.goal(DUTY_MANAGER, "ewr-9e-ontime", "2013")
    stranger = ws.goal(Asker("p0123"), "ewr-9e-ontime", "2013")
    assert everything.rows["person"].n_unique() > 1
    assert set(mine.rows["person"]) == {"p0101"}
    assert stranger.rows["person"].drop_nulls().is_empty()
    assert everything.row_count == mine.row_count == stranger.row_count, "how many there are is no secret"


def test_who_works_here_is_not_told_by_an_error(ws: Workspace) -> None:
    with pytest.raises(Refused) as caught:
        ws.progress(DUTY_MANAGER, "p01O2", "2013")
    assert "p0102" not in str(caught.value)


def test_progress_says_what_the_rest_of_the_year_must_bring(ws: Workspace) -> None:
    """Holding the needed rate on the days left gives the target exactly, with as many flights a day as so far."""
    day = datetime.date(2013, 6, 20)
    goals = ws.progress(EXECUTIVE, "p0209", "2013", day).goals
    row = goals.filter(pl.col("metric") == "ontime_rate").row(0, named=True)
    passed = (day - datetime.date(2013, 1, 1)).days + 1
    at_the_end = (row["actual"] * passed + row["needed"] * (365 - passed)) / 365
    assert row["needed_unit"] == "hold"
    assert at_the_end == pytest.approx(row["cycle_target"], abs=1e-9)


def test_statement_lines_add_up_to_the_payout_for_everybody(ws: Workspace) -> None:
    run = pay_run(ws, "service_bonus_2013", "2013")
    assert run.wide.height > 30
    sums = run.lines.group_by("person").agg(pl.col("amount").sum())
    paid = run.wide.join(sums, on="person", suffix="_lines").filter(pl.col("amount").is_not_null())
    assert paid.filter(pl.col("amount") != pl.col("amount_lines")).is_empty()
    for person in paid["person"].head(10):
        said = statement_of(ws, ADMINISTRATOR, person, "2013")
        assert said is not None
        assert sum(line.amount for line in said.lines if line.amount is not None) == said.amount


def test_assigned_and_unassigned_add_up_at_every_node(ws: Workspace) -> None:
    rows = reconciliation_rows(ws, ADMINISTRATOR, "2013")
    assert rows
    for row in rows:
        if row["way"] == "sum":
            assert row["assigned"] + row["unassigned"] - row["over_assigned"] == pytest.approx(row["target"], abs=1e-6)


def test_what_should_stay_low_is_over_not_short(ws: Workspace) -> None:
    said = [render(part) for part in ws.overview(EXECUTIVE, "2013-Q3").sentence]
    assert said[0] == "Mean departure delay: 13.8 min against at most 10.0 min, 3.8 min over."
    progress = [render(part) for part in ws.progress(DEPARTMENT_HEAD, "p0002", "2013").sentence]
    assert progress[1].startswith("Most attention: Cancellation rate at 2.68 % against at most 1.50 %, 1.18 pp over.")


def test_silence_is_no_improvement_and_no_score(ws: Workspace) -> None:
    """A policy may give points for silence (neutral: 100); no page opens with them."""
    for period in ("2013-Q3", "2013-Q4"):
        assert not set(ws.overview(EXECUTIVE, period).improved["status"]) & {"no_data", "outdated"}
    early = datetime.date(2013, 1, 3)
    opening = ws.overview(EXECUTIVE, "2013", early).headline
    assert (opening.coverage, opening.score, opening.pay_total) == (0.0, None, None)
    said = [render(part) for part in ws.progress(DEPARTMENT_HEAD, "p0002", "2013", early).sentence]
    assert said == ["8 goals, none of them measured yet."]


def test_the_gap_is_the_actual_less_what_is_shown_beside_it(ws: Workspace) -> None:
    worst = ws.portfolio(EXECUTIVE, "2013", Filter(size=1000), datetime.date(2013, 7, 15)).rows
    assert worst.height > 100
    assert worst.filter((pl.col("actual") - pl.col("expected") - pl.col("gap")).abs() > 1e-9).is_empty()


def test_a_month_does_not_promise_a_years_bonus_on_its_own_results(ws: Workspace) -> None:
    month, year = (ws.progress(Asker("p0209"), "p0209", period) for period in ("2013-09", "2013"))
    assert (month.cycle, month.pay_total) == ("2013", year.pay_total)


def test_what_is_needed_is_told_from_the_whole_cycle(ws: Workspace) -> None:
    """Seen after the year has ended a month of it needs nothing more; what should stay low says how much is left."""
    goals = ws.progress(Asker("p0209"), "p0209", "2013-07").goals
    assert goals["needed"].null_count() == goals.height == 6
    goals = ws.progress(Asker("p0209"), "p0209", "2013", datetime.date(2013, 7, 15)).goals
    valid = goals.filter(pl.col("goal") == "p0209-valid").row(0, named=True)
    assert (valid["needed"], valid["needed_unit"]) == (18 - 10, "remaining")


def test_a_period_that_lies_ahead_says_so_first(ws: Workspace) -> None:
    july = datetime.date(2013, 7, 15)
    asked = (
        ws.overview(EXECUTIVE, "2013-11", july),
        ws.goal(EXECUTIVE, "ewr-ontime", "2013-11", july),
        ws.progress(Asker("p0209"), "p0209", "2013-11", july),
    )
    assert [render(answer.sentence[0]) for answer in asked] == ["2013-11 begins on Nov 1, 2013."] * 3


def test_the_first_goal_offered_is_the_one_that_matters_most(ws: Workspace) -> None:
    first = [ws.goal_choices(asker, "2013", None)[0].id for asker in (EXECUTIVE, Asker("p0209"))]
    assert first == ["nyc-service", "p0209-ontime"]


def test_a_plan_of_a_year_pays_nothing_for_a_month(ws: Workspace) -> None:
    with pytest.raises(InvalidInput, match=r"pays for a year, and 2013-09 is a month.*such as 2013\."):
        pay_run(ws, "service_bonus_2013", "2013-09")


@pytest.mark.parametrize(
    ("row", "how"),
    [
        ({"direction": "higher", "measure": "percent", "cycle_target": 80.0, "total": 70.0}, "hold"),  # 90 from here
        ({"direction": "higher", "measure": "percent", "cycle_target": 80.0, "total": 50.0}, "out_of_reach"),  # 110
        ({"direction": "lower", "measure": "percent", "cycle_target": 2.0, "total": 3.0}, "hold"),  # 1
        ({"direction": "lower", "measure": "percent", "cycle_target": 2.0, "total": 5.0}, "out_of_reach"),  # -1
    ],
)
def test_a_target_that_no_rest_of_the_cycle_can_reach_is_said_to_be_out_of_reach(
    row: dict[str, object], how: str
) -> None:
    """Half of the year is over, so the rest must hold 2 x target - actual."""
    calendar = Calendar(cycles=(Cycle(cycle="2024", starts=datetime.date(2024, 1, 1)),))  # 366 days: two equal halves
    moment = Moment(calendar, calendar.period("2024"), datetime.date(2024, 7, 1))
    goal = {"rollup": "own", "metric": "m", "accrues": False, "denominator": 100.0, **row}
    needed, unit = needed_of(pl.DataFrame([goal | {"asks": goal["cycle_target"]}]), moment).row(0)
    assert unit == how
    assert needed == pytest.approx(2 * goal["cycle_target"] - goal["total"])


@pytest.mark.parametrize(
    ("measure", "target", "needed", "unit"),
    [
        ("count", 2.0, 2.0, "in_all"),  # 2 in 26 weeks: one a week would be 26
        ("count", 60.0, 60 / 183 * 7, "per_week"),
        ("hours", 2.0, 2 / 183 * 7, "per_week"),  # there are parts of an hour
    ],
)
def test_of_what_is_counted_in_ones_less_than_one_a_week_is_said_in_all(
    measure: str, target: float, needed: float, unit: str
) -> None:
    calendar = Calendar(cycles=(Cycle(cycle="2024", starts=datetime.date(2024, 1, 1)),))
    moment = Moment(calendar, calendar.period("2024"), datetime.date(2024, 7, 1))  # 183 days are left
    goal = {"rollup": "own", "metric": "m", "accrues": True, "denominator": None, "direction": "higher"}
    row = pl.DataFrame([goal | {"measure": measure, "asks": target, "total": 0.0}])
    assert needed_of(row, moment).row(0) == (pytest.approx(needed), unit)
