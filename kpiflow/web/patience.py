"""An end to connections that keep the server waiting for a request: whoever begins one says what they ask within seconds."""

import asyncio
from contextlib import suppress

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

try:
    import resource
except ImportError:  # Windows: there a process may open as many as it likes
    resource = None  # type: ignore[assignment]

#: Seconds from the beginning of a connection, or of a further request on it, until all headers must have come.
PATIENCE = 20.0


class Patient(H11Protocol):
    """HTTP as uvicorn speaks it, but that it hangs up on headers that come too slowly or never.

    uvicorn ends a connection that is idle after an answer, not one on which no whole request ever came: each of these would
    keep a file open for as long as its other end likes. How often something comes does not count, only whether all of it has.
    """

    patience = PATIENCE
    _hanging_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what has come; the wait ends with the headers, and begins with the first byte of the next request."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._unwait()
        elif self._hanging_up is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._unwait()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._hanging_up = self.loop.call_later(self.patience, self.transport.close)

    def _unwait(self) -> None:
        if self._hanging_up is not None:
            self._hanging_up.cancel()
            self._hanging_up = None


def allow_connections(count: int) -> None:
    """Let this process open files for so many connections beside its own, as far as the system lets it.

    Where it may open fewer than connections are taken, new ones would be left unanswered instead of being told to come later.
    """
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 500
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
