"""Everything a store holds, in formats that any program reads: one Parquet file per table, files as files, and a manifest.

Read back, it gives a store that is proved equal, table by table, to the one it was written from.
"""

import datetime
import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kpiflow.errors import StoreError
from kpiflow.language import msg
from kpiflow.storage.backup import keep_name
from kpiflow.storage.migrating import migrate, migrations, newer
from kpiflow.storage.opening import connected
from kpiflow.storage.proving import Progress, Proof, Told, columns_of, proof_of, rows_of, unheard
from kpiflow.storage.store import NOT_TAKEN, Cursor, Store

#: What opens doors, and is left out unless it is asked for: per table the columns that are emptied, `()` for all its rows.
SECRETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "account": ("password",),
        "token": (),
        "token_ended": (),
        "api_token": (),
        "api_token_revoked": (),
        "api_token_used": (),
        "webhook_secret": (),
    }
)

#: The name and version of this layout.
LAYOUT = "kpiflow-export-1"


def export_tables(store: Store, folder: Path, progress: Progress = unheard, *, secrets: bool = False) -> Path:
    """Write every table and file of the store, as of one moment, into a new folder; return it.

    Without `secrets`, hashes of passwords and all tokens are left out. Raises StoreError when the folder is there already.
    """
    target = folder.resolve()
    if target.exists():
        raise StoreError(msg("There is already something at {path}. Choose another folder.", path=str(target)))
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "tables").mkdir(parents=True)
    try:
        with store.snapshot() as cursor:
            manifest = _written(cursor, partial, progress, secrets=secrets)
        (partial / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
        partial.replace(target)
    except (*NOT_TAKEN, OSError) as error:
        said = str(error).splitlines()[0]
        raise StoreError(msg("Nothing was exported to {path}: {said}", path=str(target), said=said)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    keep_name(target)
    progress(msg("Done"), 1.0)
    return target


def import_tables(folder: Path, to: Path, progress: Progress = unheard) -> Proof:
    """Make a new store from an export and return its proof, which is that of the export.

    Raises StoreError when something is there already, when a file of the export is missing, was added or was changed, or
    when it was written by a newer program.
    """
    target = to.resolve()
    if target.exists():
        raise StoreError(
            msg("There is already a file at {path}. Choose another path, or delete it first.", path=str(target))
        )
    manifest = _checked(folder, lambda said, done: progress(said, done * 0.2))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        connection = connected(partial)
        try:
            proof = _read(connection, folder, manifest, lambda said, done: progress(said, 0.2 + 0.8 * done))
            migrate(connection, manifest["version"])
            connection.execute("CHECKPOINT")
        finally:
            connection.close()
        partial.replace(target)
    except NOT_TAKEN as error:
        said = str(error).splitlines()[0]
        raise StoreError(msg("Nothing was imported to {path}: {said}", path=str(target), said=said)) from error
    finally:
        for left in (partial, partial.with_name(f"{partial.name}.wal")):
            left.unlink(missing_ok=True)
    keep_name(target)
    progress(msg("Done"), 1.0)
    return proof


def _written(cursor: Cursor, folder: Path, progress: Progress, *, secrets: bool) -> dict[str, Any]:
    """Write the tables and their files, and return the manifest of them."""
    counts = dict(rows_of(cursor))
    whole, done = sum(counts.values()) or 1, 0
    instead = {} if secrets else {table: _without(table) for table in SECRETS if table in counts}
    tables: dict[str, Any] = {}
    files: dict[str, Any] = {}
    for table, rows in counts.items():
        columns = columns_of(cursor, table)
        blobs = [name for name, kind in columns if kind == "BLOB"]
        source = instead.get(table, f'"{table}"')
        left_out = f"EXCLUDE ({', '.join(blobs)})" if blobs else ""
        path = folder / "tables" / f"{table}.parquet"
        cursor.execute(f"COPY (SELECT * {left_out} FROM {source}) TO {_text(path)} (FORMAT parquet, COMPRESSION zstd)")
        for blob in blobs:
            files |= _files(cursor, folder, table, blob)
        tables[table] = {"columns": dict(columns), "blobs": blobs}
        done += rows
        progress(msg("Writing {table}", table=table), done / whole * 0.8)
    proof = proof_of(cursor, lambda said, share: progress(said, 0.8 + 0.2 * share), instead)
    for table, told in proof.tables.items():
        path = folder / "tables" / f"{table}.parquet"
        tables[table] |= {"rows": told.rows, "fingerprint": told.fingerprint, "sha256": _sha256(path)}
    return {
        "layout": LAYOUT,
        "version": proof.version,
        "made_at": datetime.datetime.now(datetime.UTC).isoformat(),
        "left_out": []
        if secrets
        else [f"{table}.{','.join(names) or '*'}" for table, names in SECRETS.items() if table in counts],
        "tables": tables,
        "files": files,
        "metrics": asdict(proof)["metrics"],
    }


def _without(table: str) -> str:
    """Return the query for a table without its secrets."""
    names = SECRETS[table]
    if not names:
        return f'(SELECT * FROM "{table}" WHERE FALSE)'
    return f'(SELECT * REPLACE ({", ".join(f"NULL::VARCHAR AS {name}" for name in names)}) FROM "{table}")'


def _files(cursor: Cursor, folder: Path, table: str, blob: str) -> dict[str, Any]:
    """Write the files kept in a column, named by their row; return path → table, column, row and SHA-256."""
    found: dict[str, Any] = {}
    named = "name" in dict(columns_of(cursor, table))
    count = int(cursor.sql(f'SELECT count(*) FROM "{table}"').fetchall()[0][0])
    for row in range(count):  # one at a time: together they may be larger than memory
        told = cursor.execute(
            f'SELECT {blob}, {"name" if named else "NULL"} FROM "{table}" ORDER BY rowid LIMIT 1 OFFSET {row}'
        ).fetchall()[0]
        if told[0] is None:
            continue
        path = folder / "files" / table / f"{row + 1}-{_harmless(told[1] or blob)}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(told[0])
        place = path.relative_to(folder).as_posix()
        found[place] = {"table": table, "column": blob, "row": row, "sha256": hashlib.sha256(told[0]).hexdigest()}
    return found


def _checked(folder: Path, progress: Progress) -> dict[str, Any]:
    """Return the manifest of an export whose files are those that were written; raises StoreError that names the first other."""
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        promised = {f"tables/{table}.parquet": told["sha256"] for table, told in manifest["tables"].items()}
        promised |= {path: told["sha256"] for path, told in manifest["files"].items()}
        is_ours = manifest["layout"] == LAYOUT
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            msg("{path} is not an export of KPIFlow: its manifest.json cannot be read.", path=str(folder))
        ) from error
    if not is_ours or int(manifest["version"]) > migrations()[-1].number:
        raise newer(int(manifest["version"]))
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    for number, (path, print_of) in enumerate(sorted(promised.items()), start=1):
        if path not in there:
            raise StoreError(msg("The export is not whole: {path} is missing.", path=path))
        if _sha256(folder / path) != print_of:
            raise StoreError(msg("The export was changed: {path} is not what was written.", path=path))
        progress(msg("Checking {table}", table=path), number / len(promised))
    if there - set(promised):
        raise StoreError(msg("The export was changed: {path} does not belong to it.", path=min(there - set(promised))))
    return manifest


def _read(connection: Cursor, folder: Path, manifest: Mapping[str, Any], progress: Progress) -> Proof:
    """Fill a new database with an export and prove that it holds the same; raises StoreError when it does not."""
    migrate(connection, 0, int(manifest["version"]))
    connection.execute("DELETE FROM migration")  # it came with its own dates
    tables = manifest["tables"]
    known = {name for name, _ in rows_of(connection)}
    whole, done = sum(told["rows"] for told in tables.values()) or 1, 0
    for table, told in tables.items():
        if table not in known:
            raise StoreError(msg("The export was changed: {path} does not belong to it.", path=table))
        _filled(connection, folder, table, manifest)
        done += told["rows"]
        progress(msg("Reading {table}", table=table), done / whole * 0.7)
    promised = Proof(
        int(manifest["version"]),
        {table: Told(told["rows"], told["fingerprint"]) for table, told in tables.items()},
        manifest["metrics"],
    )
    proof = proof_of(connection, lambda said, share: progress(said, 0.7 + 0.3 * share))
    differing = promised.difference(proof)
    if differing:
        raise StoreError(msg("The export was changed: {tables} are not what its manifest says.", tables=differing[:10]))
    return proof


def _filled(connection: Cursor, folder: Path, table: str, manifest: Mapping[str, Any]) -> None:
    """Read one table, adding the columns that a closing gave it, and put its files back into it."""
    columns: Mapping[str, str] = manifest["tables"][table]["columns"]
    there = dict(columns_of(connection, table))
    for name, kind in columns.items():
        if name not in there:
            connection.execute(f'ALTER TABLE "{table}" ADD COLUMN "{_plain(name)}" {_plain(kind)}')
    blobs: list[str] = manifest["tables"][table]["blobs"]
    source = f"read_parquet({_text(folder / 'tables' / f'{table}.parquet')}, file_row_number = true)"
    chosen = ", ".join(
        f'b{blobs.index(name)}.content AS "{name}"' if name in blobs else f'p."{name}"' for name in columns
    )
    joins = ""
    for number, blob in enumerate(blobs):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE blob{number} (row BIGINT, content BLOB)")
        for path, told in manifest["files"].items():
            if (told["table"], told["column"]) == (table, blob):
                connection.execute(
                    f"INSERT INTO blob{number} VALUES (?, ?)", [told["row"], (folder / path).read_bytes()]
                )
        joins += f" LEFT JOIN blob{number} AS b{number} ON b{number}.row = p.file_row_number"
    names = ", ".join(f'"{_plain(name)}"' for name in columns)
    order = "ORDER BY p.file_row_number" if joins else ""
    connection.execute(f'INSERT INTO "{table}" ({names}) SELECT {chosen} FROM {source} AS p{joins} {order}')


def _plain(word: str) -> str:
    """Return a name or type that can stand in SQL as it is; raises StoreError for what an altered manifest might say."""
    if not re.fullmatch(r"[A-Za-z0-9_ (),\[\]]+", word):
        raise StoreError(msg("The export was changed: {path} is not what was written.", path="manifest.json"))
    return word


def _harmless(name: str) -> str:
    """Return a file name that stays in its folder on any system."""
    kept = re.sub(r"[^\w.\-]+", "_", name, flags=re.UNICODE).lstrip(".")
    return kept[-80:] or "file"


def _sha256(path: Path) -> str:
    with path.open("rb") as reading:
        return hashlib.file_digest(reading, "sha256").hexdigest()


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
