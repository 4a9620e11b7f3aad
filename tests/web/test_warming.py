"""Pages are prepared beside a server that answers; it stops between two steps, and trouble there stops nothing else."""

import threading

from kpiflow.errors import InvalidInput
from kpiflow.language import msg
from kpiflow.web.warming import warmed


class Steps:
    """A workspace whose steps are these."""

    def __init__(self, *steps):
        self.steps = steps

    def warm_steps(self):
        """Yield the steps."""
        yield from self.steps


def test_the_block_begins_before_the_work_is_done_and_ends_it_between_two_steps():
    begun, go_on, prepared, done = threading.Event(), threading.Event(), threading.Event(), []

    def first():
        begun.set()
        assert go_on.wait(30)
        done.append("first")

    with warmed(Steps(first, lambda: done.append("second")), prepared):
        assert begun.wait(30)
        assert not done
        # Long after the block has begun to end, so that the second step meets the end.
        threading.Timer(0.5, go_on.set).start()
    assert done == ["first"]
    assert not prepared.is_set()


def test_the_end_of_the_work_is_told():
    prepared, done = threading.Event(), []
    with warmed(Steps(lambda: done.append("all")), prepared):
        assert prepared.wait(30)
    assert done == ["all"]


def test_what_cannot_be_prepared_is_logged_and_nothing_else(caplog):
    def fails():
        raise InvalidInput(msg("There is nothing here."))

    prepared = threading.Event()
    with warmed(Steps(fails), prepared):
        assert prepared.wait(30)
    assert "could not be prepared" in caplog.text
