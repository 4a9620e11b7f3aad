"""A copy of the whole store in one file that tells what is in it, and a store made from such a copy and proved equal to it."""

import datetime
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from kpiflow.errors import StoreError
from kpiflow.language import msg
from kpiflow.storage.holding import log_of
from kpiflow.storage.migrating import migrate, migrations, newer, version
from kpiflow.storage.opening import connected, why_not
from kpiflow.storage.proving import MANIFEST, Progress, Proof, Told, proof_of, rows_of, unheard
from kpiflow.storage.store import NOT_TAKEN, Cursor, Store

#: Rows and bytes that are copied between two words of progress.
ROWS, BYTES = 5_000_000, 32 * 2**20

#: The share of the time that copying takes; the rest is reading it all back.
COPYING = 0.5


@dataclass(frozen=True)
class Verified:
    """What a backup was found to hold; `made_at` is None for a file without a manifest, whose every row was read instead."""

    path: Path
    made_at: datetime.datetime | None
    proof: Proof

    @property
    def rows(self) -> int:
        """How many rows there are in all tables together."""
        return sum(told.rows for told in self.proof.tables.values())


def backup(store: Store, path: str | Path, progress: Progress = unheard) -> Path:
    """Write a consistent copy of the store to a new file, whatever is being written meanwhile; return where it is.

    The file appears under its name only when it is complete and was read back. Raises StoreError when something is there
    already, when there is no room for it, or when what is read back is not what was written.
    """
    target = _free(path)
    _room(target, store.path.stat().st_size)
    partial = _partial(target)
    try:
        with store.read() as cursor:
            _copied(cursor, partial, _part(progress, 0, COPYING))
        partial.chmod(0o600)  # as the store is: whoever calls this may have another habit
        verify(partial, _part(progress, COPYING, 1))
        partial.replace(target)
    except NOT_TAKEN as error:
        said = str(error).splitlines()[0]
        raise StoreError(msg("No backup was made at {path}: {said}", path=str(target), said=said)) from error
    finally:
        _partial(target)
    keep_name(target)
    return target


def verify(path: str | Path, progress: Progress = unheard) -> Verified:
    """Read a backup through and compare it with its manifest; raises StoreError when it is torn, altered, or none.

    A store that was copied as a file has no manifest; then every row of it is read, which finds damage of the file.
    """
    where = _there(path)
    connection = connected(where, read_only=True)
    try:
        found = version(connection)
        if found is None:
            raise StoreError(msg("{path} is not a backup of a KPIFlow store.", path=str(where)))
        if found > migrations()[-1].number:
            raise newer(found)
        made_at, promised = _manifest(connection)
        proof = proof_of(connection, progress)
    except duckdb.Error as error:
        raise why_not(where, str(error)) from error
    finally:
        connection.close()
    differing = promised.difference(proof) if promised else []
    if differing:
        raise StoreError(
            msg(
                "{path} is not what was backed up: {tables} differ from its manifest. Use another backup.",
                path=str(where),
                tables=differing[:10],
            )
        )
    return Verified(where, made_at, proof)


def restore(path: str | Path, to: str | Path, progress: Progress = unheard) -> Verified:
    """Make a store at `to` from a backup, compared with its manifest; return what it holds.

    Raises StoreError when it is no backup or a torn one, or when something is at `to` already. A backup of an older
    version is brought up to date after it was compared.
    """
    target, source = _free(to), _there(path)
    connected(source, read_only=True).close()  # a store that a server holds is no backup: its file is half written
    _room(target, source.stat().st_size)
    partial = _partial(target)
    try:
        _bytes(source, partial, _part(progress, 0, COPYING))
        if log_of(source).exists():  # of a store that was copied after a crash, with what it had not moved in yet
            shutil.copyfile(log_of(source), log_of(partial))
        found = verify(partial, _part(progress, COPYING, 1))
        connection = connected(partial)
        try:
            connection.execute(f"DROP TABLE IF EXISTS {MANIFEST}")
            migrate(connection, found.proof.version)
            connection.execute("CHECKPOINT")
        finally:
            connection.close()
        partial.replace(target)
    except OSError as error:
        said = error.strerror or str(error)
        raise StoreError(msg("Nothing was restored to {path}: {said}", path=str(target), said=said)) from error
    finally:
        _partial(target)
    keep_name(target)
    return Verified(target, found.made_at, found.proof)


def _copied(cursor: Cursor, partial: Path, progress: Progress) -> None:
    """Copy every table as it is at one moment into a new file, with the proof of that moment in its manifest."""
    here = cursor.sql("SELECT current_database()").fetchall()[0][0]
    cursor.execute(f"ATTACH {_text(str(partial))} AS copied")
    try:
        cursor.begin()  # one transaction, so that all statements see the same moment
        cursor.execute(f"COPY FROM DATABASE {_name(here)} TO copied (SCHEMA)")
        counts = dict(rows_of(cursor))
        whole, done = sum(counts.values()) or 1, 0
        for table, rows in counts.items():
            for first in range(0, rows, ROWS):
                part = f"WHERE rowid >= {first} AND rowid < {first + ROWS}" if rows > ROWS else ""
                cursor.execute(f"INSERT INTO copied.{_name(table)} SELECT * FROM {_name(table)} {part}")
                progress(msg("Copying {table}", table=table), (done + min(rows, first + ROWS)) / whole)
            done += rows
        cursor.execute(f"CREATE OR REPLACE TABLE copied.{MANIFEST} (manifest JSON)")
        told = {"made_at": datetime.datetime.now(datetime.UTC).isoformat(), **asdict(proof_of(cursor))}
        cursor.execute(f"INSERT INTO copied.{MANIFEST} VALUES (?)", [json.dumps(told)])
        cursor.commit()
    except BaseException:
        with suppress(duckdb.Error):
            cursor.rollback()
        raise
    finally:
        with suppress(duckdb.Error):
            cursor.execute("DETACH copied")


def _manifest(connection: Cursor) -> tuple[datetime.datetime | None, Proof | None]:
    """Return when a backup was made and what it promises to hold; None of both where it has no manifest."""
    if not connection.sql(f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{MANIFEST}'").fetchall():
        return None, None
    told = json.loads(connection.sql(f"SELECT manifest FROM {MANIFEST}").fetchall()[0][0])
    tables = {name: Told(**one) for name, one in told["tables"].items()}
    return datetime.datetime.fromisoformat(told["made_at"]), Proof(told["version"], tables, told["metrics"])


def _bytes(source: Path, target: Path, progress: Progress) -> None:
    """Copy a file piece by piece, and wait until it is on the disk."""
    size, done = source.stat().st_size or 1, 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(BYTES):
            writing.write(piece)
            done += len(piece)
            progress(msg("Copying {table}", table=source.name), done / size)
        writing.flush()
        os.fsync(writing.fileno())


def keep_name(path: Path) -> None:
    """Write a folder to the disk, so that a file just made in it keeps its name after a power cut."""
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):
            folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
            os.fsync(folder)
            os.close(folder)


def _part(progress: Progress, first: float, last: float) -> Progress:
    """Return what hears the progress of one part of the work."""
    return lambda said, done: progress(said, first + (last - first) * done)


def _there(path: str | Path) -> Path:
    """Return where a backup is; raises StoreError when there is none."""
    where = Path(path).resolve()
    if not where.is_file():
        raise StoreError(msg("There is no backup at {path}.", path=str(path)))
    return where


def _room(target: Path, need: int) -> None:
    """Raise StoreError when a copy of so many bytes would not find room."""
    free = shutil.disk_usage(target.parent).free
    if free < need:
        raise StoreError(
            msg(
                "There is no room for {path}: {need} MB are needed and {free} MB left. Make room, or choose another disk.",
                path=str(target),
                need=-(-need // 2**20),
                free=free // 2**20,
            )
        )


def _free(path: str | Path) -> Path:
    """Return where a new file may be written."""
    target = Path(path).resolve()
    if target.exists():
        raise StoreError(
            msg("There is already a file at {path}. Choose another path, or delete it first.", path=str(target))
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _partial(target: Path) -> Path:
    """Return the name a file has while it is being written; what an interrupted run left there goes."""
    partial = target.with_name(target.name + ".partial")
    for left in (partial, log_of(partial)):
        left.unlink(missing_ok=True)
    return partial


def _text(value: str) -> str:
    """Quote a text for SQL."""
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    """Quote a name for SQL."""
    return '"' + value.replace('"', '""') + '"'
