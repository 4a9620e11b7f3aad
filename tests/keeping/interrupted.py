"""Work on whole stores killed in the middle: making one, bringing one up to date, backup, restore, export, import.

Run as a program of its own: each piece of work is done by forked children that are killed at a line of ours, or a moment after
it; then what is left must be nothing or whole, and doing it again must give what an undisturbed run gives, without leftovers.
"""

import argparse
import gc
import gzip
import json
import os
import random
import shutil
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from kpiflow import storage
from kpiflow.storage import Store, backup, restore
from kpiflow.storage.open_formats import export_tables, import_tables
from kpiflow.storage.opening import connected
from kpiflow.storage.proving import proof_of
from tests.keeping.left import apart

#: A small store that an older program has written.
OLD = Path(__file__).parents[1] / "storage/released/7.duckdb.gz"
#: Lines of these files are where it is killed.
OURS = str(Path(storage.__file__).parent)


def open_and_close(folder: Path) -> None:
    """Bring the store up to date."""
    Store.open(folder / "old.duckdb").close()


def make(folder: Path) -> None:
    """Make a new store."""
    Store.create(folder / "new.duckdb").close()


def back_up(folder: Path) -> None:
    """Make a backup of a store that nobody serves."""
    with Store.open(folder / "now.duckdb") as store:
        backup(store, folder / "new.duckdb")


def bring_back(folder: Path) -> None:
    """Make a store from a backup."""
    restore(folder / "backup.duckdb", folder / "new.duckdb")


def export(folder: Path) -> None:
    """Write everything in open formats."""
    with Store.open(folder / "now.duckdb") as store:
        export_tables(store, folder / "new", secrets=True)


def read_in(folder: Path) -> None:
    """Make a store from an export."""
    import_tables(folder / "export", folder / "new.duckdb")


@dataclass(frozen=True)
class Work:
    """A piece of work: what it does, the inputs it must leave as they are, and the file or folder that it makes."""

    do: Callable[[Path], None]
    inputs: tuple[str, ...]
    made: str


WORK = {
    "make": Work(make, (), "new.duckdb"),
    "migrate": Work(open_and_close, (), "old.duckdb"),
    "backup": Work(back_up, ("now.duckdb",), "new.duckdb"),
    "restore": Work(bring_back, ("backup.duckdb",), "new.duckdb"),
    "export": Work(export, ("now.duckdb",), "new"),
    "import": Work(read_in, ("export",), "new.duckdb"),
}

#: Tables that say when something was done or that it was, which no two runs say alike.
DATED = ("migration", "journal")


def inputs(folder: Path) -> None:
    """An old store, the same brought up to date, a backup and an export of it."""
    for name in ("old", "now"):
        (folder / f"{name}.duckdb").write_bytes(gzip.decompress(OLD.read_bytes()))
    with Store.open(folder / "now.duckdb") as store:
        backup(store, folder / "backup.duckdb")
        export_tables(store, folder / "export", secrets=True)
    for kept in folder.glob("now.duckdb.before-*"):
        kept.unlink()


def held(path: Path) -> Any:
    """What a store or an export holds, so that two can be compared."""
    if path.is_dir():
        return {
            table: [told["rows"], told["fingerprint"]]
            for table, told in json.loads((path / "manifest.json").read_text(encoding="utf-8"))["tables"].items()
        }
    connection = connected(path, read_only=True)
    try:
        proof = proof_of(connection)
        return {table: [told.rows, told.fingerprint] for table, told in proof.tables.items() if table not in DATED} | {
            "version": proof.version
        }
    finally:
        connection.close()


# ---- killed at a line ------------------------------------------------------------------------------------------------


def lines_of(do: Callable[[Path], None], folder: Path) -> list[str]:
    """Every line of ours that a piece of work comes by, once each, in their order."""
    seen: dict[str, None] = {}

    def look(frame: FrameType, event: str, _: object) -> Any:
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        if event == "line":
            seen.setdefault(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        return look

    sys.settrace(look)
    try:
        do(folder)
    finally:
        sys.settrace(None)
    return list(seen)


def killed_at(line: str, after: float, do: Callable[[Path], None], folder: Path) -> None:
    """Do it in a child that is killed when it comes to a line, or so many seconds later."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return

    def end() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def look(frame: FrameType, event: str, _: object) -> Any:
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        if event == "line" and f"{frame.f_code.co_filename}:{frame.f_lineno}" == line:
            if not after:
                end()
            sys.settrace(None)
            threading.Timer(after, end).start()
        return look

    sys.settrace(look)
    with suppress(BaseException):
        do(folder)
    end()


def tried(work: Work, folder: Path, base: Path, expected: dict[str, Any], point: tuple[str, float]) -> str:
    """Kill it once, look at what is left, and do it again; return what was left under the name."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder)
    killed_at(*point, work.do, folder)
    made, whole = folder / work.made, expected["made"]
    if work.do is open_and_close:
        state = "whole" if apart(lambda: held(made))["version"] == whole["version"] else "older"
        for kept in folder.glob("old.duckdb.before-*[0-9]"):
            old = apart(lambda kept=kept: held(kept))
            if old["version"] == expected["old"]["version"]:
                assert old == expected["old"], "the copy that is kept is not what was there"
        assert state == "older" or list(folder.glob("old.duckdb.before-7")), "up to date, and no copy is kept"
    else:
        state = "whole" if made.exists() else "nothing"
        if made.exists():
            assert apart(lambda: held(made)) == whole, "half of it is there under its name"
    for name in work.inputs:
        assert apart(lambda name=name: held(folder / name)) == expected[name], f"{name} was changed"
    if state != "whole":
        apart(lambda: work.do(folder))
        assert apart(lambda: held(made)) == whole, "done again, it is something else"
        left = {path.name for path in folder.iterdir()} - expected["names"]
        assert not left, f"left behind after doing it again: {left}"
    return state


def main() -> None:
    """Kill each piece of work as often as asked; print what was left."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--kills", type=int, default=6)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", choices=WORK)
    given = asked.parse_args()
    rng, base = random.Random(given.seed), given.folder / "base"
    base.mkdir()
    apart(lambda: inputs(base))
    gc.collect()
    gc.freeze()
    found: dict[str, Counter[str]] = {}
    for name, work in WORK.items():
        if given.only not in (None, name):
            continue
        whole = given.folder / f"{name}.whole"
        shutil.copytree(base, whole)
        expected: dict[str, Any] = {one: apart(lambda one=one: held(base / one)) for one in work.inputs}
        expected["old"] = apart(lambda: held(base / "old.duckdb"))
        lines = apart(lambda work=work, whole=whole: lines_of(work.do, whole))
        expected["made"] = apart(lambda work=work, whole=whole: held(whole / work.made))
        expected["names"] = {path.name for path in whole.iterdir()} | {f"old.duckdb.before-{n}" for n in range(8, 99)}
        found[name] = Counter()
        for line in rng.sample(lines, min(given.kills, len(lines))):
            after = rng.choice([0, rng.random() * 0.03])
            try:
                state = tried(work, given.folder / "work", base, expected, (line, after))
            except AssertionError as error:
                raise AssertionError(f"{name}, killed {after:.4f} s after {line}: {error}") from error
            found[name][state] += 1
    gc.unfreeze()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
