"""Trying again: the same attempt after a longer pause each time, given up when it cannot help or the server stops."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_when_event_set
from tenacity.nap import sleep_using_event
from tenacity.wait import wait_exponential_jitter

from kpiflow.core.live_source import LiveSource
from kpiflow.sources.live.asked import Since, SourceFailed

Found = TypeVar("Found")

#: Seconds before the second attempt; each further pause is twice as long, up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0


def tried(source: LiveSource, since: Since, attempt: Callable[[], Found], first: float = FIRST_PAUSE) -> Found:
    """Return what an attempt gives, trying again as the source says; raises the last SourceFailed."""
    attempts = Retrying(
        stop=stop_after_attempt(source.retries + 1) | stop_when_event_set(since.ending),
        wait=wait_exponential_jitter(multiplier=first, max=LONGEST_PAUSE, jitter=first),
        retry=retry_if_exception(_may_help),
        sleep=sleep_using_event(since.ending),
        reraise=True,
    )
    return attempts(attempt)


def _may_help(error: BaseException) -> bool:
    return isinstance(error, SourceFailed) and error.again
