"""Sheets as clerks keep them, which were read wrongly or not at all: headings in three rows, corners, days in two digits."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kpiflow.core.calendar import Calendar, Cycle
from kpiflow.core.metric import Measure
from kpiflow.sources.workbooks import CalledMetric, answered, found, unfolded

JAN, FEB, MAR = "2013-01-31", "2013-02-28", "2013-03-31"


@pytest.fixture
def known(known):
    more = (
        CalledMetric("delay", "Mean delay", "平均延误", measure=Measure.MINUTES),
        CalledMetric("complaints", "Complaints", "旅客投诉"),
    )
    return replace(known, metrics=(*known.metrics, *more))


def facts(out):
    return {
        (metric, unit, day.isoformat()): value if value is not None else (top, bottom)
        for metric, unit, day, value, top, bottom in out.facts.select(
            "metric", "unit", "day", "value", "numerator", "denominator"
        ).rows()
    }


def reasons(out):
    return dict(out.rejected.select("cell", "rule").rows())


@pytest.mark.parametrize("corner", [None, "", "Month"])
def test_counts_below_their_months_are_no_months(sheet, taken, corner):
    page = sheet(
        [["Monthly complaints 2013"], [corner, "EWR", "JFK", "LGA", "Total"], ["Jan", 1, 2, 3, 6], ["Feb", 4, 5, 6, 15]]
    )
    rows, out, _ = taken(page)
    assert {(unit, day): value for (_, unit, _, day), value in rows.items()} == {
        ("EWR", JAN): 1, ("JFK", JAN): 2, ("LGA", JAN): 3, ("EWR", FEB): 4, ("JFK", FEB): 5, ("LGA", FEB): 6,
    }  # fmt: skip
    assert not out.rejected.height


@pytest.mark.parametrize(
    "rows",
    [
        [["2013", "Month"], ["Station", 1, 2, 3], ["EWR", 7, 8, 9]],
        [["2013年实际执行航班"], ["部门\\月份", 1, 2, 3], ["EWR", 7, 8, 9]],
    ],
)  # fmt: skip
def test_numbers_that_are_said_to_be_months_are(sheet, known, rows):
    told = found(sheet(rows, title="Flights operated 2013"), known)
    out = unfolded(sheet(rows, title="Flights operated 2013"), told.mapping, known)
    assert facts(out) == {("flights", "EWR", JAN): 7, ("flights", "EWR", FEB): 8, ("flights", "EWR", MAR): 9}


def test_growth_between_the_months_is_left_out_and_not_read_as_the_month(sheet, taken):
    page = sheet(
        [["2013年营业收入（万元）"], ["部门", "1月", None, None, "2月", None, None, "一季度累计"],
         [None, "本期", "同比", "环比", "本期", "上年同期", "环比", None],
         ["纽瓦克", 10, 5, 3, 12, 11, 2, 22], ["肯尼迪", 1, 5, 3, 2, 1, 2, 3], ["合计", 11, 5, 3, 14, 12, 2, 25]],
        merges=("A2:A3", "B2:D2", "E2:G2", "H2:H3"),
    )  # fmt: skip
    rows, out, told = taken(page)
    assert rows == {
        ("revenue", "EWR", None, JAN): 100_000, ("revenue", "EWR", None, FEB): 120_000,
        ("revenue", "JFK", None, JAN): 10_000, ("revenue", "JFK", None, FEB): 20_000,
    }  # fmt: skip
    assert not out.rejected.height
    assert not told.questions


def test_a_corner_merged_over_two_columns_and_two_rows_keeps_the_months(sheet, taken):
    page = sheet(
        [["2013年各站服务指标"], ["站点", None, "1月", None, None, "2月", None, None],
         [None, None, "计划", "实际", "去年同期", "计划", "实际", "去年同期"],
         ["纽瓦克", "实际执行航班", 10, 11, 9, 10, 12, 8], [None, "旅客投诉", 1, 2, 3, 1, 3, 2],
         ["肯尼迪", "实际执行航班", 20, 21, 19, 20, 22, 18]],
        merges=("A2:B3", "C2:E2", "F2:H2", "A4:A5"),
    )  # fmt: skip
    rows, _, told = taken(page)
    assert rows == {
        ("flights", "EWR", None, JAN): 11, ("flights", "EWR", None, FEB): 12, ("complaints", "EWR", None, JAN): 2,
        ("complaints", "EWR", None, FEB): 3, ("flights", "JFK", None, JAN): 21, ("flights", "JFK", None, FEB): 22,
    }  # fmt: skip
    assert not told.questions


def test_a_period_in_the_corner_holds_for_the_table_and_next_month_for_the_next(sheet, taken, known):
    rows = [["2013-03", "Newark", "Kennedy "], ["Flights operated", 5, 6], ["Complaints", 1, 2]]
    read, _, told = taken(sheet(rows))
    assert read[("flights", "EWR", None, MAR)] == 5
    assert len(read) == 4
    assert not told.questions
    later = unfolded(sheet([["2013-04", *rows[0][1:]], *rows[1:]]), told.mapping, known)
    assert {day for _, _, day in facts(later)} == {"2013-04-30"}
    quarters = sheet([["2013", "Q1", "Q2"], ["EWR", 1, 2]], title="Flights operated")
    assert taken(quarters)[0] == {("flights", "EWR", None, MAR): 1, ("flights", "EWR", None, "2013-06-30"): 2}


def test_a_multiple_of_a_count_above_several_metrics_is_not_guessed(sheet, taken):
    page = sheet([["2013-03"], ["单位：万人次 / %"], ["部门", "旅客投诉", "满意度"], ["EWR", 5, 93]])
    rows, out, _ = taken(page)
    assert rows == {("nps", "EWR", None, MAR): 93}
    assert reasons(out) == {"Sheet1!B4": "scale_not_said"}
    assert "headings" in out.rejected["message"][0]
    said = sheet([["2013-03"], ["单位：万人次 / %"], ["部门", "旅客投诉（万人次）", "满意度"], ["EWR", 5, 93]])
    assert taken(said)[0][("complaints", "EWR", None, MAR)] == 50_000
    alone = sheet([["2013-03 旅客投诉"], ["单位：万人次"], ["部门", "数值"], ["EWR", 5]])
    assert list(taken(alone)[0].values()) == [50_000]


@pytest.mark.parametrize(
    ("heading", "written", "minutes"),
    [("（小时）", 0.5, 30), ("(h)", "0,25", 15), ("（分钟）", 12, 12), ("", "0.5 h", 30)],
)
def test_hours_are_told_in_the_minutes_of_their_metric_wherever_it_is_said(sheet, taken, heading, written, minutes):
    down = sheet([["2013-03"], ["部门", "指标", "数值"], ["EWR", f"平均延误{heading}", written]])
    across = sheet([["2013-03"], ["部门", f"平均延误{heading}", "旅客投诉"], ["EWR", written, 1]])
    for page in (down, across):
        assert taken(page)[0][("delay", "EWR", None, MAR)] == minutes


def test_a_column_says_what_each_row_is_in_by_single_letters_too(sheet, taken):
    page = sheet(
        [["Station", "Metric", "Period", "Value", "Unit"], ["EWR", "Mean delay", "2013M03", "0.2", "h"],
         ["JFK", "Mean delay", "03/2013", 12, "min"], ["LGA", "Revenue", "Mar 2013", "1.5", "CNY m"],
         ["JFK", "Revenue", "Mar 2013", "1,234.5", "k CNY"]]
    )  # fmt: skip
    rows, out, _ = taken(page)
    assert rows == {
        ("delay", "EWR", None, MAR): 12, ("delay", "JFK", None, MAR): 12, ("revenue", "LGA", None, MAR): 1_500_000,
        ("revenue", "JFK", None, MAR): 1_234_500,
    }  # fmt: skip
    assert not out.rejected.height


def test_a_year_in_two_digits_may_stand_first_and_is_asked_unless_the_years_tell(sheet, taken, known):
    across = sheet([["Station", "KPI", "13.03.05", "13.03.06"], ["EWR", "Flights", 1, 2]])
    assert taken(across)[0] == {("flights", "EWR", None, "2013-03-05"): 1, ("flights", "EWR", None, "2013-03-06"): 2}
    rows = [["Station", "Date", "Flights"], ["EWR", "13.03.05", 5]]
    _, out, told = taken(sheet(rows))
    assert set(out.rejected["rule"]) == {"ambiguous_day"}
    asked = next(one for one in told.questions if one.kind == "dates")
    assert len(asked.choices) == 2
    by = {one.value: unfolded(sheet(rows), answered(told.mapping, asked, one.value), known) for one in asked.choices}
    assert {next(iter(facts(one)))[2] for one in by.values()} == {"2005-03-13", "2013-03-05"}
    titled = sheet([["Flights 2013"], *rows])
    assert list(taken(titled)[0]) == [("flights", "EWR", None, "2013-03-05")]
    planned = replace(known, calendar=Calendar(cycles=(Cycle(cycle="2013", starts="2013-01-01"),)))
    told = found(sheet(rows), planned)
    assert list(facts(unfolded(sheet(rows), told.mapping, planned))) == [("flights", "EWR", "2013-03-05")]
    assert any("so the years fit" in str(one.said) for one in told.remarks)
    german = sheet([["Station", "Datum", "Flights"], ["EWR", "28.02.26", 5], ["EWR", "31.03.26", 6]])
    assert [day for *_, day in taken(german)[0]] == ["2026-02-28", "2026-03-31"]


COUNTED = {"On time flights": "ontime/numerator", "All flights": "ontime/denominator"}


def confirmed(page, known, answers):
    """What is read of a sheet once names are confirmed, asked for or not."""
    told = found(page, known)
    mapping = told.mapping
    asked = {one.written: one for one in told.questions}
    for written, meant in answers.items():
        mapping = (
            answered(mapping, asked[written], meant)
            if written in asked
            else mapping.with_name("metric", written, meant)
        )
    return unfolded(page, mapping, known), told


def test_the_counts_of_a_rate_under_names_of_their_own_across(sheet, known):
    page = sheet(
        [["Month", "Station", "On time flights", "All flights"], ["2013-01", "EWR", 5, 6], ["2013-02", "JFK", 5, 7],
         ["2013-03", "JFK", 5, None]]
    )  # fmt: skip
    out, told = confirmed(page, known, COUNTED)
    assert facts(out) == {("ontime", "EWR", JAN): (5, 6), ("ontime", "JFK", FEB): (5, 7)}
    assert reasons(out) == {"Sheet1!C4": "ratio_needs_both_parts"}
    offered = {one.value for two in told.questions for one in two.choices}
    assert {"ontime/numerator", "ontime/denominator"} <= offered
    assert not out.questions


def test_the_counts_of_a_rate_under_names_of_their_own_down(sheet, known):
    page = sheet(
        [["2013"], ["Station", "KPI", "Jan", "Feb"], ["EWR", "On time flights", 5, 6], ["EWR", "Complaints", 1, 2],
         ["EWR", "All flights", 7, 8]]
    )  # fmt: skip
    out, _ = confirmed(page, known, COUNTED)
    assert facts(out) == {
        ("ontime", "EWR", JAN): (5, 7), ("ontime", "EWR", FEB): (6, 8), ("complaints", "EWR", JAN): 1,
        ("complaints", "EWR", FEB): 2,
    }  # fmt: skip
    assert not out.rejected.height


def test_counts_in_a_third_row_of_headings_are_asked_and_the_rate_beside_them_says_nothing_new(sheet, known):
    page = sheet(
        [["2013年3月旅客服务质量月报"], ["序号", "部门", "到港准点率", None, None, "旅客投诉", None, "备注"],
         [None, None, "本月", None, None, "本月", "上月", None], [None, None, "准点航班", "总航班", "准点率", "件数", "件数", None],
         [1, "纽瓦克", 90, 100, "90.00%", 5, 6, "雷雨"], [2, "肯尼迪", 80, 100, "80.00%", 3, "—", None],
         [None, "小计", 170, 200, "85%", 8, 6, None]],
        merges=("A1:H1", "A2:A4", "B2:B4", "C2:E2", "C3:E3", "F2:G2", "H2:H4"),
    )  # fmt: skip
    before = unfolded(page, found(page, known).mapping, known)
    assert not any(metric == "ontime" for metric, *_ in facts(before))
    out, told = confirmed(page, known, {"准点航班": "ontime/numerator", "总航班": "ontime/denominator"})
    assert {"准点航班", "总航班"} <= {one.written for one in told.questions}
    assert facts(out) == {
        ("ontime", "EWR", MAR): (90, 100), ("ontime", "JFK", MAR): (80, 100), ("complaints", "EWR", MAR): 5,
        ("complaints", "JFK", MAR): 3,
    }  # fmt: skip
    assert not out.rejected.height


def test_counts_that_contradict_each_other_make_no_rate_and_the_same_count_again_makes_one(sheet, known):
    head = [["2013-01"], ["Station", "KPI", "Value"]]
    same = [["EWR", "On time flights", 5], ["EWR", "All flights", 7], ["EWR", "On time flights", 5]]
    out, _ = confirmed(sheet([*head, *same]), known, COUNTED)
    assert (facts(out), reasons(out)) == ({("ontime", "EWR", JAN): (5, 7)}, {"Sheet1!C5": "same_again"})
    out, _ = confirmed(sheet([*head, *same[:2], ["EWR", "On time flights", 6]]), known, COUNTED)
    assert not facts(out)
    assert reasons(out) == {
        "Sheet1!C3": "once_in_the_file", "Sheet1!C4": "ratio_needs_both_parts", "Sheet1!C5": "once_in_the_file",
    }  # fmt: skip


def test_cells_that_say_the_same_are_taken_once_and_name_each_other(sheet, known):
    page = sheet([["2013-01"], ["Station", "Flights"], ["EWR", 5], ["EWR*", 5], ["JFK", 1], ["JFK ", 2]])
    out = unfolded(page, found(page, known).mapping, known)
    assert facts(out) == {("flights", "EWR", JAN): Decimal(5)}
    assert reasons(out) == {
        "Sheet1!B4": "same_again", "Sheet1!B5": "once_in_the_file", "Sheet1!B6": "once_in_the_file",
    }  # fmt: skip
    assert out.rejected["message"][0] == "It says the same as cell Sheet1!B3, which is taken."
