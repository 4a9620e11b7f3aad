"""The files handed out to each reader: a link that was passed on opens nothing for anybody else.

Pages make a file when its button is pressed, and the server keeps it for a while at an address made of its content.
"""

import hashlib
import threading
from collections import OrderedDict

from kpiflow.workspace.books import Asker

#: How many files are remembered; the oldest are forgotten, and then simply made again.
REMEMBERED = 10_000


class HandedOut:
    """Who was handed which file, by its content. Safe to share between threads."""

    def __init__(self) -> None:
        self._given: OrderedDict[tuple[bytes, Asker], None] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, asker: Asker, content: bytes) -> None:
        """Note that somebody was handed a file."""
        with self._lock:
            self._given[_key(asker, content)] = None
            while len(self._given) > REMEMBERED:
                self._given.popitem(last=False)

    def to(self, asker: Asker, content: bytes) -> bool:
        """Return whether somebody was handed this file."""
        with self._lock:
            return _key(asker, content) in self._given


def _key(asker: Asker, content: bytes) -> tuple[bytes, Asker]:
    return hashlib.sha256(content).digest(), asker


#: What this process handed out.
HANDED_OUT = HandedOut()
