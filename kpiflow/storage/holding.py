"""Who holds a store's file, and the last write that was acknowledged: a small file beside it, locked while the store is open."""

import json
import os
import shutil
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary, finalize

import duckdb

from kpiflow.errors import StoreError
from kpiflow.language import msg

try:
    import fcntl
except ImportError:  # Windows: there DuckDB's own lock on the file has to do
    fcntl = None  # type: ignore[assignment]

#: Bytes that must be left on the disk beyond what the write-ahead log needs to move into the file.
ROOM = 4 * 2**20

#: The mark is rewritten in place and always as long as this, so that a full disk never stands in its way.
LENGTH = 160


@dataclass(frozen=True)
class Mark:
    """The newest line of the journal that was acknowledged, and the size and time of the store's file right after it."""

    journal: int
    size: int
    modified: int
    process: int


class Held:
    """One file held by this process, however often it is opened here: its write lock, and what was acknowledged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.RLock()
        #: The cursor whose transaction is open while the lock is held, how often it was let go, and how often of these
        #: after something that answers tell of; `told` says whether the open one has written any.
        self.cursor: duckdb.DuckDBPyConnection | None = None
        self.count = 0
        self.count_told = 0
        self.told = False
        #: The newest line of the journal, as known after the last write.
        self.journal = 0
        self._opened = 0
        self._file: int | None = None
        self._closing: finalize[[int], Held] | None = None
        self._inode = 0
        self._log: int | None = None

    def take(self) -> Mark | None:
        """Hold the file; return what the last holder left behind when it did not end in order.

        Raises StoreError when another process holds it. DuckDB locks the file as well, but such a lock is lost when the
        same process opens and closes the file in any other way, and two names of one file share no write-ahead log.
        """
        with self.lock:
            left = None
            if self._file is None:
                _only_name(self.path)
                self._file = _locked(mark_of(self.path), self.path)
                self._closing = finalize(self, _closed, self._file)
                self._inode = self.path.stat().st_ino
                left = _read(self._file)
            self._opened += 1
        return left

    def leave(self) -> None:
        """Give the file up and leave what the last holder wrote beside it, for whoever tries next."""
        with self.lock:
            self._opened -= 1
            if self._opened <= 0:
                self._close()

    def _close(self) -> None:
        if self._closing is not None:
            self._closing()  # once, here or when this is forgotten: the number of a closed file is given to others
        self._file = self._closing = None

    def let_go(self) -> None:
        """Give the file up when nobody in this process has it open any more; after an orderly end nothing is left beside."""
        with self.lock:
            self._opened -= 1
            if self._opened > 0 or self._file is None:
                return
            if not log_of(self.path).exists():
                mark_of(self.path).unlink(missing_ok=True)
            self._close()

    def ready(self) -> None:
        """Raise StoreError when the file was replaced while it is open, or when the disk has no room for a write."""
        try:
            there = self.path.stat().st_ino
        except OSError:
            there = None
        if there != self._inode:
            raise StoreError(
                msg(
                    "Nothing was written: the file {path} was moved or replaced while it is open here. Stop this process, "
                    "put the right file in place, and start again.",
                    path=str(self.path),
                )
            )
        need = ROOM + _size(log_of(self.path))
        free = shutil.disk_usage(self.path.parent).free
        if free < need:
            raise StoreError(
                msg(
                    "Nothing was written to the store {path}: the disk has {free} MB left, and {need} MB are needed. "
                    "Make room, then do it again; nothing has to be restarted.",
                    path=str(self.path),
                    free=free // 2**20,
                    need=-(-need // 2**20),
                )
            )

    def acknowledge(self, journal: int) -> None:
        """Write down that everything up to a line of the journal is in the store; called after its commit."""
        self.journal = journal
        if self._file is None:
            return
        found = self.path.stat()
        told = {"journal": journal, "size": found.st_size, "modified": found.st_mtime_ns, "process": os.getpid()}
        # Not synchronised: after a power cut it may say less than the store has, never more.
        with suppress(OSError):
            os.pwrite(self._file, json.dumps(told).ljust(LENGTH).encode(), 0)
        self._keep_name()

    def _keep_name(self) -> None:
        """Write the folder to the disk when the write-ahead log was made anew: without its name its content would be lost."""
        try:
            log = log_of(self.path).stat().st_ino
        except OSError:
            log = None
        if log is not None and log != self._log and hasattr(os, "O_DIRECTORY"):
            with suppress(OSError):
                folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        self._log = log


_HELD: WeakValueDictionary[Path, Held] = WeakValueDictionary()
_GUARD = threading.Lock()


def held(path: Path) -> Held:
    """Return the one `Held` of a file: DuckDB gives a process one database per file, so there is one lock per file, too."""
    with _GUARD:
        return _HELD.setdefault(path, Held(path))


def mark_of(path: Path) -> Path:
    """Return the small file beside a store."""
    return path.with_name(f"{path.name}.mark")


def log_of(path: Path) -> Path:
    """Return DuckDB's write-ahead log beside a store."""
    return path.with_name(f"{path.name}.wal")


def refuse_missing(left: Mark, path: Path, before: os.stat_result, journal: int) -> None:
    """Raise StoreError for a store that lacks writes which were acknowledged.

    `before` is the state of the file before it was opened. A file that is another than the one left behind was put there
    by somebody; the very one that was left, with lines missing, has lost its write-ahead log or a part of it.
    """
    same = (before.st_size, before.st_mtime_ns) == (left.size, left.modified)
    if journal >= left.journal or not same:
        return
    raise StoreError(
        msg(
            "The store {path} lacks its last writes: the journal ends at {found}, and {known} was acknowledged. Its "
            "write-ahead log {log} was cut short or taken away. Put it back, or restore a backup; to go on without these "
            "writes, delete {mark}.",
            path=str(path),
            found=journal,
            known=left.journal,
            log=log_of(path).name,
            mark=str(mark_of(path)),
        )
    )


def command(process: int | str) -> str | None:
    """Return the command line of a process where the system shows it (Linux), else None."""
    try:
        said = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return None
    return said.replace(b"\0", b" ").decode(errors="replace").strip() or None


def in_use(path: Path, process: int | str, program: str) -> StoreError:
    """Return the error for a store that another process holds."""
    return StoreError(
        msg(
            "The store {path} is in use by process {process} ({command})."
            " Stop it, or go through the server if that is what it is.",
            path=str(path),
            process=str(process),
            command=command(process) or program,
        )
    )


def _only_name(path: Path) -> None:
    """Raise StoreError for a file with several names: what is written through one would be missing under the other."""
    if path.stat().st_nlink > 1:
        raise StoreError(
            msg(
                "The file {path} has another name as well (a hard link), so what is written through one name could be lost "
                "under the other. Make a copy with 'kpiflow backup' instead, and delete the other name.",
                path=str(path),
            )
        )


def _locked(mark: Path, path: Path) -> int:
    """Return an open, locked mark; raises StoreError when it is locked by another process or cannot be written."""
    while True:
        try:
            file = os.open(mark, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise not_permitted(path, error.strerror or str(error)) from error
        if fcntl is None:
            return file
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            left = _read(file)
            os.close(file)
            raise in_use(path, left.process if left else "?", sys.executable) from error
        except OSError:
            return file  # a file system without such locks, where DuckDB's own has to do
        with suppress(OSError):
            if mark.stat().st_ino == os.fstat(file).st_ino:
                return file
        os.close(file)  # its last holder has just deleted it


def not_permitted(path: Path, said: str) -> StoreError:
    """Return the error for a store whose folder cannot be written."""
    return StoreError(
        msg(
            "The store {path} cannot be opened for writing: {said}. KPIFlow needs to write the file and its folder; "
            "check who owns them and what they allow.",
            path=str(path),
            said=said,
        )
    )


def _read(file: int) -> Mark | None:
    """Return what a mark says, None when it is new or was cut short."""
    try:
        return Mark(**json.loads(os.pread(file, LENGTH, 0)))
    except (ValueError, TypeError, OSError):
        return None


def _closed(file: int) -> None:
    with suppress(OSError):
        os.close(file)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
