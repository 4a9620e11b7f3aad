"""Days, thirds and weeks whose month stands above them, beside them, in the title or in the name of the sheet."""

from datetime import date, timedelta

import pytest

from kpiflow.sources.workbooks import answered, found, unfolded

COUNTS = {"EWR": range(101, 132), "JFK": range(51, 82)}


def days(unit_counts=COUNTS, month=3):
    return {
        ("flights", unit, None, f"2013-{month:02}-{day:02}"): count
        for unit, counts in unit_counts.items()
        for day, count in enumerate(counts, start=1)
    }


BELOW = [["EWR", *COUNTS["EWR"], 3596], ["JFK", *COUNTS["JFK"], 2046], ["合计", *range(152, 214, 2), None]]
NAMED = [f"{day}日" for day in range(1, 32)]


@pytest.mark.parametrize(
    ("title", "rows", "merges"),
    [
        ("2013年3月", [["航班量日报 Flights operated"], ["站点", *NAMED, "合计"], *BELOW], ()),
        ("Sheet1", [["2013年3月实际执行航班"], ["站点", *NAMED, "合计"], *BELOW], ()),
        ("Sheet1", [["实际执行航班"], ["站点", "2013年3月", *[None] * 30, "合计"], [None, *NAMED, None], *BELOW],
         ("A2:A3", "B2:AF2", "AG2:AG3")),
        ("Sheet1", [["Flights operated, March 2013"], ["Station", *range(1, 32), "Total"], *BELOW], ()),
    ],
)  # fmt: skip
def test_days_across_under_a_month_said_elsewhere(sheet, taken, title, rows, merges):
    read, out, _ = taken(sheet(rows, title=title, merges=merges))
    assert read == days()
    assert out.rejected.is_empty()


@pytest.mark.parametrize(("head", "first"), [("日期", "{}日"), ("日", "{}"), ("Day", "{}"), ("Date", "{}日")])
def test_days_down_as_words_or_as_plain_numbers(sheet, taken, head, first):
    rows = [
        [int(first.format(day)) if first == "{}" else first.format(day), 100 + day, 50 + day] for day in range(1, 32)
    ]
    page = sheet([["2013年3月实际执行航班"], [head, "EWR", "JFK"], *rows, ["合计", 3596, 2046]])
    assert taken(page)[0] == days()


def test_year_month_and_day_in_three_columns_are_one_day(sheet, taken):
    start = date(2013, 3, 30)
    when = [start + timedelta(days=number) for number in range(4)]
    rows = [[day.year, day.month, day.day, number] for number, day in enumerate(when, start=7)]
    page = sheet([["Flights operated", None, None, None], ["年", "月", "日", "EWR"], *rows])
    assert taken(page)[0] == {("flights", "EWR", None, str(day)): number for number, day in enumerate(when, start=7)}
    page = sheet([["2013 Flights operated"], ["月份", "日期", "EWR"], ["3月", "30日", 7], [None, "31日", 8], ["4月", "1日", 9],
                  [None, "2日", 10]])  # fmt: skip
    assert taken(page)[0] == {("flights", "EWR", None, str(day)): number for number, day in enumerate(when, start=7)}


def test_a_month_nobody_wrote_is_asked_and_a_day_it_does_not_have_is_said(sheet, known):
    page = sheet([["实际执行航班"], ["站点", "28日", "29日"], ["EWR", 5, 6]])
    told = found(page, known)
    (question,) = told.questions
    assert (question.kind, "month" in str(question.said)) == ("period", True)
    out = unfolded(page, answered(told.mapping, question, "2013-02"), known)
    assert out.facts.select("day", "value").rows() == [(date(2013, 2, 28), 5)]
    assert [str(one.said) for one in out.left_out] == ["No calendar has '29日'."]


@pytest.mark.parametrize("written", ["上旬 中旬 下旬", "3月上旬 3月中旬 3月下旬"])
def test_thirds_of_a_month_are_not_the_month(sheet, taken, written):
    ends = ("2013-03-10", "2013-03-20", "2013-03-31")
    page = sheet([["2013年3月实际执行航班"], ["站点", *written.split(), "合计"], ["EWR", 10, 11, 12, 33]])
    assert taken(page)[0] == {
        ("flights", "EWR", None, end): count for end, count in zip(ends, (10, 11, 12), strict=True)
    }
    page = sheet([["2013年3月实际执行航班"], ["旬", "EWR"], [written.split()[0], 10]])
    assert taken(page)[0] == {("flights", "EWR", None, "2013-03-10"): 10}


@pytest.mark.parametrize("week", ["第{}周", "Week {}"])
def test_the_first_week_of_a_month_is_not_that_of_the_year(sheet, taken, week):
    heads = [week.format(number) for number in (1, 2)]
    for rows in ([["站点", *heads], ["EWR", 10, 11]], [["周", "EWR"], [heads[0], 10], [heads[1], 11]]):
        assert taken(sheet([["2013年3月实际执行航班"], *rows]))[0] == {}
        assert taken(sheet([["实际执行航班"], *rows], title="2013年3月"))[0] == {}
    page = sheet([["2013年3月实际执行航班"], ["周", "实际执行航班"], [heads[0], 10]], title="EWR")
    assert taken(page)[0] == {}
    heads = [week.format(number) for number in range(1, 12)]
    assert (
        len(taken(sheet([["Flights operated, as of March 2013"], ["Station", *heads], ["EWR", *range(11)]]))[0]) == 11
    )


def test_a_week_may_say_its_days(sheet, taken):
    page = sheet([["2013年实际执行航班"], ["站点", "第7周", "第8周（2.18-2.24）"], ["EWR", 70, 71]])
    assert taken(page)[0] == {("flights", "EWR", None, "2013-02-17"): 70, ("flights", "EWR", None, "2013-02-24"): 71}


@pytest.mark.parametrize("day", ["3/1", "3.1", "Monday", "周一"])
def test_one_day_that_cannot_be_read_is_not_the_month_of_the_sheet(sheet, taken, day):
    page = sheet([["日期", "站点", "实际执行航班"], [day, "EWR", 5]], title="2013年3月")
    assert taken(page)[0] == {}
    page = sheet([["实际执行航班"], ["站点", day], ["EWR", 5]], title="2013年3月")
    assert taken(page)[0] == {}


@pytest.mark.parametrize("title", ["2013年", "2013年3月工作情况"])
def test_a_month_alone_in_its_row_holds_for_the_rows_below_it(sheet, taken, title):
    page = sheet(
        [
            [title],
            ["指标", "EWR", "JFK"],
            ["1月"],
            ["实际执行航班", 1, 2],
            ["2月", None, None],
            ["实际执行航班", 3, 4],
            [],
            ["3月5日"],
        ]
    )
    rows, out, _ = taken(page)
    assert rows == {
        ("flights", "EWR", None, "2013-01-31"): 1, ("flights", "JFK", None, "2013-01-31"): 2,
        ("flights", "EWR", None, "2013-02-28"): 3, ("flights", "JFK", None, "2013-02-28"): 4,
    }  # fmt: skip
    assert not out.questions


@pytest.mark.parametrize("heads", [("01/02/2013", "01/03/2013"), ("01/02/2013", "02/02/2013")])
def test_days_above_the_numbers_that_can_be_two_are_asked(sheet, known, heads):
    page = sheet([["Flights operated"], ["Station", *heads], ["EWR", 5, 6]])
    told = found(page, known)
    (question,) = told.questions
    assert (question.kind, question.needed) == ("dates", True)
    assert date(2013, 2, 1) not in unfolded(page, told.mapping, known).facts["day"].to_list()
    for choice in question.choices:
        order = [int(part) for part in heads[0].split("/")]
        day, month = order[:2] if choice.value.startswith("31") else order[1::-1]
        out = unfolded(page, answered(told.mapping, question, choice.value), known)
        assert out.facts.filter(out.facts["value"] == 5)["day"].to_list() == [date(2013, month, day)]
        assert (out.facts.height, out.questions) == (2, ())
