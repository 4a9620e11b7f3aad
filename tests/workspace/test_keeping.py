"""Answers kept: made once for all who ask at the same time, bounded, and a failure is nobody's answer."""

import threading
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from kpiflow.sources.workbooks import Cell, Sheet, Workbook
from kpiflow.workspace import keeping
from kpiflow.workspace.keeping import Kept


def test_many_who_ask_at_once_wait_for_one_making():
    kept, made, all_there = Kept(), [], threading.Barrier(8)

    def ask() -> int:
        all_there.wait()
        return kept.get("answer", lambda: made.append(1) or len(made))

    with ThreadPoolExecutor(8) as people:
        assert {one.result() for one in [people.submit(ask) for _ in range(8)]} == {1}
    assert made == [1]


def test_what_holds_much_that_is_no_frame_says_so_and_makes_room(monkeypatch):
    monkeypatch.setattr(keeping, "KEPT_BYTES", 1_000_000)
    kept, book = Kept(), Workbook("a", (Sheet("a", cells=((Cell("x"),) * 1_000,)),))
    for number in range(10):
        kept.get(number, lambda: book)
    assert 0 < kept.held[0] < 10
    assert kept.held[1] == kept.held[0] * book.kept_bytes <= 1_000_000


def test_different_answers_do_not_wait_for_each_other():
    kept, begun, go_on = Kept(), threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(30)
        return "slow"

    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(kept.get, "slow", slow)
        assert begun.wait(30)
        assert kept.get("quick", lambda: "quick") == "quick"
        go_on.set()
        assert waiting.result() == "slow"


def test_a_failure_is_not_kept():
    kept = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.get("answer", lambda: 1 // 0)
    assert "answer" not in kept
    assert kept.get("answer", lambda: 7) == 7


def test_an_answer_may_need_others():
    kept = Kept()
    assert kept.get("outer", lambda: kept.get("inner", lambda: 2) + 1) == 3
    assert "inner" in kept


def test_the_oldest_make_room(monkeypatch):
    monkeypatch.setattr(keeping, "KEPT", 3)
    kept = Kept()
    for number in range(3):
        kept.get(number, lambda number=number: number)
    kept.get(0, lambda: "made again")  # asked for again, so 1 is the oldest now
    kept.get(3, lambda: 3)
    assert [number in kept for number in range(4)] == [True, False, True, True]
    assert kept.get(0, lambda: "made again") == 0


def test_large_answers_make_room_and_the_newest_stays(monkeypatch):
    monkeypatch.setattr(keeping, "KEPT_BYTES", 1000)
    kept = Kept()
    for number in range(3):
        kept.get(number, lambda: pl.DataFrame({"a": range(60)}))  # 480 bytes each
    assert [number in kept for number in range(3)] == [False, True, True]
    kept.get("huge", lambda: pl.DataFrame({"a": range(1000)}))
    assert [key in kept for key in (1, 2, "huge")] == [False, False, True]


def test_small_answers_stay_when_large_ones_make_room(monkeypatch):
    monkeypatch.setattr(keeping, "KEPT_BYTES", 100_000)
    kept = Kept()
    kept.get("small", lambda: pl.DataFrame({"a": range(10)}))  # 80 bytes: its going would make no room
    for number in range(4):
        kept.get(number, lambda: pl.DataFrame({"a": range(5000)}))  # 40,000 bytes each
    assert [key in kept for key in ("small", 0, 1, 2, 3)] == [True, False, False, True, True]


def test_many_small_answers_make_room_as_well(monkeypatch):
    monkeypatch.setattr(keeping, "KEPT_BYTES", 1000)
    monkeypatch.setattr(keeping, "SMALL", 1)  # so that none of them is large
    kept = Kept()
    for number in range(40):
        kept.get(number, lambda: pl.DataFrame({"a": range(10)}))  # 80 bytes each
    assert kept.held == (12, 960)
    assert 39 in kept


def test_the_room_is_a_part_of_the_memory_within_bounds():
    assert keeping.LEAST <= keeping.room() <= keeping.MOST
