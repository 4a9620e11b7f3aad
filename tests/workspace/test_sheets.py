"""The sheet of a split: out, changed elsewhere, and back; wrong cells are named, and nothing is taken over by halves."""

import csv
import io
from typing import Any

import openpyxl
import polars as pl
import pytest

from kpiflow.errors import InvalidInput
from kpiflow.workspace import Asker, Draft, Workspace, render
from kpiflow.workspace.handing_down.sheets import HEADINGS

NEWARK, GOAL, PERIOD = Asker("p0002"), "ewr-flights", "2013"
SPLIT = Draft("by_last_year")


def rows_of(content: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def written(rows: list[dict[str, Any]], headings=None) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, headings or list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def read(ws: Workspace, content: bytes, name: str = "a.csv", draft: Draft = SPLIT):
    return ws.read_sheet(NEWARK, GOAL, PERIOD, draft, content, name=name)


def said(messages) -> str:
    return " ".join(render(one) for one in messages)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("draft", [SPLIT, SPLIT.holding(**{"ewr-ua-flights": 46_000.0}), Draft("fixed")])
def test_a_sheet_read_back_unchanged_changes_nothing(ws: Workspace, form: str, draft: Draft) -> None:
    content = ws.sheet(NEWARK, GOAL, PERIOD, draft, form=form)
    found = read(ws, content, f"back.{form}", draft)
    assert (found.draft, found.differences.height, found.aside, found.wrong) == (draft, 0, (), ())


def test_excel_finds_names_in_both_languages_last_year_target_and_lock(ws: Workspace) -> None:
    content = ws.sheet(NEWARK, GOAL, PERIOD, SPLIT.holding(**{"ewr-ua-flights": 46_000.0}))
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    heading, *rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert tuple(heading) == HEADINGS
    assert len(rows) == 12
    united = dict(zip(heading, next(row for row in rows if row[0] == "ewr-ua-flights"), strict=True))
    assert united["owner_label_zh"] == "EWR · 美国联合航空"
    assert (united["last_year"], united["target_before"], united["target"], united["lock"]) == (
        45_652,
        45_396,
        46_000,
        "yes",
    )


def test_what_was_changed_in_the_sheet_is_shown_and_held(ws: Workspace) -> None:
    rows = rows_of(ws.sheet(NEWARK, GOAL, PERIOD, SPLIT, form="csv"))
    rows[0]["target"], rows[1]["lock"], rows[2]["words"] = "1,300", "是", "Thank you"
    found = read(ws, written(rows))
    assert found.draft is not None
    shown = ws.drafted(NEWARK, GOAL, PERIOD, SPLIT).lines
    assert dict(found.draft.held) == {"ewr-9e-flights": 1300.0, "ewr-aa-flights": shown["target"][1]}
    assert dict(found.draft.words) == {"ewr-as-flights": "Thank you"}
    assert found.differences.select("goal", "field").rows() == [
        ("ewr-9e-flights", "target"), ("ewr-aa-flights", "lock"), ("ewr-as-flights", "words"),
    ]  # fmt: skip
    after = ws.drafted(NEWARK, GOAL, PERIOD, found.draft).lines
    assert after["target"].sum() == 119_024


def test_a_wrong_number_is_named_by_its_cell_and_nothing_is_taken_over(ws: Workspace) -> None:
    rows = rows_of(ws.sheet(NEWARK, GOAL, PERIOD, SPLIT, form="csv"))
    rows[0]["target"], rows[3]["target"], rows[4]["lock"] = "1300", "many", "perhaps"
    found = read(ws, written(rows))
    assert found.draft is None
    assert found.differences.is_empty()
    # target is the tenth column and lock the twelfth; the first row of owners is the second of the sheet.
    assert HEADINGS.index("target") == 9
    assert "J5" in said(found.wrong)
    assert "'many' is not a number" in said(found.wrong)
    assert "L6: 'perhaps' is neither yes nor no" in said(found.wrong)


def test_rows_of_others_are_set_aside_with_the_reason(ws: Workspace) -> None:
    rows = rows_of(ws.sheet(NEWARK, GOAL, PERIOD, SPLIT, form="csv"))
    rows[1]["target"] = "3500"
    strange = [rows[0] | {"goal": "ewr-9e-flight"}, rows[0] | {"goal": "", "owner": "JFK-AA"}]
    found = read(ws, written([*strange, rows[1]]))
    assert (
        "Row 2 was set aside: there is no goal 'ewr-9e-flight' below this one. Did you mean 'ewr-9e-flights'?"
        in said(found.aside)
    )
    assert "Row 3" in said(found.aside)
    assert dict(found.draft.held) == {"ewr-aa-flights": 3500.0}
    twice = read(ws, written([rows[1], rows[1]]))
    assert twice.draft is None
    assert "twice" in said(twice.wrong)


def test_a_row_may_be_named_by_its_owner_and_in_chinese(ws: Workspace) -> None:
    found = read(ws, written([{"负责方": "EWR-UA", "目标值": "46000"}]))
    assert dict(found.draft.held) == {"ewr-ua-flights": 46_000.0}


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1+1", "-1+2", "@SUM(A1)"])
def test_no_cell_is_taken_for_a_formula(ws: Workspace, text: str) -> None:
    draft = SPLIT.saying(**{"ewr-ua-flights": text})
    for row in rows_of(ws.sheet(NEWARK, GOAL, PERIOD, draft, form="csv")):
        assert not row["words"].startswith(("=", "+", "-", "@"))
    page = openpyxl.load_workbook(io.BytesIO(ws.sheet(NEWARK, GOAL, PERIOD, draft))).active
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    back = read(ws, ws.sheet(NEWARK, GOAL, PERIOD, draft), "a.xlsx", draft)
    assert back.draft == draft, "the words come back as they were written"


@pytest.mark.parametrize(
    ("content", "name"), [(b"a,b\n1,2\n", "a.csv"), (b"x", "a.pdf"), (b"\x00\x01", "a.xlsx"), (b"", "a.csv")]
)
def test_what_is_no_sheet_is_refused_with_words(ws: Workspace, content: bytes, name: str) -> None:
    with pytest.raises(InvalidInput):
        read(ws, content, name)


def test_a_weight_is_taken_where_weights_are_what_is_split_by(ws: Workspace) -> None:
    draft = Draft("by_weight")
    rows = rows_of(ws.sheet(NEWARK, GOAL, PERIOD, draft, form="csv"))
    rows[0]["weight"] = "50"
    found = read(ws, written(rows), draft=draft)
    assert dict(found.draft.weights) == {"ewr-9e-flights": 50.0}
    assert read(ws, written(rows), draft=SPLIT).draft.weights == ()
    rows[0]["weight"] = "-1"
    assert "K2" in said(read(ws, written(rows), draft=draft).wrong)


def test_the_weights_of_a_sheet_split_as_weights_do(ws: Workspace) -> None:
    draft = Draft("by_weight").weighing(**dict.fromkeys(ws.drafted(NEWARK, GOAL, PERIOD).lines["goal"], 1.0))
    targets = ws.drafted(NEWARK, GOAL, PERIOD, draft).lines["target"]
    assert targets.sum() == 119_024
    assert targets.max() - targets.min() <= 1
    assert isinstance(targets, pl.Series)
