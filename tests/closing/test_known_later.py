"""What becomes known after a closing: as signed beside as now known, and where the difference goes by rule."""

from pathlib import Path

import polars as pl
import pytest

from kpiflow.workspace import ADMINISTRATOR, Asker
from kpiflow.workspace.appraisals import appraisals, appraisals_known
from kpiflow.workspace.closing.restated import adjustment_lines, causes, restated
from tests.closing.shop_closed import FEBRUARY, JANUARY, KNOWN, MARCH, closed_on, shop
from tests.workspace.shop import measured

HR = Asker("hr")

#: What January comes to with ann's sales corrected from 8 to 20.
CORRECTED = (("sales", "ann", "2026-01-31", 20), *KNOWN[1:])


def score(frame: pl.DataFrame, person: str) -> float:
    return frame.filter(pl.col("person") == person)["score"].item()


@pytest.fixture
def signed(tmp_path: Path) -> float:
    """Ann's score in a shop in which nothing was ever corrected."""
    return score(appraisals(shop(tmp_path / "as it was"), JANUARY).people, "ann")


@pytest.fixture
def corrected(tmp_path: Path) -> float:
    """Ann's score in a shop in which the right figure came in the first time."""
    return score(appraisals(shop(tmp_path / "right at once", rows=CORRECTED), JANUARY).people, "ann")


def test_a_correction_stands_beside_what_was_signed(tmp_path: Path, signed: float, corrected: float) -> None:
    ws = shop(tmp_path)
    shut = closed_on(ws, JANUARY, "2026-02-10")
    assert restated(ws, shut).is_empty()
    measured(ws, "January again", "2026-02-20", ("sales", "ann", "2026-01-31", 20), reason="Twelve were forgotten")
    assert signed < corrected
    assert restated(ws, shut).select("person", "score_signed", "score_now").rows() == [("ann", signed, corrected)]
    assert score(appraisals(ws, JANUARY).people, "ann") == signed, "the closed score stands"
    why = causes(ws, shut).row(0, named=True)
    assert (why["source"], why["metric"], why["rows"], why["corrected"]) == ("January again", "sales", 1, 1)


def test_lists_and_files_show_the_signed_score_and_the_one_now_known(
    tmp_path: Path, signed: float, corrected: float
) -> None:
    ws = shop(tmp_path)
    closed_on(ws, JANUARY, "2026-02-10")
    measured(ws, "January again", "2026-02-20", ("sales", "ann", "2026-01-31", 20))
    shown = ws.scores(HR, JANUARY)
    assert (shown.closed is not None, shown.differ) == (True, 1)
    row = shown.rows.filter(pl.col("person") == "ann").row(0, named=True)
    assert (row["score"], row["score_now"], row["closing"]) == (signed, corrected, 1)
    others = shown.rows.filter(pl.col("person") != "ann")
    assert others["score_now"].null_count() == others.height
    written = pl.read_csv(ws.scores_export(HR, JANUARY).content).filter(pl.col("person") == "ann").row(0, named=True)
    assert (written["score"], written["score_now"]) == pytest.approx((signed, corrected))
    page = ws.readiness(HR, JANUARY)
    assert page.restated.select("person", "score_signed", "score_now").rows() == [("ann", signed, corrected)]


def test_the_difference_goes_into_the_next_open_period_and_stays_there(
    tmp_path: Path, signed: float, corrected: float
) -> None:
    ws = shop(tmp_path)
    closed_on(ws, JANUARY, "2026-02-10")
    measured(ws, "January again", "2026-02-20", ("sales", "ann", "2026-01-31", 20))
    line = adjustment_lines(ws, FEBRUARY).row(0, named=True)
    assert (line["person"], line["from_period"], line["into_period"]) == ("ann", JANUARY, FEBRUARY)
    assert (line["score_signed"], line["score_now"], line["reason"]) == (signed, corrected, "load 2")
    assert adjustment_lines(ws, MARCH).is_empty(), "February takes it"
    closed_on(ws, FEBRUARY, "2026-03-05")
    settled = adjustment_lines(ws, FEBRUARY)
    assert settled.row(0, named=True) == line, "a closed period keeps its lines"
    assert adjustment_lines(ws, MARCH).is_empty(), "what February settled is settled"
    measured(ws, "January once more", "2026-03-20", ("sales", "ann", "2026-01-31", 6))
    assert adjustment_lines(ws, FEBRUARY).equals(settled)
    further = adjustment_lines(ws, MARCH).filter(pl.col("from_period") == JANUARY).row(0, named=True)
    now = score(appraisals_known(ws, JANUARY).people, "ann")
    assert (further["score_signed"], further["score_now"]) == (corrected, now), (
        "from what February settled, not from January"
    )
    assert further["reason"] == "load 3"


def test_the_lines_of_one_person_add_up_to_the_whole_difference(tmp_path: Path) -> None:
    """Signed + every line = as now known, however often it was corrected and whatever was closed between."""
    ws = shop(tmp_path)
    signed_at = closed_on(ws, JANUARY, "2026-02-10")
    for number, value in enumerate((20, 3, 17)):
        measured(ws, f"again {number}", f"2026-0{number + 3}-12", ("sales", "ann", "2026-01-31", value))
        if number < 2:
            closed_on(ws, f"2026-0{number + 2}", f"2026-0{number + 3}-20")
    lines = pl.concat([adjustment_lines(ws, f"2026-0{number}") for number in range(2, 6)])
    mine = lines.filter(pl.col("person") == "ann", pl.col("from_period") == JANUARY)
    moved = (mine["score_now"] - mine["score_signed"]).sum()
    whole = restated(ws, signed_at).row(0, named=True)
    assert mine.height == 3
    assert moved == pytest.approx(whole["score_now"] - whole["score_signed"], abs=1e-9)


def test_a_company_may_let_nothing_follow(tmp_path: Path) -> None:
    ws = shop(tmp_path, {"adjust": "none"})
    shut = closed_on(ws, JANUARY, "2026-02-10")
    measured(ws, "January again", "2026-02-20", ("sales", "ann", "2026-01-31", 20))
    assert restated(ws, shut).height == 1
    assert adjustment_lines(ws, FEBRUARY).is_empty()


def test_changes_are_told_since_the_last_look(tmp_path: Path, signed: float, corrected: float) -> None:
    ws = shop(tmp_path)
    assert ws.readiness(HR, JANUARY).changes is None
    ws.look_through(ADMINISTRATOR, JANUARY, who="hr")
    found = ws.readiness(HR, JANUARY).changes
    assert found is not None
    assert found.loads.is_empty()
    assert found.people.is_empty()
    measured(ws, "January again", ws.today().isoformat(), ("sales", "ann", "2026-01-31", 20))
    found = ws.readiness(HR, JANUARY).changes
    assert found is not None
    assert found.loads["source"].to_list() == ["January again"]
    assert found.corrected == 1
    assert found.people.select("person", "before", "after").rows() == [("ann", signed, corrected)]
    assert found.largest == pytest.approx(corrected - signed)
    assert found.goals == 2, "her own goal, and the shop's that it is part of"
