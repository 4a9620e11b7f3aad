"""Check-ins, files and remarks as they are kept: never fewer, never other than they were, whatever day is asked for."""

import datetime
import hashlib
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiflow.storage import Store
from kpiflow.storage.check_ins import (
    CheckIn,
    add_check_in,
    check_ins_of,
    check_ins_version,
    last_check_in,
    last_check_ins,
    next_check_in,
)
from kpiflow.storage.evidence import Evidence, add_evidence, evidence_of, read_evidence
from kpiflow.storage.remarks import Remark, add_remark, open_questions, remarks_of
from tests.storage.facts import moment, new_store

TABLES = ("check_in", "evidence", "remark")

SAYS_AND_DIES = """
import datetime, os, signal, sys
from kpiflow.storage import Store
from kpiflow.storage.check_ins import CheckIn, add_check_in, next_check_in
from kpiflow.storage.evidence import Evidence, add_evidence
store = Store.open(sys.argv[1])
at = datetime.datetime(2026, 3, 1)
for number in range(1, 6):
    with store.write() as cursor:
        add_check_in(cursor, next_check_in(cursor), CheckIn("g", "ann", "p1", at, at.date(), words=f"word {number}"))
        add_evidence(cursor, number, "g", [Evidence("a.txt", "text/plain", b"said " * number, "x")])
    print(number, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def said(store: Store, day: datetime.datetime, **more: object) -> int:
    """Check in on goal g at a moment, as Ann."""
    with store.write() as cursor:
        number = next_check_in(cursor)
        add_check_in(cursor, number, CheckIn("g", "ann", "p1", day, day.date(), **more))
    return number


def counts(store: Store) -> tuple[int, ...]:
    with store.read() as cursor:
        return tuple(cursor.sql(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in TABLES)


def test_what_was_said_is_read_back_as_it_was_said(store):
    number = said(
        store, moment(3, 1), numerator=Decimal("1.5"), denominator=Decimal(20), confidence=7, words="快了", load=9
    )
    row = check_ins_of(store, "g").row(0, named=True)
    assert row["check_in"] == number == 1
    assert (row["numerator"], row["denominator"], row["value"]) == (Decimal("1.5"), Decimal(20), None)
    assert (row["confidence"], row["words"], row["load"], row["at"]) == (7, "快了", 9, moment(3, 1))
    assert check_ins_of(store, "another").is_empty()


def test_a_correction_keeps_the_first_and_names_it(store):
    first = said(store, moment(3, 1), value=Decimal(4), load=1)
    second = said(store, moment(3, 2), value=Decimal(5), load=2, corrects=first, reason="counted twice")
    rows = {row["check_in"]: row for row in check_ins_of(store, "g").iter_rows(named=True)}
    assert (rows[first]["value"], rows[first]["corrected_by"]) == (Decimal(4), second)
    assert (rows[second]["reason"], rows[second]["corrected_by"]) == ("counted twice", None)


def test_an_earlier_day_knows_nothing_of_what_came_later(store):
    first = said(store, moment(3, 1), value=Decimal(4), load=1, words="first")
    said(store, moment(3, 9), value=Decimal(5), load=2, corrects=first, words="second")
    then = check_ins_of(store, "g", datetime.date(2026, 3, 8))
    assert then["words"].to_list() == ["first"]
    assert then["corrected_by"].to_list() == [None]
    assert last_check_ins(store, datetime.date(2026, 3, 8))["words"].to_list() == ["first"]
    assert last_check_ins(store)["words"].to_list() == ["second"]
    assert check_ins_of(store, "g", datetime.date(2026, 2, 1)).is_empty()


def test_the_day_of_an_evening_counts_to_its_end(store):
    said(store, moment(3, 1, 23, 59))
    assert check_ins_of(store, "g", datetime.date(2026, 3, 1)).height == 1


def test_the_newest_with_a_number_is_the_one_to_correct(store):
    first = said(store, moment(3, 1), value=Decimal(4), load=1)
    said(store, moment(3, 1, 13), words="only words")
    assert last_check_in(store, "g", datetime.date(2026, 3, 1)) == first
    assert last_check_in(store, "g", datetime.date(2026, 3, 2)) is None


@settings(max_examples=20)
@given(
    steps=st.lists(st.sampled_from(["check in", "correct", "file", "ask", "answer"]), max_size=12),
    content=st.binary(min_size=1, max_size=300),
)
def test_rows_are_only_ever_added(steps, content):
    """The law of the store: whatever is done, no table has fewer rows than before, and what was there reads the same."""
    with new_store() as store:
        said(store, moment(1, 1), value=Decimal(1), load=1)
        before, old = counts(store), check_ins_of(store, "g").drop("corrected_by")
        for n, step in enumerate(steps):
            day = moment(1, 2 + n)
            if step in ("check in", "correct"):
                said(store, day, value=Decimal(n), load=n, corrects=1 if step == "correct" else None)
            else:
                with store.write() as cursor:
                    if step == "file":
                        add_evidence(cursor, 1, "g", [Evidence("a.txt", "text/plain", content, "x")])
                    else:
                        add_remark(cursor, Remark("g", "bo", "p2", day, "?", "p1" if step == "ask" else None))
            after = counts(store)
            assert all(now >= then for now, then in zip(after, before, strict=True))
            assert sum(after) == sum(before) + 1
            before = after
        assert check_ins_of(store, "g").drop("corrected_by").tail(1).equals(old)


@settings(max_examples=20)
@given(content=st.binary(min_size=1, max_size=5000), name=st.text(min_size=1, max_size=20))
def test_a_file_comes_back_byte_for_byte(content, name):
    with new_store() as store:
        print_of = hashlib.sha256(content).hexdigest()
        with store.write() as cursor:
            (number,) = add_evidence(cursor, 1, "g", [Evidence(name, "application/pdf", content, print_of)])
        goal, file = read_evidence(store, number)
        assert (goal, file.content, file.name, file.sha256) == ("g", content, name, print_of)
        assert evidence_of(store, "g")["bytes"].to_list() == [len(content)]


def test_a_file_that_is_not_there_is_none(store):
    assert read_evidence(store, 7) is None


def test_an_answered_question_waits_no_more_but_did_before(store):
    with store.write() as cursor:
        asked = add_remark(cursor, Remark("g", "bo", "p2", moment(3, 1), "why?", asks="p1"))
    with store.write() as cursor:
        add_remark(cursor, Remark("g", "ann", "p1", moment(3, 5), "because", answers=asked))
    assert open_questions(store, asked="p1").is_empty()
    assert open_questions(store, datetime.date(2026, 3, 4), asked="p1")["remark"].to_list() == [asked]
    assert open_questions(store, datetime.date(2026, 3, 4), asked="p9").is_empty()
    assert remarks_of(store, "g")["answered"].to_list() == [True, False]
    assert remarks_of(store, "g", datetime.date(2026, 3, 4))["answered"].to_list() == [False]


def test_the_version_moves_with_every_word(store):
    assert check_ins_version(store) == (0, 0)
    said(store, moment(3, 1))
    with store.write() as cursor:
        add_remark(cursor, Remark("g", "bo", "p2", moment(3, 2), "why?", asks="p1"))
    assert check_ins_version(store) == (1, 1)
    assert check_ins_version(store, datetime.date(2026, 3, 1)) == (1, 0)


@pytest.mark.slow
def test_what_was_acknowledged_survives_a_sudden_death(tmp_path: Path):
    path = tmp_path / "store.duckdb"
    Store.create(path).close()
    died = subprocess.run([sys.executable, "-c", SAYS_AND_DIES, str(path)], capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL
    acknowledged = len(died.stdout.split())
    assert acknowledged == 5
    with Store.open(path) as store:
        assert check_ins_of(store, "g")["words"].to_list() == [f"word {n}" for n in range(5, 0, -1)]
        assert [read_evidence(store, n)[1].content for n in range(1, 6)] == [b"said " * n for n in range(1, 6)]
