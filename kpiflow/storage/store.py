"""The one file a company lives in: opening it, reading from it on any thread, and writing to it one at a time."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

import duckdb
import polars as pl

from kpiflow.errors import StoreError
from kpiflow.language import msg
from kpiflow.storage.migrating import migrate, version

#: A cursor of the store: everything a caller may do with DuckDB.
Cursor = duckdb.DuckDBPyConnection

#: What DuckDB raises when the file, the disk or the memory below it fails, and not the question.
FAILURES = (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException)

#: The same when a change is made: a commit that the disk does not take fails as a transaction.
NOT_TAKEN = (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException, duckdb.TransactionException)


class _WriteLock:
    """The lock of one file, the cursor whose transaction is open while it is held, and how often it was let go."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.cursor: Cursor | None = None
        self.count = 0


#: DuckDB gives one process one database per file, however often it is opened; so there is one lock per file, too.
_LOCKS: WeakValueDictionary[Path, _WriteLock] = WeakValueDictionary()
_LOCKS_GUARD = threading.Lock()


class Store:
    """An open store. Made by `Store.create` or `Store.open`; usable from any thread, each with its own cursor."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self._connection = connection
        #: What each series stands for, as read last (`selection.dictionary`); None before the first time.
        self.names: pl.DataFrame | None = None
        with _LOCKS_GUARD:
            self._writing = _LOCKS.setdefault(path, _WriteLock())

    @classmethod
    def create(cls, path: str | Path) -> "Store":
        """Make a new store and open it; raises StoreError when something is there already."""
        where = Path(path).resolve()
        if where.exists():
            raise StoreError(
                msg("There is already a file at {path}. Choose another path, or delete it first.", path=str(where))
            )
        where.parent.mkdir(parents=True, exist_ok=True)
        # Under its name only when it is whole: an interrupted run must not leave a file that is no store yet.
        unfinished = where.with_name(f"{where.name}.unfinished")
        unfinished.unlink(missing_ok=True)
        connection = _connect(unfinished)
        try:
            migrate(connection, 0)
        finally:
            connection.close()
        unfinished.replace(where)
        return cls(where, _connect(where))

    @classmethod
    def open(cls, path: str | Path) -> "Store":
        """Open a store, bringing an older one up to date; raises StoreError with what to do when that cannot be."""
        where = Path(path).resolve()
        if not where.is_file():
            raise StoreError(
                msg(
                    "There is no store at {path}. Make one with: kpiflow init --config DIR --store {path}",
                    path=str(where),
                )
            )
        connection = _connect(where)
        try:
            found = version(connection)
            migrate(connection, _of_kpiflow(found, where))
        except BaseException:
            connection.close()
            raise
        return cls(where, connection)

    @property
    def writes(self) -> int:
        """How often this process wrote to the file, or tried to; no other process can write while it is open here."""
        return self._writing.count

    def read(self) -> Cursor:
        """Return a new cursor for reading; each call and each thread has its own. Usable in a `with` statement."""
        cursor = self._connection.cursor()
        # Both are kept per connection. A progress bar would go to stdout; 24 bits let a group key be a dense number.
        cursor.execute("SET enable_progress_bar = false; SET perfect_ht_threshold = 24")
        return cursor

    @contextmanager
    def snapshot(self) -> Iterator[Cursor]:
        """Give a cursor that sees one moment of the store, however many statements it runs and whoever writes."""
        cursor = self.read()
        cursor.begin()
        try:
            yield cursor
        finally:
            cursor.rollback()
            cursor.close()

    @contextmanager
    def write(self) -> Iterator[Cursor]:
        """Give the one writing cursor, in a transaction: kept at the end, undone on an error.

        A `write` inside a `write` of the same thread joins it, so that several changes can be made as one.
        """
        with self._writing.lock:
            if self._writing.cursor is not None:
                yield self._writing.cursor
                return
            cursor = self.read()
            cursor.begin()
            self._writing.cursor = cursor
            try:
                yield cursor
                cursor.commit()
            except NOT_TAKEN as error:
                _undo(cursor)
                raise _not_written(self.path, str(error)) from error
            except BaseException:
                _undo(cursor)
                raise
            finally:
                # Whatever was read meanwhile may have been undone, and its numbers be given to others.
                self.names = None
                self._writing.cursor = None
                self._writing.count += 1
                cursor.close()

    def close(self) -> None:
        """Write everything to the file and let it go."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def next_number(cursor: Cursor, table: str, column: str, first: int = 1) -> int:
    """Return the number after the highest one in a column; only safe on the writing cursor."""
    highest = cursor.sql(f'SELECT max("{column}") FROM "{table}"').fetchall()[0][0]
    return first if highest is None else int(highest) + 1


def _of_kpiflow(found: int | None, path: Path) -> int:
    """Return the version of a store; raises StoreError when the file is none of ours."""
    if found is None:
        raise StoreError(msg("{path} is not a store of KPIFlow. Check the path given as --store.", path=str(path)))
    return found


def _undo(cursor: Cursor) -> None:
    """Roll back; a transaction that DuckDB has ended by itself after an error is already undone."""
    with suppress(duckdb.TransactionException):
        cursor.rollback()


def _not_written(path: Path, said: str) -> StoreError:
    """Return the error for a change that the disk or the memory did not take, such as on a full disk."""
    return StoreError(msg("Nothing was written to the store {path}: {said}", path=str(path), said=said.splitlines()[0]))


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Connect DuckDB to a file, or say why that cannot be."""
    try:
        return duckdb.connect(str(path))
    except duckdb.Error as error:
        raise _why_not(path, str(error)) from error


def _why_not(path: Path, said: str) -> StoreError:
    """Turn DuckDB's words about a file it cannot open into an error that says what to do."""
    held = re.search(r"lock is held in (?P<program>.+?) \(PID (?P<process>\d+)\)", said)
    if held:
        return StoreError(
            msg(
                "The store {path} is in use by process {process} ({command})."
                " Stop it, or go through the server if that is what it is.",
                path=str(path),
                process=held["process"],
                command=_command(held["process"]) or held["program"],
            )
        )
    if "not a valid DuckDB database" in said:
        return StoreError(msg("{path} is not a DuckDB file. Check the path given as --store.", path=str(path)))
    return StoreError(msg("The store {path} cannot be opened: {said}", path=str(path), said=said.splitlines()[0]))


def _command(process: str) -> str | None:
    """Return the command line of a process where the system shows it (Linux), else None."""
    try:
        return (
            Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip() or None
        )
    except OSError:
        return None
