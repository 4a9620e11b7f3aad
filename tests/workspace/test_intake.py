"""Workbooks on their way in: understood, questions answered, shown before they count, loaded once, and known next month."""

import datetime
import io
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from kpiflow.core.calendar import Calendar, Cycle
from kpiflow.errors import InvalidInput, Refused
from kpiflow.storage.journal import read_journal
from kpiflow.storage.rows import measurement_rows
from kpiflow.storage.selection import Selection, Window
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.commands import known_words
from kpiflow.workspace.intake.answers import Looked, Ways
from kpiflow.workspace.intake.knowing import known, measured_until
from kpiflow.workspace.intake.loading import Terms
from tests.workspace.ugly import MEANT, METRIC, NAMED_SO, VALUES, ugly

LOADER = Asker("p0007")
QUARTER = Window("Q1", date(2014, 1, 1), date(2014, 3, 31))


@pytest.fixture(scope="module")
def mine(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    path = tmp_path_factory.mktemp("intake") / "mine.duckdb"
    shutil.copy(demo_store, path)
    with closing(Workspace.open(path, demo=True)) as opened:
        yield opened


def settled(ws: Workspace, looked: Looked) -> Ways:
    """The ways with the one name confirmed that nobody can know; whatever else is asked has an answer in the file."""
    ways = looked.ways
    asked = {one.written: one for one in looked.sheet("Q1").questions if one.written}
    assert set(asked) == {NAMED_SO}, [str(one.said) for one in looked.sheet("Q1").questions]
    assert asked[NAMED_SO].kind == "unit"
    return ws.intake_answered(LOADER, ways, "Q1", asked[NAMED_SO], MEANT)


def stored(
    ws: Workspace, metric: str, window: Window, units: list[str]
) -> dict[tuple[str, date], tuple[Decimal, str | None]]:
    rows = measurement_rows(ws.store, window, Selection([metric], units)).rows
    return {(row["unit"], row["day"]): (row["amount"], row["cell"]) for row in rows.iter_rows(named=True)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_merged_title_with_a_metric_and_a_year_is_no_heading(mine, language):
    looked = mine.look_at(LOADER, ugly(language), "q1.xlsx")
    shown = mine.preview_intake(LOADER, ugly(language), "q1.xlsx", settled(mine, looked))
    assert set(shown.facts["metric"]) == {METRIC}
    assert sorted(shown.facts["value"].cast(pl.Int64)) == sorted(number for row in VALUES.values() for number in row)


def test_an_ugly_workbook_is_understood_confirmed_loaded_and_known_again(mine):
    content = ugly()
    looked = mine.look_at(LOADER, content, "q1.xlsx")
    assert [one.sheet.name for one in looked.sheets] == ["Q1"], "the hidden sheet is not read, and said to be there"
    assert any("old" in str(remark.said) for remark in looked.remarks)
    before = mine.preview_intake(LOADER, content, "q1.xlsx", looked.ways)
    assert before.facts.height == 6, "until the name is confirmed its row does not count"
    ways = settled(mine, looked)
    shown = mine.preview_intake(LOADER, content, "q1.xlsx", ways)
    assert (shown.facts.height, shown.count("new"), shown.rejected.height) == (9, 9, 0)
    left_out = {one.where for one in shown.left_out}
    assert any("8:8" in where for where in left_out), "the total"
    assert not mine.mappings(LOADER)
    assert stored(mine, METRIC, QUARTER, ["EWR-B6"]) == {}, "nothing is written by looking"

    done = mine.load_workbook(LOADER, content, "q1.xlsx", ways, terms=Terms(save_as="Quarterly flights"))
    assert (done.report.added, done.report.unchanged, done.report.superseded) == (9, 0, 0)
    ends = (date(2014, 1, 31), date(2014, 2, 28), date(2014, 3, 31))
    expected = {
        (unit, day): (Decimal(number), f"Q1!{column}{row}")
        for row, (unit, numbers) in enumerate(zip(("EWR-B6", "EWR-UA", MEANT), VALUES.values(), strict=True), start=5)
        for column, day, number in zip("BCD", ends, numbers, strict=True)
    }
    assert stored(mine, METRIC, QUARTER, ["EWR-B6", "EWR-UA", MEANT]) == expected
    again = mine.load_workbook(LOADER, content, "q1.xlsx", ways, terms=Terms(save_as="Quarterly flights"))
    assert (again.report.added, again.report.unchanged) == (0, 9), "the same file twice adds nothing"
    kept = mine.mappings(LOADER)
    assert [(one.name, one.version, one.file) for one in kept] == [("Quarterly flights", 1, "q1.xlsx")]
    assert read_journal(mine.store, action="save_mapping")["who"].to_list() == [LOADER.name]

    corrected = {**VALUES, "EWR-B6 *": (512, 502, 533)}
    shown = mine.preview_intake(LOADER, ugly(values=corrected), "q1.xlsx", ways)
    changed = shown.facts.filter(pl.col("state") == "superseded")
    assert changed.select("unit", "before", "value", "cell").rows() == [("EWR-B6", Decimal(511), Decimal(512), "Q1!B5")]

    next_year = mine.look_at(LOADER, ugly(year=2015), "q1-next.xlsx")
    assert next_year.sheets[0].by == "Quarterly flights"
    shown = mine.preview_intake(LOADER, ugly(year=2015), "q1-next.xlsx", next_year.ways)
    assert shown.facts.height == 9, "what was confirmed is not asked again"
    assert shown.facts["day"].min() == date(2015, 1, 31)


def test_a_template_is_filled_in_and_loads_without_a_question(mine):
    made = mine.unit_template(LOADER, "EWR-9E", "2013-Q1", language="zh")
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    expected: dict[tuple[str, str, date], tuple[Decimal, Decimal | None]] = {}
    number = 10
    ends = (date(2013, 1, 31), date(2013, 2, 28), date(2013, 3, 31))
    for name, step, top in (("values", 1, 1), ("rates", 2, 2)):
        if name not in book.sheetnames:
            continue
        sheet = book[name]
        assert sheet.protection.sheet
        assert sheet.cell(top, 1).protection.locked
        assert sheet.data_validations.dataValidation
        for row in range(top + 1, sheet.max_row + 1):
            metric, unit = sheet.cell(row, 5).value, sheet.cell(row, 6).value
            if metric is None:
                continue
            for place, day in enumerate(ends):
                number += 1
                cell = sheet.cell(row, 8 + place * step)
                assert not cell.protection.locked
                cell.value = number
                base = None
                if step == 2:
                    sheet.cell(row, 9 + place * step).value = number * 2
                    base = Decimal(number * 2)
                if sheet.cell(row, 7).value is None:
                    expected[metric, unit, day] = (Decimal(number), base)
    out = io.BytesIO()
    book.save(out)
    looked = mine.look_at(LOADER, out.getvalue(), "filled.xlsx")
    assert [(one.sheet.name, one.questions) for one in looked.sheets] == [
        (name, ()) for name in ("values", "rates") if name in book.sheetnames
    ]
    assert not looked.remarks, "nobody hid the sheet by which it says how it is read"
    shown = mine.preview_intake(LOADER, out.getvalue(), "filled.xlsx", looked.ways)
    assert shown.rejected.height == 0, shown.rejected["message"].to_list()[:5]
    assert shown.facts.height == 3 * made.lines
    read = {
        (metric, unit, day): (amount, base)
        for metric, unit, day, amount, base in shown.facts.filter(pl.col("person").is_null())
        .select("metric", "unit", "day", pl.coalesce("value", "numerator"), "denominator")
        .iter_rows()
    }
    assert read == expected
    done = mine.load_workbook(LOADER, out.getvalue(), "filled.xlsx", looked.ways)
    assert done.report.added == 3 * made.lines
    assert done.saved is None


def test_the_same_place_in_two_cells_is_set_aside_with_both(mine):
    twice = ugly(values={"EWR-B6": (1,), "EWR-B6 *": (2,), "EWR-UA": (3,)})
    looked = mine.look_at(LOADER, twice, "twice.xlsx")
    shown = mine.preview_intake(LOADER, twice, "twice.xlsx", looked.ways)
    assert shown.facts["unit"].to_list() == ["EWR-UA"]
    assert shown.rejected.height == 2
    assert set(shown.rejected["cell"]) == {"Q1!B5", "Q1!B6"}
    assert set(shown.rejected["rule"]) == {"once_in_the_file"}


def test_a_file_of_which_nothing_can_be_loaded_yet_is_shown_with_its_question(mine):
    content = ugly(values={"Zebra": (5, 6)}, year=2016)
    looked = mine.look_at(LOADER, content, "zebra.xlsx")
    shown = mine.preview_intake(LOADER, content, "zebra.xlsx", looked.ways)
    assert (shown.facts.height, shown.rejected.height, len(shown.waiting)) == (0, 1, 1)
    with pytest.raises(InvalidInput, match="Nothing of zebra"):
        mine.load_workbook(LOADER, content, "zebra.xlsx", looked.ways)


def test_a_name_nobody_knows_can_still_be_given_to_somebody(mine):
    content = ugly(values={"Zebra": (5,), "EWR-UA": (3,)}, year=2016)
    looked = mine.look_at(LOADER, content, "zebra.xlsx")
    shown = mine.preview_intake(LOADER, content, "zebra.xlsx", looked.ways)
    ((sheet, question),) = shown.waiting
    assert (question.written, shown.facts.height) == ("Zebra", 1)
    ways = mine.intake_answered(LOADER, looked.ways, sheet, question, MEANT)
    assert set(mine.preview_intake(LOADER, content, "zebra.xlsx", ways).facts["unit"]) == {MEANT, "EWR-UA"}
    left = mine.intake_answered(LOADER, looked.ways, sheet, question, "")
    shown = mine.preview_intake(LOADER, content, "zebra.xlsx", left)
    assert (shown.facts.height, shown.rejected.height, shown.waiting) == (1, 0, ())


def test_goals_come_in_by_workbook_and_pay_only_by_those_who_read_it(mine, tmp_path):
    def brought(sheet: str, *rows: tuple[object, ...]) -> bytes:
        book = openpyxl.Workbook()
        page = book.active
        page.title = sheet
        for row in rows:
            page.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    easier = brought("goals", ("goal", "target"), ("nyc-ontime", 70))
    shown = mine.look_at_tables(LOADER, easier, "goals.xlsx")
    assert (shown.changes, shown.eased, shown.touched) == (True, 1, ("goals",))
    with pytest.raises(InvalidInput, match="easier to reach"):
        mine.make_tables(LOADER, shown)
    done = mine.make_tables(LOADER, shown, reason="The runway is closed until May.")
    assert done.change is not None
    assert mine.company().goals.filter(pl.col("goal") == "nyc-ontime")["target"][0] == 70
    with pytest.raises(Refused, match="paid"):
        mine.look_at_tables(LOADER, brought("people", ("person", "salary_month"), ("p0001", 90000)), "people.xlsx")
    out = openpyxl.load_workbook(io.BytesIO(mine.tables_workbook(LOADER)))
    assert "salary_month" not in [cell.value for cell in out["people"][1]]
    assert not mine.look_at_tables(LOADER, mine.tables_workbook(LOADER), "company.xlsx").changes
    wrong = mine.look_at_tables(LOADER, brought("单位", ("单位", "名称", "上级"), ("XYZ", "X", "EWRR")), "units.xlsx")
    assert [one.place for one in wrong.problems if one.level == "error"] == ["units.xlsx 单位!C2"]
    with pytest.raises(Refused):
        mine.look_at_inputs(Asker("p0101"), easier, "inputs.xlsx")
    assert mine.look_at_inputs(Asker("p0005"), easier, "inputs.xlsx").problems, "HR brings inputs, and no goals"
    assert ADMINISTRATOR.machine


def test_days_that_have_come_are_taken_and_a_year_more_than_is_planned(mine):
    """A company may measure days its calendar does not reach, and plan ahead; 2199 for 2019 is a slip in every company."""
    company = mine.company()
    assert company.calendar.last_day.year == 2013
    assert measured_until(company) >= datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=1)
    ahead = replace(company, calendar=Calendar(cycles=(Cycle(cycle="2090", starts=date(2090, 1, 1)),)))
    assert measured_until(ahead) == date(2092, 1, 1)
    assert known(ahead).words.until == known_words(ahead).until == date(2092, 1, 1)
    last = replace(company, calendar=Calendar(cycles=(Cycle(cycle="9998", starts=date(9998, 1, 1)),)))
    assert measured_until(last) == date.max
