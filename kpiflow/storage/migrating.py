"""The numbered SQL files that make a store and bring an older one up to date."""

import datetime
from dataclasses import dataclass
from importlib.resources import files

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


def migrate(connection: duckdb.DuckDBPyConnection, since: int) -> None:
    """Apply the steps after `since`, each whole or not at all; raises StoreError for a store newer than the program."""
    known = migrations()
    now = datetime.datetime.now().astimezone().replace(tzinfo=None)
    if since > known[-1].number:
        raise StoreError(
            msg(
                "This store was written by a newer KPIFlow (its version is {found}; this program knows up to {known})."
                " Update KPIFlow, then try again.",
                found=since,
                known=known[-1].number,
            )
        )
    for step in known:
        if step.number <= since:
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
