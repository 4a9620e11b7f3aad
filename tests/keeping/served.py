"""The whole server killed over and over under load of API writes, and its store held against what its clients were told.

Run as a program of its own: it loads what `kpiflow serve` needs once, forks a child that serves, has several clients write
through the API with idempotency keys and a backup made meanwhile, kills the child, looks at what is left, and starts over on it.
Now and then the child is `kpiflow serve` itself, started as people start it.
"""

# ruff: noqa: BLE001

import argparse
import base64
import contextlib
import gc
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kpiflow.web.server  # noqa: F401 — what takes long to load is loaded before children are forked
from kpiflow.errors import StoreError
from kpiflow.storage.holding import log_of
from kpiflow.storage.proving import unheard
from kpiflow.workspace.safekeeping.local_door import ask_for_backup
from tests.keeping.killed import MOVES_AT, PNG, facts_of
from tests.keeping.left import Known, Wrote, apart, backed_up, compare

#: Clients that write at once; every so many kills the store is started afresh, so that comparing stays cheap.
CLIENTS, ROUND = 4, 40
#: Every so many lives it is `kpiflow serve` in a process of its own.
WHOLE = 6
#: No rates: how often somebody may ask is not what is tried here.
SETTINGS = {"KPIFLOW_API_WRITES": "0/1", "KPIFLOW_API_READS": "0/1", "KPIFLOW_API_ADDRESS": "0/1"}


# ---- the clients -----------------------------------------------------------------------------------------------------


def request_of(one: Wrote) -> tuple[str, dict[str, Any] | list[dict[str, Any]]]:
    """The address and body of a request, from its number alone: sent again, it is the same."""
    if one.kind == "load":
        return "/api/v1/measurements", [
            {"metric": "revenue", "unit": shop, "day": day.isoformat(), "entry": entry, "value": str(value)}
            for shop, day, entry, value in facts_of(one.number)
        ]
    file = {"name": f"{one.number}.png", "content": base64.b64encode(PNG + str(one.number).encode()).decode()}
    return "/api/v1/check-ins", {"goal": "P4.revenue", "words": f"words {one.number}", "confidence": 3, "files": [file]}


class Client:
    """A program that writes: one connection, one request after another, each with a key of its own."""

    def __init__(self, address: str, known: Known, rng: random.Random) -> None:
        where = urlsplit(address)
        self.line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        self.known, self.rng = known, rng
        self.wrong: BaseException | None = None

    def send(self, one: Wrote) -> None:
        """Send a request and keep what is answered; hold an answer heard before against the one given again."""
        path, body = request_of(one)
        headers = {
            "Authorization": f"Bearer {self.known.tokens[one.kind]}", "Content-Type": "application/json",
            "Idempotency-Key": f"key-{one.number}",
        }  # fmt: skip
        self.line.request("POST", path, json.dumps(body), headers)
        answer = self.line.getresponse()
        told, again = json.loads(answer.read()), answer.getheader("Idempotency-Replayed") == "true"
        assert answer.status in (200, 201), f"{one}: {answer.status} {told}"
        assert one.heard in (None, (answer.status, told)), f"another answer to the same key: {one}, now {told}"
        assert again or one.heard is None, f"done a second time: {one}"
        assert again == (one.number in self.known.kept) or one.heard, (
            f"{'kept' if not again else 'lost'}, and then {'done anew' if not again else 'known'}: {one}"
        )
        one.heard = (answer.status, told)
        self.known.counted["again" if again else one.kind] += 1

    def work(self, first: list[Wrote], stop: threading.Event, enough: threading.Semaphore) -> None:
        """Repeat what nobody heard of, then write until the server is gone."""
        try:
            for one in first:
                self.send(one)
            while not stop.is_set():
                self.send(self.known.next(self.rng.choices(["load", "check_in"], [3, 2])[0]))
                enough.release()
        except (OSError, http.client.HTTPException):
            pass  # killed in the middle
        except BaseException as wrong:
            self.wrong = wrong
        finally:
            enough.release(1000)


# ---- the server ------------------------------------------------------------------------------------------------------


@dataclass
class Life:
    """A server from its start to its kill."""

    process: int
    said: Any

    def address(self) -> str:
        """Wait until it answers."""
        line = self.said.readline()
        assert "http://" in line, f"the server did not come up: {line}"
        return "http://" + line.partition("http://")[2].split()[0]

    def kill(self) -> None:
        """End it as a fault would."""
        os.kill(self.process, signal.SIGKILL)
        _, status = os.waitpid(self.process, 0)
        self.said.close()
        assert os.WIFSIGNALED(status), "the server ended by itself"


def started(path: Path, *, whole: bool) -> Life:
    """Start a server: the command in a process of its own, or what it calls in a child of this one."""
    if whole:
        command = [sys.executable, "-m", "kpiflow", "serve", "--store", str(path), "--port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout is not None
        return Life(process.pid, process.stdout)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            serve(path, writing)
        except BaseException as error:
            os.write(writing, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    os.close(writing)
    return Life(child, os.fdopen(reading, encoding="utf-8"))


def serve(path: Path, writing: int) -> None:
    """Serve as the command does; the log moves into the file so often that many kills fall into that moment."""
    from kpiflow.web.server import serve as serve_store
    from kpiflow.workspace.serving import current

    def ready(address: str) -> None:
        with current().store.read() as cursor:
            cursor.execute(f"SET GLOBAL wal_autocheckpoint = '{MOVES_AT}'")
        os.write(writing, f"{address}\n".encode())

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    serve_store(path, port=0, ready=ready)


# ---- one life --------------------------------------------------------------------------------------------------------


def one_life(path: Path, rng: random.Random, known: Known, *, most: int, number: int) -> None:
    """Start a server, have everybody write and a backup made, kill it, and compare."""
    whole = number % WHOLE == WHOLE - 1
    life = started(path, whole=whole)
    target, made, before = path.with_name(f"{path.stem}.backup.duckdb"), threading.Event(), set[int]()
    clients: list[Client] = []
    if number % 2 and not whole and rng.random() < 0.3:  # while it is still starting
        time.sleep(rng.random() * 1.5)
        life.kill()
    else:
        stop, enough = threading.Event(), threading.Semaphore(0)
        unheard_of = [one for one in known.wrote.values() if one.heard is None]
        again = rng.sample([one for one in known.wrote.values() if one.heard], min(2, len(known.kept)))
        try:
            address = life.address()
            clients = [Client(address, known, random.Random(rng.random())) for _ in range(CLIENTS)]
            parts = [(unheard_of + again)[n::CLIENTS] for n in range(CLIENTS)]
            threads = [
                threading.Thread(target=one.work, args=(part, stop, enough))
                for one, part in zip(clients, parts, strict=True)
            ]
            for thread in threads:
                thread.start()
            for _ in range(rng.randint(0, most)):
                enough.acquire()
            if number % 2 == 0:
                for left in path.parent.glob(f"{target.name}*"):  # of a life before
                    left.unlink()
                before = {one.number for one in known.wrote.values() if one.heard}
                threads.append(threading.Thread(target=ask_backup, args=(path, target, made)))
                threads[-1].start()
                made.wait(60 if number % 4 == 0 else rng.random())  # made, or cut off
            time.sleep(rng.random() * 0.08)
        finally:
            life.kill()
            stop.set()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive(), "a client waits for a server that is gone"
    for one in clients:
        if one.wrong is not None:
            raise one.wrong
        one.line.close()
    compare(path, known, path.with_suffix(".left"))
    backed_up(target, known, made=made.is_set(), before=before)
    target.unlink(missing_ok=True)


def ask_backup(path: Path, target: Path, made: threading.Event) -> None:
    """Ask the server for a backup, as the command does."""
    try:
        ask_for_backup(path, target, unheard)
        made.set()
    except (StoreError, OSError, ValueError):
        pass  # killed in the middle


def base_store(folder: Path) -> tuple[Path, dict[str, str]]:
    """A small company whose administrator and one of whose people have tokens, made in a process of its own."""
    made = folder / "base.duckdb"

    def make() -> dict[str, str]:
        from kpiflow.workspace import ADMINISTRATOR, Workspace
        from kpiflow.workspace.checking import start_company
        from kpiflow.workspace.commands import apply, create_store
        from kpiflow.workspace.sign_in import accounts

        start_company(folder / "config")
        create_store(made)
        with contextlib.closing(Workspace.open(made)) as ws:
            apply(ws, folder / "config", who="test")
            accounts.add(ws, ADMINISTRATOR, "root", roles=["administrator"])
            accounts.add(ws, ADMINISTRATOR, "p4", person="p4")
            load = ws.make_api_token(ADMINISTRATOR, "load", ["measurements:write"], account="root")
            check_in = ws.make_api_token(ADMINISTRATOR, "say", ["check-ins:write"], account="p4")
        return {"load": load.secret, "check_in": check_in.secret}

    return made, apart(make)


def main() -> None:
    """Kill as often as asked; print how much was acknowledged."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--kills", type=int, default=12)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--most", type=int, default=14)
    given = asked.parse_args()
    os.environ.update(SETTINGS)
    rng, (base, tokens) = random.Random(given.seed), base_store(given.folder)
    gc.collect()
    gc.freeze()
    counted: Counter[str] = Counter()
    for first in range(0, given.kills, ROUND):
        path, known = given.folder / f"{first}.duckdb", Known(tokens)
        shutil.copyfile(base, path)
        for life in range(first, min(first + ROUND, given.kills)):
            size = path.stat().st_size
            one_life(path, rng, known, most=given.most, number=life)
            counted["kills"] += 1
            counted["moved"] += path.stat().st_size != size
            counted["logs left"] += log_of(path).exists()
            counted["unheard"] += sum(one.heard is None for one in known.wrote.values())
            counted["unheard, kept"] += sum(
                one.heard is None and one.number in known.kept for one in known.wrote.values()
            )
        counted.update(known.counted)
    gc.unfreeze()
    print(json.dumps(counted))


if __name__ == "__main__":
    main()
