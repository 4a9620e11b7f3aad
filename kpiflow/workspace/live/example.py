"""The example company's live source: its feed laid beside the store, and asked once."""

from pathlib import Path

from kpiflow.sources.example.weather import write_feed
from kpiflow.workspace.books import Books
from kpiflow.workspace.live.pulling import How, pull


def example_pull(ws: Books) -> None:
    """Write the weather feed beside the store and take in what it holds."""
    write_feed(Path(ws.store.path).parent)
    pull(ws, "weather", How("example"))
