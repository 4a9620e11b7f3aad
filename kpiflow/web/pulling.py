"""The worker beside the server that asks live sources, each when its turn comes, for as long as the server runs."""

import logging
import random
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kpiflow.web.beside import Beside, working
from kpiflow.workspace import FAILURES, KPIFlowError, Workspace
from kpiflow.workspace.live import health
from kpiflow.workspace.live.due import interval
from kpiflow.workspace.live.pulling import How, pull

#: Seconds between two looks at whose turn has come, and before a source is asked again that broke in an unknown way.
LOOKS, LATER = 5.0, 300.0

#: Seconds that pulls under way may take when the server stops; one that is cut off has written nothing.
PATIENCE = 10.0

#: How many sources are asked at once: a slow one keeps no other waiting, and the machine has other work.
AT_ONCE = 4

#: Sources of one schedule are not asked in the same second: each waits for a part of its interval, at most so many seconds.
SPREAD, SPREAD_AT_MOST = 0.05, 30.0

#: How the journal calls the schedule.
WHO = "schedule"

log = logging.getLogger("kpiflow.sources")


@dataclass
class Puller(Beside):
    """The thread that looks, the pulls under way, and from when on each source whose turn has come is asked."""

    called = "sources"

    looks: float = LOOKS
    spread: float = SPREAD
    under_way: dict[str, threading.Thread] = field(default_factory=dict)
    begins: dict[str, float] = field(default_factory=dict)

    def threads(self) -> Iterable[threading.Thread]:
        """Return the thread that looks, and the pulls under way."""
        return (self.thread, *self.under_way.values())

    def _work(self) -> None:
        while not self.ending.wait(self.looks):
            try:
                self._once()
            except (KPIFlowError, *FAILURES):
                log.warning("Live sources could not be looked after; trying again.", exc_info=True)

    def _once(self) -> None:
        """Ask the sources whose turn has come, as many at once as may be."""
        self.under_way = {name: one for name, one in self.under_way.items() if one.is_alive()}
        if self.ws.is_empty() or not self.ws.company().sources:
            return
        now = time.monotonic()
        for source in health.due(self.ws, health.clock()):
            wait = min(interval(source).total_seconds() * self.spread, SPREAD_AT_MOST)
            begins = self.begins.setdefault(source.source, now + random.uniform(0, wait))  # noqa: S311 — spreads load
            if begins <= now and source.source not in self.under_way and len(self.under_way) < AT_ONCE:
                self._begin(source.source)

    def _begin(self, source: str) -> None:
        del self.begins[source]
        thread = threading.Thread(target=self._pull, args=(source,), name=f"source {source}", daemon=True)
        self.under_way[source] = thread
        thread.start()

    def _pull(self, source: str) -> None:
        try:
            done = pull(self.ws, source, How(WHO, by_hand=False, ending=self.ending))
        except (KPIFlowError, *FAILURES):
            # Somebody asks it by hand at this moment, or the store takes nothing: later is soon enough.
            log.warning("The source %s could not be asked.", source, exc_info=True)
            self.begins[source] = time.monotonic() + LATER
            return
        if done.failure is not None:
            log.warning("The source %s brought nothing: %s", source, done.failure)
        elif done.new:
            log.info("The source %s brought %s rows, %s of them new.", source, done.read, done.added)


@contextmanager
def pulling(ws: Workspace, looks: float = LOOKS, spread: float = SPREAD) -> Iterator[Puller]:
    """Ask live sources in threads of their own, which end with the block."""
    with working(Puller(ws, looks, spread), PATIENCE) as puller:
        yield puller
