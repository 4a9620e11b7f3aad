"""Answers kept in memory: made once however many ask at the same time, and the oldest make room for new ones."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import is_dataclass
from typing import Any, TypeVar

import polars as pl

Found = TypeVar("Found")

#: How many answers are kept, and how many bytes their frames may hold. A large company's results are 150 MB a period, and
#: fifty people at their desks ask for some dozens of small answers each.
KEPT, KEPT_BYTES = 4096, 2**31


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
            oldest, _ = self._answers.popitem(last=False)
            self._bytes -= self._sizes.pop(oldest)


def bytes_of(answer: object) -> int:
    """Return about how many bytes the frames of an answer hold; what is no frame holds next to nothing."""
    if isinstance(answer, pl.DataFrame):
        # By the types alone: adding up the letters of every word was measured at a thirtieth of the whole main job.
        return answer.height * sum(16 if kind == pl.String else 8 for kind in answer.dtypes)
    if isinstance(answer, tuple):
        return sum(map(bytes_of, answer))
    return sum(map(bytes_of, vars(answer).values())) if is_dataclass(answer) else 0
