"""Intake of the tidy form: what goes in, what is set aside and with which words, in every file format."""

import datetime
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiflow.errors import InvalidInput
from kpiflow.sources import Facts, Known, read_tidy, write_rejects

KNOWN = Known(
    metrics={"delay": "simple", "ontime": "ratio", "nps": "derived"}, units={"EWR", "JFK"}, people={"p1", "p2"}
)
HEAD = "metric,unit,person,day,entry,value,numerator,denominator\n"


def written(folder, text, name="facts.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def judged(folder, *lines, **more):
    return read_tidy(written(folder, HEAD + "\n".join(lines)), KNOWN, **more)


def test_a_day_after_the_last_one_is_set_aside_and_the_last_one_goes_in(tmp_path):
    known = replace(KNOWN, until=datetime.date(2026, 12, 31))
    lines = ["delay,EWR,,2026-12-31,,1,,", "delay,EWR,,2027-01-01,,2,,", "delay,EWR,,2199-12-31,,3,,"]
    reading = read_tidy(written(tmp_path, HEAD + "\n".join(lines)), known)
    assert reading.facts["day"].to_list() == [datetime.date(2026, 12, 31)]
    assert reading.rejected.select("row", "rule").rows() == [(3, "day_far_ahead"), (4, "day_far_ahead")]
    assert "2027-01-01 has not come, and nothing is taken after" in reading.rejected["message"][0]


def test_good_rows_are_facts_with_the_row_a_spreadsheet_shows(tmp_path):
    reading = judged(tmp_path, "delay,EWR,,2026-01-05,,12.5,,", "", "ontime,JFK,p1,2026-01-06,am,,90,100")
    assert Facts.is_valid(reading.facts)
    assert reading.facts.rows() == [
        ("delay", "EWR", None, datetime.date(2026, 1, 5), "", Decimal("12.5"), None, None, 2),
        ("ontime", "JFK", "p1", datetime.date(2026, 1, 6), "am", None, Decimal(90), Decimal(100), 4),
    ]
    assert (reading.rows_read, reading.rejected.height) == (2, 0)


@pytest.mark.parametrize(
    ("line", "rule", "words"),
    [
        ("dela,EWR,,2026-01-05,,1,,", "unknown_metric", "There is no metric 'dela'. Did you mean 'delay'?"),
        ("delay,XXX,,2026-01-05,,1,,", "unknown_unit", "There is no unit 'XXX' in this company."),
        ("delay,EWR,p3,2026-01-05,,1,,", "unknown_person", "There is no person 'p3' in this company."),
        (",EWR,,2026-01-05,,1,,", "metric_missing", "metric is empty"),
        ("delay,,,2026-01-05,,1,,", "unit_missing", "unit is empty"),
        ("delay,EWR,,,,1,,", "day_missing", "day is empty"),
        ("delay,EWR,,2026-02-30,,1,,", "bad_day", "'2026-02-30' is not a day"),
        ("delay,EWR,,05/01/2026,,1,,", "bad_day", "is not a day such as 2026-01-31"),
        ("delay,EWR,,0206-01-05,,1,,", "bad_day", "is not a day"),
        ("delay,EWR,,2026-01-05 10:30:00,,1,,", "bad_day", "is not a day"),
        ("delay,EWR,,2026-01-05,,twelve,,", "value_not_a_number", "'twelve' in column value is not a number"),
        ('delay,EWR,,2026-01-05,,"1,234",,', "value_not_a_number", "'1,234'"),
        ("delay,EWR,,2026-01-05,,NaN,,", "value_not_a_number", "'NaN'"),
        ("delay,EWR,,2026-01-05,,inf,,", "value_not_a_number", "'inf'"),
        ("delay,EWR,,2026-01-05,,1000000000000,,", "value_too_large", "1000000000000 in column value is too large"),
        ("ontime,EWR,,2026-01-05,,,1,1e300", "denominator_too_large", "too large"),
        ("ontime,EWR,,2026-01-05,,5,,", "ratio_needs_both_parts", "ontime is a ratio"),
        ("delay,EWR,,2026-01-05,,,1,2", "value_needed", "delay is no ratio"),
        ("nps,EWR,,2026-01-05,,1,,", "derived_metric", "worked out from other metrics"),
        ("ontime,EWR,,2026-01-05,,,1,", "value_or_both_parts", "a numerator and a denominator"),
        ("delay,EWR,,2026-01-05,,,,", "value_or_both_parts", "Give a value"),
        ("ontime,EWR,,2026-01-05,,,1,-2", "denominator_not_negative", "0 or more"),
        ("delay,EWR,,2026-01-05,,1,,,5", "too_many_cells", "more cells than"),
    ],
)
def test_a_bad_row_is_set_aside_with_the_rule_it_broke_and_the_others_go_in(tmp_path, line, rule, words):
    reading = judged(tmp_path, "delay,JFK,,2026-01-05,,1,,", line)
    assert reading.facts["row"].to_list() == [2]
    row = reading.rejected.row(0, named=True)
    assert (row["row"], row["rule"]) == (3, rule)
    assert words in row["message"]


def test_a_row_that_breaks_several_rules_names_them_all(tmp_path):
    row = judged(tmp_path, "delay,EWR,,soon,,much,,").rejected.row(0, named=True)
    assert row["rule"] == "bad_day, value_not_a_number"
    assert row["message"].startswith("'soon' is not a day such as 2026-01-31. 'much' in column value")


def test_rows_that_say_the_same_go_in_once_and_the_others_say_as_which_row(tmp_path):
    reading = judged(
        tmp_path, "delay,EWR,,2026-01-05,,1,,", "delay,JFK,,2026-01-05,,1,,", "delay,EWR,,2026/1/5,,1.000,,",
        "delay,EWR,,2026-01-05,,1,,", "delay,EWR,,2026-01-05,pm,1,,", "delay,EWR,p1,2026-01-05,,1,,",
    )  # fmt: skip
    assert reading.facts["row"].to_list() == [2, 3, 6, 7]
    assert reading.rejected.select("row", "rule").rows() == [(4, "same_again"), (5, "same_again")]
    assert reading.rejected["message"].unique().to_list() == ["It says the same as row 2, which is taken."]
    assert reading.rows_read == reading.facts.height + reading.rejected.height


@pytest.mark.parametrize(("first", "second"), [("1,,", "2,,"), (",1,2", ",1,3"), (",1,2", ",2,2")])
def test_rows_that_contradict_each_other_are_all_set_aside(tmp_path, first, second):
    metric = "ontime" if first.startswith(",") else "delay"
    lines = [f"{metric},EWR,,2026-01-05,,{numbers}" for numbers in (first, second, first)]
    reading = judged(tmp_path, *lines, "delay,JFK,,2026-01-05,,1,,")
    assert reading.rejected.select("row", "rule").rows() == [(row, "once_in_the_file") for row in (2, 3, 4)]
    assert all("different numbers" in said for said in reading.rejected["message"])
    assert reading.facts["row"].to_list() == [5]


def test_rates_that_say_the_same_and_broken_rows_beside_them(tmp_path):
    lines = ["ontime,EWR,,2026-01-05,,,1,2", "ontime,EWR,,soon,,,1,2", "ontime,EWR,,2026-01-05,,,1,2"]
    reading = judged(tmp_path, *lines)
    assert reading.rejected.select("row", "rule").rows() == [(3, "bad_day"), (4, "same_again")]
    assert reading.facts["row"].to_list() == [2]


def test_messages_come_in_chinese_too(tmp_path):
    row = judged(tmp_path, "dela,EWR,,soon,,1,,", locale="zh").rejected.row(0, named=True)
    assert "“soon”不是日期" in row["message"]
    assert "delay" in row["message"]
    assert "There is" not in row["message"]


@pytest.mark.parametrize(
    "day",
    ["2026-01-05", "2026/1/5", "20260105", "2026.01.05", "2026年1月5日", "2026-01-05 00:00:00", "2026-01-05T00:00"],
)
def test_days_written_year_first_are_read(tmp_path, day):
    assert judged(tmp_path, f"delay,EWR,,{day},,1,,").facts["day"].to_list() == [datetime.date(2026, 1, 5)]


@settings(max_examples=200, deadline=None)
@given(number=st.decimals(min_value=-999_999_999_999, max_value=999_999_999_999, places=6))
def test_numbers_are_taken_exactly_as_written(tmp_path_factory, number):
    path = written(tmp_path_factory.mktemp("in"), f"metric,unit,day,value\ndelay,EWR,2026-01-05,{number}")
    assert read_tidy(path, KNOWN).facts["value"].to_list() == [number]


lines = st.lists(
    st.sampled_from(
        [
            "delay,EWR,,2026-01-05,,1,,",
            "delay,EWR,,2026-01-05,,2,,",
            "delay,JFK,,2026-01-05,,2,,",
            "x,EWR,,2026-01-05,,1,,",
            "ontime,JFK,p1,2026-01-05,,,1,2",
            "delay,EWR,,2026,,1,,",
            ",,,,,,,",
        ]
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(lines=lines, random=st.randoms())
def test_the_order_of_rows_never_matters_and_every_row_is_accounted_for(tmp_path_factory, lines, random):
    folder = tmp_path_factory.mktemp("in")
    if set(lines) == {",,,,,,,"}:
        return
    shuffled = random.sample(lines, len(lines))
    one, other = judged(folder, *lines), judged(folder, *shuffled)
    assert one.rows_read == one.facts.height + one.rejected.height == sum(line != ",,,,,,," for line in lines)
    assert sorted(map(str, one.facts.drop("row").rows())) == sorted(map(str, other.facts.drop("row").rows()))
    first, second = (sorted(map(str, read.rejected.drop("row", "message").rows())) for read in (one, other))
    assert first == second


# What files look like.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_spreadsheets_write(tmp_path, encoding):
    path = written(tmp_path, "指标,单位,日期,数值\n延误,纽瓦克,2026年1月5日,3\n", encoding=encoding)
    assert read_tidy(path).facts.select("metric", "unit", "value").rows() == [("延误", "纽瓦克", Decimal(3))]


@pytest.mark.parametrize(("name", "separator"), [("a.tsv", "\t"), ("a.csv", ";"), ("a.CSV", ",")])
def test_cells_may_be_separated_by_tab_semicolon_or_comma(tmp_path, name, separator):
    text = "Metric,UNIT, Day ,Value\ndelay,EWR,2026-01-05,1\n".replace(",", separator)
    assert read_tidy(written(tmp_path, text, name), KNOWN).facts.height == 1


def test_a_workbook_is_read_with_real_dates_and_numbers(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "facts.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["metric", "unit", "day", "value"])
        day = book.add_format({"num_format": "d mmm yyyy"})
        for at, value in enumerate([12.5, 0.1, 1e-5, 40], start=1):
            sheet.write_row(at, 0, ["delay", "EWR"])
            sheet.write_datetime(at, 2, datetime.date(2026, 1, at), day)
            sheet.write_number(at, 3, value)
        sheet.write_row(7, 0, ["delay", "EWR", "2026-01-09", "x"])
    reading = read_tidy(tmp_path / "facts.xlsx", KNOWN)
    assert reading.facts["value"].to_list() == [Decimal("12.5"), Decimal("0.1"), Decimal("0.00001"), Decimal(40)]
    assert reading.facts["day"].to_list() == [datetime.date(2026, 1, at) for at in range(1, 5)]
    assert reading.rejected.select("row", "rule").rows() == [(8, "value_not_a_number")]


def test_a_parquet_file_is_read_whatever_its_types(tmp_path):
    days = [datetime.date(2026, 1, 5), datetime.date(2026, 1, 6), datetime.date(2026, 1, 7)]
    frame = pl.DataFrame({"metric": ["delay"] * 3, "unit": ["EWR"] * 3, "day": days, "value": [0.1, float("nan"), 3.0]})
    for number, day in enumerate([pl.Date, pl.Datetime("us"), pl.Datetime("ns", "UTC")]):
        path = tmp_path / f"{number}.parquet"
        frame.with_columns(pl.col("day").cast(day), pl.col("metric").cast(pl.Categorical)).write_parquet(path)
        reading = read_tidy(path, KNOWN)
        assert reading.facts.select("day", "value", "row").rows() == [
            (days[0], Decimal("0.1"), 1),
            (days[2], Decimal(3), 3),
        ]
        assert reading.rejected["rule"].to_list() == ["value_not_a_number"]


def test_the_fingerprint_is_that_of_the_content(tmp_path):
    text = HEAD + "delay,EWR,,2026-01-05,,1,,"
    same = {read_tidy(written(tmp_path, text, name)).fingerprint for name in ("a.csv", "b.csv")}
    assert len(same) == 1
    assert read_tidy(written(tmp_path, text + "\n", "c.csv")).fingerprint not in same


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", HEAD.encode(), "has no rows"),
        ("a.csv", HEAD.encode() + b",,,,,,,\n", "has no rows"),
        ("a.csv", b"\xff\xd8\xff\xe0 a picture \x00\x01", "not a text file"),
        ("a.csv", HEAD.encode() + b'"delay,EWR\n', "quotation mark"),
        ("a.csv", b"metric,unit,dya,value\n", "no column 'dya'. Did you mean 'day'"),
        ("a.csv", b"metric,unit,value\nx,y,1\n", "no column day"),
        ("a.csv", b"metric,unit,day\nx,y,2026-01-01\n", "numerator and denominator"),
        ("a.csv", b"metric,unit,day,numerator\nx,y,2026-01-01,1\n", "numerator and denominator"),
        ("a.csv", b"metric,unit,day,value,Value\nx,y,2026-01-01,1,2\n", "two columns 'value'"),
        ("a.xlsx", b"hello", "workbook"),
        ("a.parquet", b"hello", "Parquet"),
        ("a.pdf", b"hello", "must end in one of"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidInput) as refused:
        read_tidy(tmp_path / name, KNOWN)
    assert words in str(refused.value)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(InvalidInput, match="There is no file"):
        read_tidy(tmp_path / "none.csv", KNOWN)


def test_an_empty_workbook_says_so(tmp_path):
    xlsxwriter.Workbook(tmp_path / "a.xlsx").close()
    with pytest.raises(InvalidInput):
        read_tidy(tmp_path / "a.xlsx", KNOWN)


# The file of rejected rows.


def test_no_cell_of_the_rejects_is_a_formula_and_numbers_stay_numbers(tmp_path):
    cells = ["=cmd()", "+1+1", "-2+3", "@SUM(A1)"]
    reading = judged(tmp_path, *(f"delay,{cell},,2026-01-05,,-5,," for cell in cells))
    path = write_rejects(reading.rejected, tmp_path / "rejects" / "facts.csv")
    assert path.read_bytes().startswith("\ufeff".encode())
    found = pl.read_csv(path, infer_schema=False)
    assert found["unit"].to_list() == [f"'{cell}" for cell in cells]
    assert found["value"].to_list() == ["-5"] * 4
    assert found.columns[:3] == ["row", "rule", "message"]


def test_corrected_rejects_can_be_loaded_as_they_are(tmp_path):
    reading = judged(tmp_path, "delay,EWR,,2026-01-05,,oops,,", "delay,EWR,,2026-01-06,,1,,")
    path = write_rejects(reading.rejected, tmp_path / "rejects.csv")
    path.write_text(path.read_text(encoding="utf-8-sig").replace(",oops,", ",7,"), encoding="utf-8")
    again = read_tidy(path, KNOWN)
    assert again.facts["value"].to_list() == [Decimal(7)]


def test_the_sheet_that_is_shown_is_read_and_not_a_hidden_one_before_it(tmp_path):
    path = tmp_path / "facts.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, value in (("last month", 111), ("this month", 222)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["metric", "unit", "day", "value"])
            sheet.write_row(1, 0, ["delay", "EWR", "2026-01-05", value])
            if name == "last month":
                sheet.hide()
            else:
                sheet.activate()
                sheet.set_first_sheet()
    assert read_tidy(path, KNOWN).facts["value"].to_list() == [Decimal(222)]


def test_blank_lines_above_the_headings_do_not_move_the_numbers_of_rows(tmp_path):
    text = "\n\n" + HEAD + "delay,EWR,,2026-01-05,,1,,\ndelay,XXX,,2026-01-05,,1,,\n"
    reading = read_tidy(written(tmp_path, text), KNOWN)
    assert (reading.facts["row"].to_list(), reading.rejected["row"].to_list()) == ([4], [5])


def test_lines_may_end_as_old_spreadsheets_end_them(tmp_path):
    text = (HEAD + "delay,EWR,,2026-01-05,,1,,\n").replace("\n", "\r")
    assert read_tidy(written(tmp_path, text), KNOWN).facts.height == 1


def test_empty_columns_without_a_heading_are_passed_over_and_full_ones_are_not(tmp_path):
    rows = "metric,unit,day,value,,\ndelay,EWR,2026-01-05,1,,{}\n"
    assert read_tidy(written(tmp_path, rows.format("")), KNOWN).facts.height == 1
    with pytest.raises(InvalidInput, match="There is no column ''"):
        read_tidy(written(tmp_path, rows.format("what is this")), KNOWN)
