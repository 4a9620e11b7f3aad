"""Sheets in which numbers that are not measured, or not of one month, stand among those that are: none of them becomes a fact."""

from dataclasses import replace

import pytest

from kpiflow.core.metric import Measure, MetricKind
from kpiflow.sources.workbooks import CalledMetric, answered, found, unfolded

JAN, FEB, MAR = "2013-01-31", "2013-02-28", "2013-03-31"


@pytest.fixture
def known(known):
    more = (
        CalledMetric("complaints", "Complaints", "旅客投诉"),
        CalledMetric("staff", "Headcount", "在岗人数", kind=MetricKind.SNAPSHOT),
        CalledMetric("training", "Training hours", "培训学时", measure=Measure.HOURS),
    )
    return replace(known, metrics=(*known.metrics, *more))


def read(taken, page):
    """The facts of a sheet by unit and day, which cells were set aside by which rule, and what was asked."""
    rows, out, told = taken(page)
    facts = {(unit, day): value for (_, unit, _, day), value in rows.items()}
    asked = {one.kind for one in told.questions}
    return facts, dict(out.rejected.select("cell", "rule").rows()), asked, out


def offered(out):
    return {(one.unit, one.day): float(one.value) for one in out.targets}


def test_rows_of_a_plan_are_offered_as_targets_where_the_actual_is_still_empty(sheet, taken):
    page = sheet(
        [["2013年 旅客投诉"], ["单位", "类别", "1月", "2月"], ["纽瓦克", "计划", 5, 6], [None, "实际", 4, None],
         ["肯尼迪", "计划", 7, 7], [None, "实际", 8, None], ["合计", "计划", 12, 13], [None, "实际", 12, None]],
    )  # fmt: skip
    facts, aside, _, out = read(taken, page)
    assert facts == {("EWR", JAN): 4, ("JFK", JAN): 8}
    assert not aside
    assert offered(out) == {("EWR", JAN): 5, ("EWR", FEB): 6, ("JFK", JAN): 7, ("JFK", FEB): 7}
    assert {one.where for one in out.left_out} == {"Sheet1!3:3", "Sheet1!5:5", "Sheet1!7:7", "Sheet1!8:8"}


def test_a_scenario_beside_each_number_keeps_budget_and_forecast_out(sheet, taken):
    page = sheet(
        [["Scenario", "Station", "KPI", "Period", "Amount"], ["ACT", "Newark", "Complaints", "2013-01", 5],
         ["BUD", "Newark", "Complaints", "2013-02", 6], ["Forecast", "Kennedy", "Complaints", "2013-02", 9],
         ["Working copy", "Kennedy", "Complaints", "2013-01", 9], [None, "LaGuardia", "Complaints", "2013-01", 9]]
    )  # fmt: skip
    facts, aside, _, out = read(taken, page)
    assert facts == {("EWR", JAN): 5}
    assert aside == {"Sheet1!A5": "unclear_kind", "Sheet1!A6": "unclear_kind"}
    assert offered(out) == {("EWR", FEB): 6}


def test_a_kept_mapping_notices_the_first_budget_in_a_column_that_said_actual_only(sheet, known):
    head = ["Type", "Station", "KPI", "Period", "Amount"]
    before = sheet([head, ["Actual", "Newark", "Complaints", "2013-01", 5]])
    mapping = found(before, known).mapping
    now = sheet(
        [head, ["Actual", "Newark", "Complaints", "2013-02", 6], ["Budget", "Kennedy", "Complaints", "2013-02", 7]]
    )
    assert unfolded(now, mapping, known).facts["unit"].to_list() == ["EWR"]


def test_goals_and_attainment_below_each_unit_are_no_metrics(sheet, taken):
    page = sheet(
        [["2013年旅客投诉"], ["单位", "指标", "1月", "2月"], ["纽瓦克", "目标", 5, 5], [None, "实际", 4, 6],
         [None, "达成率", "80%", "120%"], ["肯尼迪", "目标", 7, 7], [None, "实际", 8, 9], [None, "达成率", "88%", "78%"]]
    )  # fmt: skip
    facts, aside, _, _ = read(taken, page)
    assert facts == {("EWR", JAN): 4, ("EWR", FEB): 6, ("JFK", JAN): 8, ("JFK", FEB): 9}
    assert not aside


def test_finished_or_not_is_no_kind_and_a_remark_takes_no_row_away(sheet, taken):
    page = sheet(
        [["单位", "2013年1月旅客投诉", "状态", "备注"], ["纽瓦克", 5, "完成", "预计"], ["肯尼迪", 6, "未完成", None]]
    )
    assert read(taken, page)[0] == {("EWR", JAN): 5, ("JFK", JAN): 6}


def test_two_things_in_one_heading_and_the_measured_one_counts_least(sheet, taken):
    page = sheet(
        [["2013年3月旅客投诉及累计情况"], ["单位", "本月计划", "本月完成", "上年实际", "累计完成", "累计计划", "LY actual"],
         ["纽瓦克", 1, 2, 3, 6, 7, 8], ["肯尼迪", 1, 3, 3, 6, 7, 8]]
    )  # fmt: skip
    facts, aside, _, out = read(taken, page)
    assert facts == {("EWR", MAR): 2, ("JFK", MAR): 3}
    assert not aside
    assert offered(out) == {("EWR", MAR): 1, ("JFK", MAR): 1}


@pytest.mark.parametrize("title", ["Complaints YTD March 2013", "2013年3月旅客投诉（累计）"])
def test_what_adds_up_from_january_is_not_the_month_s_own(sheet, taken, known, title):
    page = sheet([[title], ["Station", "Value"], ["Newark", 6], ["Kennedy", 7]])
    facts, aside, asked, _ = read(taken, page)
    assert not facts
    assert set(aside.values()) == {"adds_up"}
    assert "running" in asked
    told = found(page, known)
    question = next(one for one in told.questions if one.kind == "running")
    alone = unfolded(page, answered(told.mapping, question, "alone"), known)
    assert alone.facts["value"].to_list() == [6, 7]
    assert not alone.questions


def test_months_across_under_a_cumulative_title_wait_and_a_level_does_not(sheet, taken):
    rows = [["Station", "Jan", "Feb"], ["Newark", 1, 3]]
    assert not read(taken, sheet([["Complaints cumulative 2013"], *rows]))[0]
    levels = read(taken, sheet([["Headcount cumulative 2013"], *rows]))[0]
    assert levels == {("EWR", JAN): 1, ("EWR", FEB): 3}


@pytest.mark.parametrize(
    "title",
    ["2013年1-3月旅客投诉", "Complaints Jan–Mar 2013", "2013年一至三月旅客投诉", "Complaints January to March 2013"],
)
def test_a_run_of_months_is_neither_its_last_month_nor_a_day(sheet, taken, title):
    facts, _, asked, _ = read(taken, sheet([[title], ["单位", "实际"], ["纽瓦克", 6]]))
    assert not facts
    assert "period" in asked


def test_one_number_merged_over_units_or_months_belongs_to_none_of_them(sheet, taken):
    rows = [
        ["Complaints 2013"],
        ["Station", "Jan", "Feb"],
        ["Newark", 12, 3],
        ["Kennedy", None, 4],
        ["LaGuardia", 5, None],
    ]
    facts, aside, _, out = read(taken, sheet(rows, merges=("B3:B4", "B5:C5")))
    assert facts == {("EWR", FEB): 3, ("JFK", FEB): 4}
    assert aside == {"Sheet1!B3": "merged_numbers", "Sheet1!B5": "merged_numbers"}
    assert "B5:C5" in out.rejected["message"][1]


def test_cells_merged_for_looks_alone_are_read(sheet, taken):
    page = sheet(
        [["Complaints 2013"], ["Station", "Jan", None, "Feb", None], ["Newark", 12, None, 3, None], [None] * 5],
        merges=("B2:C2", "D2:E2", "B3:C4", "D3:E4", "A3:A4"),
    )  # fmt: skip
    assert read(taken, page)[0] == {("EWR", JAN): 12, ("EWR", FEB): 3}


def test_a_unit_that_is_the_sum_of_those_below_it_counts_once(sheet, taken):
    rows = [
        ["Complaints 2013"],
        ["Station", "Jan", "Feb"],
        ["NYC airport operations", 9, 11],
        ["Newark", 4, 5],
        ["Kennedy", 5, 6],
    ]
    facts, aside, _, out = read(taken, sheet(rows))
    assert facts == {("EWR", JAN): 4, ("EWR", FEB): 5, ("JFK", JAN): 5, ("JFK", FEB): 6}
    assert set(aside.values()) == {"sum_of_units_below"}
    assert "Newark, Kennedy" in out.rejected["message"][0]
    own = [*rows[:2], ["NYC airport operations", 9, 2], *rows[3:]]  # in February its own
    assert read(taken, sheet(own))[0][("NYC", FEB)] == 2


def test_a_percentage_column_beside_a_count_is_no_count(sheet, taken):
    page = sheet(
        [["KPI", "Station", "Q1", None, None], [None, None, "Plan", "Actual", "%"], ["Complaints", "Newark", 5, 4, 80],
         ["Revenue (k CNY)", "Newark", 100, None, 90]],
        merges=("C1:E1",), title="2013",
    )  # fmt: skip
    facts, aside, _, _ = read(taken, page)
    assert facts == {("EWR", MAR): 4}
    assert set(aside.values()) == {"percent_not_expected"}


def test_a_title_that_names_two_metrics_or_two_units_is_asked(sheet, taken):
    facts, _, asked, _ = read(
        taken, sheet([["Satisfaction and Complaints, March 2013"], ["Station", "Value"], ["Newark", 5]])
    )
    assert not facts
    assert "metric" in asked
    facts, _, asked, _ = read(
        taken, sheet([["NYC airport operations - Newark 2013"], ["KPI", "Jan"], ["Complaints", 5]])
    )
    assert not facts
    assert "unit" in asked


def test_quarters_and_years_in_rows_below_their_months_are_left_out(sheet, taken):
    page = sheet(
        [["旅客投诉 2013年"], ["月份", "纽瓦克", "肯尼迪"], ["1月", 1, 2], ["2月", 3, None], ["3月", 5, None], ["一季度", 9, 7],
         ["上半年", 9, 13], ["全年", 9, 13]]
    )  # fmt: skip
    facts, aside, _, _ = read(taken, page)
    assert facts == {("EWR", JAN): 1, ("EWR", FEB): 3, ("EWR", MAR): 5, ("JFK", JAN): 2}
    assert aside == dict.fromkeys(("Sheet1!B6", "Sheet1!C6", "Sheet1!B7", "Sheet1!C7"), "sum_of_periods")
    listed = sheet(
        [
            ["Station", "Period", "Complaints"],
            ["Newark", "2013-01", 1],
            ["Newark", "2013", 6],
            ["Kennedy", "2013-Q1", 7],
        ]
    )
    facts, aside, _, _ = read(taken, listed)
    assert facts == {("EWR", JAN): 1, ("JFK", MAR): 7}  # of Kennedy there is nothing shorter
    assert aside == {"Sheet1!C3": "sum_of_periods"}


@pytest.mark.parametrize(
    ("title", "name"),
    [("2013年旅客投诉目标分解表", "Sheet1"), ("Complaints 2013", "Budget"), ("Complaints forecast 2013", "Q1")],
)
def test_a_table_of_targets_alone_is_asked_about(sheet, taken, known, title, name):
    page = sheet([[title], ["Station", "Jan", "Feb"], ["Newark", 5, 6]], title=name)
    facts, aside, asked, _ = read(taken, page)
    assert not facts
    assert set(aside.values()) == {"planned"}
    assert "planned" in asked
    told = found(page, known)
    question = next(one for one in told.questions if one.kind == "planned")
    assert unfolded(page, answered(told.mapping, question, "measured"), known).facts["value"].to_list() == [5, 6]


@pytest.mark.parametrize(
    "title", ["2013年旅客投诉目标完成情况", "Complaints 2013 target vs actual", "计划财务部 旅客投诉 2013年"]
)
def test_a_title_that_speaks_of_results_too_is_no_plan(sheet, taken, title):
    assert read(taken, sheet([[title], ["Station", "Jan", "Feb"], ["Newark", 5, 6]], merges=("A1:C1",)))[0]
