"""Holding Python's search for unreachable objects while a million cells are made, none of which is ever unreachable.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_inside = 0
_before = True


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold it for the length of a block; the last of several blocks at once lets it go on.

    The search walks all objects again and again as they grow in number: two thirds of the time of reading a large sheet.
    """
    global _inside, _before  # noqa: PLW0603  (the collector is one for the whole process)
    with _lock:
        if not _inside:
            _before = gc.isenabled()
            gc.disable()
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside and _before:
                gc.enable()
