"""The numbered SQL files that make a store and bring an older one up to date, with a copy kept of what it was."""

import datetime
import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from kpiflow.errors import StoreError
from kpiflow.language import msg


@dataclass(frozen=True)
class Migration:
    """One numbered step: `0001_measurements.sql` is number 1, named `measurements`."""

    number: int
    name: str
    sql: str


def migrations() -> list[Migration]:
    """Return every step this program knows, in order."""
    found = [file for file in files(__package__).joinpath("migrations").iterdir() if file.name.endswith(".sql")]
    return [
        Migration(int(number), name, file.read_text(encoding="utf-8"))
        for file in sorted(found, key=lambda file: file.name)
        for number, _, name in [file.name.removesuffix(".sql").partition("_")]
    ]


def version(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Return the number of the newest step a database has had, or None when it is no store of KPIFlow."""
    tables = {name for (name,) in connection.sql("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not {"migration", "measurement"} <= tables:
        return None
    return int(connection.sql("SELECT max(number) FROM migration").fetchall()[0][0])


def kept_before(connection: duckdb.DuckDBPyConnection, found: int, path: Path) -> Path | None:
    """Keep a copy of an older store beside it, as `NAME.before-VERSION`, before it is brought up to date; return where.

    None when there is nothing to do or to lose: a store that is not older, or whose journal is empty. One copy is kept per
    version it came from, and the newest three of them. Raises StoreError when the disk has no room for it; the store is then
    left as it was.
    """
    if found >= migrations()[-1].number:
        return None
    if not connection.sql("SELECT count(*) FROM journal").fetchall()[0][0]:
        return None
    target = path.with_name(f"{path.name}.before-{found}")
    if target.exists():
        return target
    if shutil.disk_usage(path.parent).free < 2 * path.stat().st_size:
        raise StoreError(
            msg(
                "The store {path} is older than this program and has to be brought up to date, and there is no room beside it "
                "for the copy that is kept of it. Make {need} MB free, or move the store; it was left as it was.",
                path=str(path),
                need=-(-2 * path.stat().st_size // 2**20),
            )
        )
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    # Through DuckDB: opening the file here in any other way would end its lock.
    here = connection.sql("SELECT current_database()").fetchall()[0][0]
    try:
        connection.execute(f"ATTACH '{str(partial).replace(chr(39), chr(39) * 2)}' AS kept")
        connection.execute(f'COPY FROM DATABASE "{here}" TO kept')
    except duckdb.Error as error:
        raise StoreError(
            msg("No copy of {path} could be kept, so it was left as it was: {said}", path=str(path), said=str(error))
        ) from error
    finally:
        connection.execute("DETACH DATABASE IF EXISTS kept")
    partial.replace(target)
    versions = {
        int(kept.suffix.removeprefix(".before-")): kept for kept in path.parent.glob(f"{path.name}.before-*[0-9]")
    }
    for older in sorted(versions)[:-3]:
        versions[older].unlink()
    return target


def newer(found: int) -> StoreError:
    """Return the error for a store, a backup or an export that a newer program has written."""
    return StoreError(
        msg(
            "This store was written by a newer KPIFlow (its version is {found}; this program knows up to {known})."
            " Update KPIFlow, then try again.",
            found=found,
            known=migrations()[-1].number,
        )
    )


def migrate(connection: duckdb.DuckDBPyConnection, since: int, until: int | None = None) -> None:
    """Apply the steps after `since`, each whole or not at all; raises StoreError for a store newer than the program.

    `until` is the last step to apply; absent: the newest there is.
    """
    known = migrations()
    now = datetime.datetime.now().astimezone().replace(tzinfo=None)
    if since > known[-1].number:
        raise newer(since)
    for step in known:
        if step.number <= since or (until is not None and step.number > until):
            continue
        connection.begin()
        try:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migration (number INTEGER, name VARCHAR, applied_at TIMESTAMP)"
            )
            connection.execute(step.sql)
            connection.execute("INSERT INTO migration VALUES (?, ?, ?)", [step.number, step.name, now])
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
