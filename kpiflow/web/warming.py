"""Work that is done beside a server that already answers, and given up between two steps when it stops."""

import importlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from kpiflow.workspace import FAILURES, KPIFlowError, Workspace

#: Seconds to wait for the step under way when the server stops.
PATIENCE = 10.0

#: What the first page that draws would load, a second's work.
DRAWING = ("plotly.graph_objects", "plotly.io")


@contextmanager
def warmed(ws: Workspace, prepared: threading.Event) -> Iterator[None]:
    """Prepare what the first visitors would wait for, in a thread of its own that ends with the block.

    `prepared` is set when there is nothing more to do, also where it could not be done.
    """
    ending = threading.Event()
    worker = threading.Thread(target=_work, args=(ws, ending, prepared), name="warming", daemon=True)
    worker.start()
    try:
        yield
    finally:
        ending.set()
        worker.join(PATIENCE)


def _work(ws: Workspace, ending: threading.Event, prepared: threading.Event) -> None:
    try:
        for module in DRAWING:
            importlib.import_module(module)
        for step in ws.warm_steps():
            if ending.is_set():
                return
            step()
        prepared.set()
    except (KPIFlowError, *FAILURES):
        # Whoever asks the same on a page is told what is wrong and what to do about it.
        logging.getLogger(__name__).warning("Pages could not be prepared.", exc_info=True)
        prepared.set()
