"""The one file a company lives in: opening it, reading from it on any thread, and writing to it one at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import polars as pl

from kpiflow.errors import StoreError
from kpiflow.language import msg
from kpiflow.storage.holding import held, refuse_missing
from kpiflow.storage.migrating import kept_before, migrate, version
from kpiflow.storage.opening import connected, damaged, is_damage, why_not

#: A cursor of the store: everything a caller may do with DuckDB.
Cursor = duckdb.DuckDBPyConnection

#: What DuckDB raises when the file, the disk or the memory below it fails, and not the question.
FAILURES = (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException)

#: The same when a change is made: a commit that the disk does not take fails as a transaction.
NOT_TAKEN = (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException, duckdb.TransactionException)


class Store:
    """An open store. Made by `Store.create` or `Store.open`; usable from any thread, each with its own cursor."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self._connection = connection
        self._closed = False
        self._renewing = threading.Lock()
        #: What each series stands for, as read last (`selection.dictionary`); None before the first time.
        self.names: pl.DataFrame | None = None
        self._writing = held(path)

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
        connection = connected(unfinished)
        try:
            migrate(connection, 0)
        finally:
            connection.close()
        unfinished.chmod(0o600)  # what people earn is nobody else's business on this machine
        unfinished.replace(where)
        return cls.open(where)

    @classmethod
    def open(cls, path: str | Path) -> "Store":
        """Open a store, bringing an older one up to date; raises StoreError with what to do when that cannot be.

        Before an older store that has anything in it is brought up to date, a copy is kept beside it (`kept_before`).
        """
        where = Path(path).resolve()
        if not where.is_file():
            raise StoreError(
                msg(
                    "There is no store at {path}. Make one with: kpiflow init --config DIR --store {path}",
                    path=str(where),
                )
            )
        holding = held(where)
        left, before = holding.take(), where.stat()
        connection = None
        try:
            connection = connected(where)
            found = _of_kpiflow(version(connection), where)
            holding.journal = newest_line(connection)
            if left is not None:
                refuse_missing(left, where, before, holding.journal)
            kept_before(connection, found, where)
            migrate(connection, found)
            holding.acknowledge(holding.journal)
        except BaseException as error:
            if connection is not None:
                # What is refused stays as it is: an orderly end would move the write-ahead log into the file.
                with suppress(duckdb.Error):
                    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
                connection.close()
            if left is None:
                holding.let_go()
            else:
                holding.leave()
            if isinstance(error, duckdb.Error):
                raise why_not(where, str(error)) from error
            raise
        return cls(where, connection)

    @property
    def writes(self) -> int:
        """How often this process wrote to the file, or tried to; no other process can write while it is open here."""
        return self._writing.count

    @property
    def told(self) -> int:
        """How often this process wrote something that answers tell of: all writes but those made `apart`."""
        return self._writing.count_told

    def read(self) -> Cursor:
        """Return a new cursor for reading; each call and each thread has its own. Usable in a `with` statement."""
        connection = self._connection
        try:
            return _prepared(connection)
        except (duckdb.FatalException, duckdb.ConnectionException):
            # A disk that was full for a moment has made DuckDB give up; what it had written is all there.
            if self._closed:
                raise
            self._renew(connection)
            return _prepared(self._connection)

    def _renew(self, given_up: duckdb.DuckDBPyConnection) -> None:
        """Open the file anew after DuckDB has given up on it; raises StoreError when that cannot be."""
        with self._renewing:
            if self._connection is given_up:
                given_up.close()
                self._connection = connected(self.path)
                self.names = None

    @contextmanager
    def snapshot(self) -> Iterator[Cursor]:
        """Give a cursor that sees one moment of the store, however many statements it runs and whoever writes."""
        cursor = self.read()
        cursor.begin()
        try:
            yield cursor
        finally:
            _undo(cursor)
            cursor.close()

    @contextmanager
    def write(self, *, apart: bool = False) -> Iterator[Cursor]:
        """Give the one writing cursor, in a transaction: kept at the end, undone on an error.

        A `write` inside a `write` of the same thread joins it, so that several changes can be made as one. `apart` is for
        what no kept answer tells of, such as that somebody signed in: answers stay; unless what joins it is not apart.
        """
        writing = self._writing
        with writing.lock:
            writing.told = writing.told or not apart
            if writing.cursor is not None:
                yield writing.cursor
                return
            writing.ready()
            cursor = self.read()
            cursor.begin()
            writing.cursor = cursor
            try:
                yield cursor
                self._commit(cursor)
            except NOT_TAKEN as error:
                _undo(cursor)
                raise _not_written(self.path, str(error)) from error
            except BaseException:
                _undo(cursor)
                raise
            finally:
                # Whatever was read meanwhile may have been undone, and its numbers be given to others.
                self.names = None
                writing.cursor = None
                writing.count += 1
                writing.count_told += writing.told
                writing.told = False
                cursor.close()

    def _commit(self, cursor: Cursor) -> None:
        """Commit and acknowledge. A change that is on the disk counts, even where DuckDB gave up right after writing it."""
        before, now = self._writing.journal, newest_line(cursor)
        connection = self._connection
        try:
            cursor.commit()
        except duckdb.FatalException as error:
            self._renew(connection)
            with self.read() as reading:
                there = newest_line(reading)
            if "is durable" not in str(error) and not before < now <= there:
                raise
        self._writing.acknowledge(now)

    def close(self) -> None:
        """Write everything to the file and let it go."""
        self._connection.close()
        if not self._closed:
            self._closed = True
            self._writing.let_go()

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


def newest_line(cursor: Cursor) -> int:
    """Return the number of the journal's newest line, 0 while it is empty."""
    return int(cursor.execute("SELECT coalesce(max(entry), 0) FROM journal").fetchall()[0][0])


def _prepared(connection: duckdb.DuckDBPyConnection) -> Cursor:
    cursor = connection.cursor()
    # Both are kept per connection. A progress bar would go to stdout; 24 bits let a group key be a dense number.
    cursor.execute("SET enable_progress_bar = false; SET perfect_ht_threshold = 24")
    return cursor


def _of_kpiflow(found: int | None, path: Path) -> int:
    """Return the version of a store; raises StoreError when the file is none of ours."""
    if found is None:
        raise StoreError(msg("{path} is not a store of KPIFlow. Check the path given as --store.", path=str(path)))
    return found


def _undo(cursor: Cursor) -> None:
    """Roll back; a transaction that DuckDB has ended by itself after an error is already undone."""
    with suppress(duckdb.TransactionException, duckdb.ConnectionException, duckdb.FatalException):
        cursor.rollback()


def _not_written(path: Path, said: str) -> StoreError:
    """Return the error for a change that the disk or the memory did not take, such as on a full disk."""
    if is_damage(said):
        return damaged(path, said)
    if "No space left" in said or "File too large" in said or "quota" in said.lower():
        return StoreError(
            msg(
                "Nothing was written to the store {path}: the disk is full. Make room, then do it again; nothing has to be "
                "restarted.",
                path=str(path),
            )
        )
    return StoreError(msg("Nothing was written to the store {path}: {said}", path=str(path), said=said.splitlines()[0]))
