"""Goals and organisation as a workbook: nothing is lost on the way out and in, and what is wrong is named by its cell."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from kpiflow.definitions.company import Company
from kpiflow.definitions.reading import Reading, read_company
from kpiflow.definitions.reading_workbooks import read_workbook
from kpiflow.definitions.writing_workbooks import company_workbook
from kpiflow.sources.workbooks import read_sheets

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def base() -> Company:
    return read_company(CONFIG).required()


@pytest.fixture
def brought(base: Company, tmp_path: Path) -> Callable[..., Reading]:
    """The company's own workbook, after somebody changed it in a spreadsheet program, read back."""

    def bring(change: Callable[[openpyxl.Workbook], None], *, language: str = "en", complete: bool = False) -> Reading:
        book = openpyxl.load_workbook(BytesIO(company_workbook(base, language)))
        change(book)
        path = tmp_path / "company.xlsx"
        book.save(path)
        return read_workbook(read_sheets(path), path.name, base, complete=complete)

    return bring


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("complete", [False, True])
def test_out_and_in_again_changes_nothing(base, brought, language, complete):
    reading = brought(lambda book: None, language=language, complete=complete)
    assert reading.problems == ()
    assert reading.company == base


def test_a_sheet_changes_what_it_says_and_nothing_else(base, brought):
    """Five cells of a sheet of one's own, headed in Chinese and in another order: one goal changes in two of its columns."""

    def only_two_columns(book: openpyxl.Workbook) -> None:
        for name in book.sheetnames:
            del book[name]
        sheet = book.create_sheet("目标")
        sheet.append(["年度目标"])
        sheet.append(["权重*", "目标编号", " 目标值 "])
        sheet.append([25, "nyc-ontime", 0.78])
        sheet["C3"].number_format = "0.0%"

    reading = brought(only_two_columns)
    assert reading.company is not None, [str(problem) for problem in reading.problems]
    mine = pl.col("goal") == "nyc-ontime"
    before, after = base.goals.filter(mine), reading.company.goals.filter(mine)
    assert after["weight"][0] == 25
    assert after["target"][0] == 78
    assert after.drop("weight", "target").equals(before.drop("weight", "target"))
    assert reading.company.goals.filter(~mine).equals(base.goals.filter(~mine))
    assert reading.company.people.equals(base.people)
    assert any("stay as they are" in str(problem) for problem in reading.problems), (
        "what is not listed stays, and is said"
    )


def test_rows_go_only_when_the_sheet_is_complete(base, brought):
    def without_the_last(book: openpyxl.Workbook) -> None:
        book["groups"].delete_rows(book["groups"].max_row)

    assert brought(without_the_last).company == base
    whole = brought(without_the_last, complete=True).company
    assert whole is not None
    assert whole.groups.height == base.groups.height - 1


def test_what_is_wrong_is_named_by_sheet_and_cell(brought):
    def spoilt(book: openpyxl.Workbook) -> None:
        goals, people = book["goals"], book["people"]
        columns = {cell.value: cell.column_letter for cell in goals[1]}
        goals[f"{columns['parent']}3"] = "nyc-servce"
        goals[f"{columns['threshold']}4"] = "about 70"
        goals[f"{columns['target']}4"] = "=1/0"
        people["D2"] = date(2006, 3, 1)
        people["J1"] = "colour"

    said = {str(problem) for problem in brought(spoilt).problems}
    assert "company.xlsx goals!C3: error: There is no goal 'nyc-servce'. Did you mean 'nyc-service'?" in said
    assert any(one.startswith("company.xlsx goals!M4: error: 'about 70'") for one in said), said
    assert any(one.startswith("company.xlsx goals!N4: error: This formula has no stored result") for one in said), said
    assert any(one.startswith("company.xlsx people!J1: error: There is no field 'colour'") for one in said), said


def test_texts_that_look_like_formulas_come_back_as_they_were(base, brought):
    """Written by openpyxl as texts, which is what a spreadsheet keeps of a cell marked as text."""

    def named_so(book: openpyxl.Workbook) -> None:
        sheet = book["units"]
        for row, name in zip((2, 3, 4), ("'=2+3", "@home", "＝SUM(A1)"), strict=True):
            sheet.cell(row, 2).value = name
            sheet.cell(row, 2).data_type = "s"

    reading = brought(named_so)
    assert reading.company is not None
    assert {"'=2+3", "@home", "＝SUM(A1)"} <= set(reading.company.units["label"])
    again = openpyxl.load_workbook(BytesIO(company_workbook(reading.company)))
    cells = [cell for row in again["units"].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    active = next(cell for cell in cells if cell.value == "@home")
    assert active.quotePrefix, "a press of Enter on it must not make it a formula"
