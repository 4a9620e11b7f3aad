"""Our side: the main job from the store to the last payout, through the same functions the product uses."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bench.policy import CYCLE, PLAN
from kpiflow.storage.store import Store
from kpiflow.workspace import books, payees, paying, results
from kpiflow.workspace.appraisals import appraisals
from kpiflow.workspace.books import Books

#: The steps of the main job, by what is shown: the module that calls the function, and the function's name.
STEPS = {
    "read definitions": (books, "read_definitions"),
    "make the company of them": (books, "from_documents"),
    "observe": (results, "observe"),
    "settle, and wait for what is observed": (results, "score"),
    "phase, place": (results, "placed"),
    "attain, score, roll up": (results, "score_placed"),
    "appraise": (payees, "appraisals"),
    "pay": (paying, "pay"),
}


@dataclass(frozen=True)
class Done:
    """What the main job came to: every goal's result, everybody's score, everybody's amount."""

    goals: pl.DataFrame
    people: pl.DataFrame
    paid: pl.DataFrame


def main_job(store: Store) -> Done:
    """Read the company, observe, attain, score, roll up, appraise and pay. Nothing is remembered from one run to the next."""
    fresh = Books(store)
    paid = paying.pay_run(fresh, PLAN, CYCLE).wide
    return Done(results.results(fresh, CYCLE), appraisals(fresh, CYCLE).people, paid)


def timed_steps(path: Path) -> dict[str, float]:
    """Return the seconds of each step of one run, without the steps inside it, and of everything else.

    Observing goes on beside another step, so together the steps last longer than the job.
    """
    spent: dict[str, float] = {}
    thread = threading.local()

    def watched(name: str, function: Callable) -> Callable:
        def run(*given: object, **named: object) -> object:
            began = time.perf_counter()
            inside: list[float] = thread.__dict__.setdefault("inside", [])
            inside.append(0.0)
            try:
                return function(*given, **named)
            finally:
                took = time.perf_counter() - began
                spent[name] = spent.get(name, 0.0) + took - inside.pop()
                if inside:
                    inside[-1] += took

        return run

    with Store.open(path) as store:
        main_job(store)
        kept = {name: (module, of, getattr(module, of)) for name, (module, of) in STEPS.items()}
        try:
            for name, (module, of, function) in kept.items():
                setattr(module, of, watched(name, function))
            watched("between the steps", main_job)(store)
        finally:
            for module, of, function in kept.values():
                setattr(module, of, function)
    return spent
