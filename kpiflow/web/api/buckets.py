"""Token buckets: so many requests at once, refilled so many a second, for each key; the least used keys are forgotten."""

import math
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

#: How many keys are remembered; a forgotten one begins with a full bucket.
REMEMBERED = 50_000


@dataclass(frozen=True)
class Rate:
    """How many requests are taken a second, and how many at once after a pause. 0 a second: as many as come."""

    per_second: float
    burst: int

    @property
    def window(self) -> int:
        """The seconds in which an empty bucket is full again."""
        return math.ceil(self.burst / self.per_second) if self.per_second else 0


@dataclass(frozen=True)
class Taken:
    """What became of one request: `wait` is 0 when it is taken, else the seconds after which one more would be."""

    wait: float
    left: int
    full_in: int


class Buckets:
    """Buckets by key. Safe to share between threads."""

    def __init__(self) -> None:
        self._levels: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Hashable, rate: Rate, now: float) -> Taken:
        """Take one request out of a bucket; one that finds it empty takes nothing.

        >>> buckets, rate = Buckets(), Rate(per_second=2, burst=3)
        >>> [buckets.take("a", rate, now).wait for now in (0, 0, 0, 0, 0.5)], buckets.take("b", rate, 0).left
        ([0, 0, 0, 0.5, 0], 2)
        """
        if not rate.per_second:
            return Taken(0, 0, 0)
        with self._lock:
            level, since = self._levels.get(key, (float(rate.burst), now))
            level = min(rate.burst, level + max(0.0, now - since) * rate.per_second)
            wait = 0 if level >= 1 else (1 - level) / rate.per_second
            level -= 0 if wait else 1
            self._levels[key] = (level, max(now, since))
            self._levels.move_to_end(key)
            while len(self._levels) > REMEMBERED:
                self._levels.popitem(last=False)
        return Taken(wait, int(level), math.ceil((rate.burst - level) / rate.per_second))
