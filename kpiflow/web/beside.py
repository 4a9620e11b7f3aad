"""What works beside the server for as long as it runs: a thread that says whether it is alive, and ends when it is told to."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from kpiflow.workspace import Workspace


@dataclass
class Beside(ABC):
    """A worker with a thread of its own, which ends when `ending` is set."""

    #: What the thread is called.
    called: ClassVar[str]

    ws: Workspace
    ending: threading.Event = field(default_factory=threading.Event, kw_only=True)

    def __post_init__(self) -> None:
        """Make the thread, which does not begin before it is told to."""
        self.thread = threading.Thread(target=self._work, name=self.called, daemon=True)

    @property
    def alive(self) -> bool:
        """Whether it works; one that died says so to whoever asks for the server's health."""
        return self.thread.is_alive()

    def threads(self) -> Iterable[threading.Thread]:
        """Return what is waited for when it ends."""
        return (self.thread,)

    @abstractmethod
    def _work(self) -> None:
        """Work until it is to end."""


Worker = TypeVar("Worker", bound=Beside)


@contextmanager
def working(worker: Worker, patience: float) -> Iterator[Worker]:
    """Let a worker work until the block ends; what it is at then may take so many seconds more."""
    worker.thread.start()
    try:
        yield worker
    finally:
        worker.ending.set()
        until = time.monotonic() + patience
        for thread in worker.threads():
            thread.join(max(0.0, until - time.monotonic()))
