"""The worker beside the server that tells webhooks what happened, for as long as the server runs."""

import datetime
import logging
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kpiflow.web.beside import Beside, working
from kpiflow.workspace import FAILURES, KPIFlowError, Workspace
from kpiflow.workspace.webhooks.delivering import deliver_due
from kpiflow.workspace.webhooks.off_track import look

#: Seconds between two looks at whether anything was written; a look that finds nothing asks the store nothing.
PAUSE = 0.5

#: Seconds to wait after the store could not be asked.
LATER = 30.0

#: Seconds that a delivery under way may take when the server stops; one that is cut off is made again after the next start.
PATIENCE = 12.0

log = logging.getLogger("kpiflow.webhooks")


@dataclass
class Deliverer(Beside):
    """The thread, whether it is to end, and what it knew when it looked last."""

    called = "webhooks"

    writes: int = -1
    known: Hashable = None
    next_at: datetime.datetime | None = None

    def _work(self) -> None:
        pause = PAUSE
        while not self.ending.wait(pause):
            try:
                self._once()
                pause = PAUSE
            except (KPIFlowError, *FAILURES):
                log.warning("Webhooks could not be looked after; trying again.", exc_info=True)
                pause = LATER

    def _once(self) -> None:
        """Look whether goals turned, and deliver what is due, when there is any reason to look."""
        writes, now = self.ws.store.writes, datetime.datetime.now(datetime.UTC)
        known = None if self.ws.is_empty() else self.ws.measured(None)
        if known != self.known:
            look(self.ws)
            self.known = known
        elif writes == self.writes and (self.next_at is None or now < self.next_at):
            return
        self.next_at = deliver_due(self.ws, self.ending.is_set)
        self.writes = writes


@contextmanager
def delivering(ws: Workspace) -> Iterator[Deliverer]:
    """Deliver events in a thread of its own, which ends with the block after the delivery it is at."""
    with working(Deliverer(ws), PATIENCE) as worker:
        yield worker
