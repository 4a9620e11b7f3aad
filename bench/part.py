"""One part of the bench in a process of its own, so that its memory is its own: `python -m bench.part PART STORE`."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.api import api
from bench.building import build
from bench.checking import same, same_as_group_by, same_as_pandas
from bench.company import size
from bench.desks import desks, large
from bench.forecast import forecast
from bench.group_by import BY_NAMES, BY_SERIES, NAMES, Plain
from bench.intake import intake
from bench.main_job import main_job, timed_steps
from bench.pay import paid
from bench.scenarios import scenarios
from bench.walk import TREE, Tracker, rolled_up, tree
from kpiflow.storage.store import Store


def seconds(function: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    """Return how long a call took and what it returned."""
    began = time.perf_counter()
    found = function(*given)
    return time.perf_counter() - began, found


def processor_seconds(function: Callable[..., Any], *given: Any) -> float:
    """Return what a call cost on all cores together, which others' work on the machine changes less."""
    began = time.process_time()
    function(*given)
    return time.process_time() - began


def built(path: Path, scale: float) -> dict[str, Any]:
    """Make the store."""
    took, _ = seconds(build, path, size(scale))
    return {"seconds": took, "bytes": path.stat().st_size}


def pairs(path: Path, count: int) -> dict[str, Any]:
    """Time the main job and both forms of GROUP BY in turn, after one run of each that is checked and not counted."""
    times: dict[str, list[float]] = {"ours": [], "series": [], "names": []}
    with Store.open(path) as store:
        plain = Plain.of(store)
        same_as_group_by(main_job(store), plain.ask(BY_NAMES), plain.ask(BY_SERIES), plain.ask(NAMES))
        for _ in range(count):
            times["ours"].append(seconds(main_job, store)[0])
            times["series"].append(seconds(plain.ask, BY_SERIES)[0])
            times["ours"].append(seconds(main_job, store)[0])
            times["names"].append(seconds(plain.ask, BY_NAMES)[0])
        times["ours_processor"] = [processor_seconds(main_job, store)]
        times["series_processor"] = [processor_seconds(plain.ask, BY_SERIES)]
    return times


def first(path: Path, _: int) -> dict[str, Any]:
    """Run the main job once in a process that has done nothing before, and return its time and peak memory."""
    with Store.open(path) as store:
        took, _ = seconds(main_job, store)
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {"seconds": took, "peak_kib": peak}


def pandas(path: Path, count: int) -> dict[str, Any]:
    """Time the main job and the same job in pandas in turn; the first results of both are compared."""
    from bench.pandas_job import pandas_job  # heavy, and no other part needs it

    times: dict[str, list[float]] = {"ours": [], "reading": [], "working": []}
    for number in range(count):
        # The store is closed while pandas reads, so that neither holds the other's memory.
        with Store.open(path) as store:
            main_job(store)
            took, ours = seconds(main_job, store)
        theirs, spent = pandas_job(path)
        if number == 0:
            same_as_pandas(ours, theirs)
        times["ours"].append(took)
        times["reading"].append(spent["reading"])
        times["working"].append(spent["working"])
    return times


def walked(path: Path, count: int) -> dict[str, Any]:
    """Time the walk per node and our roll-up of the same tree in turn."""
    del path
    goals = tree()
    times: dict[str, list[float]] = {"ours": [], "walk": []}
    for number in range(count + 1):
        tracker = Tracker(goals)
        walk, _ = seconds(tracker.check_in_all)
        took, found = seconds(rolled_up, goals)
        if number == 0:
            same("the walk per node", found, tracker.points(), ["goal"], "points")
            continue
        times["ours"].append(took)
        times["walk"].append(walk)
    return {**times, "check_ins": TREE[-1]}


def steps(path: Path, _: int) -> dict[str, Any]:
    """Time the steps of one main job."""
    return timed_steps(path)


PARTS: dict[str, Callable[[Path, Any], dict[str, Any]]] = {
    "built": built, "pairs": pairs, "first": first, "pandas": pandas, "walked": walked, "steps": steps,
    "forecast": forecast, "desks": desks, "large": large, "pay": paid, "scenarios": scenarios,
    "intake": intake, "api": api,
}  # fmt: skip

#: The parts that are told a scale; the others, how often to run.
SCALED = ("built", "desks", "large", "pay", "scenarios", "intake", "api")

if __name__ == "__main__":
    name, store, how = sys.argv[1:]
    print(json.dumps(PARTS[name](Path(store), float(how) if name in SCALED else int(how))))
