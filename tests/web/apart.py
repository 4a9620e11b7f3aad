"""Coroutines run apart: a browser test before may have left an event loop in this thread, and one thread runs only one."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end in a thread of its own; what it raises is raised here."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, work).result()
