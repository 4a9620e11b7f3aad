"""Files of scores: what they say of themselves, that they open cleanly, that nothing in them runs, and that tampering shows."""

import datetime
import io
import json
from pathlib import Path

import openpyxl
import pandas
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.cli.main import run
from kpiflow.errors import InvalidInput, Refused
from kpiflow.storage.journal import read_journal
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.scores.file import COLUMNS, fingerprint
from kpiflow.workspace.scores.wanted import Wanted
from tests.workspace.shop import measured, opened

HR, NORTH = Asker("hr"), Asker("north")
YEAR = (("sales", "ann", "2026-06-30", 80), ("returns", "ann", "2026-06-30", 2), ("sales", "ben", "2026-06-30", 50))


@pytest.fixture
def shop(tmp_path: Path):
    """The shop with half a year measured."""
    ws = opened(tmp_path)
    measured(ws, "half a year", "2026-07-01", *YEAR)
    yield ws
    ws.close()


DAY = datetime.date(2026, 7, 5)


def table(content: bytes) -> pandas.DataFrame:
    """A CSV export as pandas reads it without being told anything."""
    return pandas.read_csv(io.BytesIO(content))


def book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_csv_opens_cleanly_and_says_in_every_row_what_it_is(shop: Workspace):
    made = shop.scores_export(HR, "2026", DAY)
    assert made.content.startswith(b"\xef\xbb\xbf"), "with its mark, so that Excel shows 中文"
    read = table(made.content)
    assert list(read.columns) == [name for name, _ in COLUMNS]
    assert set(read["fingerprint"]) == {made.fingerprint}
    assert set(read["as_of"]) == {"2026-07-05"}
    scores = dict(zip(read["person"], read["score"], strict=True))
    assert scores["ann"] == pytest.approx(shop.score_why(HR, "ann", "2026", DAY).row["score"], abs=1e-10)
    assert made.name == f"scores-2026-as-of-2026-07-05-{made.fingerprint[:12]}.csv"


def test_the_workbook_has_scores_goals_and_what_it_is(shop: Workspace):
    made = shop.scores_export(HR, "2026", DAY, Wanted(role="seller"), form="xlsx")
    read = book(made.content)
    assert read.sheetnames == ["scores", "goals", "about"]
    rows = list(read["scores"].iter_rows(values_only=True))
    assert rows[0] == tuple(name for name, _ in COLUMNS)
    assert [row[0] for row in rows[1:]] == ["ann", "ben", "cyd"]
    goals = [dict(zip(next(read["goals"].values), row, strict=True)) for row in list(read["goals"].values)[1:]]
    for person in ("ann", "ben"):
        given = sum(row["contribution"] or 0 for row in goals if row["person"] == person)
        assert given == pytest.approx(shop.score_why(HR, person, "2026", DAY).row["score"], abs=1e-9)
    about = {str(row[0]).split(" · ")[0]: row[1] for row in read["about"].values if row[1] is not None}
    assert about["Company"] == "The shop"
    assert (about["Period"], about["As of"]) == ("2026", "2026-07-05")
    assert about["Exported by"] == "hr"
    assert json.loads(about["Filter"]) == {"role": "seller"}
    assert about["Number of people"] == 3
    assert about["Fingerprint (SHA-256 of period, as-of day and scores)"] == made.fingerprint
    assert about["Version of the definitions"] == 1
    assert about["Version of the measurements"] == "1"
    assert about["Version of KPIFlow"]
    assert made.fingerprint in read.properties.description
    assert {one.name: one.value for one in read.custom_doc_props.props} == {"fingerprint": made.fingerprint}


def test_the_same_scores_have_the_same_fingerprint_in_both_forms_and_every_time(shop: Workspace):
    marks = {shop.scores_export(HR, "2026", DAY, form=form).fingerprint for form in ("csv", "xlsx", "csv")}
    assert marks == {shop.scores_fingerprint(HR, "2026", DAY)}


@given(
    scores=st.lists(st.one_of(st.none(), st.decimals(0, 150, places=10)), min_size=1, max_size=6),
    which=st.integers(0, 5),
    by=st.sampled_from([1e-9, -0.01, 5.0]),
)
def test_a_fingerprint_follows_every_score_and_not_the_order(ws, scores, which, by):
    day, names = DAY, [f"p{number}" for number in range(len(scores))]
    plain = {"unit": "u", "role": "r", "scorecard": None, "grade": None, "coverage": 1.0, "goals": 1, "missing": 0, "left_out": 0,
             "days": 365, "reason": None}  # fmt: skip
    kinds = {"scorecard": pl.String, "grade": pl.String, "reason": pl.String, "score": pl.Float64}
    rows = pl.DataFrame(
        [
            {"person": name, "score": None if score is None else float(score), **plain}
            for name, score in zip(names, scores, strict=True)
        ],
        schema_overrides=kinds,
    )  # fmt: skip
    mark = fingerprint("2026", day, rows)
    assert fingerprint("2026", day, rows.reverse()) == mark
    touched = names[which % len(names)]
    moved = rows.with_columns(
        score=pl.when(pl.col("person") == touched).then(pl.col("score").fill_null(0.0) + by).otherwise("score")
    )
    assert fingerprint("2026", day, moved) != mark
    assert fingerprint("2026-01", day, rows) != mark


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_is_found_to_hold_and_a_changed_one_is_not(shop: Workspace, tmp_path: Path, form: str):
    made = shop.scores_export(HR, "2026", DAY, form=form)
    held = shop.verify_scores(ADMINISTRATOR, made.name, made.content, "2026")
    assert (held.intact, held.matches, held.differences.height) == (True, True, 0)
    if form == "csv":
        tampered = made.content.replace(b",88.0,", b",98.0,").replace(b",88,", b",98,")
    else:
        opened_book = book(made.content)
        cells = {cell.value: cell.column for cell in opened_book["scores"][1]}
        opened_book["scores"].cell(row=2, column=cells["score"]).value = 98
        out = io.BytesIO()
        opened_book.save(out)
        tampered = out.getvalue()
    assert tampered != made.content
    found = shop.verify_scores(ADMINISTRATOR, made.name, tampered)
    assert (found.intact, found.matches) == (False, False)
    assert found.differences["field"].to_list() == ["score"]


def test_a_correction_after_the_file_shows_where_the_store_differs(shop: Workspace):
    made = shop.scores_export(HR, "2026", DAY)
    # Recorded on the as-of day itself, after the file was made: what was known that day is now something else.
    measured(shop, "correction", "2026-07-05", ("sales", "ben", "2026-06-30", 70), reason="Counted again")
    found = shop.verify_scores(ADMINISTRATOR, made.name, made.content)
    assert (found.intact, found.matches) == (True, False)
    assert set(found.differences["person"]) == {"ben"}
    assert "score" in found.differences["field"].to_list()
    # What is recorded later changes nothing of that day.
    measured(shop, "later", "2026-07-09", ("sales", "ann", "2026-07-01", 20))
    assert set(shop.verify_scores(ADMINISTRATOR, made.name, made.content).differences["person"]) == {"ben"}


def test_somebody_taken_out_of_a_file_is_missed(shop: Workspace):
    made = shop.scores_export(HR, "2026", DAY)
    lines = made.content.splitlines(keepends=True)
    found = shop.verify_scores(
        ADMINISTRATOR, made.name, b"".join(line for line in lines if not line.startswith(b"ben,"))
    )
    assert not found.intact
    assert found.differences.to_dicts() == [{"person": "ben", "field": "person", "in_file": None, "in_store": "✓"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"person,score\nann,1\n"), ("a.csv", b""), ("a.xlsx", b"no workbook"), ("a.csv", b"\xff\xfe\x00\x00")],
)
def test_what_is_no_such_file_is_said_to_be_none(shop: Workspace, name: str, content: bytes):
    with pytest.raises(InvalidInput, match="kpiflow export scores"):
        shop.verify_scores(ADMINISTRATOR, name, content)


def test_another_period_is_not_taken_for_this_one(shop: Workspace):
    made = shop.scores_export(HR, "2026", DAY)
    with pytest.raises(InvalidInput, match="2026-Q1"):
        shop.verify_scores(ADMINISTRATOR, made.name, made.content, "2026-Q1")


EVIL = ("=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\tTab")


@pytest.mark.parametrize("label", EVIL)
def test_no_cell_runs(tmp_path: Path, label: str):
    ws = opened(tmp_path, label=label)
    try:
        measured(ws, "half a year", "2026-07-01", *YEAR)
        made = ws.scores_export(HR, "2026", DAY)
        shown = ws.company().people.filter(pl.col("person") == "ann")["label"].item()
        cells = [cell for row in table(made.content).itertuples(index=False) for cell in row if isinstance(cell, str)]
        assert (shown if shown.isalpha() else f"'{shown}") in cells  # a tab in front is taken off when it is read
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells)
        sheets = book(ws.scores_export(HR, "2026", DAY, form="xlsx").content)
        kinds = {cell.data_type for sheet in sheets for row in sheet for cell in row}
        assert "f" not in kinds, "no formula"
        assert shown in {cell.value for row in sheets["scores"] for cell in row}
        assert ws.verify_scores(ADMINISTRATOR, made.name, made.content).matches
    finally:
        ws.close()


def test_a_file_has_only_whom_its_maker_may_read(shop: Workspace):
    assert set(table(shop.scores_export(NORTH, "2026", DAY).content)["person"]) == {"north", "ann", "ben"}
    read = book(shop.scores_export(NORTH, "2026", DAY, form="xlsx").content)
    assert {row[0] for row in read["goals"].values} == {"person", "ann", "ben"}
    with pytest.raises(InvalidInput):
        shop.scores_export(NORTH, "2026", DAY, Wanted(unit="SOUTH"))
    for asker in (Asker("ann"), Asker(), Asker("nobody")):
        with pytest.raises(Refused):
            shop.scores_export(asker, "2026", DAY)
    # A head checks a file of the whole company: what they may not read they are not told.
    whole = shop.scores_export(HR, "2026", DAY)
    assert "cyd" not in str(shop.verify_scores(NORTH, whole.name, whole.content).differences["in_store"].to_list())


def test_a_seller_with_the_action_exports_nobody_else(tmp_path: Path):
    ws = opened(tmp_path, actions=("export_scores",))
    try:
        measured(ws, "half a year", "2026-07-01", *YEAR)
        assert set(table(ws.scores_export(Asker("ann"), "2026", DAY).content)["person"]) == {"ann"}
    finally:
        ws.close()


def test_the_journal_keeps_every_export(shop: Workspace):
    made = shop.scores_export(HR, "2026", DAY, Wanted(grade="A"), form="xlsx")
    lines = read_journal(shop.store, action="export_scores")
    assert lines.height == 1
    row = lines.row(0, named=True)
    said = json.loads(row["detail"])
    assert (row["who"], row["subject"]) == ("hr", "2026")
    assert (said["fingerprint"], said["people"], said["form"]) == (made.fingerprint, 1, "xlsx")
    assert (said["as_of"], said["filter"], said["scope"]) == ("2026-07-05", {"grade": "A"}, "all")


def test_the_command_line_writes_and_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    ws = opened(tmp_path)
    measured(ws, "half a year", "2026-07-01", *YEAR)
    ws.close()
    store, out = ["--store", str(tmp_path / "shop.duckdb")], tmp_path / "scores.csv"
    for arguments, code in (
        (["export", "scores", "--period", "2026", "--as-of", "2026-07-05", "--out", str(out), *store], 0),
        (["verify", str(out), "--period", "2026", *store], 0),
    ):
        with pytest.raises(SystemExit) as ended:
            run(arguments)
        assert ended.value.code == code
    assert "same scores" in capsys.readouterr().out
    out.write_bytes(out.read_bytes().replace(b"ben,", b"bob,"))
    with pytest.raises(SystemExit) as ended:
        run(["verify", str(out), *store, "--lang", "zh"])
    assert ended.value.code == 1
    assert "改动" in capsys.readouterr().out
