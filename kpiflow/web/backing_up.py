"""The worker beside the server that makes a backup whenever the schedule asks for one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kpiflow.web.beside import Beside, working
from kpiflow.workspace import FAILURES, KPIFlowError, Workspace
from kpiflow.workspace.safekeeping.scheduled import back_up_when_due

#: Seconds between two looks whether it is time, and for which a backup under way may take to give up when the server stops.
LOOKS, PATIENCE = 20.0, 10.0

log = logging.getLogger("kpiflow.backups")


@dataclass
class Keeper(Beside):
    """The thread that looks at the clock and makes backups."""

    called = "backups"

    looks: float = LOOKS

    def _work(self) -> None:
        while not self.ending.wait(self.looks):
            try:
                made = back_up_when_due(self.ws, self.ending.is_set)
            except KPIFlowError as problem:
                log.warning("No backup was made: %s", problem)
            except FAILURES:
                log.warning("No backup was made; trying again.", exc_info=True)
            else:
                if made is not None:
                    log.info("backup", extra={"told": {"file": made.name, "bytes": made.stat().st_size}})


@contextmanager
def backing_up(ws: Workspace, looks: float = LOOKS) -> Iterator[Keeper]:
    """Make scheduled backups in a thread of its own, which ends with the block."""
    with working(Keeper(ws, looks), PATIENCE) as keeper:
        yield keeper
