"""A copy of the whole store in one file, and a store made from such a copy."""

import shutil
from pathlib import Path

from kpiflow.errors import StoreError
from kpiflow.language import msg
from kpiflow.storage.store import Store


def backup(store: Store, path: str | Path) -> Path:
    """Write a consistent copy of the store to a new file, whatever is being read meanwhile; return where it is.

    The file appears under its name only when it is complete. Raises StoreError when something is there already.
    """
    target = _free(path)
    partial = _partial(target)
    with store.read() as cursor:
        here = cursor.sql("SELECT current_database()").fetchall()[0][0]
        cursor.execute(f"ATTACH {_text(str(partial))} AS copied")
        try:
            cursor.begin()  # the copy is several statements inside: one transaction, so that all see the same moment
            cursor.execute(f"COPY FROM DATABASE {_name(here)} TO copied")
            cursor.commit()
        except BaseException:
            cursor.rollback()
            cursor.execute("DETACH copied")
            partial.unlink(missing_ok=True)
            raise
        cursor.execute("DETACH copied")
    partial.replace(target)
    return target


def restore(path: str | Path, to: str | Path) -> Path:
    """Make a store at `to` from a backup; raises StoreError when it is no backup or something is at `to` already."""
    target = _free(to)
    if not Path(path).is_file():
        raise StoreError(msg("There is no backup at {path}.", path=str(path)))
    partial = _partial(target)
    shutil.copyfile(path, partial)
    try:
        Store.open(partial).close()
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(target)
    return target


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
    partial.unlink(missing_ok=True)
    return partial


def _text(value: str) -> str:
    """Quote a text for SQL."""
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    """Quote a name for SQL."""
    return '"' + value.replace('"', '""') + '"'
