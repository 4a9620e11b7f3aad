"""What a killed server left, held against what its clients know: every request whole and once, and backups whole or none."""

# ruff: noqa: E501, BLE001

import json
import os
import shutil
import threading
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpiflow.errors import StoreError
from kpiflow.storage import Store
from kpiflow.storage.backup import verify
from kpiflow.storage.holding import log_of, mark_of
from tests.keeping.killed import facts_of


@dataclass
class Wrote:
    """A request as its client knows it: what was answered, None while nothing was heard."""

    number: int
    kind: str
    heard: tuple[int, dict[str, Any]] | None = None


@dataclass
class Known:
    """What the clients of one store know, and what the last look at the store found."""

    tokens: dict[str, str]
    wrote: dict[int, Wrote] = field(default_factory=dict)
    #: Which requests the store was seen to hold after the kill before.
    kept: set[int] = field(default_factory=set)
    journal: list[list[str]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, kind: str) -> Wrote:
        """Return a new request."""
        with self.lock:
            made = Wrote(len(self.wrote) + 1, kind)
            self.wrote[made.number] = made
            return made


def apart(work: Any) -> Any:
    """Do something in a child of its own and return what it returns: no database is ever opened where servers are forked."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writing, "w", encoding="utf-8") as told:
            try:
                told.write(json.dumps({"done": work()}, default=str))
            except BaseException as error:
                told.write(json.dumps({"wrong": f"{type(error).__name__}: {error}"}))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        answer = json.loads(told.read())
    os.waitpid(child, 0)
    assert "done" in answer, answer["wrong"]
    return answer["done"]


def found_in(path: Path) -> dict[str, list[list[str]]]:
    """What a store holds of what clients ask for."""

    def rows(sql: str) -> list[list[str]]:
        with store.read() as cursor:
            return [[str(cell) for cell in row] for row in cursor.execute(sql).fetchall()]

    with Store.open(path) as store:
        return {
            "loads": rows("SELECT split_part(entry, '-', 1)[2:], count(*), count(DISTINCT entry), sum(amount), count(DISTINCT load) FROM measurement GROUP BY 1"),
            "entries": rows("SELECT load, rows_added FROM load_entry"),
            "superseded": rows("SELECT 1 FROM superseded"),
            "months": rows("SELECT sum(amount), sum(rows) FROM month_sum"),
            "check_ins": rows("SELECT c.words[7:], count(*), count(e.evidence), min(e.sha256 = sha256(e.content)) FROM check_in c LEFT JOIN evidence e USING (check_in) GROUP BY 1"),
            "answered": rows("SELECT key[5:], status, answer FROM answered_request"),
            "journal": rows("SELECT entry, action, subject, reason FROM journal ORDER BY entry"),
        }  # fmt: skip


def compare(path: Path, known: Known, beside: Path) -> None:
    """Hold a copy of what a killed server left against what its clients know; raises AssertionError with the difference."""
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    for one in (path, log_of(path), mark_of(path)):
        if one.exists():
            shutil.copy2(one, beside / one.name)
    hold(apart(lambda: found_in(beside / path.name)), known)


def hold(found: dict[str, list[list[str]]], known: Known) -> None:
    """Compare what was found in a store with what its clients know."""
    journal = found["journal"]
    assert [int(line[0]) for line in journal] == list(range(1, len(journal) + 1)), (
        "the journal has no gap and nothing twice"
    )
    assert journal[: len(known.journal)] == known.journal, "what the journal said before, it says now"
    known.journal = journal
    answers = Counter(row[0] for row in found["answered"])
    assert not answers or max(answers.values()) == 1, "a key was answered twice"
    there = {
        "load": {int(row[0]): row[1:] for row in found["loads"]},
        "check_in": {int(row[0]): row[1:] for row in found["check_ins"]},
    }
    assert there["load"].keys() | there["check_in"].keys() == {int(key) for key in answers}, (
        "work and answer are kept together or not at all"
    )
    known.kept = {int(key) for key in answers}
    heard = {number for number, one in known.wrote.items() if one.heard}
    assert heard <= known.kept, f"acknowledged and not there: {sorted(heard - known.kept)}"
    assert known.kept <= known.wrote.keys(), "there, and nobody asked for it"
    for key, status, answer in found["answered"]:
        one = known.wrote[int(key)]
        assert one.heard in (None, (int(status), json.loads(answer))), f"another answer is kept than was given: {one}"
    amount = Decimal(0)
    for number, (rows, different, total, loads) in there["load"].items():
        asked = facts_of(number)
        worth = sum((value for *_, value in asked), Decimal(0))
        amount += worth
        assert (int(rows), int(different), Decimal(total), loads) == (len(asked), len(asked), worth, "1"), (
            f"half or twice: load {number}"
        )
    for number, (times, files, intact) in there["check_in"].items():
        assert (times, files, intact) == ("1", "1", "True"), f"half or twice: check-in {number}"
    assert not found["superseded"], "a repeated row took the place of itself"
    assert len(found["entries"]) == len(there["load"])
    assert sum(int(added) for _, added in found["entries"]) == sum(int(row[1]) for row in found["loads"])
    assert [Decimal(total) for total, _ in found["months"] if total != "None"] == ([amount] if there["load"] else []), (
        "months come to something else"
    )
    lines = Counter(line[1] for line in journal)
    assert (lines["load"], lines["check_in"]) == (len(there["load"]), len(there["check_in"])), (
        "the journal tells of each once"
    )


def backed_up(target: Path, known: Known, *, made: bool, before: set[int]) -> None:
    """Hold what a backup left that was under way when the server was killed: whole under its name, or nothing that looks whole."""
    if made or target.exists():
        apart(lambda: verify(target).rows)
        copied = {int(row[0]) for row in apart(lambda: found_in(target))["answered"]}
        assert before <= copied, f"acknowledged before the backup began and not in it: {sorted(before - copied)}"
        assert copied <= known.kept, "in the backup and not in the store"
        known.counted["backups"] += 1
        return
    partial, taken = target.with_name(f"{target.name}.partial"), target.with_name("taken.duckdb")
    if partial.exists():
        known.counted["backups cut"] += 1
        shutil.copy2(partial, taken)  # as somebody might who finds no other
        if apart(lambda: passes(taken)):
            held = {int(row[0]) for row in apart(lambda: found_in(taken))["answered"]}
            assert before <= held <= known.kept, "half a backup looks whole"


def passes(path: Path) -> bool:
    """Whether a file is taken for a backup."""
    try:
        verify(path)
    except StoreError:
        return False
    return True
