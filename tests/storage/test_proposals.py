"""Proposals in the store: only added to, how a line stands follows from its answers, and any past day can be read."""

import datetime
import itertools
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpiflow.storage.happened import answers_told
from kpiflow.storage.proposals import (
    LINES,
    Answer,
    Proposal,
    Wanted,
    add_answer,
    add_proposal,
    proposals_version,
    read_lines,
    terms_of,
)
from kpiflow.storage.store import Store

#: Moments are kept as the local clock shows them.
FIRST = datetime.datetime(2013, 11, 1, 9)  # noqa: DTZ001


def line(goal: str, owner: str = "A", target: float = 2.0) -> dict:
    return {
        "goal": goal, "owner_kind": "unit", "owner": owner, "is_new": False, "before": 1.0, "target": target, "threshold": None,
        "stretch": None, "weight": None, "eased": False, "words": None,
    }  # fmt: skip


def propose(store: Store, *lines: dict, day: int = 0, parent: str = "top") -> int:
    said = Proposal(parent, "2013", FIRST + datetime.timedelta(days=day), "head", "equal", 4.0, 0.0, {"a": 1}, "why", 1)
    with store.write() as cursor:
        return add_proposal(cursor, said, pl.DataFrame(list(lines), schema=LINES))


def say(store: Store, number: int, kind: str, value: float | None = None, *, day: int = 0) -> None:
    with store.write() as cursor:
        add_answer(cursor, Answer(number, FIRST + datetime.timedelta(days=day), "owner", kind, value, "words"))


@pytest.fixture
def store(tmp_path: Path):
    with Store.create(tmp_path / "p.duckdb") as made:
        yield made


def states(store: Store, as_of: datetime.date | None = None) -> dict[int, str]:
    return dict(read_lines(store, Wanted(), as_of).select("line", "state").iter_rows())


def test_the_newest_answer_says_how_a_line_stands_and_every_day_reads_as_it_was(store):
    propose(store, line("a"), line("b"))
    say(store, 1, "counter", 1.5, day=2)
    say(store, 1, "decline", day=4)
    say(store, 1, "agree", 2.0, day=6)
    assert states(store) == {1: "agreed", 2: "proposed"}
    found = {day: states(store, (FIRST + datetime.timedelta(days=day)).date()).get(1) for day in (-1, 0, 2, 3, 4, 5, 6)}
    assert found == {
        -1: None, 0: "proposed", 2: "countered", 3: "countered", 4: "declined", 5: "declined", 6: "agreed",
    }  # fmt: skip
    kept = read_lines(store, Wanted(lines=[1]))
    assert kept.select("counter", "counter_words", "answer", "value").row(0) == (1.5, "words", "agree", 2.0)
    assert answers_told(store, "a")["kind"].to_list() == ["counter", "decline", "agree"]
    assert answers_told(store, "a", FIRST.date()).is_empty()
    assert answers_told(store, "b").is_empty()


def test_a_later_line_takes_the_place_of_one_that_waits_and_not_of_one_that_is_settled(store):
    propose(store, line("a"), line("b"))
    say(store, 2, "agree", 2.0)
    propose(store, line("a", target=3.0), line("b", target=3.0), day=1)
    assert states(store) == {1: "superseded", 2: "agreed", 3: "proposed", 4: "proposed"}
    assert states(store, FIRST.date()) == {1: "proposed", 2: "agreed"}


def test_only_the_lines_asked_for_are_read(store):
    propose(store, line("a", "A"), line("b", "B"))
    propose(store, line("c", "C"), parent="other")
    assert read_lines(store, Wanted(owners=[("unit", "A"), ("person", "C")]))["goal"].to_list() == ["a"]
    assert read_lines(store, Wanted(parents=["other"]))["goal"].to_list() == ["c"]
    assert read_lines(store, Wanted(owners=[])).is_empty()
    assert terms_of(store, 1) == {"a": 1}
    assert terms_of(store, 9) == {}


def failing(store: Store) -> None:
    with store.write() as cursor:
        said = Proposal("top", "2013", FIRST, "x", "equal", 1.0, 0.0, {}, None, 1)
        add_proposal(cursor, said, pl.DataFrame([line("a")], schema=LINES))
        assert read_lines(store, Wanted(), cursor=cursor).height == 1
        raise ZeroDivisionError


def test_nothing_is_kept_of_a_proposal_that_failed_on_its_way(store):
    before = proposals_version(store)
    with pytest.raises(ZeroDivisionError):
        failing(store)
    assert proposals_version(store) == before == (0, 0)


@given(st.lists(st.sampled_from(["agree", "counter", "accept", "decline", "withdraw", "again"]), max_size=8))
def test_the_state_is_what_a_reader_going_through_the_answers_would_say(tmp_path_factory, said):
    """Beside the SQL: one answer after the other, by hand."""
    path = tmp_path_factory.mktemp("p") / f"{next(COUNTER)}.duckdb"
    meant = {
        "agree": "agreed",
        "counter": "countered",
        "accept": "accepted",
        "decline": "declined",
        "withdraw": "withdrawn",
    }
    with Store.create(path) as store:
        propose(store, line("a"))
        newest, expected = 1, {1: "proposed"}
        for word in said:
            if word == "again":
                propose(store, line("a"))
                if expected[newest] not in ("agreed", "accepted", "withdrawn"):
                    expected[newest] = "superseded"
                newest += 1
                expected[newest] = "proposed"
            else:
                say(store, newest, word, 1.0)
                expected[newest] = meant[word]
        assert states(store) == expected


COUNTER = itertools.count()
