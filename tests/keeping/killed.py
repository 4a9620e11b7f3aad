"""A server that is killed over and over under load, and the comparison of its store with what its clients were told.

Run as a program of its own: it loads what a server needs once, forks a child that opens the store and answers on a
socket, has clients write to it, kills it at a random moment, and starts over on what it left behind.
"""

# ruff: noqa: E501, C901, BLE001

import argparse
import datetime
import gc
import json
import os
import random
import select
import shutil
import signal
import socket
import sys
import threading
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import polars as pl

from kpiflow.storage import Source, load, read_journal
from kpiflow.storage.journal import Entry, record
from kpiflow.workspace import ADMINISTRATOR, Workspace
from kpiflow.workspace.commands import apply, create_store
from kpiflow.workspace.reporting.spoken import Said

DAY = datetime.date(2026, 1, 5)
NUMBER = pl.Decimal(18, 6)
SHOPS = ("old_town", "harbour")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
#: Every so many kills the store is started afresh, so that comparing stays cheap.
ROUND = 40
#: The write-ahead log moves into the file after so many bytes, so that many kills fall into that moment.
MOVES_AT = "120KB"


def facts_of(number: int) -> list[tuple[str, datetime.date, str, Decimal]]:
    """The facts of one load, from its number alone: shop, day, entry, value."""
    rows = 400 if number % 7 == 0 else 3
    return [
        (SHOPS[n % 2], DAY + datetime.timedelta(days=number % 300), f"k{number}-{n}", Decimal(number * 1000 + n) / 100)
        for n in range(rows)
    ]


# ---- the child -------------------------------------------------------------------------------------------------------


def do(ws: Workspace, number: int, kind: str) -> None:
    """Make one write, of a kind that people and programs make."""
    now = datetime.datetime.now(datetime.UTC)
    if kind == "load":
        facts = pl.DataFrame(
            [
                ("revenue", shop, None, day, entry, value, None, None, row)
                for row, (shop, day, entry, value) in enumerate(facts_of(number))
            ],
            schema={
                "metric": pl.String,
                "unit": pl.String,
                "person": pl.String,
                "day": pl.Date,
                "entry": pl.String,
                "value": NUMBER,
                "numerator": NUMBER,
                "denominator": NUMBER,
                "row": pl.Int64,
            },
            orient="row",
        )
        load(ws.store, facts, Source(f"load {number}", str(number), facts.height), who="client", at=now)
    elif kind == "check_in":
        said = Said(words=f"words {number}", confidence=3, files=((f"{number}.png", PNG + str(number).encode()),))
        ws.check_in(ADMINISTRATOR, "P4.revenue", said, person="p4", who="client")
    elif kind == "account":
        ws.add_account(ADMINISTRATOR, f"account{number}", person=None, roles=["administrator"])
    elif kind == "close":
        ws.close_period(ADMINISTRATOR, "2026-01", reason=f"close {number}", who="client")
    elif kind == "pay":
        # A decision on a pay run, as its desk writes it: several tables, one line of the journal.
        with ws.store.write() as cursor:
            cursor.execute(
                "INSERT INTO pay_event VALUES (?, ?, 'client', 'dry', ?)",
                [number, now.replace(tzinfo=None), f"pay {number}"],
            )
            for line in range(5):
                cursor.execute("INSERT INTO pay_line VALUES (?, 'p4', ?, 'c', 'k', 1, 1, NULL, NULL)", [number, line])
            record(cursor, Entry(now, "client", "pay", f"pay {number}"))


def told(ws: Workspace) -> dict[str, object]:
    """What a store that was just opened says it holds."""

    def rows(sql: str) -> list[list[object]]:
        with ws.store.read() as cursor:
            return [[str(cell) for cell in row] for row in cursor.execute(sql).fetchall()]

    journal = read_journal(ws.store, limit=1_000_000).sort("entry")
    return {
        "loads": rows("SELECT l.source, l.rows_added, count(m.load) FROM load_entry l LEFT JOIN measurement m USING (load) GROUP BY ALL"),
        "months": rows("SELECT s.unit, sum(x.amount), sum(x.rows) FROM month_sum x JOIN series s USING (series) GROUP BY 1"),
        "sums": rows("SELECT s.unit, sum(m.amount), count(*) FROM measurement m JOIN series s USING (series) GROUP BY 1"),
        "check_ins": rows("SELECT c.words, count(e.evidence), min(e.sha256 = sha256(e.content)) FROM check_in c LEFT JOIN evidence e USING (check_in) GROUP BY c.check_in, c.words"),
        "accounts": rows("SELECT account, count(*) FROM account GROUP BY 1"),
        "closings": rows("SELECT c.reason, c.goals, (SELECT count(*) FROM closed_result r WHERE r.closing = c.closing) FROM closing c"),
        "pay": rows("SELECT e.reason, (SELECT count(*) FROM pay_line l WHERE l.run = e.run) FROM pay_event e"),
        "journal": [[str(cell) for cell in row] for row in journal.select("entry", "action", "subject", "reason").rows()],
    }  # fmt: skip


def serve(path: Path, listener: socket.socket) -> None:
    """Open the store and answer until killed: first what is in it, then every write once it is made."""
    ws = Workspace.open(path)
    with ws.store.read() as cursor:
        cursor.execute(f"SET GLOBAL wal_autocheckpoint = '{MOVES_AT}'")

    def answer(line: socket.socket) -> None:
        with line, line.makefile("rw", encoding="utf-8") as talk:
            for asked in talk:
                question = json.loads(asked)
                try:
                    said = (
                        {"told": told(ws)}
                        if question["kind"] == "tell"
                        else {"done": do(ws, question["number"], question["kind"])}
                    )
                except Exception as error:  # what went wrong is for the parent to judge
                    said = {"error": f"{type(error).__name__}: {error}"}
                talk.write(json.dumps({"number": question["number"], **said}) + "\n")
                talk.flush()

    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


# ---- the parent ------------------------------------------------------------------------------------------------------


class Told:
    """What the clients of one store know: what they were told is done, and what they asked for and never heard of."""

    def __init__(self) -> None:
        self.done: dict[int, str] = {}
        self.unheard: dict[int, str] = {}
        self.settled: dict[int, str] = {}
        self.journal: list[list[str]] = []


def compare(found: dict[str, list[list[str]]], known: Told) -> None:
    """Hold a store against what its clients know; raises AssertionError with the first difference."""
    journal = found["journal"]
    assert [int(line[0]) for line in journal] == list(range(1, len(journal) + 1)), (
        "the journal has no gap and nothing twice"
    )
    assert journal[: len(known.journal)] == known.journal, "what the journal said before, it says now"
    known.journal = journal
    names = {"load": "loads", "check_in": "check_ins", "account": "accounts", "close": "closings", "pay": "pay"}
    words = {"load": "load {}", "check_in": "words {}", "account": "account{}", "close": "close {}", "pay": "pay {}"}
    there = {kind: Counter(row[0] for row in found[table]) for kind, table in names.items()}
    for number, kind in known.done.items():
        assert there[kind][words[kind].format(number)] == 1, f"acknowledged and not there exactly once: {kind} {number}"
    asked = {words[kind].format(number) for number, kind in (known.done | known.unheard | known.settled).items()}
    for kind, counted in there.items():
        assert set(counted) <= asked, f"there, and nobody asked for it: {kind} {set(counted) - asked}"
        assert not counted or max(counted.values()) == 1, f"twice: {kind} {counted}"
    for source, said, rows in found["loads"]:
        assert int(said) == int(rows) == len(facts_of(int(source.split()[1]))), f"half of it is there: {source}"
    for word, files, intact in found["check_ins"]:
        assert (files, intact) == ("1", "True"), f"half of it is there: {word}"
    for reason, goals, rows in found["closings"]:
        assert int(goals) == int(rows) > 0, f"half of it is there: {reason}"
    assert all(rows == "5" for _, rows in found["pay"])
    sums: Counter[str] = Counter()
    for source, _, _ in found["loads"]:
        for shop, _, _, value in facts_of(int(source.split()[1])):
            sums[shop] += value
    for table in ("sums", "months"):
        assert {shop: Decimal(amount) for shop, amount, _ in found[table]} == dict(sums), (
            f"{table} come to something else"
        )
    lines = Counter((line[1], line[2]) for line in journal)
    for source, *_ in found["loads"]:
        assert lines["load", source] == 1
    assert sum(count for (action, _), count in lines.items() if action == "check_in") == len(found["check_ins"])
    for name, _ in found["accounts"]:
        assert lines["account_added", name] == lines["invite", name] == 1
    for word, _ in found["pay"]:
        assert lines["pay", word] == 1
    # What nobody had heard of has been settled: it is there whole, or it is not there at all.
    for number, kind in known.unheard.items():
        if there[kind][words[kind].format(number)] and kind != "account":
            known.done[number] = kind
    known.settled |= known.unheard
    known.unheard.clear()


def one_life(path: Path, rng: random.Random, known: Told, last: int, most: int) -> int:
    """Start a server on the store, compare, load it with writes, and kill it; return the number of the last write."""
    listener = socket.create_server(("127.0.0.1", 0))
    child = os.fork()
    if child == 0:
        try:
            serve(path, listener)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    try:
        lines = [socket.create_connection(listener.getsockname()) for _ in range(3)]
        listener.close()
        if rng.random() < 0.2:  # while the store is still being opened
            time.sleep(rng.random() * 0.08)
            return last
        lines[0].sendall(b'{"kind": "tell", "number": 0}\n')
        with lines[0].makefile("r", encoding="utf-8") as talk:
            answer = talk.readline()
        assert answer, "the server did not come up"
        compare(json.loads(answer)["told"], known)
        return written(lines, rng, known, last, rng.randint(0, most))
    finally:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the server ended by itself"
        for line in lines:
            line.close()


def written(lines: list[socket.socket], rng: random.Random, known: Told, last: int, answers: int) -> int:
    """Write from all clients at once; a moment after so many answers it is over. What is answered is known, the rest unheard."""
    heard, left = dict.fromkeys(lines, b""), answers

    def ask(line: socket.socket) -> None:
        nonlocal last
        last += 1
        kind = rng.choices(["load", "check_in", "account", "pay", "close"], [6, 3, 2, 2, 0.3])[0]
        if kind == "close" and "close" in (known.done | known.unheard).values():
            kind = "pay"
        known.unheard[last] = kind
        line.sendall(json.dumps({"kind": kind, "number": last}).encode() + b"\n")

    for line in lines:
        ask(line)
    while left > 0:
        for line in select.select(lines, [], [])[0]:
            heard[line] += line.recv(65536)
            if heard[line].endswith(b"\n"):
                answer = json.loads(heard[line])
                heard[line] = b""
                kind = known.unheard.pop(answer["number"])
                assert "error" not in answer, f"{kind}: {answer['error']}"
                known.done[answer["number"]] = kind
                left -= 1
                ask(line)
    time.sleep(rng.random() * 0.05)  # into the middle of the writes that were asked for last
    return last


def base_store(folder: Path) -> Path:
    """A small company, made in a process of its own so that nothing of it runs on where children are forked."""
    made = folder / "base.duckdb"
    if os.fork() == 0:
        try:
            from kpiflow.workspace.checking import start_company

            start_company(folder / "config")
            create_store(made)
            ws = Workspace.open(made)
            apply(ws, folder / "config", who="test")
            ws.close()
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    _, status = os.wait()
    assert status == 0
    return made


def main() -> None:
    """Kill as often as asked; print how much was acknowledged."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--kills", type=int, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--most", type=int, default=8)
    given = asked.parse_args()
    rng, base = random.Random(given.seed), base_store(given.folder)
    threads = [Path(task.path, "comm").read_text(encoding="utf-8") for task in os.scandir("/proc/self/task")]
    assert not any(name.startswith("polars-0") for name in threads), (
        "a process whose pool of threads runs cannot be forked"
    )
    gc.collect()
    gc.freeze()
    total, kinds, moves, logs = 0, Counter(), 0, 0
    for first in range(0, given.kills, ROUND):
        path, known, last = given.folder / f"{first}.duckdb", Told(), 0
        shutil.copyfile(base, path)
        begun = path.stat().st_size
        for _ in range(min(ROUND, given.kills - first)):
            last = one_life(path, rng, known, last, given.most)
            moves += path.stat().st_size != begun
            begun = path.stat().st_size
            logs += path.with_name(f"{path.name}.wal").exists()
        one_life(path, random.Random(7), known, last, 1)
        total += len(known.done)
        kinds.update(known.done.values())
    print(json.dumps({"kills": given.kills, "acknowledged": total, "kinds": kinds, "logs_left": logs, "moved": moves}))


if __name__ == "__main__":
    main()
