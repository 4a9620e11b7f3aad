"""Connecting DuckDB to a file, or saying why that cannot be: held by another process, damaged, not permitted, not ours."""

import re
import sys
from pathlib import Path

import duckdb

from kpiflow.errors import StoreError
from kpiflow.language import msg
from kpiflow.storage.holding import in_use, log_of, not_permitted

#: What DuckDB says of a file whose content cannot be what was written.
_DAMAGED = (
    "Corrupt", "checksum", "Could not read enough bytes", "MetadataReader", "does not match database file",
    "replaying WAL", "Failed to deserialize", "Unexpected end", "INTERNAL Error",
)  # fmt: skip


def connected(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Connect DuckDB to a file; raises StoreError with what to do when that cannot be.

    Every commit waits until the write-ahead log is on the disk; on a Mac that takes more than the system's usual word.
    """
    settings: dict[str, str | bool | int | float | list[str]] = (
        {"fsync_mode": "FULL"} if sys.platform == "darwin" else {}
    )
    if path.exists() and path.stat().st_size == 0:
        # A full disk or an interrupted copy leaves such files; DuckDB would make a new database of some of them.
        raise damaged(path, str(msg("it is empty")))
    try:
        return duckdb.connect(str(path), read_only=read_only, config=settings)
    except duckdb.Error as error:
        raise why_not(path, str(error)) from error


def why_not(path: Path, said: str) -> StoreError:
    """Turn DuckDB's words about a file into an error that says what to do."""
    held = re.search(r"lock is held in (?P<program>.+?) \(PID (?P<process>\d+)\)", said)
    if held:
        return in_use(path, held["process"], held["program"])
    if "not a valid DuckDB database" in said:
        return StoreError(msg("{path} is not a DuckDB file. Check the path given as --store.", path=str(path)))
    if any(word in said for word in _DAMAGED):
        return damaged(path, said)
    if "Permission denied" in said or "Read-only file system" in said or "read-only" in said.lower():
        return not_permitted(path, said.splitlines()[0])
    return StoreError(msg("The store {path} cannot be opened: {said}", path=str(path), said=said.splitlines()[0]))


def is_damage(said: str) -> bool:
    """Return whether DuckDB's words are about the content of a file that cannot be what was written."""
    return any(word in said for word in _DAMAGED)


def damaged(path: Path, said: str) -> StoreError:
    """Return the error for a file whose content is not what was written; nothing in it is changed by finding out."""
    log = log_of(path)
    files = f"{path.name}, {log.name}" if log.exists() else path.name
    return StoreError(
        msg(
            "The store {path} is damaged: {said} Nothing was changed. Copy {files} to a safe place as they are, then make a "
            "new store from the last backup: kpiflow restore BACKUP --store NEW. See docs/keeping.md.",
            path=str(path),
            said=said.splitlines()[0].rstrip(". ") + ".",
            files=files,
        )
    )
