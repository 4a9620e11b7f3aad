"""Answers kept in memory: made once however many ask at the same time, and the oldest make room for new ones."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

Found = TypeVar("Found")

#: The least and the most bytes that the frames of answers may hold, and which part of the machine's memory between them.
#: What a large company's desks need of two periods is 3 GB, its results being 260 MB a period by this count: where there
#: is less room than what is asked for in turn, each page puts out what the next one needs, and all is made again.
LEAST, MOST, PART = 2**31, 2**33, 4


def room() -> int:
    """Return how many bytes answers may hold on this machine, or in the part of it that the process was given."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no control groups here, or no limit in them
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return max(LEAST, min(MOST, memory // PART))


#: How many answers are kept, and how many bytes their frames may hold. Fifty people at their desks ask for some dozens of
#: small answers each.
KEPT, KEPT_BYTES = 4096, room()

#: An answer smaller than this part of the room is not put out to make room: a month of a large company's units is 3 MB and
#: takes a second to make, so that a single one of its 260 MB would put out all that is dearest.
SMALL = 400


class Kept:
    """Answers by key. Safe to share between threads; an answer may need others while it is made, never itself."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}
        self._bytes = 0
        self._making: dict[Hashable, threading.RLock] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._answers

    @property
    def held(self) -> tuple[int, int]:
        """Return how many answers are kept, and about how many bytes they hold."""
        with self._lock:
            return len(self._answers), self._bytes

    def get(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """Return an answer, making it when it is new; whoever asks meanwhile waits for it. A failure is not kept."""
        with self._lock:
            if key in self._answers:
                return self._newest(key)
            making = self._making.setdefault(key, threading.RLock())
        with making:
            with self._lock:
                if key in self._answers:
                    return self._newest(key)
            try:
                made = make()
                with self._lock:
                    self._keep(key, made)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def _newest(self, key: Hashable) -> Any:
        self._answers.move_to_end(key)
        return self._answers[key]

    def _keep(self, key: Hashable, made: object) -> None:
        """Put an answer in, and the oldest ones out until there is room."""
        size = bytes_of(made)
        self._bytes += size - self._sizes.pop(key, 0)
        self._answers[key], self._sizes[key] = made, size
        # The newest answer is kept however large it is: whoever asked is about to ask about it again.
        while len(self._answers) > 1 and (len(self._answers) > KEPT or self._bytes > KEPT_BYTES):
            oldest = next(iter(self._answers)) if len(self._answers) > KEPT else self._oldest_large(key)
            del self._answers[oldest]
            self._bytes -= self._sizes.pop(oldest)

    def _oldest_large(self, newest: Hashable) -> Hashable:
        """Return the oldest answer whose going makes room; where all but the newest are small, the oldest one."""
        large = (key for key in self._answers if key != newest and self._sizes[key] * SMALL >= KEPT_BYTES)
        return next(large, next(iter(self._answers)))


def bytes_of(answer: object) -> int:
    """Return about how many bytes the frames of an answer hold; what is no frame holds next to nothing, unless it says so.

    What holds much that is no frame has `kept_bytes`: a workbook has a million cells.
    """
    if isinstance(answer, pl.DataFrame):
        # By the types alone: adding up the letters of every word was measured at a thirtieth of the whole main job.
        return answer.height * sum(16 if kind == pl.String else 8 for kind in answer.dtypes)
    if isinstance(answer, tuple):
        return sum(map(bytes_of, answer))
    if not is_dataclass(answer):
        return 0
    own = getattr(answer, "kept_bytes", None)
    return own if isinstance(own, int) else sum(map(bytes_of, vars(answer).values()))
