"""What a reader written in Rust does with a file it never thought of, turned into an error that can be answered.

Floor 4: knows core and frames. Reads no store.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class Panicked(ValueError):
    """A reader gave up in the middle of a file: that is a damaged one."""


@contextmanager
def answered_panics() -> Iterator[None]:
    """Raise Panicked for a panic, which no `except Exception` would catch and which would end whoever waits for an answer."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # each library has a class of its own, and few of them export it
            raise
        raise Panicked(str(error)) from error
