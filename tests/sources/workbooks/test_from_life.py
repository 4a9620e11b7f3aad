"""Workbooks as people send them: what is read of each, worked out on paper, and what is said of the rest."""

import datetime
from decimal import Decimal

import pytest

from kpiflow.errors import InvalidInput
from kpiflow.sources.workbooks import answered, found, unfolded


def rules(out):
    return {row["cell"]: row["rule"] for row in out.rejected.iter_rows(named=True)}


def cells(out):
    return out.facts["cell"].to_list()


def out_of(out):
    return {one.where.rpartition("!")[2]: str(one.said) for one in out.left_out}


def test_months_across_under_a_title_with_totals_and_a_note(sheet, taken):
    page = sheet(
        [["2026 Flights operated by station"], [], ["Station", "Jan", "Feb", "Mar", "Total"], ["EWR", 10, 11, 12, 33],
         ["JFK* ", 5, "-", 7, 12], ["Total", 15, 11, 19, 45], ["* preliminary"]]
    )  # fmt: skip
    rows, out, told = taken(page)
    assert rows == {
        ("flights", "EWR", None, "2026-01-31"): 10, ("flights", "EWR", None, "2026-02-28"): 11,
        ("flights", "EWR", None, "2026-03-31"): 12, ("flights", "JFK", None, "2026-01-31"): 5,
        ("flights", "JFK", None, "2026-03-31"): 7,
    }  # fmt: skip
    assert cells(out) == ["Sheet1!B4", "Sheet1!C4", "Sheet1!D4", "Sheet1!B5", "Sheet1!D5"]
    assert not out.rejected.height
    assert not told.questions
    assert set(out_of(out)) == {"E:E", "6:6", "7:7"}
    assert "total" in out_of(out)["6:6"]
    assert any("'JFK*' is read as Kennedy" in str(one.said) for one in out.remarks)


def test_chinese_plan_and_actual_under_merged_months_with_departments_merged_over_rows(sheet, taken):
    page = sheet(
        [["2026年各部门经营情况表"], ["单位：万元"], ["部门", "指标", "1月", None, "2月", None, "备注"],
         [None, None, "目标", "实际", "目标", "实际", None], ["纽瓦克", "营业收入", 10, 9.5, 10, "10.2万", None],
         [None, "满意度", 0.9, 0.85, "90%", "百分之八十五点三", "ok"], ["肯尼迪", "营业收入", 1, 2, 3, "=1+1", None],
         ["合 计", None, 11, 12, 13, 12, None], ["注：数据截至月底"]],
        merges=("A1:G1", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:G4", "A5:A6"), formats={"C6": "0%", "D6": "0.0%"},
    )  # fmt: skip
    rows, out, _ = taken(page)
    assert rows == {
        ("revenue", "EWR", None, "2026-01-31"): 95_000, ("revenue", "EWR", None, "2026-02-28"): 102_000,
        ("nps", "EWR", None, "2026-01-31"): 85, ("nps", "EWR", None, "2026-02-28"): Decimal("85.3"),
        ("revenue", "JFK", None, "2026-01-31"): 20_000,
    }  # fmt: skip
    assert rules(out) == {"Sheet1!F7": "formula_without_value"}
    assert {"C:C", "E:E", "G:G", "8:8", "9:9"} == set(out_of(out))
    assert ("nps", "EWR", "2026-01-31", "90") in [
        (one.metric, one.unit, one.day, one.value.rstrip("0").rstrip(".") if "." in one.value else one.value)
        for one in out.targets
    ]


def test_numerators_and_denominators_under_one_heading_for_the_month_of_the_sheet_name(sheet, taken):
    page = sheet(
        [["Unit", "On-time arrival rate", None, "Flights operated"], [None, "Numerator", "Denominator", None],
         ["EWR", 90, 100, 7], ["LGA", 80, 95, 8]],
        merges=("A1:A2", "B1:C1", "D1:D2"), title="January 2026",
    )  # fmt: skip
    rows, out, told = taken(page)
    assert rows == {
        ("ontime", "EWR", None, "2026-01-31"): (90, 100), ("flights", "EWR", None, "2026-01-31"): 7,
        ("ontime", "LGA", None, "2026-01-31"): (80, 95), ("flights", "LGA", None, "2026-01-31"): 8,
    }  # fmt: skip
    assert not told.questions
    assert cells(out)[0] == "'January 2026'!B3"


def test_european_texts_decide_for_their_whole_column_and_a_near_name_is_asked(sheet, taken, known):
    page = sheet(
        [["Bereich", "Kennzahl", "Datum", "Ist"], ["EWR", "Revenue", "31.01.2026", "1.234,56 €"],
         ["JFK", "Umsatz", "01.02.2026", "1"], ["Kenedy", "营业收入", "01.02.2026", "1.234"],
         ["EWR", "Revenue", "01.03.2026", "(1.234,50)"]]
    )  # fmt: skip
    rows, out, told = taken(page)
    assert rows == {("revenue", "EWR", None, "2026-03-01"): Decimal("-1234.5")}
    assert rules(out) == {"Sheet1!D2": "other_currency", "Sheet1!B3": "unknown_metric", "Sheet1!A4": "unknown_unit"}
    asked = next(one for one in told.questions if one.written == "Kenedy")
    assert asked.choices[0].value == "JFK"
    confirmed = unfolded(page, answered(told.mapping, asked, "JFK"), known)
    assert (Decimal(1234), "JFK") in confirmed.facts.select("value", "unit").rows()
    left = unfolded(page, answered(told.mapping, asked, ""), known)
    assert "Kenedy" not in left.rejected["unit"].to_list()


def test_metrics_across_with_their_scales_and_one_heading_nobody_knows(sheet, taken, known):
    page = sheet(
        [["Monthly report"], ["Month", "Station", "Flights operated", "Revenue (k CNY)", "Guest satisfacton"],
         [datetime.date(2026, 1, 31), "EWR", 5, 1.5, 91], [datetime.date(2026, 2, 28), "Idlewild", "６", 2.5, 92]]
    )  # fmt: skip
    rows, out, told = taken(page)
    assert rows == {
        ("flights", "EWR", None, "2026-01-31"): 5, ("revenue", "EWR", None, "2026-01-31"): 1500,
        ("flights", "JFK", None, "2026-02-28"): 6, ("revenue", "JFK", None, "2026-02-28"): 2500,
    }  # fmt: skip
    asked = next(one for one in told.questions if one.kind == "metric")
    assert (asked.written, asked.choices[0].value) == ("Guest satisfacton", "nps")
    assert "E:E" in out_of(out)
    confirmed = unfolded(page, answered(told.mapping, asked, "nps"), known)
    assert (Decimal(91), "nps") in confirmed.facts.select("value", "metric").rows()


def test_units_across_with_quarters_down(sheet, taken):
    page = sheet([["Flights operated"], ["2026", "Newark", "Kennedy"], ["Q1", 1, 2], ["Q2", 4, 5], ["Total", 5, 7]])
    rows, _, _ = taken(page)
    assert rows == {
        ("flights", "EWR", None, "2026-03-31"): 1, ("flights", "JFK", None, "2026-03-31"): 2,
        ("flights", "EWR", None, "2026-06-30"): 4, ("flights", "JFK", None, "2026-06-30"): 5,
    }  # fmt: skip


def test_a_rate_alone_is_refused_and_one_beside_its_denominator_is_worked_out(sheet, taken):
    alone = sheet([["Unit", "2026-01"], ["EWR", "85%"]], title="On-time arrival rate")
    _, out, _ = taken(alone)
    assert rules(out) == {"'On-time arrival rate'!B2": "ratio_needs_both_parts"}
    assert "denominator" in out.rejected["message"][0]
    beside = sheet(
        [["On-time arrival rate"], ["Unit", "Month", "Actual", "Denominator"], ["EWR", "2026-01", "85%", 200]]
    )
    rows, out, _ = taken(beside)
    assert rows == {("ontime", "EWR", None, "2026-01-31"): (170, 200)}
    assert any("rate × denominator" in str(one.said) for one in out.remarks)


def test_people_bring_their_unit_and_names_turned_round_are_asked(sheet, taken):
    page = sheet([["Name", "Satisfaction", "Month"], ["Ada Skylark", 95, "Jan-26"], ["Kestrel, Bruno", 91, "Jan-26"]])
    rows, _, told = taken(page)
    assert rows == {("nps", "EWR", "p1", "2026-01-31"): 95}
    assert [(one.written, one.choices[0].value) for one in told.questions] == [("Kestrel, Bruno", "p2")]


def test_units_that_stand_alone_above_their_metrics(sheet, taken):
    page = sheet(
        [
            ["", "2026年1月", "2026年2月"],
            ["纽瓦克"],
            ["实际执行航班", 1, 2],
            ["营业收入", "¥3", "$4"],
            ["肯尼迪"],
            ["实际执行航班", 5, 6],
        ]
    )
    rows, out, _ = taken(page)
    assert rows == {
        ("flights", "EWR", None, "2026-01-31"): 1, ("flights", "EWR", None, "2026-02-28"): 2,
        ("revenue", "EWR", None, "2026-01-31"): 3, ("flights", "JFK", None, "2026-01-31"): 5,
        ("flights", "JFK", None, "2026-02-28"): 6,
    }  # fmt: skip
    assert rules(out) == {"Sheet1!C4": "other_currency"}


def test_errors_booleans_nonsense_and_the_year_9999_are_set_aside_with_their_cells(sheet, taken):
    page = sheet(
        [["unit", "metric", "date", "value"], ["EWR", "flights", "2026-01-31", "#DIV/0!"], ["JFK", "flights", "2026-01-31", True],
         ["LGA", "flights", "9999-01-31", 5], ["NYC", "flights", "2026-01-31", "NaN"], ["EWR", "flights", "2026-02-28", "inf"],
         ["JFK", "flights", "2026-02-28", "about 5"], ["LGA", "flights", 46081, 4], ["LGA", "flights", "2026-02-30", 4]]
    )  # fmt: skip
    rows, out, _ = taken(page)
    assert rows == {("flights", "LGA", None, "2026-02-28"): 4}  # 46081 counts from 1900 to 2026-02-28
    assert rules(out) == {
        "Sheet1!D2": "error_cell", "Sheet1!D3": "value_not_a_number", "Sheet1!D4": "bad_day", "Sheet1!D5": "value_not_a_number",
        "Sheet1!D6": "value_not_a_number", "Sheet1!D7": "value_not_a_number", "Sheet1!D9": "bad_day",
    }  # fmt: skip


def test_hidden_rows_and_columns_are_mentioned_and_read_only_on_request(sheet, taken, known):
    page = sheet(
        [["unit", "metric", "2026-01", "2026-02"], ["EWR", "flights", 1, 2], ["JFK", "flights", 3, 4]],
        hidden_rows=(3,), hidden_columns=("D",),
    )  # fmt: skip
    rows, out, told = taken(page)
    assert rows == {("flights", "EWR", None, "2026-01-31"): 1}
    assert set(out_of(out)) == {"3:3", "D:D"}
    asked = next(one for one in told.questions if one.kind == "hidden")
    assert unfolded(page, answered(told.mapping, asked, "yes"), known).facts.height == 4


def test_shares_in_a_metric_measured_in_percent_are_asked(sheet, taken, known):
    page = sheet([["unit", "metric", "2026-01"], ["EWR", "nps", 0.853], ["JFK", "nps", 0.9]])
    rows, out, told = taken(page)
    assert not rows
    assert set(rules(out).values()) == {"share_or_percent"}
    asked = next(one for one in told.questions if one.kind == "scale")
    by = {one.value: unfolded(page, answered(told.mapping, asked, one.value), known) for one in asked.choices}
    assert by["1"].facts["value"].to_list() == [Decimal("85.3"), Decimal(90)]
    assert by["0.01"].facts["value"].to_list() == [Decimal("0.853"), Decimal("0.9")]


def test_days_that_can_be_two_are_asked_and_a_year_that_stands_nowhere_too(sheet, taken, known):
    page = sheet(
        [["unit", "metric", "date", "value"], ["EWR", "flights", "01/02/2026", 1], ["JFK", "flights", "03/04/2026", 2]]
    )
    _, out, told = taken(page)
    assert set(rules(out).values()) == {"ambiguous_day"}
    asked = next(one for one in told.questions if one.kind == "dates")
    read = unfolded(page, answered(told.mapping, asked, asked.choices[0].value), known)
    assert read.facts["day"].to_list() == [datetime.date(2026, 2, 1), datetime.date(2026, 4, 3)]
    months = sheet([["unit", "metric", "Nov", "Dec", "Jan"], ["EWR", "flights", 1, 2, 3]])
    _, _, told = taken(months)
    asked = next(one for one in told.questions if one.kind == "year")
    read = unfolded(months, answered(told.mapping, asked, "2025"), known)
    assert [day.isoformat() for day in read.facts["day"]] == ["2025-11-30", "2025-12-31", "2026-01-31"]
    with pytest.raises(InvalidInput, match="no answer"):
        answered(told.mapping, asked, "soon")


def test_last_months_mapping_reads_this_months_sheet_and_says_what_moved(sheet, known):
    before = sheet([["2026"], ["Station", "KPI", "Jan", "Feb"], ["EWR", "flights", 1, 2]])
    mapping = found(before, known).mapping
    now = sheet(
        [["2027"], ["approved"], ["KPI", "Station", "Jan", "Feb", "Mar", "Owner"], ["flights", "EWR", 3, 4, 5, "Ada"],
         ["flights", "JFK", 6, 7, 8, "Bo"]]
    )  # fmt: skip
    out = unfolded(now, mapping, known)
    assert out.facts.select("unit", "day", "value").rows()[:3] == [
        ("EWR", datetime.date(2027, 1, 31), 3), ("EWR", datetime.date(2027, 2, 28), 4), ("EWR", datetime.date(2027, 3, 31), 5),
    ]  # fmt: skip
    said = " ".join(str(one.said) for one in out.remarks)
    assert "'Station' moved from A to B" in said
    assert "row 3, before in row 2" in said
    assert "'Owner' is not in the mapping" in said
    with pytest.raises(InvalidInput, match="no column 'KPI'"):
        unfolded(sheet([["Station", "K", "Jan 2027"], ["EWR", "flights", 3]]), mapping, known)


def test_quarters_beside_their_months_and_a_planning_year_are_understood(sheet, taken):
    page = sheet([["unit", "metric", "2026-01", "2026-02", "2026-03", "Q1 2026"], ["EWR", "flights", 1, 2, 3, 6]])
    rows, out, _ = taken(page)
    assert sorted(rows.values()) == [1, 2, 3]
    assert "F:F" in out_of(out)


def test_a_sheet_without_a_table_says_so(sheet, known):
    told = found(sheet([["Dear all"], ["see you on Monday"]]), known)
    assert told.mapping is None
    assert "no row of headings" in str(told.remarks[0].said)
