"""What is closed stays: whatever comes in or is changed afterwards, and it comes out of the store again to the last digit."""

import datetime
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiflow.errors import InvalidInput
from kpiflow.storage.closing import Frozen, fingerprint_of
from kpiflow.storage.observe import measurements_version
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.appraisals import appraisals, appraisals_known
from kpiflow.workspace.closing.closing import close
from kpiflow.workspace.closing.frozen import closed, frozen_results
from kpiflow.workspace.commands import apply, load_facts
from kpiflow.workspace.results import results, results_known
from tests.closing.shop_closed import FEBRUARY, JANUARY, closed_on, shop, table
from tests.workspace.shop import config, facts, measured, moment

#: Something that happens after January was closed: a correction, something late, a load that says it came before, another plan.
CORRECTION = st.tuples(st.just("correct"), st.sampled_from(["ann", "ben", "cyd"]), st.integers(0, 40))
LATE = st.tuples(st.just("late"), st.sampled_from(["ann", "ben", "cyd"]), st.integers(0, 9))
BACKDATED = st.tuples(st.just("backdated"), st.sampled_from(["ann", "ben"]), st.integers(0, 40))
PLAN = st.tuples(st.just("plan"), st.just("ann"), st.integers(20, 200))
FEBRUARY_CLOSED = st.tuples(st.just("february"), st.just(""), st.just(0))


def happen(ws: Workspace, folder: Path, number: int, event: tuple[str, str, int]) -> None:
    what, who, value = event
    day = f"2026-02-{12 + number}"
    if what == "correct":
        measured(ws, f"again {number}", day, ("sales", who, "2026-01-31", value))
    elif what == "late":
        measured(ws, f"late {number}", day, ("returns", who, "2026-01-31", value))
    elif what == "backdated":
        rows = facts(("sales", who, "2026-01-30", value))
        load_facts(ws, rows, f"backdated {number}", who="feed", at=moment("2026-02-03"))
    elif what == "plan":
        apply(ws, config(folder / f"plan{number}", ann=value), who="planner", at=moment(day), reason="Another target")
    elif closed(ws, FEBRUARY) is None:
        close(ws, ADMINISTRATOR, FEBRUARY, reason="February", who="hr", at=moment("2026-03-04"))


@settings(max_examples=12)
@given(st.lists(st.one_of(CORRECTION, LATE, BACKDATED, PLAN, FEBRUARY_CLOSED), min_size=1, max_size=5))
def test_whatever_happens_after_a_closing_changes_none_of_it(events: list[tuple[str, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ws = shop(folder)
        before = appraisals(ws, JANUARY).people
        shut = closed_on(ws, JANUARY, "2026-02-10")
        rows = {frozen: table(ws, frozen.value).filter(pl.col("closing") == shut.number) for frozen in Frozen}
        goals = results(ws, JANUARY)
        for number, event in enumerate(events):
            happen(ws, folder, number, event)
        assert appraisals(ws, JANUARY).people.equals(before)
        assert results(ws, JANUARY).equals(goals)
        for frozen, was in rows.items():
            assert table(ws, frozen.value).filter(pl.col("closing") == shut.number).select(was.columns).equals(was)
        # And it comes out of the store again, as known then: through the check, and by hand.
        found = ws.verify_closing(ADMINISTRATOR, JANUARY)
        assert found.holds, found.sentence
        again = results_known(ws, JANUARY, shut.known_by)
        assert again.select(goals.columns).equals(goals)
        ws.close()


def test_every_column_of_results_and_appraisals_is_kept(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    goals, people = results(ws, JANUARY), appraisals(ws, JANUARY)
    shut = closed_on(ws, JANUARY, "2026-02-10")
    assert frozen_results(ws, shut).equals(goals)
    frozen = appraisals(ws, JANUARY)
    for name in people.__dataclass_fields__:
        kept, was = getattr(frozen, name), getattr(people, name)
        assert kept.columns == was.columns
        assert kept.rows() == was.rows()


def test_before_its_closing_a_period_is_read_as_open(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    closed_on(ws, JANUARY, "2026-02-10")
    measured(ws, "again", "2026-02-12", ("sales", "ann", "2026-01-31", 20))
    assert closed(ws, JANUARY, datetime.date(2026, 2, 9)) is None
    assert closed(ws, JANUARY, datetime.date(2026, 2, 10)) is not None
    assert closed(ws, JANUARY, moment("2026-02-10", 9)) is None
    signed = closed(ws, JANUARY)
    assert signed is not None
    assert closed(ws, JANUARY, signed.known_by) is None, "at the instant it froze nothing was frozen yet"


def test_a_load_that_says_it_came_earlier_is_no_part_of_what_was_known(tmp_path: Path) -> None:
    """In the hour that clocks are put back a later load carries an earlier time."""
    ws = shop(tmp_path)
    shut = closed_on(ws, JANUARY, "2026-02-10")
    load_facts(ws, facts(("sales", "ann", "2026-01-31", 30)), "earlier", who="feed", at=moment("2026-02-09"))
    assert measurements_version(ws.store, shut.known_by) == shut.newest_load
    assert ws.verify_closing(ADMINISTRATOR, JANUARY).holds
    assert not results_known(ws, JANUARY).equals(results(ws, JANUARY)), "it is known now"


# Somebody who writes into the store by other means is found out


TAMPERED: dict[str, tuple[str, str]] = {
    "a frozen result": ("UPDATE closed_result SET points = points + 1e-9 WHERE goal = 'ann-sales'", "intact same"),
    "a frozen score": ("UPDATE closed_person SET score = 100 WHERE person = 'ben'", "intact same"),
    "a frozen row is gone": ("DELETE FROM closed_result WHERE goal = 'ben-sales'", "intact same"),
    "a frozen row too many": ("INSERT INTO closed_person (closing, person) VALUES (1, 'mallory')", "intact same"),
    "a measurement": (
        "UPDATE measurement SET amount = 80 WHERE amount = 8",
        "rests",
    ),  # whole months are read from sums
    "a month's sum": ("UPDATE month_sum SET amount = 80 WHERE amount = 8", "same"),
    "a target": ("UPDATE goals SET target = 1 WHERE goal = 'ann-sales'", "same rests"),
    "the record's fingerprint": ("UPDATE closing SET fingerprint = 'x'", "intact"),
    "the record's instant": ("UPDATE closing SET known_by = known_by + INTERVAL 1 HOUR", "intact"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_found(tmp_path: Path, what: str) -> None:
    sql, broken = TAMPERED[what]
    ws = shop(tmp_path)
    closed_on(ws, JANUARY, "2026-02-10")
    assert ws.verify_closing(ADMINISTRATOR, JANUARY).holds
    with ws.store.write() as cursor:
        cursor.execute(sql)
    ws.close()
    ws = Workspace.open(tmp_path / "shop.duckdb")
    found = ws.verify_closing(ADMINISTRATOR, JANUARY)
    assert not found.holds
    verdict: dict[str, Any] = {"intact": found.intact, "same": found.same, "rests": found.rests}
    assert [name for name, holds in verdict.items() if not holds] == broken.split()
    assert found.same == (found.found == 0)


def test_the_first_difference_is_named_to_the_last_digit(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    closed_on(ws, JANUARY, "2026-02-10")
    with ws.store.write() as cursor:
        cursor.execute("UPDATE closed_person SET score = score + 1e-10 WHERE person = 'ann'")
    found = ws.verify_closing(ADMINISTRATOR, JANUARY)
    row = found.differences.row(0, named=True)
    assert (row["table"], row["id"], row["column"]) == ("closed_person", "ann", "score")
    assert float(row["frozen"]) - float(row["recomputed"]) == pytest.approx(1e-10, rel=1e-3)
    assert found.found == 1


def test_a_later_programs_columns_and_tables_change_no_fingerprint() -> None:
    """What is empty counts as absent, in whatever order columns stand."""
    frame = pl.DataFrame({"goal": ["a", "b"], "points": [0.1, None]})
    wider = frame.select("points", "goal", later=pl.lit(None, pl.String))
    assert fingerprint_of(wider) == fingerprint_of(frame)
    assert fingerprint_of(frame.with_columns(later=pl.Series([None, 1]))) != fingerprint_of(frame)
    assert fingerprint_of(frame.with_columns(pl.col("points") + 1e-16)) != fingerprint_of(frame)


def test_what_was_never_closed_cannot_be_verified(tmp_path: Path) -> None:
    ws = shop(tmp_path)
    with pytest.raises(InvalidInput, match="never closed"):
        ws.verify_closing(ADMINISTRATOR, JANUARY)


def test_an_instant_knows_what_a_store_that_stopped_then_knows(tmp_path: Path) -> None:
    """Two loads of one day: an instant between them has the first, the day has both."""
    ws = shop(tmp_path / "both")
    for hour, value in ((7, 20), (12, 30)):
        rows = facts(("sales", "ann", "2026-01-31", value))
        load_facts(ws, rows, f"at {hour}", who="feed", at=moment("2026-02-05", hour))
    stopped = shop(tmp_path / "one")
    load_facts(stopped, facts(("sales", "ann", "2026-01-31", 20)), "at 7", who="feed", at=moment("2026-02-05", 7))
    instant = moment("2026-02-05", 9)
    assert results(ws, JANUARY, instant).equals(results(stopped, JANUARY, instant.date()))
    assert not results(ws, JANUARY, instant).equals(results(ws, JANUARY, instant.date()))
    assert appraisals_known(ws, JANUARY, instant).people.equals(appraisals_known(stopped, JANUARY).people)
