"""Years apart from their months, days written once, measures in a column of their own, characters of Taiwan, names with codes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kpiflow.core.calendar import Calendar, Cycle
from kpiflow.core.metric import Measure
from kpiflow.sources.workbooks import Called, CalledMetric, found, read_workbook, unfolded
from kpiflow.sources.workbooks.writing import Notation

JAN, FEB, MAR = "2013-01-31", "2013-02-28", "2013-03-31"


@pytest.fixture
def known(known):
    metrics = (
        CalledMetric("complaints", "Complaints", "旅客投诉"),
        CalledMetric("cost", "Cost", "成本费用", measure=Measure.CURRENCY, currency="EUR"),
        CalledMetric("training", "Training hours", "培训学时", measure=Measure.HOURS),
        CalledMetric("delay", "Mean delay", "平均延误", measure=Measure.MINUTES),
    )
    units = (Called("101", "Maintenance", "机务部"), Called("102", "Cabin service", "客舱服务部"))
    return replace(known, metrics=(*known.metrics, *metrics), units=(*known.units, *units))


def plain(rows):
    """The facts of a sheet by unit and day."""
    return {(unit, day): value for (_, unit, _, day), value in rows.items()}


def rules(out):
    return dict(out.rejected.select("cell", "rule").rows())


@pytest.mark.parametrize(
    "head",
    [
        ["Year", "Month", "Station", "Complaints"],
        ["年份", "月份", "单位", "旅客投诉"],
        ["Jahr", "Monat", "Abteilung", "Complaints"],
    ],
)
def test_a_column_of_years_and_one_of_months_are_one_day(sheet, taken, head):
    page = sheet(
        [head, [2013, 1, "Newark", 5], [2013, 2, "Newark", 6], [2014, 1, "Kennedy", 7], [2013, 3, "Kennedy", 7]]
    )
    rows, out, _ = taken(page)
    assert plain(rows) == {("EWR", JAN): 5, ("EWR", FEB): 6, ("JFK", "2014-01-31"): 7, ("JFK", MAR): 7}
    assert not out.rejected.height


def test_the_same_in_a_text_table(tmp_path, known):
    path = tmp_path / "export.csv"
    path.write_text("Year;Quarter;Month;Station;Complaints\n2013;1;02;Newark;6\n2014;1;1;Kennedy;1\n")
    page = read_workbook(path).shown[0]
    out = unfolded(page, found(page, known).mapping, known)
    assert [(unit, day.isoformat()) for unit, day in out.facts.select("unit", "day").rows()] == [
        ("EWR", FEB),
        ("JFK", "2014-01-31"),
    ]
    assert [one.where for one in out.left_out] == ["export!B:B"]


def test_a_whole_date_says_more_than_the_year_beside_it_and_less_than_nothing_when_it_was_typed_in_later(sheet, taken):
    page = sheet(
        [
            ["Year", "Date", "Station", "Complaints"],
            [2013, "2013-03-05", "Newark", 5],
            [2013, "2013-03-06", "Newark", 6],
        ]
    )
    assert plain(taken(page)[0]) == {("EWR", "2013-03-05"): 5, ("EWR", "2013-03-06"): 6}
    page = sheet([["Year", "Month", "Station", "Complaints", "Typed in"], [2013, "Mar", "Newark", 5, "2013-04-04"]])
    assert plain(taken(page)[0]) == {("EWR", MAR): 5}


def test_a_year_in_each_row_counts_before_that_of_the_title(sheet, taken):
    page = sheet(
        [
            ["Complaints 2013"],
            ["Station", "Year", "Jan", "Feb"],
            ["Newark", 2012, 1, 2],
            [None, 2013, 3, 4],
            ["Kennedy", 2013, 5, 6],
        ]
    )
    rows, out, _ = taken(page)
    assert plain(rows) == {
        ("EWR", "2012-01-31"): 1, ("EWR", "2012-02-29"): 2, ("EWR", JAN): 3, ("EWR", FEB): 4, ("JFK", JAN): 5,
        ("JFK", FEB): 6,
    }  # fmt: skip
    assert not out.rejected.height


def test_a_month_over_the_first_of_its_rows_holds_below_and_that_is_said(sheet, taken):
    page = sheet(
        [
            ["旅客投诉 2013年"],
            ["月份", "单位", "数值"],
            ["1月", "纽瓦克", 1],
            [None, "肯尼迪", 2],
            ["2月", "纽瓦克", 3],
            [None, "肯尼迪", 4],
        ]
    )
    rows, out, _ = taken(page)
    assert plain(rows) == {("EWR", JAN): 1, ("JFK", JAN): 2, ("EWR", FEB): 3, ("JFK", FEB): 4}
    assert any(one.cells == ("Sheet1!A4", "Sheet1!A6") for one in out.remarks)
    listed = sheet(
        [["Date", "Station", "Complaints"], ["2013-01-05", "EWR", 1], ["2013-01-05", "JFK", 1], [None, "LGA", 1]]
    )
    assert rules(taken(listed)[1]) == {"Sheet1!C4": "day_missing"}  # each row says its day, and one was forgotten


def test_a_column_of_currencies_is_believed_also_for_those_nobody_counts_in_here(sheet, taken):
    page = sheet(
        [["Station", "KPI", "Period", "Amount", "Scale", "Currency"], ["Newark", "Revenue", "2013-01", 100, None, "USD"],
         ["Kennedy", "Revenue", "2013-01", 100, None, "KZT"], ["LaGuardia", "Revenue", "2013-01", 100, "万", "CNY"],
         ["LaGuardia", "Cost", "2013-01", 7, None, "EUR"]]
    )  # fmt: skip
    rows, out, _ = taken(page)
    assert rules(out) == {"Sheet1!D2": "other_currency", "Sheet1!D3": "other_currency"}
    assert rows == {("cost", "LGA", None, JAN): 7, ("revenue", "LGA", None, JAN): 1_000_000}


@pytest.mark.parametrize("title", ["Revenue, EUR thousands", "Revenue – TEUR", "Revenue | EUR"])
def test_what_stands_behind_a_comma_in_the_title_is_what_amounts_are_in(sheet, taken, title):
    rows, out, _ = taken(sheet([[title], ["Station", "2013-01"], ["Newark", 1]]))
    assert not rows
    assert set(rules(out).values()) == {"other_currency"}


def test_traditional_characters_are_the_same_words(sheet, taken):
    page = sheet(
        [["2013年各部門營運指標"], ["單位：萬元"], ["部門", "指標", "1月實際", "1月目標", "完成率", "備註"],
         ["機務部", "旅客投訴", 1, 2, "50%", None], ["客艙服務部", "營業收入", 5, 6, "83%", "臨時"],
         ["合計", None, 6, 8, None, None], ["備註：暫估"]]
    )  # fmt: skip
    rows, out, told = taken(page)
    assert rows == {("complaints", "101", None, JAN): 1, ("revenue", "102", None, JAN): 50_000}
    assert not out.rejected.height
    assert not told.questions
    assert {one.where for one in out.left_out} == {"Sheet1!D:D", "Sheet1!E:E", "Sheet1!F:F", "Sheet1!6:6", "Sheet1!7:7"}


def test_a_code_beside_its_name_and_headings_in_two_languages(sheet, taken):
    page = sheet(
        [["Complaints 2013"], ["部门 Department", "1月 Jan", "2月 (Feb)", "合计 Total", "备注 Remarks"],
         ["(101)\n机务部", 1, 2, 3, None], ["EWR - Newark", 3, 4, 7, None], ["肯尼迪（JFK）", 5, 6, 11, "x"],
         ["EWR - Kennedy", 7, 8, 15, None]]
    )  # fmt: skip
    rows, out, _ = taken(page)
    assert plain(rows) == {
        ("101", JAN): 1, ("101", FEB): 2, ("EWR", JAN): 3, ("EWR", FEB): 4, ("JFK", JAN): 5, ("JFK", FEB): 6,
    }  # fmt: skip
    assert rules(out) == {"Sheet1!A6": "unknown_unit"}


def test_hours_and_minutes_are_times_alone(sheet, taken):
    page = sheet(
        [["Station", "KPI", "Month", "Actual"], ["Newark", "Training hours", "Mar-13", "8h30"],
         ["Kennedy", "Mean delay", "Mar-13", "1 小时 15 分"], ["LaGuardia", "Complaints", "Mar-13", "1h15"],
         ["Newark", "Mean delay", "Mar-13", "12:30"]]
    )  # fmt: skip
    rows, out, _ = taken(page)
    assert rows == {("training", "EWR", None, MAR): Decimal("8.5"), ("delay", "JFK", None, MAR): 75}
    assert rules(out) == {"Sheet1!D4": "time_not_expected", "Sheet1!D5": "value_not_a_number"}


def test_a_comma_is_not_taken_for_thousands_where_others_of_the_sheet_come_before_decimals(sheet, taken):
    page = sheet(
        [["Station", "KPI", "Month", "Actual"], ["Newark", "Cost", "Mar-13", "1.234,56"], ["Kennedy", "Cost", "Mar-13", "1'234.50"],
         ["LaGuardia", "Cost", "Mar-13", "12,345"]]
    )  # fmt: skip
    rows, out, told = taken(page)
    assert plain(rows) == {("EWR", MAR): Decimal("1234.56"), ("JFK", MAR): Decimal("1234.5")}
    assert rules(out) == {"Sheet1!D4": "ambiguous_number"}
    assert "notation" in {one.kind for one in told.questions}


def test_a_row_that_names_two_units_or_people_is_asked_and_of_unit_and_parent_the_lower_counts(sheet, taken):
    page = sheet([["2013-01"], ["姓名", "负责人", "Flights operated"], ["Ada Skylark", "Bruno Kestrel", 5],
                  ["Bruno Kestrel", "Bruno Kestrel", 6]])  # fmt: skip
    rows, out, _ = taken(page)
    assert rows == {("flights", "JFK", "p2", JAN): 6}, "nothing is put down to whoever leads"
    assert [one.written for one in out.questions] == ["Ada Skylark / Bruno Kestrel"]
    page = sheet([["2013-01"], ["Station", "Flights operated", "Office", "Satisfaction"], ["EWR", 5, "JFK", 90]])
    rows, out, _ = taken(page)
    assert (rows, out.rejected["rule"].to_list()) == ({}, ["unknown_unit"])
    for heads, cells in ((("Region", "Station"), ("NYC", "EWR")), (("Station", "Region"), ("EWR", "NYC"))):
        page = sheet([["2013-01"], [*heads, "Flights operated"], [*cells, 5], ["LGA", "LGA", 6]])
        assert taken(page)[0] == {("flights", "EWR", None, JAN): 5, ("flights", "LGA", None, JAN): 6}


def test_two_years_in_the_title_are_the_planning_year_or_asked(sheet, known):
    page = sheet([["Flights operated 2012/13"], ["Station", "Jan", "Feb", "Mar"], ["EWR", 1, 2, 3]])
    asked = found(page, known)
    assert [one.kind for one in asked.questions] == ["year"], "January of which of the two?"
    for name in ("FY12", "FY13"):
        april = Calendar(cycles=(Cycle(cycle=name, starts=date(2012, 4, 1)),))
        fiscal = replace(known, calendar=april)
        told = found(page, fiscal)
        assert [str(day) for day in unfolded(page, told.mapping, fiscal).facts["day"]] == [JAN, FEB, MAR]
    page = sheet([["Flights operated 2012-2013"], ["Station", "Nov", "Dec", "Jan"], ["EWR", 1, 2, 3]])
    told = found(page, known)
    assert [str(day) for day in unfolded(page, told.mapping, known).facts["day"]] == ["2012-11-30", "2012-12-31", JAN]


def test_a_name_said_in_both_languages_is_that_name(sheet, taken):
    page = sheet([["2013-01"], ["站点", "Flights operated"], ["纽瓦克（Newark）", 1], ["Kennedy【肯尼迪】*", 2],
                  ["纽瓦克（Kennedy）", 3], ["拉瓜迪亚（T2）", 4]])  # fmt: skip
    rows, out, _ = taken(page)
    assert rows == {("flights", "EWR", None, JAN): 1, ("flights", "JFK", None, JAN): 2}
    assert len(out.questions) == 2


@pytest.mark.parametrize("place", [1, 2, 3])
def test_what_amounts_are_in_may_stand_in_the_row_of_the_title(sheet, taken, place):
    title = ["2013年1月营业收入", None, None]
    title.insert(place, "单位：万元")
    page = sheet([title, ["站点", "营业收入", "实际执行航班"], ["纽瓦克", 1.5, 300], ["肯尼迪", "２", 400]])
    assert taken(page)[0] == {
        ("revenue", "EWR", None, JAN): 15000, ("revenue", "JFK", None, JAN): 20000,
        ("flights", "EWR", None, JAN): 300, ("flights", "JFK", None, JAN): 400,
    }  # fmt: skip


def test_a_sheet_of_nothing_but_formulas_nobody_worked_out_says_so(sheet, taken):
    rows, out, _ = taken(
        sheet([["Station", "Flights operated"], ["EWR", "=1+1"], ["JFK", "=SUM(B2:B2)"]], title="2013-01")
    )
    assert (rows, set(out.rejected["rule"])) == ({}, {"formula_without_value"})


@pytest.mark.parametrize("written", ["1-3月", "Jan – Mar 2013", "2013年1-3月", "2013.1-3", "一至三月"])
def test_several_months_in_one_cell_or_heading_are_none_of_them(sheet, taken, written):
    page = sheet([["2013"], ["Station", "Period", "Flights operated"], ["EWR", written, 5]])
    rows, out, _ = taken(page)
    assert (rows, out.rejected.height) == ({}, 1)
    page = sheet([["Flights operated 2013"], ["Station", "1月", written], ["EWR", 5, 15]])
    rows, out, _ = taken(page)
    assert rows == {("flights", "EWR", None, JAN): 5}
    if written != "2013.1-3":
        assert "several months" in str(out.left_out[0].said)


def test_a_quarter_says_on_which_day_it_is_recorded(sheet, taken):
    rows, out, _ = taken(sheet([["Flights operated 2013"], ["Station", "一季度", "Q2"], ["EWR", 5, 15]]))
    assert rows == {("flights", "EWR", None, MAR): 5, ("flights", "EWR", None, "2013-06-30"): 15}
    assert any("lie whole in the last" in str(one.said) for one in out.remarks)


def test_a_thousand_among_decimal_commas_is_not_taken_for_a_little_more_than_one(sheet, taken):
    rows = [["2013-01"], ["Station", "KPI", "Wert"], ["EWR", "Satisfaction", "93,4 %"], ["EWR", "Flights operated", "1,234"],
            ["JFK", "Flights operated", "12,5"], ["JFK", "Revenue", "1,234"], ["LGA", "Satisfaction", "93,456"]]  # fmt: skip
    read, out, _ = taken(sheet(rows))
    assert read == {
        ("nps", "EWR", None, JAN): Decimal("93.4"), ("flights", "JFK", None, JAN): Decimal("12.5"),
        ("nps", "LGA", None, JAN): Decimal("93.456"),
    }  # fmt: skip
    assert out.rejected["rule"].to_list() == ["ambiguous_number"] * 2
    read, _, _ = taken(sheet(rows), notation=Notation.EUROPEAN)
    assert read["flights", "EWR", None, JAN] == Decimal("1.234"), "a person said so"


def test_the_counts_of_a_rate_that_the_title_names_need_no_question(sheet, taken):
    page = sheet(
        [["On-time arrival rate 2013"], ["Station", "Jan", None, "Feb", None], [None, "分子", "分母", "分子", "分母"],
         ["EWR", 90, 100, 170, 200]], merges=("B2:C2", "D2:E2", "A2:A3"),
    )  # fmt: skip
    rows, out, _ = taken(page)
    assert rows == {("ontime", "EWR", None, JAN): (90, 100), ("ontime", "EWR", None, FEB): (170, 200)}
    assert not out.questions
