"""Backups made while people work, and a store proved after it was restored: its rows, and every closed period worked out again."""

import datetime
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kpiflow.errors import StoreError
from kpiflow.language import Message, msg
from kpiflow.storage.backup import Verified
from kpiflow.storage.backup import backup as backup_store
from kpiflow.storage.backup import restore as restore_store
from kpiflow.storage.backup import verify as verify_backup
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.proving import Progress, unheard
from kpiflow.workspace.books import ADMINISTRATOR, Books
from kpiflow.workspace.closing.frozen import closings_known
from kpiflow.workspace.closing.verifying import verify as verify_closing

#: The share of the time that restoring the file takes; the rest is working closed periods out again.
RESTORING = 0.7


@dataclass(frozen=True)
class Restored:
    """A store made from a backup: what it holds, and the closed periods, each with whether it still gives every number."""

    held: Verified
    closings: tuple[tuple[str, bool], ...]

    @property
    def said(self) -> list[Message]:
        """What was proved, in sentences."""
        first = said_of(self.held)
        periods = [period for period, holds in self.closings if holds]
        proved = msg("Closed periods that give every number again: {periods}.", periods=periods) if periods else None
        broken = [period for period, holds in self.closings if not holds]
        warned = (
            msg("Closed periods that do not: {periods}. See 'kpiflow close PERIOD --verify'.", periods=broken)
            if broken
            else None
        )
        return [one for one in (first, proved, warned) if one is not None]


@dataclass(frozen=True)
class Checked:
    """A backup that was read through: where it is, and what was found, in a sentence."""

    path: Path
    said: Message


def said_of(held: Verified) -> Message:
    """Return what was found in a backup, in a sentence."""
    if held.made_at is None:
        return msg("{path} has no manifest; all {rows} rows could be read.", path=held.path.name, rows=held.rows)
    return msg(
        "{rows} rows in {tables} tables are those that were backed up on {day}.",
        rows=held.rows,
        tables=len(held.proof.tables),
        day=held.made_at.astimezone().date(),
    )


def verify(path: Path, progress: Progress = unheard) -> Checked:
    """Read a backup through and compare it with its manifest; raises StoreError when it is torn, altered, or none."""
    held = verify_backup(path, progress)
    return Checked(held.path, said_of(held))


def backup(ws: Books, path: Path, progress: Progress = unheard, *, who: str = "administrator") -> Path:
    """Write a consistent copy of the store while it is in use; return where it is. Raises StoreError.

    The journal says so first, and the copy with it; a disk that is too full for that line does not stand in the way of a
    backup elsewhere.
    """
    if not path.exists():
        with suppress(StoreError), ws.store.write() as cursor:
            record(cursor, Entry(datetime.datetime.now(datetime.UTC), who, "backup", path.name))
    return backup_store(ws.store, path, progress)


def restore(path: Path, to: Path, progress: Progress = unheard) -> Restored:
    """Make a new store from a backup and prove it; raises StoreError for a torn backup, or when a store is there already."""
    held = restore_store(path, to, lambda said, done: progress(said, done * RESTORING))
    ws = Books.open(to)
    try:
        known = closings_known(ws) if not ws.is_empty() else None
        rows = [] if known is None else known.select("period", "closing").rows()
        proved = []
        for number, (period, closing) in enumerate(rows, start=1):
            proved.append((period, verify_closing(ws, ADMINISTRATOR, period, closing).holds))
            progress(msg("Working {period} out again", period=period), RESTORING + (1 - RESTORING) * number / len(rows))
    finally:
        ws.close()
    progress(msg("Done"), 1.0)
    return Restored(held, tuple(proved))
