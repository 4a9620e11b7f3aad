"""Ratings by workbook: the same ratings as typed on the page, held to the same rules, and all or none of them."""

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.workspace import Asker, Workspace
from kpiflow.workspace.reviewing.answers import Given

PERIOD, WHO = "2013", "p0013"
#: An inspector nobody has reviewed yet, the executive who leads, and somebody far away.
MARTA, HEAD, STRANGER = Asker(WHO), Asker("p0001"), Asker("p0201")


@pytest.fixture
def mine(demo_store: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copy(demo_store, tmp_path / "mine.duckdb")
    with closing(Workspace.open(tmp_path / "mine.duckdb", demo=True)) as opened:
        yield opened


def filled(ws: Workspace, asker: Asker, fill: Callable[[dict[str, object]], object], language: str = "en") -> bytes:
    """The form of somebody with the ratings that `fill` gives for each of its rows."""
    book = openpyxl.load_workbook(io.BytesIO(ws.ratings_template(asker, PERIOD, language=language)))
    sheet = book["ratings"]
    names = ("person", "name", "as", "section", "item", "what", "scale", "value", "words")
    for row in sheet.iter_rows(min_row=2):
        line = {name: cell.value for name, cell in zip(names, row, strict=True)}
        row[7].value = fill(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def drafts(ws: Workspace, asker: Asker) -> dict[tuple[str, str], float | None]:
    shown = ws.review(asker, WHO, PERIOD)
    return {(part.section, item.item): item.draft for part in shown.sections for item in part.items if item.written}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_form_filled_in_is_what_would_have_been_typed(mine, tmp_path, language):
    own = {"thoroughness": 4, "fairness": 5}
    content = filled(mine, MARTA, lambda line: own.get(str(line["item"])), language)
    assert mine.load_ratings(MARTA, PERIOD, content, "own.xlsx") == {WHO: 2}
    by_workbook = drafts(mine, MARTA)
    assert by_workbook == {("inspecting", "thoroughness"): 4.0, ("inspecting", "fairness"): 5.0}
    assert mine.send_review(MARTA, WHO, PERIOD).value == "self_done", "it counts once sent, as any rating does"
    # The head's form now has this person as the manager's step, with the section that only the manager rates.
    asked = openpyxl.load_workbook(io.BytesIO(mine.ratings_template(HEAD, PERIOD)))["ratings"]
    lines = {(row[0], row[2], row[4]) for row in asked.iter_rows(min_row=2, values_only=True)}
    assert {(WHO, "manager", "thoroughness"), (WHO, "manager", "on_time")} <= lines
    locked = {cell.value: cell.protection.locked for cell in asked[2]}
    assert asked.protection.sheet
    assert not asked["H2"].protection.locked
    assert all(locked[asked[f"{column}2"].value] for column in "ADE")


def test_one_wrong_cell_stops_all_of_it(mine):
    content = filled(mine, MARTA, lambda line: 9 if line["item"] == "fairness" else 4)
    with pytest.raises(InvalidInput, match=r"ratings!H\d+: .* is rated from 1 to 5; 9 is not on that scale"):
        mine.load_ratings(MARTA, PERIOD, content, "own.xlsx")
    assert drafts(mine, MARTA) == {}
    with pytest.raises(InvalidInput, match=r"ratings!H\d+: 'very good' is no rating"):
        mine.load_ratings(MARTA, PERIOD, filled(mine, MARTA, lambda line: "very good"), "own.xlsx")


def test_a_form_gives_nobody_a_right(mine):
    content = filled(mine, MARTA, lambda line: 4)
    with pytest.raises(Refused):
        mine.load_ratings(STRANGER, PERIOD, content, "own.xlsx")
    mine.send_review(
        MARTA, WHO, PERIOD, given=[Given("inspecting", "thoroughness", 4), Given("inspecting", "fairness", 5)]
    )
    with pytest.raises(InvalidInput, match="not the step now"):
        mine.load_ratings(HEAD, PERIOD, content, "own.xlsx")
    with pytest.raises(NotFound):
        mine.ratings_template(Asker(account="stranger"), PERIOD)
