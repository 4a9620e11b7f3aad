"""When a source is asked next: by its interval or its cron line, in the server's local time."""

import datetime

from croniter import croniter

from kpiflow.core.live_source import LiveSource, length


def due_after(source: LiveSource, last: datetime.datetime) -> datetime.datetime | None:
    """Return when a source is asked after a time by the local clock; None when it is only asked by hand.

    >>> from kpiflow.sources.live import FolderSource
    >>> daily = FolderSource(source="s", label="S", path="feeds", cron="0 6 * * *")
    >>> due_after(daily, datetime.datetime(2026, 1, 31, 7))
    datetime.datetime(2026, 2, 1, 6, 0)
    """
    if source.cron:
        found: datetime.datetime = croniter(source.cron, last).get_next(datetime.datetime)
        return found
    return last + length(source.every) if source.every else None


def late_after(source: LiveSource, last: datetime.datetime) -> datetime.datetime | None:
    """Return from when on a source has missed its turn twice; None when it is only asked by hand."""
    due = due_after(source, last)
    return None if due is None else due_after(source, due)


def interval(source: LiveSource) -> datetime.timedelta:
    """Return how long it is from one time to the next, to spread the load by a part of it."""
    if source.every:
        return length(source.every)
    start = datetime.datetime(2026, 1, 1)  # noqa: DTZ001 — any time by the local clock
    first = due_after(source, start) or start
    return (due_after(source, first) or first) - first
