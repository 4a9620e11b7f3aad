"""Workbooks that other readers take in wrongly without a word: what each says, worked out on paper, or refused by name."""

from decimal import Decimal

import openpyxl
import pytest

from kpiflow.sources.workbooks import Source, answered, apart, found, read_workbook, tables_apart, unfolded

JAN, FEB = "2026-01-31", "2026-02-28"


def plain(out):
    """The facts of a sheet by metric, unit and day."""
    return {
        (metric, unit, day.isoformat()): value if value is not None else (top, bottom)
        for metric, unit, day, value, top, bottom in out.facts.select(
            "metric", "unit", "day", "value", "numerator", "denominator"
        ).rows()
    }


def every(sheets, known):
    """The facts of all tables, each read by what is found for it."""
    read = [unfolded(sheet, found(sheet, known).mapping, known) for sheet in sheets]
    assert not any(out.rejected.height for out in read), [out.rejected["message"].to_list() for out in read]
    return {key: value for out in read for key, value in plain(out).items()}


@pytest.mark.parametrize(
    ("line", "times"),
    [
        ("2026 Revenue (in thousands)", 1000), ("2026年营业收入（万元）", 10_000), ("2026 营业收入 单位:亿元", 10**8),
        ("Revenue 2026 in TCNY", 1000), ("Revenue 2026 (CNY in lakhs)", 10**5), ("Revenue 2026 (CNY '000)", 1000),
        ("2026年营业收入（元）", 1), ("Revenue 2026 [kCNY]", 1000),
        ("2026年营业收入（单位：百万元）", 10**6), ("Revenue 2026, amounts in CNY mn", 10**6),
        ("2026年营业收入 金额单位：人民币万元", 10_000), ("2026年营业收入（人民币元）", 1), ("2026 营业收入（RMB万元）", 10_000),
    ],
)  # fmt: skip
def test_what_a_title_says_amounts_are_in_counts(sheet, taken, line, times):
    rows, _, told = taken(sheet([[line], ["Station", "Jan", "Feb"], ["EWR", 2, "1.5"]]))
    assert rows == {
        ("revenue", "EWR", None, JAN): 2 * times, ("revenue", "EWR", None, FEB): Decimal("1.5") * times,
    }  # fmt: skip
    assert not told.questions


def test_money_in_another_currency_is_set_aside_wherever_it_is_said(sheet, taken):
    for page in (
        sheet([["2026 Revenue (in T€)"], ["Station", "Jan"], ["EWR", 2]]),
        sheet([["2026"], ["Station", "KPI", "UoM", "Jan"], ["EWR", "Revenue", "k€", 2]]),
        sheet([["2026年营业收入（港币万元）"], ["Station", "Jan"], ["EWR", 2]]),
        sheet([["2026-01"], ["Station", "Revenue (k€)", "Flights operated"], ["EWR", 2, None]]),
    ):
        rows, out, _ = taken(page)
        assert not rows
        assert out.rejected["rule"].to_list() == ["other_currency"]


def test_thousands_are_of_counts_only_in_a_table_of_one_count(sheet, taken):
    one = sheet([["2026 Flights operated (in thousands)"], ["Station", "Jan"], ["EWR", 2]])
    assert list(taken(one)[0].values()) == [2000]
    mixed = sheet([["2026 (in thousands)"], ["Station", "KPI", "Jan"], ["EWR", "Flights", 2], ["EWR", "Revenue", 3]])
    assert sorted(taken(mixed)[0].values()) == [2, 3000]


def test_what_stands_behind_the_name_of_a_metric_counts_for_its_row(sheet, taken):
    page = sheet(
        [
            ["2026"],
            ["Station", "KPI", "Jan"],
            ["EWR", "营业收入（亿元）", "0.5"],
            ["JFK", "2. Revenue (k CNY)", 7],
            ["LGA", "满意度（%）", 95],
        ]
    )
    rows, _, _ = taken(page)
    assert rows == {
        ("revenue", "EWR", None, JAN): 50_000_000, ("revenue", "JFK", None, JAN): 7000, ("nps", "LGA", None, JAN): 95,
    }  # fmt: skip


def test_a_kept_mapping_lends_its_way_of_reading_and_not_the_names_of_its_sheet(sheet, known):
    newark = sheet([["2026"], ["KPI", "Jan"], ["Flights", 1]], title="Newark")
    kept = found(newark, known).mapping
    assert kept.unit_from is Source.SHEET
    out = unfolded(sheet([["2026"], ["KPI", "Jan"], ["Flights", 2]], title="Kennedy"), kept, known)
    assert plain(out) == {("flights", "JFK", JAN): 2}
    assert any("Kennedy" in str(one.said) for one in out.remarks)
    out = unfolded(sheet([["2026"], ["KPI", "Jan"], ["Flights", 2]], title="Sheet1"), kept, known)
    assert not out.facts.height
    assert [one.kind for one in out.questions] == ["unit"]
    flights = found(sheet([["Flights operated 2026"], ["Station", "Jan"], ["EWR", 1]]), known).mapping
    assert plain(unfolded(sheet([["营业收入 2026（万元）"], ["Station", "Jan"], ["EWR", 2]]), flights, known)) == {
        ("revenue", "EWR", JAN): 20_000
    }


def test_a_name_inside_another_word_says_nothing(sheet, known):
    told = found(sheet([["Flights operated 2026 nycology"], ["KPI", "Jan"], ["Flights", 1]]), known)
    assert [one.kind for one in told.questions] == ["unit"]


STACKED = [
    ["2026年营业收入（万元）"], ["单位", "1月", "2月"], ["纽瓦克", 10, 20], ["肯尼迪", 30, "—"], ["合计", 40, 20], [],
    ["实际执行航班（班）"], ["单位", "2月", "1月"], ["纽瓦克", 1, 2], ["肯尼迪", 3, 4], ["合计", 4, 6],
]  # fmt: skip


def test_tables_below_each_other_are_read_each_for_itself(sheet, known):
    page = sheet(STACKED, title="月报")
    parts = apart(page)
    assert [part.name for part in parts] == ["月报", "月报 #2"]
    assert every(parts, known) == {
        ("revenue", "EWR", JAN): 100_000, ("revenue", "EWR", FEB): 200_000, ("revenue", "JFK", JAN): 300_000,
        ("flights", "EWR", JAN): 2, ("flights", "EWR", FEB): 1, ("flights", "JFK", JAN): 4, ("flights", "JFK", FEB): 3,
    }  # fmt: skip
    second = unfolded(parts[1], found(parts[1], known).mapping, known)
    assert second.facts["cell"][0] == "'月报'!B9", "an address is that of the file"


def test_tables_beside_each_other_are_read_each_for_itself(sheet, known):
    page = sheet(
        [["Flights operated 2026", None, None, None, "Revenue 2026 (k CNY)"],
         ["Station", "Jan", "Feb", None, "Station", "Jan", "Feb"],
         ["EWR", 10, 11, None, "JFK", 1, 2], ["JFK", 20, 21, None, "EWR", 3, 4]]
    )  # fmt: skip
    assert every(apart(page), known) == {
        ("flights", "EWR", JAN): 10, ("flights", "EWR", FEB): 11, ("flights", "JFK", JAN): 20, ("flights", "JFK", FEB): 21,
        ("revenue", "JFK", JAN): 1000, ("revenue", "JFK", FEB): 2000, ("revenue", "EWR", JAN): 3000, ("revenue", "EWR", FEB): 4000,
    }  # fmt: skip
    touching = sheet(
        [["2026-01"], ["Station", "Flights", "Station", "Satisfaction"], ["EWR", 1, "JFK", 91], ["JFK", 2, "EWR", 92]]
    )
    assert every(apart(touching), known) == {
        ("flights", "EWR", JAN): 1, ("flights", "JFK", JAN): 2, ("nps", "JFK", JAN): 91, ("nps", "EWR", JAN): 92,
    }  # fmt: skip


def test_tables_beside_each_other_need_no_word_for_whose_they_are(sheet, known):
    page = sheet(
        [["Flights 2026-01", None, None, "Revenue 2026-01"], ["甲组", "Flights", None, "乙组", "Revenue"],
         ["EWR", 1, None, "JFK", 5], ["LGA", 2, None, "EWR", 6]]
    )  # fmt: skip
    assert every(apart(page), known) == {
        ("flights", "EWR", JAN): 1, ("flights", "LGA", JAN): 2, ("revenue", "JFK", JAN): 5, ("revenue", "EWR", JAN): 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        [["2026"], ["Station", "KPI", "Jan", "Feb"], ["EWR", "Flights", 1, 2],
         ["JFK", "Flights", "open", "open"], ["LGA", "Flights", 3, 4]],
        [["2026"], ["Station", "KPI", "Jan", "Feb"], ["EWR", "Flights", 1, 2],
         ["Station", "KPI", "Jan", "Feb"], ["JFK", "Flights", 3, 4]],
        [["2026"], ["Station", "Flights", None, "Remark"], ["EWR", 1, None, "late"], ["JFK", 2, None, "early"]],
        [["2026"], ["Station", "Jan", None, "Feb"], ["EWR", 1, None, 3], [],
         ["JFK", 2, None, 4], ["Total", "3", None, 7], ["approved", "A", "B"]],
    ],
)  # fmt: skip
def test_one_table_stays_one(sheet, rows):
    page = sheet(rows)
    assert apart(page) == (page,)


def test_a_workbook_says_which_sheets_were_taken_apart(tmp_path):
    book = openpyxl.Workbook()
    for row in STACKED:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    read = tables_apart(read_workbook(tmp_path / "a.xlsx"))
    assert [one.name for one in read.shown] == ["Sheet", "Sheet #2"]
    assert any("several tables" in str(one.said) for one in read.remarks)


def test_last_year_growth_forecasts_and_year_to_date_are_not_measured_now(sheet, taken):
    page = sheet(
        [["2026年营业收入 单位:元"],
         ["单位", "1月", "去年同期", "1月累计", "2月", "增长率", "3月预测", "年度目标", "Jan PY", "谁知道"],
         ["纽瓦克", 10, 9, 10, 20, "5%", 30, 500, 9, 77]]
    )  # fmt: skip
    rows, out, told = taken(page)
    assert rows == {("revenue", "EWR", None, JAN): 10, ("revenue", "EWR", None, FEB): 20}
    assert len(out.left_out) == 7
    assert any("谁知道" in str(one.said) for one in told.guesses)


def test_a_plain_share_among_percentages_is_set_aside(sheet, taken):
    page = sheet(
        [
            ["2026"],
            ["Station", "KPI", "Jan"],
            ["EWR", "Satisfaction", 95],
            ["JFK", "Satisfaction", 0.93],
            ["LGA", "Satisfaction", "0.5%"],
        ]
    )
    rows, out, _ = taken(page)
    assert sorted(rows.values()) == [Decimal("0.5"), 95]
    assert out.rejected["rule"].to_list() == ["share_or_percent"]


def test_what_a_share_means_is_answered_for_the_columns_it_was_asked_of(sheet, taken, known):
    page = sheet([["2026-01"], ["Station", "Satisfaction", "Flights operated"], ["EWR", 0.853, 300], ["JFK", 0.9, 400]])
    _, _, told = taken(page)
    asked = next(one for one in told.questions if one.kind == "scale")
    for answer, percents in (("1", [Decimal("85.3"), 90]), ("0.01", [Decimal("0.853"), Decimal("0.9")])):
        read = plain(unfolded(page, answered(told.mapping, asked, answer), known))
        assert [read["nps", unit, JAN] for unit in ("EWR", "JFK")] == percents
        assert [read["flights", unit, JAN] for unit in ("EWR", "JFK")] == [300, 400]


def test_a_share_beside_its_denominator_is_asked_as_well(sheet, taken, known):
    page = sheet([["On-time arrival rate"], ["Unit", "Month", "Actual", "Denominator"], ["EWR", "2026-01", 0.85, 200]])
    rows, _, told = taken(page)
    assert not rows
    asked = next(one for one in told.questions if one.kind == "scale")
    assert plain(unfolded(page, answered(told.mapping, asked, "1"), known)) == {("ontime", "EWR", JAN): (170, 200)}


def test_counts_beside_their_rate_are_taken_under_each_month(sheet, taken):
    page = sheet(
        [["2026年"], ["单位", "1月", None, None, "2月"], [None, "分子", "分母", "到港准点率", "分子", "分母", "到港准点率"],
         ["纽瓦克", 90, 100, 0.9, 80, 100, "80%"]], merges=("A2:A3", "B2:D2", "E2:G2"),
    )  # fmt: skip
    rows, out, _ = taken(page)
    assert rows == {("ontime", "EWR", None, JAN): (90, 100), ("ontime", "EWR", None, FEB): (80, 100)}
    assert not out.rejected.height


def test_a_name_and_a_month_in_one_heading_and_a_near_unit_across(sheet, taken):
    page = sheet([["2026"], ["Station", "Flights Jan", "Feb Flights", "1月营业收入"], ["EWR", 1, 2, 3]])
    assert taken(page)[0] == {
        ("flights", "EWR", None, JAN): 1, ("flights", "EWR", None, FEB): 2, ("revenue", "EWR", None, JAN): 3,
    }  # fmt: skip
    across = sheet([["2026 Flights operated"], ["Month", "Newark", "Kenedy", "Total"], ["Jan", 1, 2, 3]])
    rows, _, told = taken(across)
    assert rows == {("flights", "EWR", None, JAN): 1}
    assert [(one.kind, one.written, one.choices[0].value) for one in told.questions] == [("unit", "Kenedy", "JFK")]


def test_german_halves_beside_quarters_are_left_out(sheet, taken):
    page = sheet(
        [["Flights 2026"], ["Standort", "Q1", "Q2", "HJ1", "Q3", "2. Halbjahr", "Jahr"], ["EWR", 1, 2, 3, 4, 9, 12]]
    )
    rows, _, _ = taken(page)
    assert sorted(rows.values()) == [1, 2, 4]


def test_the_latest_month_first_is_the_same_year_backwards(sheet, taken):
    rows, _, _ = taken(sheet([["2026 Flights"], ["Station", "Mar", "Feb", "Jan"], ["EWR", 3, 2, 1]]))
    assert {day: int(value) for (_, _, _, day), value in rows.items()} == {"2026-03-31": 3, FEB: 2, JAN: 1}
